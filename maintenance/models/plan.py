"""The library of tasks, and the programs that say how often."""

from django.db import models

from fleet.owners.decided import Decided
from fleet.owners.models import Fleet
from fleet.owners.scoping import FleetQuerySet
from maintenance.domain.plan import Recurrence
from vehicles.models import Group

RECURRENCES = [(kind.value, kind.value) for kind in Recurrence]


class Task(models.Model):
    """A kind of work."""

    fleet = models.ForeignKey(Fleet, on_delete=models.CASCADE, related_name="tasks")
    key = models.SlugField(max_length=40)
    name = models.CharField(max_length=80)
    instructions = models.TextField(blank=True)
    checklist = models.JSONField(default=list, blank=True)  # [{"text": …, "unit": "mm"}]; a unit asks for a number
    parts = models.TextField(blank=True)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)  # what it takes as a rule; None: not estimated
    weight = models.FloatField(default=1.0)  # how much waiting with it matters, in the overdue ranking
    includes = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="included_in")
    edited_by = models.CharField(max_length=120, blank=True)
    edited_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = FleetQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fleet", "key"], name="one_task_a_key")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Program(models.Model):
    """A named plan for a class of vehicle. An edit makes a new version.

    Of several that match a vehicle the lowest `place` wins; one given by hand (`Care.program`) before all.
    An empty list of makes, models, powertrains or groups, and a missing year, asks for nothing.
    """

    fleet = models.ForeignKey(Fleet, on_delete=models.CASCADE, related_name="programs")
    name = models.CharField(max_length=80)
    version = models.PositiveSmallIntegerField(default=1)
    place = models.PositiveSmallIntegerField(default=100)
    powertrains = models.JSONField(default=list, blank=True)  # "" is a car that does not say
    makes = models.JSONField(default=list, blank=True)  # in capitals, as Smartcar writes them
    kinds = models.JSONField("models", default=list, blank=True)
    year_from = models.PositiveSmallIntegerField(null=True, blank=True)
    year_to = models.PositiveSmallIntegerField(null=True, blank=True)
    groups = models.ManyToManyField(Group, blank=True, related_name="programs")
    by_hand = models.BooleanField("matches nobody by itself", default=False)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = FleetQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fleet", "name"], name="one_program_of_a_name")]
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"


class LineQuerySet(models.QuerySet):
    def standing(self) -> "LineQuerySet":
        return self.filter(left_at=None)


class ProgramLine(models.Model):
    """One task of a program with its intervals; the first axis reached wins."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="lines")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="lines")
    every_km = models.FloatField(null=True, blank=True)
    distance_typed = models.CharField(max_length=20, blank=True)  # as a person wrote it: “5,000 mi”
    as_policy = models.BooleanField(default=False)  # distance and oil life are the policy’s, and move with it
    every_months = models.PositiveSmallIntegerField(null=True, blank=True)
    oil_below_pct = models.FloatField(null=True, blank=True)
    every_hours = models.FloatField(null=True, blank=True)
    distance_recurs = models.CharField(max_length=8, choices=RECURRENCES, default=Recurrence.FLOATING)
    time_recurs = models.CharField(max_length=8, choices=RECURRENCES, default=Recurrence.FLOATING)
    hours_recur = models.CharField(max_length=8, choices=RECURRENCES, default=Recurrence.FLOATING)
    grace_km = models.FloatField(default=0.0)
    grace_days = models.PositiveSmallIntegerField(default=0)
    grace_hours = models.FloatField(default=0.0)
    soon_share = models.FloatField(null=True, blank=True)  # of the interval; None: the fleet’s
    soon_days = models.PositiveSmallIntegerField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)  # taken out; its items leave as the fleet is reviewed

    objects = LineQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program", "task"], name="one_line_a_task")]
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.task} in {self.program}"


class Policy(Decided):
    """What a fleet has decided for all of its plans."""

    soon_share = models.FloatField(default=0.10)
    soon_days = models.PositiveSmallIntegerField(default=14)
    oil_below_pct = models.FloatField(default=20.0)
    every_km = models.FloatField(default=8_046.7)  # 5,000 miles, as Smartcar’s guide suggests
    distance_typed = models.CharField(max_length=20, default="5,000 mi")
    snooze_days = models.PositiveSmallIntegerField(default=30)
    snooze_km = models.FloatField(default=1_000.0)
    proof_days = models.PositiveSmallIntegerField(default=14)
    visit_days = models.PositiveSmallIntegerField(default=30)
    visit_km = models.FloatField(default=2_000.0)
    workshop_hours = models.PositiveSmallIntegerField(null=True, blank=True)  # a week; None: nobody has said
    edited_by = models.CharField(max_length=120, blank=True)
    edited_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "policies"

    def __str__(self) -> str:
        return f"Policy of {self.fleet}"


class ProgramVersion(models.Model):
    """A program as it stood from one edit to the next. Written once."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="versions")
    version = models.PositiveSmallIntegerField()
    matching = models.CharField(max_length=400)  # in words
    lines = models.JSONField(default=list)  # [{"task", "terms"}], in words, as they were typed
    by_name = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField(null=True)  # None: it came with Fettle

    class Meta:
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["program", "version"], name="one_text_a_version")]

    def __str__(self) -> str:
        return f"{self.program.name} v{self.version}"


class Recheck(models.Model):
    """A rule was edited and the fleet is reviewed anew, some vehicles at a time: how far that is.

    `look_after` is its clock. `place` is the last vehicle that was rung for, `ahead` how many are still to be rung
    for, `left` those and the ones whose turn has not come yet.
    """

    fleet = models.ForeignKey(Fleet, on_delete=models.CASCADE, related_name="rechecks")
    why = models.CharField(max_length=120)
    by_name = models.CharField(max_length=120, blank=True)
    began_at = models.DateTimeField()
    cars = models.PositiveIntegerField()
    ahead = models.PositiveIntegerField()
    left = models.PositiveIntegerField()
    place = models.BigIntegerField(default=0)
    refolds = models.BooleanField(default=False)  # what counts as a fault's end has changed as well
    look_after = models.DateTimeField(null=True, db_index=True)
    over_at = models.DateTimeField(null=True, blank=True)
    stopped_by = models.CharField(max_length=120, blank=True)

    objects = FleetQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["fleet", "-began_at"], name="recheck_newest")]

    def __str__(self) -> str:
        return f"{self.why}: {self.done} of {self.cars}"

    @property
    def is_whole(self) -> bool:
        """Over, and nobody stopped it."""
        return self.over_at is not None and not self.stopped_by

    @property
    def done(self) -> int:
        return max(0, self.cars - self.left)
