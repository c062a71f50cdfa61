"""The addresses of the due list, the vehicles and the work on them."""

from django.urls import path

from maintenance.views import complete, due, forecast, outbox, thresholds, vehicles

app_name = "maintenance"
urlpatterns = [
    path("", due.due, name="due"),
    path("due/<int:pk>/complete/", complete.complete, name="complete"),
    path("records/<int:pk>/void/", complete.void, name="void"),
    path("vehicles/", vehicles.vehicles, name="vehicles"),
    path("vehicles/<int:pk>/", vehicles.vehicle, name="vehicle"),
    path("vehicles/<int:pk>/edit/", vehicles.edit, name="edit"),
    path("vehicles/<int:pk>/baselines/", vehicles.baselines, name="baselines"),
    path("forecast/", forecast.forecast, name="forecast"),
    path("thresholds/", thresholds.thresholds, name="thresholds"),
    path("thresholds/new/", thresholds.new, name="threshold-new"),
    path("thresholds/<int:pk>/", thresholds.threshold, name="threshold"),
    path("thresholds/<int:pk>/retire/", thresholds.retire, name="threshold-retire"),
    path("outbox/", outbox.outbox, name="outbox"),
]
