"""Groups of vehicles, as a fleet sorts them: a depot, a class, a customer."""

from django.db import models

from fleet.owners.models import Fleet
from fleet.owners.scoping import FleetQuerySet
from vehicles.models.vehicle import Vehicle


class Group(models.Model):
    """A vehicle may be in several."""

    fleet = models.ForeignKey(Fleet, on_delete=models.CASCADE, related_name="groups")
    name = models.CharField(max_length=60)
    vehicles = models.ManyToManyField(Vehicle, blank=True, related_name="groups")

    objects = FleetQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fleet", "name"], name="one_group_of_a_name")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
