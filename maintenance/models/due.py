"""One task on one vehicle, with the verdict that review stored."""

from django.db import models

from fleet.kit.units import percent
from fleet.owners.models import Fleet, User
from fleet.owners.scoping import FleetQuerySet
from maintenance.domain.plan import AnchorKind
from maintenance.domain.status import Status
from maintenance.models.plan import Program, ProgramLine, Task
from vehicles.models import Reading, Vehicle


class DueQuerySet(FleetQuerySet):
    def standing(self) -> "DueQuerySet":
        """Items of vehicles that are still ours, without the one-offs that are done."""
        return self.filter(vehicle__retired_at=None, left_at=None)

    def with_snooze(self) -> "DueQuerySet":
        """Each with the snooze that stands, as `snoozed`; there is one at most."""
        standing = models.Q(snoozes__ended_at=None)
        return self.annotate(snoozed=models.FilteredRelation("snoozes", condition=standing)).select_related("snoozed")

    def by_urgency(self) -> "DueQuerySet":
        return self.order_by("-rank", "sort_on", "pk")


class DueItem(models.Model):
    """The verdict columns are written by review alone: absolute points, a status and a sort date, no countdowns."""

    fleet = models.ForeignKey(Fleet, on_delete=models.CASCADE, related_name="due_items")
    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="due_items")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="due_items")
    line = models.ForeignKey(ProgramLine, null=True, blank=True, on_delete=models.CASCADE, related_name="due_items")
    held_line = models.JSONField(null=True, blank=True)  # the line as it was when it became due: no edit moves that

    # A one-off has no line: it is due once, at the first of these, and leaves when it is done.
    once_km = models.FloatField(null=True, blank=True)
    once_on = models.DateField(null=True, blank=True)
    once_at = models.DateTimeField(null=True, blank=True)  # of the dash that the distance was reckoned by
    once_since = models.DateField(null=True, blank=True)  # the day on which it was asked for
    once_by = models.CharField(max_length=120, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)  # when it was done; no list shows it, a void brings it back

    anchor = models.CharField(
        max_length=8, choices=[(kind.value, kind.value) for kind in AnchorKind], default=AnchorKind.UNKNOWN
    )
    anchor_on = models.DateField(null=True, blank=True)
    anchor_km = models.FloatField(null=True, blank=True)
    anchor_reading = models.ForeignKey(  # that the distance was taken from; none where a person typed it
        Reading, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    anchor_hours = models.FloatField(null=True, blank=True)
    anchor_by = models.CharField(max_length=120, blank=True)
    anchor_at = models.DateTimeField(null=True, blank=True)

    status = models.CharField(
        max_length=8, choices=[(status.value, status.value) for status in Status], default=Status.UNKNOWN
    )
    rank = models.PositiveSmallIntegerField(default=Status.UNKNOWN.rank)  # the status as a number, to sort by
    winner = models.CharField(max_length=10, blank=True)
    due_km = models.FloatField(null=True)
    due_on = models.DateField(null=True)
    due_hours = models.FloatField(null=True)
    overdue_share = models.FloatField(null=True)  # how far past the winning axis’s point, in intervals
    oil_limit_pct = models.FloatField(null=True)
    sort_on = models.DateField(null=True)
    likely_from = models.DateField(null=True)  # the forecast’s range of days on which it becomes due
    likely_to = models.DateField(null=True)
    forecast = models.JSONField(default=dict)  # what the range rests on, or why there is none
    trace = models.JSONField(default=dict)
    reading = models.JSONField(default=dict)  # the readings that made this status
    changes_on = models.DateField(null=True)  # when time alone will change the status
    status_since = models.DateTimeField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    told_digest = models.CharField(max_length=16, blank=True)  # of the verdict, so that comparing one reads no trace

    objects = DueQuerySet.as_manager()

    VERDICT = (
        "status rank winner due_km due_on due_hours overdue_share oil_limit_pct sort_on likely_from likely_to forecast"
        " trace reading changes_on status_since reviewed_at held_line told_digest"
    ).split()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vehicle", "task"], name="one_item_a_task")]
        indexes = [
            models.Index(
                fields=["fleet", "-rank", "sort_on", "id"], condition=models.Q(left_at=None), name="due_by_urgency"
            ),
            models.Index(fields=["fleet", "sort_on", "id"], condition=models.Q(left_at=None), name="due_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.task} on {self.vehicle}"


class KeptStart(models.Model):
    """What a person said of a task’s last service, kept while no program asks for it on that vehicle."""

    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="kept_starts")
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="+")
    anchor = models.CharField(max_length=8)
    anchor_on = models.DateField(null=True)
    anchor_km = models.FloatField(null=True)
    anchor_reading = models.ForeignKey(Reading, null=True, on_delete=models.SET_NULL, related_name="+")
    anchor_hours = models.FloatField(null=True)
    anchor_by = models.CharField(max_length=120, blank=True)
    anchor_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vehicle", "task"], name="one_kept_start_a_task")]

    def __str__(self) -> str:
        return f"{self.task} on {self.vehicle}: {self.anchor}"


class Snooze(models.Model):
    """Somebody wants to hear no more of an item for a while. It never moves the due point.

    It outlives the item, and goes on with the next one of its task when a program asks for that again.
    """

    fleet = models.ForeignKey(Fleet, on_delete=models.CASCADE, related_name="snoozes")
    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="snoozes")
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="+")
    item = models.ForeignKey(DueItem, null=True, on_delete=models.SET_NULL, related_name="snoozes")
    until_on = models.DateField(null=True, blank=True)
    until_km = models.FloatField(null=True, blank=True)
    reason = models.CharField(max_length=200)
    status = models.CharField(max_length=8)  # the item’s when it was set; of an overdue one, what it fell to since
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=120)
    set_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=20, blank=True)
    ended_by = models.ForeignKey(
        "maintenance.ServiceRecord", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = FleetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vehicle", "task"], condition=models.Q(ended_at=None), name="one_snooze_an_item"
            )
        ]

    def __str__(self) -> str:
        return f"{self.task} on {self.vehicle}: {self.reason}"


class Care(models.Model):
    """How one vehicle is looked after, where that differs from its program. Not every vehicle has one."""

    fleet = models.ForeignKey(Fleet, on_delete=models.CASCADE, related_name="cares")
    vehicle = models.OneToOneField(Vehicle, on_delete=models.CASCADE, related_name="care")
    program = models.ForeignKey(Program, null=True, blank=True, on_delete=models.SET_NULL, related_name="by_hand_of")
    severe = models.FloatField(default=1.0)  # 0 < f ≤ 1 shortens distance and time, never oil
    severe_why = models.CharField(max_length=120, blank=True)
    set_by = models.CharField(max_length=120, blank=True)  # who chose the program and the use
    set_at = models.DateTimeField(null=True, blank=True)
    paused_until = models.DateField(null=True, blank=True)
    paused_why = models.CharField(max_length=200, blank=True)
    paused_by = models.CharField(max_length=120, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)

    objects = FleetQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(severe__gt=0, severe__lte=1), name="severe_shortens")]

    def __str__(self) -> str:
        return f"Care of {self.vehicle}"

    @property
    def severe_percent(self) -> str:
        return percent(self.severe * 100)
