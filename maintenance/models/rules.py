"""What a fleet wants to hear of: rules for trouble codes, thresholds on signals."""

from datetime import timedelta

from django.db import models
from django.utils import timezone

from fleet.owners.models import Fleet
from fleet.owners.scoping import FleetQuerySet
from maintenance.domain.thresholds import Rule
from maintenance.models.plan import Program
from vehicles.models import Vehicle


class FaultRule(models.Model):
    """What a trouble code means to this fleet. The most exact rule that matches is followed."""

    class Verdict(models.TextChoices):
        CRITICAL = "critical", "Critical"
        WARNING = "warning", "Warning"
        IGNORE = "ignore", "Ignore"
        KEEP = "keep", "As it is"  # a rule may only give a name

    fleet = models.ForeignKey(Fleet, on_delete=models.CASCADE, related_name="fault_rules")
    code = models.CharField(max_length=20)  # exact, or how it begins
    is_prefix = models.BooleanField(default=False)
    make = models.CharField(max_length=60, blank=True)
    model = models.CharField(max_length=100, blank=True)
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    name = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    by_name = models.CharField(max_length=120)
    created_at = models.DateTimeField(default=timezone.now)
    edited_by = models.CharField(max_length=120, blank=True)
    edited_at = models.DateTimeField(null=True, blank=True)

    objects = FleetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fleet", "code", "is_prefix", "make", "model"], name="one_rule_a_code")
        ]

    def __str__(self) -> str:
        return f"{self.code}{'…' if self.is_prefix else ''}: {self.get_verdict_display()}"


class SpreadQuerySet(FleetQuerySet):
    def open(self) -> "SpreadQuerySet":
        return self.filter(over_at=None)


class Spread(models.Model):
    """One code on several vehicles of one model: people hear of it once. Its alert hangs on the carrier."""

    fleet = models.ForeignKey(Fleet, on_delete=models.CASCADE, related_name="spreads")
    code = models.CharField(max_length=20)
    make = models.CharField(max_length=60)
    model = models.CharField(max_length=100)
    carrier = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="+")
    began_at = models.DateTimeField()  # the first of its episodes
    ripe_at = models.DateTimeField()  # when it had become enough vehicles
    cars = models.PositiveIntegerField()
    level = models.CharField(max_length=10)
    over_at = models.DateTimeField(null=True, blank=True)

    objects = SpreadQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["fleet", "code", "make", "model"],
                condition=models.Q(over_at=None),
                name="one_spread_a_code_and_model",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} on {self.cars} {self.make} {self.model}"


class ThresholdQuerySet(FleetQuerySet):
    def standing(self) -> "ThresholdQuerySet":
        return self.filter(retired_at=None)


class Threshold(models.Model):
    """Tell somebody when a signal goes past a value and stays there. Opens and closes at different values."""

    fleet = models.ForeignKey(Fleet, on_delete=models.CASCADE, related_name="thresholds")
    program = models.ForeignKey(Program, null=True, blank=True, on_delete=models.CASCADE, related_name="thresholds")
    name = models.CharField(max_length=80)
    signal = models.CharField(max_length=40)
    part = models.CharField(max_length=20, blank=True)  # an axle, where the signal has several values
    is_below = models.BooleanField(default=True)
    opens_at = models.FloatField()  # in the signal’s own unit
    closes_at = models.FloatField()
    minutes = models.PositiveIntegerField(default=0)  # how long it must last
    level = models.CharField(max_length=10, choices=[("warning", "Warning"), ("critical", "Critical")])
    reason = models.CharField(max_length=200, blank=True)  # why this value
    counts_from = models.DateTimeField(default=timezone.now)  # what was over before it is no business of this rule
    # A clock: when to fold the readings of all its cars anew.
    fold_after = models.DateTimeField(default=timezone.now, null=True, blank=True, db_index=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_by = models.CharField(max_length=120, blank=True)
    by_name = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    edited_by = models.CharField(max_length=120, blank=True)
    edited_at = models.DateTimeField(null=True, blank=True)

    objects = ThresholdQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    @property
    def rule(self) -> Rule:
        return Rule(self.is_below, self.opens_at, self.closes_at, timedelta(minutes=self.minutes))


class BreachQuerySet(models.QuerySet):
    def open(self) -> "BreachQuerySet":
        """Those that people should know of: past the value, for long enough, on cars that are still ours."""
        return self.filter(
            closed_at=None, opened_at__isnull=False, vehicle__retired_at=None, threshold__retired_at=None
        )


class Breach(models.Model):
    """One stretch of time in which one vehicle was past a threshold, folded from its readings in measured order.

    One that did not last is kept too, without `opened_at`: outside of its stretches a car is known to be well.
    """

    threshold = models.ForeignKey(Threshold, on_delete=models.CASCADE, related_name="breaches")
    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="breaches")
    part = models.CharField(max_length=20, blank=True)
    began_at = models.DateTimeField()  # the first reading past the value
    opened_at = models.DateTimeField(null=True)  # when it had lasted long enough
    closed_at = models.DateTimeField(null=True)
    worst = models.FloatField()
    last = models.FloatField()
    last_at = models.DateTimeField()

    objects = BreachQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "breaches"
        constraints = [
            models.UniqueConstraint(fields=["threshold", "vehicle", "part", "began_at"], name="one_breach_a_stretch")
        ]

    def __str__(self) -> str:
        return f"{self.threshold} on {self.vehicle_id}"
