"""The tokens of a v2 grant, and on which terms a fleet speaks with Smartcar."""

from django.db import models
from django.utils import timezone

from fleet.owners.decided import Decided
from fleet.owners.models import Fleet, Owner, User
from fleet.owners.scoping import FleetQuerySet
from vehicles.models.connection import Generation


class Grant(models.Model):
    """A pair of v2 tokens: all vehicles of one walk through Connect. Both are sealed, and change together.

    Whoever renews them takes the lease first and commits it, then calls, then writes both where `version` is still
    what it was.
    """

    SEALED = ("access", "refresh")

    fleet = models.ForeignKey(Fleet, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(Owner, on_delete=models.PROTECT, related_name="+")
    user_id = models.CharField(max_length=200, blank=True)
    access = models.TextField()
    refresh = models.TextField()
    access_until = models.DateTimeField()
    renewed_at = models.DateTimeField(default=timezone.now)
    renew_after = models.DateTimeField(null=True, db_index=True)  # keep-alive: an unused pair dies after 60 days
    version = models.PositiveIntegerField(default=1)
    leased_until = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)  # renewals in a row that did not come about
    dead_at = models.DateTimeField(null=True)  # Smartcar takes neither of the two any more

    objects = FleetQuerySet.as_manager()

    def __str__(self) -> str:
        return f"grant {self.pk}"


class Terms(Decided):
    """What a fleet has chosen about Smartcar. Without a row: v3, no location, the plan's calls."""

    generation = models.CharField(max_length=2, choices=Generation.choices, default=Generation.V3)
    keeps_location = models.BooleanField(default=False)
    calls_a_month = models.PositiveIntegerField("calls per vehicle and month", null=True, blank=True)
    # Until a person starts the move anew, nothing goes over to v3 by itself.
    move_stopped_at = models.DateTimeField("the move to v3 was stopped", null=True, blank=True)
    move_stopped_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name_plural = "terms"

    def __str__(self) -> str:
        return f"{self.fleet}, {self.generation}"


class Parting(models.Model):
    """Something to take back at Smartcar: done here already, tried there until it is done. `after` is its clock."""

    class What(models.TextChoices):
        UNSUBSCRIBE = "unsubscribe", "Unsubscribe from the webhook"
        DISCONNECT = "disconnect", "Give the consent back"

    fleet = models.ForeignKey(  # none where Smartcar still serves what nobody here knows
        Fleet, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    what = models.CharField(max_length=12, choices=What.choices)
    generation = models.CharField(max_length=2, choices=Generation.choices, default=Generation.V3)
    grant = models.ForeignKey(Grant, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    connection_id = models.CharField(max_length=200, blank=True)
    user_id = models.CharField(max_length=200)
    smartcar_id = models.CharField("vehicle at Smartcar", max_length=200)
    began_at = models.DateTimeField(default=timezone.now)
    after = models.DateTimeField(null=True, db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)
    done_at = models.DateTimeField(null=True)

    objects = FleetQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.get_what_display()}, {'done' if self.done_at else 'open'}"
