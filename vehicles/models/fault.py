"""Trouble codes and warning lights as episodes."""

from datetime import timedelta

from django.db import models

from fleet.owners.decided import Decided
from fleet.owners.models import Fleet
from fleet.owners.scoping import FleetQuerySet
from vehicles.domain.signals import Signal
from vehicles.models.vehicle import Vehicle


class EpisodeQuerySet(FleetQuerySet):
    def open(self) -> "EpisodeQuerySet":
        return self.filter(closed_at=None)


class Episode(models.Model):
    """From the first sighting to the proof that it is over, folded from all readings. Never edited by a person."""

    fleet = models.ForeignKey(Fleet, on_delete=models.CASCADE, related_name="%(class)ss")
    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="%(class)ss")
    occurrence = models.PositiveSmallIntegerField(default=1)  # the how-manieth of its kind on this vehicle
    opened_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    first_clean_at = models.DateTimeField(null=True)
    quiet_since = models.DateTimeField(null=True)  # since when it is said to be gone, as long as that is not proved
    closed_at = models.DateTimeField(null=True)
    recurrences = models.PositiveSmallIntegerField(default=0)

    objects = EpisodeQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class Fault(Episode):
    """One episode of one trouble code on one vehicle."""

    code = models.CharField(max_length=20)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vehicle", "code", "occurrence"], name="one_fault_an_episode")]
        indexes = [
            models.Index(fields=["fleet", "closed_at"], name="fault_open"),
            models.Index(fields=["fleet", "code", "opened_at"], name="fault_by_code"),
            models.Index(fields=["fleet", "-last_seen_at"], name="fault_newest"),
        ]
        ordering = ["-last_seen_at"]

    def __str__(self) -> str:
        return f"{self.code} on {self.vehicle}"


class Light(Episode):
    """One episode of one warning light on one vehicle: from ALERT to the proof that it is OK again."""

    signal = models.CharField(max_length=40)  # `system_*`

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vehicle", "signal", "occurrence"], name="one_light_an_episode")]
        indexes = [models.Index(fields=["fleet", "closed_at"], name="light_open")]
        ordering = ["-last_seen_at"]

    def __str__(self) -> str:
        return f"{self.name} on {self.vehicle}"

    @property
    def name(self) -> str:
        return Signal(self.signal).label


class FaultTerms(Decided):
    """When a code or light counts as gone, and when as the same again. Without a row: six hours, seven days."""

    clean_apart_hours = models.PositiveSmallIntegerField(default=6)  # between the two reads without it
    recurs_within_days = models.PositiveSmallIntegerField(default=7)  # of its end it is the same episode

    class Meta:
        verbose_name_plural = "fault terms"

    def __str__(self) -> str:
        return f"{self.fleet}: {self.clean_apart_hours} h, {self.recurs_within_days} days"

    @property
    def clean_apart(self) -> timedelta:
        return timedelta(hours=self.clean_apart_hours)

    @property
    def recurs_within(self) -> timedelta:
        return timedelta(days=self.recurs_within_days)
