"""What the operator watches: the door, the line to Smartcar, and answers nobody has seen before."""

from django.db import models

from fleet.owners.models import Fleet
from fleet.owners.scoping import FleetQuerySet


class DoorTally(models.Model):
    """One minute at the webhook door. Written from memory now and then, never while a delivery waits."""

    minute = models.DateTimeField(unique=True)
    kept = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)  # for our webhook, with a signature that was wrong
    strange = models.PositiveIntegerField(default=0)  # a wrong signature on what does not name our webhook
    verified = models.PositiveIntegerField(default=0)
    signers = models.JSONField(default=dict)  # how many each management token signed, by the token's mark

    def __str__(self) -> str:
        return f"{self.minute:%Y-%m-%d %H:%M}"


class OddAnswer(models.Model):
    """An error or signal of Smartcar's that no table of ours knows, counted until someone has looked at it."""

    kind = models.CharField(max_length=12)  # "error" or "signal"
    name = models.CharField(max_length=120)  # TYPE.CODE, or the signal's code
    status = models.PositiveSmallIntegerField(null=True)
    count = models.PositiveIntegerField(default=0)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    seen_at = models.DateTimeField("looked at by the operator", null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "name", "status"], name="one_odd_answer")]

    def __str__(self) -> str:
        return self.name


class Breaker(models.Model):
    """Stands between us and a host or a make that answers nobody: open until a time, then one probe."""

    name = models.CharField(max_length=80, unique=True)  # "host vehicle", "make FORD"
    failures = models.PositiveIntegerField(default=0)
    open_until = models.DateTimeField(null=True)
    probing_until = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Outage(models.Model):
    """A time in which we did not hear: deliveries were dropped for good, and the cars have to be asked."""

    began_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    rung_at = models.DateTimeField("its cars were put in line", null=True)
    cars = models.PositiveIntegerField(default=0)
    healed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.began_at:%Y-%m-%d %H:%M} to {self.ended_at:%H:%M}"


class Hush(models.Model):
    """Many cars of one make in one fleet have gone silent at once: one trouble, told once, through one of the cars."""

    fleet = models.ForeignKey(Fleet, on_delete=models.CASCADE, related_name="+")
    make = models.CharField(max_length=60)
    since = models.DateTimeField()
    cars = models.PositiveIntegerField(default=0)
    carrier = models.ForeignKey("vehicles.Vehicle", on_delete=models.CASCADE, related_name="+")
    over_at = models.DateTimeField(null=True)

    objects = FleetQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "hushes"
        constraints = [
            models.UniqueConstraint(fields=["fleet", "make"], condition=models.Q(over_at=None), name="one_hush_a_make")
        ]

    def __str__(self) -> str:
        return f"{self.make}, {self.cars} silent"


class Round(models.Model):
    """A walk along one of Smartcar's lists, page by page; `after` is its clock, `cursor` the page to go on with.

    What is listed is marked as each page comes. What is missing counts only once the last page was read.
    """

    name = models.CharField(max_length=40, unique=True)  # "connections v3", "connections v2", "subscriptions"
    after = models.DateTimeField(db_index=True)
    began_at = models.DateTimeField(null=True)
    cursor = models.CharField(max_length=1_000, blank=True)
    seen = models.PositiveIntegerField(default=0)  # so far, in the walk that is under way
    unknown = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField("last whole walk", null=True)
    found = models.JSONField(default=dict)  # what that walk came to: listed, unknown, missed, gone, back and so on

    def __str__(self) -> str:
        return self.name
