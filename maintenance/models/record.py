"""Work done."""

from django.db import models
from django.utils import timezone

from fleet.owners.models import Fleet, User
from fleet.owners.scoping import FleetQuerySet
from maintenance.models.plan import Task
from vehicles.models import Reading, Vehicle


class RecordQuerySet(FleetQuerySet):
    def standing(self) -> "RecordQuerySet":
        return self.filter(voided_at=None)


class ServiceRecord(models.Model):
    """A completion. Voided when wrong, never deleted."""

    fleet = models.ForeignKey(Fleet, on_delete=models.CASCADE, related_name="service_records")
    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="service_records")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="service_records")
    done_on = models.DateField()
    done_at = models.DateTimeField()  # local noon of a bare date, or the entry if that is earlier
    odometer_km = models.FloatField(null=True, blank=True)
    odometer_is_stand_in = models.BooleanField(default=False)  # nobody typed it: the nearest reading stands in
    odometer_is_doubted = models.BooleanField(default=False)  # does not fit the readings; confirmed by who typed it
    hours = models.FloatField(null=True, blank=True)
    parts = models.TextField(blank=True)
    checklist = models.JSONField(default=list, blank=True)  # [{"text", "unit", "done", "value"}], as it was worked off
    because_of = models.ForeignKey(  # the larger job that included this one; voided with it
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="included"
    )
    early_km = models.FloatField(null=True, blank=True)  # against the point in force just before; late is below 0
    early_days = models.IntegerField(null=True, blank=True)
    reading = models.ForeignKey(Reading, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    stood = models.JSONField(default=dict, blank=True)  # what its item said before: {"status", "since", "sort_on", …}
    notes = models.TextField(blank=True)
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=120, blank=True)  # outlives the account
    key = models.CharField(max_length=64, unique=True)  # one per form shown: a second send finds the first
    created_at = models.DateTimeField(default=timezone.now)
    voided_at = models.DateTimeField(null=True, blank=True)
    voided_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = ["-done_on", "-pk"]
        indexes = [models.Index(fields=["vehicle", "task", "done_on"], name="record_by_task")]

    def __str__(self) -> str:
        return f"{self.task} on {self.vehicle}, {self.done_on}"


class Proof(models.Model):
    """What the car itself says of a completion or of a fault that somebody called fixed."""

    class State(models.TextChoices):
        WATCHING = "watching", "Watching the car"
        CONFIRMED = "confirmed", "Confirmed by the car"
        CONTRADICTED = "contradicted", "The car says otherwise"
        UNTELLABLE = "untellable", "The car cannot tell"

    class Watch(models.TextChoices):
        OIL = "oil", "Oil life"
        LIGHT = "light", "Warning light"
        CODE = "code", "Trouble code"

    fleet = models.ForeignKey(Fleet, on_delete=models.CASCADE, related_name="proofs")
    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="proofs")
    watches = models.CharField(max_length=8, choices=Watch.choices)
    record = models.OneToOneField(ServiceRecord, null=True, on_delete=models.CASCADE, related_name="proof")
    fault = models.ForeignKey("vehicles.Fault", null=True, on_delete=models.SET_NULL, related_name="proofs")
    claimed_by = models.CharField(max_length=120, blank=True)
    claimed_at = models.DateTimeField()
    until = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.WATCHING)
    why = models.CharField(max_length=200, blank=True)
    facts = models.JSONField(default=dict)  # the readings it rests on
    settled_at = models.DateTimeField(null=True, blank=True)  # when the reading was taken that settled it
    answered_why = models.CharField(max_length=200, blank=True)  # what a person says against a contradiction
    answered_by = models.CharField(max_length=120, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = FleetQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["fleet", "state", "claimed_at"], name="proof_state")]

    def __str__(self) -> str:
        return f"{self.get_state_display()}: {self.record or self.fault}"


class Proposal(models.Model):
    """A service that seems to have been done and that nobody has logged. Nothing moves until a person says so."""

    class Source(models.TextChoices):
        OIL_ROSE = "oil", "Oil life rose"
        DEALER = "dealer", "From the dealer’s records"

    class State(models.TextChoices):
        OPEN = "open", "To be answered"
        TAKEN = "taken", "Logged"
        REFUSED = "refused", "Not so"

    fleet = models.ForeignKey(Fleet, on_delete=models.CASCADE, related_name="proposals")
    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="proposals")
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="proposals")
    source = models.CharField(max_length=8, choices=Source.choices)
    key = models.CharField(max_length=80)  # of what it was read from: proposed once
    done_on = models.DateField()
    odometer_km = models.FloatField(null=True, blank=True)
    facts = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    record = models.ForeignKey(ServiceRecord, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    answered_by = models.CharField(max_length=120, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects = FleetQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vehicle", "task", "source", "key"], name="one_proposal_a_sign")]

    def __str__(self) -> str:
        return f"{self.task} on {self.vehicle}, {self.done_on}?"


class Bookmark(models.Model):
    """How far a sweep has read a table in the order of its rows."""

    name = models.CharField(max_length=40, unique=True)
    place = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name}: {self.place}"
