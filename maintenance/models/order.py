"""Work orders: what somebody has been asked to do in one visit of one vehicle."""

from django.db import models

from fleet.owners.models import Fleet, Role, User
from fleet.owners.scoping import FleetQuerySet
from maintenance.models.alert import Alert
from maintenance.models.due import DueItem
from maintenance.models.plan import Task
from maintenance.models.record import ServiceRecord
from vehicles.models import Fault, Vehicle


class OrderQuerySet(FleetQuerySet):
    def open(self) -> "OrderQuerySet":
        return self.filter(state__in=WorkOrder.OPEN)

    def seen_by(self, member) -> "OrderQuerySet":
        """A technician sees their own and what nobody has taken; everybody else the whole fleet’s."""
        found = super().seen_by(member)
        if member.role == Role.TECHNICIAN:
            return found.filter(models.Q(assignee_id=member.user_id) | models.Q(assignee=None))
        return found


class WorkOrder(models.Model):
    """Open, in progress, on hold, then done or cancelled. Never deleted."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        WORKING = "working", "In progress"
        HELD = "held", "On hold"
        DONE = "done", "Done"
        CANCELLED = "cancelled", "Cancelled"

    OPEN = (State.OPEN, State.WORKING, State.HELD)

    class Hold(models.TextChoices):
        PARTS = "parts", "Waiting for parts"
        VEHICLE = "vehicle", "Vehicle not here"
        APPROVAL = "approval", "Waiting for approval"
        PLACE = "place", "No free place or tool"
        OTHER = "other", "Another reason"

    fleet = models.ForeignKey(Fleet, on_delete=models.CASCADE, related_name="orders")
    number = models.PositiveIntegerField()  # counted per fleet: WO-1042
    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="orders")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)  # moved by domain.orders alone
    hold = models.CharField(max_length=10, choices=Hold.choices, blank=True)
    hold_note = models.CharField(max_length=200, blank=True)
    assignee = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="orders")
    planned_on = models.DateField(null=True, blank=True)
    notes = models.TextField(blank=True)
    key = models.CharField(max_length=64, unique=True)  # one per form shown
    created_by = models.CharField(max_length=120)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=120, blank=True)
    cancel_why = models.CharField(max_length=200, blank=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fleet", "number"], name="one_order_a_number")]
        indexes = [models.Index(fields=["fleet", "state"], name="order_state")]

    def __str__(self) -> str:
        return self.called

    @property
    def called(self) -> str:
        return f"WO-{self.number}"


class OrderLine(models.Model):
    """One job of an order: from a due item, a fault, an alert, or typed."""

    class Outcome(models.TextChoices):
        OPEN = "", "To do"
        DONE = "done", "Done"
        FINE = "fine", "No correction needed"
        DROPPED = "dropped", "Not done"

    order = models.ForeignKey(WorkOrder, on_delete=models.CASCADE, related_name="lines")
    place = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(max_length=120)
    instructions = models.TextField(blank=True)
    parts = models.TextField(blank=True)
    checklist = models.JSONField(default=list)  # [{"text", "unit", "done", "value"}]: the task’s, when it was written
    task = models.ForeignKey(Task, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=20, blank=True)  # of the fault; with it a line finds an episode folded anew
    item = models.ForeignKey(DueItem, null=True, blank=True, on_delete=models.SET_NULL, related_name="order_lines")
    fault = models.ForeignKey(Fault, null=True, blank=True, on_delete=models.SET_NULL, related_name="order_lines")
    alert = models.ForeignKey(Alert, null=True, blank=True, on_delete=models.SET_NULL, related_name="order_lines")
    record = models.ForeignKey(
        ServiceRecord, null=True, blank=True, on_delete=models.SET_NULL, related_name="order_lines"
    )
    meant = models.CharField(max_length=8, choices=Outcome.choices, blank=True)  # ticked on the sheet, not sent yet
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    note = models.CharField(max_length=200, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["place", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["item"], condition=models.Q(outcome=""), name="one_open_line_an_item"),
            models.UniqueConstraint(fields=["fault"], condition=models.Q(outcome=""), name="one_open_line_a_fault"),
            models.UniqueConstraint(fields=["alert"], condition=models.Q(outcome=""), name="one_open_line_an_alert"),
        ]

    def __str__(self) -> str:
        return self.title


class OrderStep(models.Model):
    """What was done with an order: by whom, when, why. Written once."""

    order = models.ForeignKey(WorkOrder, on_delete=models.CASCADE, related_name="steps")
    what = models.CharField(max_length=12)
    note = models.CharField(max_length=200, blank=True)
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.what} by {self.by_name}"


class OrderSend(models.Model):
    """One press of a key on a sheet, which a phone may send twice: the second time it is told what the first was."""

    order = models.ForeignKey(WorkOrder, on_delete=models.CASCADE, related_name="sends")
    key = models.CharField(max_length=64)  # made when the sheet was drawn
    act = models.CharField(max_length=8)
    words = models.CharField(max_length=600)  # of the receipt
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "act", "key"], name="one_receipt_a_send")]

    def __str__(self) -> str:
        return f"{self.act} of {self.order}"


class OrderCount(models.Model):
    """The last number that a fleet has given."""

    fleet = models.OneToOneField(Fleet, on_delete=models.CASCADE, related_name="+")
    last = models.PositiveIntegerField(default=1_000)

    objects = FleetQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.fleet}: {self.last}"
