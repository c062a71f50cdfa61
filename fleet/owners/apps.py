from django.apps import AppConfig
from django.db import connection

from fleet.kit import among


class OwnersConfig(AppConfig):
    name = "fleet.owners"
    label = "owners"
    verbose_name = "Fleets and people"

    def ready(self) -> None:
        among.register()
        if connection.vendor == "postgresql":
            from fleet.kit import moments

            moments.read_quickly()
