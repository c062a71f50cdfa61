"""Groups of vehicles, as a fleet sorts them: a depot, a class, a customer."""

from django.db import models
from django.utils import timezone

from fleet.owners.models import Fleet
from fleet.owners.scoping import FleetQuerySet
from vehicles.models.vehicle import Vehicle


class Group(models.Model):
    """A vehicle may be in several."""

    fleet = models.ForeignKey(Fleet, on_delete=models.CASCADE, related_name="groups")
    name = models.CharField(max_length=60)
    vehicles = models.ManyToManyField(Vehicle, blank=True, related_name="groups", through="Belonging")

    objects = FleetQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fleet", "name"], name="one_group_of_a_name")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Belonging(models.Model):
    """That a vehicle is in a group, by whose hand and since when."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="belongings")
    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="belongings")
    by_name = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "vehicle"], name="once_in_a_group")]

    def __str__(self) -> str:
        return f"{self.vehicle} in {self.group}"
