"""The library of tasks, and the programs that say how often."""

from django.db import models

from fleet.owners.models import Fleet
from fleet.owners.scoping import FleetQuerySet


class Task(models.Model):
    """A kind of work."""

    fleet = models.ForeignKey(Fleet, on_delete=models.CASCADE, related_name="tasks")
    key = models.SlugField(max_length=40)
    name = models.CharField(max_length=80)
    instructions = models.TextField(blank=True)

    objects = FleetQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fleet", "key"], name="one_task_a_key")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Program(models.Model):
    """A named plan for a class of vehicle. An edit makes a new version."""

    fleet = models.ForeignKey(Fleet, on_delete=models.CASCADE, related_name="programs")
    name = models.CharField(max_length=80)
    version = models.PositiveSmallIntegerField(default=1)
    powertrains = models.JSONField(default=list)  # which it matches; "" is a car that does not say

    objects = FleetQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fleet", "name"], name="one_program_of_a_name")]
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"


class ProgramLine(models.Model):
    """One task of a program with its intervals; the first axis reached wins."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="lines")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="lines")
    every_km = models.FloatField(null=True, blank=True)
    distance_typed = models.CharField(max_length=20, blank=True)  # as a person wrote it: “5,000 mi”
    every_months = models.PositiveSmallIntegerField(null=True, blank=True)
    oil_below_pct = models.FloatField(null=True, blank=True)
    soon_share = models.FloatField(default=0.10)
    soon_days = models.PositiveSmallIntegerField(default=14)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program", "task"], name="one_line_a_task")]

    def __str__(self) -> str:
        return f"{self.task} in {self.program}"
