"""The addresses of the walk through Connect, and the webhook door."""

from django.urls import path

from vehicles.views import campaigns, connect, door, parting, polling

app_name = "vehicles"
urlpatterns = [
    path("webhooks/smartcar/", door.receive, name="webhook"),
    path("connect/", connect.owners, name="connect"),
    path("connect/start/", connect.start, name="start"),
    path("connect/back/", connect.back, name="back"),
    path("connect/move/", connect.move, name="move"),
    path("connect/move/stop/", connect.move_stop, name="move-stop"),
    path("connect/<int:pk>/mend/", connect.mend, name="mend"),
    path("connect/campaigns/", campaigns.campaigns, name="campaigns"),
    path("connect/<int:pk>/part/", parting.part, name="part"),
    path("vehicles/<int:pk>/retire/", parting.retire, name="retire"),
    path("connect/outage/", polling.outage, name="outage"),
    path("connect/polling/", polling.polling, name="polling"),
    path("connect/polling/<int:pk>/refresh/", polling.refresh, name="refresh"),
    path("connect/<int:pk>/", connect.attempt, name="attempt"),
]
