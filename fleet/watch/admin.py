from django.contrib import admin

from fleet.watch.models import Pulse


@admin.register(Pulse)
class PulseAdmin(admin.ModelAdmin):
    list_display = ("name", "at")
