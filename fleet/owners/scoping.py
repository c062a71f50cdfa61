"""The tenancy door: every object that a person sees is found through `seen_by`."""

from django.db import models


class FleetQuerySet(models.QuerySet):
    def seen_by(self, member) -> "FleetQuerySet":
        """What this member may see: all that belongs to the member's fleet, nothing else."""
        return self.filter(fleet_id=member.fleet_id)

    def for_fleet(self, fleet) -> "FleetQuerySet":
        """For workers, who act for a fleet and not for a person."""
        return self.filter(fleet=fleet)
