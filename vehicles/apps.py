from django.apps import AppConfig


class VehiclesConfig(AppConfig):
    name = "vehicles"

    def ready(self) -> None:
        from vehicles import checks  # noqa: F401  (registers itself; needs the settings, so not earlier)
