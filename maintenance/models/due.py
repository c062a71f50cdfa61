"""One task on one vehicle, with the verdict that review stored."""

from django.db import models

from fleet.owners.models import Fleet
from fleet.owners.scoping import FleetQuerySet
from maintenance.domain.plan import AnchorKind
from maintenance.domain.status import Status
from maintenance.models.plan import ProgramLine, Task
from vehicles.models import Vehicle


class DueQuerySet(FleetQuerySet):
    def standing(self) -> "DueQuerySet":
        """Items of vehicles that are still ours."""
        return self.filter(vehicle__retired_at=None)

    def by_urgency(self) -> "DueQuerySet":
        return self.order_by("-rank", "sort_on", "pk")


class DueItem(models.Model):
    """The verdict columns are written by review alone: absolute points, a status and a sort date, no countdowns."""

    fleet = models.ForeignKey(Fleet, on_delete=models.CASCADE, related_name="due_items")
    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="due_items")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="due_items")
    line = models.ForeignKey(ProgramLine, on_delete=models.CASCADE, related_name="due_items")

    anchor = models.CharField(
        max_length=8, choices=[(kind.value, kind.value) for kind in AnchorKind], default=AnchorKind.UNKNOWN
    )
    anchor_on = models.DateField(null=True, blank=True)
    anchor_km = models.FloatField(null=True, blank=True)

    status = models.CharField(
        max_length=8, choices=[(status.value, status.value) for status in Status], default=Status.UNKNOWN
    )
    rank = models.PositiveSmallIntegerField(default=Status.UNKNOWN.rank)  # the status as a number, to sort by
    winner = models.CharField(max_length=10, blank=True)
    due_km = models.FloatField(null=True)
    due_on = models.DateField(null=True)
    oil_limit_pct = models.FloatField(null=True)
    sort_on = models.DateField(null=True)
    trace = models.JSONField(default=dict)
    reading = models.JSONField(default=dict)  # the readings that made this status
    changes_on = models.DateField(null=True)  # when time alone will change the status
    status_since = models.DateTimeField(null=True)
    reviewed_at = models.DateTimeField(null=True)

    objects = DueQuerySet.as_manager()

    VERDICT = (
        "status rank winner due_km due_on oil_limit_pct sort_on trace reading changes_on status_since reviewed_at"
    ).split()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vehicle", "task"], name="one_item_a_task")]
        indexes = [models.Index(fields=["fleet", "-rank", "sort_on", "id"], name="due_by_urgency")]

    def __str__(self) -> str:
        return f"{self.task} on {self.vehicle}"
