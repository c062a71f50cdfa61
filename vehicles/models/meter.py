"""Meters that were exchanged, and what people said of single readings."""

from django.db import models

from fleet.owners.models import Fleet
from fleet.owners.scoping import FleetQuerySet
from vehicles.models.reading import Reading
from vehicles.models.vehicle import Vehicle


class Segment(models.Model):
    """From this moment the dash counts anew: true distance = what it shows + `offset_km`. Offsets are absolute."""

    fleet = models.ForeignKey(Fleet, on_delete=models.CASCADE, related_name="segments")
    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="segments")
    begins_at = models.DateTimeField()
    offset_km = models.FloatField()
    reason = models.CharField(max_length=200)
    by_name = models.CharField(max_length=120)
    created_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True, blank=True)
    voided_by = models.CharField(max_length=120, blank=True)

    objects = FleetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vehicle", "begins_at"], condition=models.Q(voided_at=None), name="one_segment_a_moment"
            )
        ]
        ordering = ["begins_at"]

    def __str__(self) -> str:
        return f"{self.offset_km:+,.0f} km from {self.begins_at:%Y-%m-%d}"


class MeterNote(models.Model):
    """What a person said of a reading or of the meter."""

    class What(models.TextChoices):
        TYPED = "typed", "Typed"
        VOIDED = "voided", "Taken back"
        RESTORED = "restored", "Restored"
        CONFIRMED = "confirmed", "Confirmed"
        DOUBTED = "doubted", "No longer confirmed"
        REPLACED = "replaced", "Meter replaced"
        NOT_REPLACED = "not_replaced", "Meter not replaced"
        RESCINDED = "rescinded", "Replacement taken back"

    fleet = models.ForeignKey(Fleet, on_delete=models.CASCADE, related_name="meter_notes")
    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="meter_notes")
    reading = models.ForeignKey(Reading, null=True, blank=True, on_delete=models.CASCADE, related_name="notes")
    segment = models.ForeignKey(Segment, null=True, blank=True, on_delete=models.CASCADE, related_name="notes")
    what = models.CharField(max_length=12, choices=What.choices)
    reason = models.CharField(max_length=200, blank=True)
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField()

    objects = FleetQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.what} by {self.by_name}"
