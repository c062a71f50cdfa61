"""What a fleet has decided: one row at most, and the defaults where there is none."""

from typing import Self

from django.db import models

from fleet.owners.models import Fleet
from fleet.owners.scoping import FleetQuerySet


class Decided(models.Model):
    """Each decision is a column with its default. A fleet is never without: see `of`."""

    fleet = models.OneToOneField(Fleet, on_delete=models.CASCADE, related_name="%(class)s")

    objects = FleetQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def of(cls, fleet: Fleet) -> Self:
        """The fleet's own, or the defaults unsaved. No query where they came with the fleet."""
        cache, name = fleet._state.fields_cache, cls._meta.model_name
        known = cache[name] if name in cache else cls.objects.filter(fleet=fleet).first()
        return known or cls(fleet=fleet)

    @classmethod
    def of_id(cls, fleet_id: int) -> Self:
        """As `of`, where the fleet itself is not at hand."""
        return cls.objects.filter(fleet_id=fleet_id).first() or cls(fleet_id=fleet_id)
