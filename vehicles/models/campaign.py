"""A maker moved or closed its accounts, and many owners have to reconnect: who was asked, and who has."""

from django.db import models
from django.utils import timezone

from fleet.owners.models import Fleet, Owner, User
from fleet.owners.scoping import FleetQuerySet
from vehicles.models.vehicle import Vehicle


class Campaign(models.Model):
    """One round of asking the owners of one make. Who is asked is fixed when it begins."""

    class State(models.TextChoices):
        OPEN = "open", "Under way"
        ENDED = "ended", "Ended"
        CANCELLED = "cancelled", "Cancelled"

    fleet = models.ForeignKey(Fleet, on_delete=models.CASCADE, related_name="+")
    make = models.CharField(max_length=60)  # in capitals
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    began_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = FleetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["fleet", "make"], condition=models.Q(state="open"), name="one_open_campaign_a_make"
            )
        ]

    def __str__(self) -> str:
        return f"{self.make}, {self.get_state_display()}"


class Appeal(models.Model):
    """One owner of a campaign with the cars in question. `mail_after` is the clock of the letter."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="appeals")
    owner = models.ForeignKey(Owner, on_delete=models.CASCADE, related_name="+")
    vehicles = models.ManyToManyField(Vehicle, related_name="+")
    mail_after = models.DateTimeField(null=True, db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    mailed_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "owner"], name="one_appeal_an_owner")]

    def __str__(self) -> str:
        return f"{self.owner}, {self.campaign}"
