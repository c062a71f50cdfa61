from django.apps import AppConfig


class MaintenanceConfig(AppConfig):
    name = "maintenance"

    def ready(self) -> None:
        from maintenance import devices, following  # noqa: F401  (they listen from then on; not before the models)
