from django.apps import AppConfig


class MaintenanceConfig(AppConfig):
    name = "maintenance"

    def ready(self) -> None:
        from maintenance import following  # noqa: F401  (listens from then on; needs the models, so not earlier)
