from django.apps import AppConfig
from django.db import connection


class OwnersConfig(AppConfig):
    name = "fleet.owners"
    label = "owners"
    verbose_name = "Fleets and people"

    def ready(self) -> None:
        if connection.vendor == "postgresql":
            from fleet.kit import moments

            moments.read_quickly()
