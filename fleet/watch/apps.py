from django.apps import AppConfig


class WatchConfig(AppConfig):
    name = "fleet.watch"
    label = "watch"
    verbose_name = "Watch"
