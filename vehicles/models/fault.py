"""Trouble codes as episodes."""

from django.db import models

from fleet.owners.models import Fleet
from fleet.owners.scoping import FleetQuerySet
from vehicles.models.vehicle import Vehicle


class FaultQuerySet(FleetQuerySet):
    def open(self) -> "FaultQuerySet":
        return self.filter(closed_at=None)


class Fault(models.Model):
    """One episode of one trouble code on one vehicle, folded from all readings of its codes."""

    fleet = models.ForeignKey(Fleet, on_delete=models.CASCADE, related_name="faults")
    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="faults")
    code = models.CharField(max_length=20)
    occurrence = models.PositiveSmallIntegerField(default=1)  # the how-manieth episode of this code on this vehicle
    opened_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    first_clean_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    recurrences = models.PositiveSmallIntegerField(default=0)

    objects = FaultQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vehicle", "code", "occurrence"], name="one_fault_an_episode")]
        indexes = [models.Index(fields=["fleet", "closed_at"], name="fault_open")]
        ordering = ["-last_seen_at"]

    def __str__(self) -> str:
        return f"{self.code} on {self.vehicle}"
