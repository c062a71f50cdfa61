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
    reading = models.ForeignKey(Reading, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
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
