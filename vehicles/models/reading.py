"""What the car said: its history, its newest trusted word, and what it can say at all."""

from django.db import models

from fleet.owners.scoping import FleetQuerySet
from vehicles.domain.measurements import Value
from vehicles.domain.signals import Signal
from vehicles.models.vehicle import Vehicle

SIGNALS = [(signal.value, signal.value) for signal in Signal]


class Source(models.TextChoices):
    WEBHOOK = "webhook", "sent by the car’s maker"
    POLL = "poll", "asked for by us"
    BENCH = "bench", "typed in the workshop"


class Standing(models.TextChoices):
    ACCEPTED = "accepted", "Accepted"
    SUSPECT = "suspect", "Suspect"
    VOID = "void", "Void"


class Telling(FleetQuerySet):
    """Readings and gauges have no fleet of their own: the vehicle's is theirs."""

    def seen_by(self, member) -> "Telling":
        return self.filter(vehicle__fleet_id=member.fleet_id)


class Told(models.Model):
    """A value with its times kept apart. `at` is the time it counts for: measured, else fetched, else received."""

    signal = models.CharField(max_length=40, choices=SIGNALS)
    number = models.FloatField(null=True)
    detail = models.JSONField(null=True)
    at = models.DateTimeField()
    measured_at = models.DateTimeField(null=True)
    fetched_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    sequence = models.BigIntegerField(null=True)
    source = models.CharField(max_length=8, choices=Source.choices)

    objects = Telling.as_manager()

    class Meta:
        abstract = True

    @property
    def value(self) -> Value:
        return self.detail if self.number is None else self.number


class Reading(Told):
    """A stored measurement, as it was received first. Beyond that only what is believed of it changes, and no person
    deletes it."""

    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="readings")
    digest = models.CharField(max_length=16)  # of the value: an echo has the same
    standing = models.CharField(max_length=8, choices=Standing.choices, default=Standing.ACCEPTED)
    aside = models.BooleanField(default=False)  # typed with a job against what the car says: nothing is held against it
    vouched = models.BooleanField(default=False)  # a person says that it is right, whatever its neighbours say

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vehicle", "signal", "at", "digest"], name="one_reading_an_echo")
        ]

    def __str__(self) -> str:
        return f"{self.signal} at {self.at:%Y-%m-%d %H:%M}"


class Gauge(Told):
    """The newest trusted reading of one signal on one vehicle."""

    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="gauges")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vehicle", "signal"], name="one_gauge_a_signal")]

    def __str__(self) -> str:
        return f"{self.signal} of {self.vehicle_id}"


class Capability(models.Model):
    """Whether this vehicle gives that signal, as far as its answers have taught us."""

    class State(models.TextChoices):
        GIVEN = "given", "Given"
        UNSUPPORTED = "unsupported", "Not provided by this car"
        NOT_PERMITTED = "not_permitted", "Not permitted"
        UNAVAILABLE = "unavailable", "Waiting for first data"
        REFUSED = "refused", "Sent, but cannot be true"
        ERROR = "error", "Could not be read"
        OPEN = "open", "To be asked anew"  # what stood against it is over

    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="capabilities")
    signal = models.CharField(max_length=40, choices=SIGNALS)
    state = models.CharField(max_length=14, choices=State.choices)
    note = models.CharField(max_length=120, blank=True)
    since = models.DateTimeField()
    checked_at = models.DateTimeField()

    objects = Telling.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vehicle", "signal"], name="one_capability_a_signal")]
        verbose_name_plural = "capabilities"

    def __str__(self) -> str:
        return f"{self.signal}: {self.get_state_display()}"
