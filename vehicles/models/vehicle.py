"""The vehicle and its clocks."""

from django.db import models
from django.utils import timezone

from fleet.owners.models import Fleet
from fleet.owners.scoping import FleetQuerySet
from vehicles.domain import makes


class VehicleQuerySet(FleetQuerySet):
    def active(self) -> "VehicleQuerySet":
        return self.filter(retired_at=None)

    def pollable(self) -> "VehicleQuerySet":
        """Where asking makes sense. Whether the plan covers a car by now is asked too, but held to once a day."""
        return self.active().filter(connection__state__in=Vehicle.ASKABLE)

    def called(self, words: str) -> "VehicleQuerySet":
        """Those that every one of these words fits."""
        found = self
        for word in words.split():
            found = found.filter(naming(word))
        return found


def naming(word: str) -> models.Q:
    """A part of the name, plate, make or model, or the whole VIN."""
    named = models.Q(name__icontains=word) | models.Q(plate__icontains=word) | models.Q(vin__iexact=word)
    return named | models.Q(make__icontains=word) | models.Q(model__icontains=word)


class Vehicle(models.Model):
    """One car. The `*_after` columns are clocks: when to look at it again for that reason; NULL means never."""

    fleet = models.ForeignKey(Fleet, on_delete=models.CASCADE, related_name="vehicles")
    name = models.CharField(max_length=80)
    plate = models.CharField(max_length=20, blank=True)
    make = models.CharField(max_length=60, blank=True)
    model = models.CharField(max_length=100, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    powertrain = models.CharField(max_length=10, blank=True)  # ICE, HEV, PHEV, BEV
    vin = models.CharField("VIN", max_length=20, blank=True)
    registered_on = models.DateField("first registered", null=True, blank=True)

    smartcar_id = models.CharField(max_length=200, unique=True, null=True, blank=True)
    connection = models.ForeignKey(
        "vehicles.Connection", null=True, blank=True, on_delete=models.SET_NULL, related_name="vehicles"
    )
    subscribed_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField("last heard of", null=True, blank=True)
    seen_by_webhook_at = models.DateTimeField(null=True, blank=True)
    polled_at = models.DateTimeField(null=True, blank=True)
    poll_failures = models.PositiveSmallIntegerField(default=0)

    subscribe_after = models.DateTimeField(null=True, blank=True, db_index=True)
    poll_after = models.DateTimeField(null=True, blank=True, db_index=True)
    review_after = models.DateTimeField(null=True, blank=True, db_index=True)

    ASKABLE = ("connected", "not_on_plan")

    # How it is asked. `hold` says why not for the time being, `wanted_at` when a verdict would gain from an answer.
    class Hold(models.TextChoices):
        NONE = "", "Not held"
        THROTTLED = "throttled", "Throttled"
        PLAN = "plan", "Not on the Smartcar plan"
        BUDGET = "budget", "This month’s calls are used"
        RESTING = "resting", "The car cannot answer now"

    hold = models.CharField(max_length=10, choices=Hold.choices, default=Hold.NONE, blank=True)
    hold_reason = models.CharField(max_length=80, blank=True)  # Smartcar's type and code
    hold_until = models.DateTimeField(null=True, blank=True)
    poll_why = models.CharField("why it is asked then", max_length=12, blank=True)
    poll_rank = models.PositiveSmallIntegerField("who goes first", default=1)  # `cadence.Rank`; a new car is new
    wanted_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField("a person asked for an answer", null=True, blank=True)
    month = models.DateField("month of the count of calls", null=True, blank=True)
    month_calls = models.PositiveIntegerField(default=0)
    rhythm_minutes = models.PositiveIntegerField("how often it usually reports", null=True, blank=True)
    silent_since = models.DateTimeField(null=True, blank=True)
    watch_after = models.DateTimeField(default=timezone.now, null=True, db_index=True)  # clock: gone silent?
    pace_after = models.DateTimeField(default=timezone.now, null=True, db_index=True)  # clock: how much is it driven?
    lost_since = models.DateTimeField("listed at Smartcar, yet answered as not there", null=True, blank=True)
    words_digest = models.CharField(max_length=16, blank=True, default="")  # `waist.refrains`: what it always tells
    words_since = models.DateTimeField(null=True, blank=True)
    words_at = models.DateTimeField(null=True, blank=True)
    subscription_listed_at = models.DateTimeField(null=True, blank=True)

    enrolled_at = models.DateTimeField(default=timezone.now)
    retired_at = models.DateTimeField(null=True, blank=True)
    meter_asked_at = models.DateTimeField("the step back that asks: was the meter replaced?", null=True, blank=True)

    objects = VehicleQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        indexes = [
            models.Index(fields=["fleet", "name"], name="vehicle_by_name"),
            models.Index(fields=["poll_rank", "fleet", "poll_after"], name="vehicle_turn"),
            models.Index(
                fields=["silent_since"], condition=models.Q(silent_since__isnull=False), name="vehicle_silent"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def kind(self) -> str:
        """“Ford Transit 2021”, as far as it is known."""
        return " ".join(str(part) for part in (makes.said(self.make), self.model, self.year) if part) or "Kind unknown"


class CallBucket(models.Model):
    """The calls that Smartcar grants our application, shared by every process: a bucket that refills."""

    name = models.CharField(max_length=40, unique=True)
    left = models.FloatField()
    at = models.DateTimeField()
    mark = models.FloatField("how far the fleets’ turns have come", default=0.0)

    def __str__(self) -> str:
        return self.name


class FleetTurn(models.Model):
    """How many turns of polling a fleet has had: who has had fewest is next. `CallBucket.mark` is where all stand."""

    fleet = models.OneToOneField(Fleet, on_delete=models.CASCADE, related_name="+")
    mark = models.FloatField(default=0.0)

    objects = FleetQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.fleet}, {self.mark:.0f}"
