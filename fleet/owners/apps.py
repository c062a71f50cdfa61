from django.apps import AppConfig


class OwnersConfig(AppConfig):
    name = "fleet.owners"
    label = "owners"
    verbose_name = "Fleets and people"
