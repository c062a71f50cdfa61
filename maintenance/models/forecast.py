"""How much each car is driven, what was foretold from it, and what came of that."""

from django.db import models

from fleet.owners.models import Fleet
from fleet.owners.scoping import FleetQuerySet
from maintenance.models.due import DueItem
from vehicles.models import Vehicle


class Pace(models.Model):
    """What one car does a day, per axis: km driven, points of oil life used. Written by the forecast’s sweep."""

    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="paces")
    axis = models.CharField(max_length=10)
    slow = models.FloatField(null=True)  # the 20 % quantile a day; None where it cannot be told
    usual = models.FloatField(null=True)
    fast = models.FloatField(null=True)
    why = models.CharField(max_length=20, blank=True)  # why there is none, or whose it is
    days = models.FloatField(default=0.0)  # of history that it rests on
    cars = models.PositiveSmallIntegerField(default=0)  # how many similar ones it was taken from; 0 is its own
    shift = models.JSONField(null=True)  # a change of use: {"since": day, "before": …, "now": …, "found": moment}
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vehicle", "axis"], name="one_pace_an_axis")]

    def __str__(self) -> str:
        return f"{self.axis} of {self.vehicle_id}"

    @property
    def is_shifted(self) -> bool:
        return shift_is_news(self.shift)


def shift_is_news(shift: dict | None) -> bool:
    """Whether the use has changed, as long as that is news: after some weeks the new use is the usual one."""
    return bool(shift) and "usual" not in shift


class Foretold(models.Model):
    """One range written down on one day, to be held against what happened."""

    fleet = models.ForeignKey(Fleet, on_delete=models.CASCADE, related_name="foretold")
    item = models.ForeignKey(DueItem, on_delete=models.CASCADE, related_name="foretold")
    axis = models.CharField(max_length=10)
    point = models.FloatField()  # km or percent that it becomes due at
    said_on = models.DateField()
    likely_from = models.DateField()
    likely_to = models.DateField()
    happened_on = models.DateField(null=True, blank=True)  # when the car passed the point
    verdict = models.CharField(max_length=8, blank=True)  # hit, early, late, void (serviced or changed before)
    settled_on = models.DateField(null=True, blank=True)  # the day from which that was certain

    objects = FleetQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "axis", "said_on"], name="one_range_a_day")]
        indexes = [models.Index(fields=["fleet", "settled_on"], name="foretold_settled")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.axis}: {self.likely_from} to {self.likely_to}"


class HitRate(models.Model):
    """What came of the ranges that were settled in one month: counted from them anew whenever some are settled."""

    fleet = models.ForeignKey(Fleet, on_delete=models.CASCADE, related_name="hit_rates")
    axis = models.CharField(max_length=10)
    month = models.DateField()  # its first day
    hit = models.PositiveIntegerField(default=0)
    early = models.PositiveIntegerField(default=0)
    late = models.PositiveIntegerField(default=0)
    void = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()

    objects = FleetQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fleet", "axis", "month"], name="one_rate_a_month")]

    def __str__(self) -> str:
        return f"{self.axis} in {self.month:%B %Y}: {self.hit} held"
