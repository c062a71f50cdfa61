"""The addresses of the fleet's settings and its people."""

from django.urls import path

from fleet.owners.views import invitations, people, settings

app_name = "owners"
urlpatterns = [
    path("fleets/new/", settings.fleet_new, name="fleet-new"),
    path("settings/", settings.settings, name="settings"),
    path("settings/save/", settings.settle, name="settle"),
    path("settings/yours/", settings.yours, name="yours"),
    path("settings/wall/make/", settings.wall_make, name="wall-make"),
    path("settings/wall/take-back/", settings.wall_take_back, name="wall-take-back"),
    path("settings/people/", people.people, name="people"),
    path("settings/people/invite/", people.invite, name="invite"),
    path("settings/people/leave/", people.leave, name="leave"),
    path("settings/people/<int:pk>/role/", people.role, name="role"),
    path("settings/people/<int:pk>/remove/", people.remove, name="remove"),
    path("settings/invitations/<int:pk>/again/", people.again, name="invite-again"),
    path("settings/invitations/<int:pk>/withdraw/", people.withdraw, name="withdraw"),
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
]
