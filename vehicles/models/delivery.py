"""The inbox: what Smartcar sent, as it came."""

from django.db import models

from fleet.owners.models import Fleet


class Delivery(models.Model):
    """One signed webhook body. Kept before it is understood; `open_after` is its clock.

    `fleet` is whose car took it in. Read again it goes to that fleet or to none, whoever has the car by then.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        DONE = "done", "Read"
        PARKED = "parked", "Vehicle not known yet"
        IDLE = "idle", "Kept without effect"
        TWIN = "twin", "Second content for a known event"
        QUARANTINED = "quarantined", "Quarantined"

    source = models.CharField(max_length=12, default="smartcar")
    webhook_id = models.CharField(max_length=200, blank=True)
    event_id = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    kind = models.CharField(max_length=20, blank=True)
    smartcar_id = models.CharField("vehicle at Smartcar", max_length=200, blank=True)
    body = models.BinaryField()
    received_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    open_after = models.DateTimeField(null=True, db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    error = models.CharField(max_length=200, blank=True)
    # Without an index of its own: the door would pay for it with each insert.
    fleet = models.ForeignKey(Fleet, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "webhook_id", "event_id", "digest"], name="one_delivery_an_event")
        ]
        indexes = [
            models.Index(fields=["smartcar_id"], condition=models.Q(state="parked"), name="delivery_parked"),
            models.Index(
                fields=["fleet", "smartcar_id"], condition=models.Q(fleet__isnull=False), name="delivery_of_a_car"
            ),
        ]
        verbose_name_plural = "deliveries"

    def __str__(self) -> str:
        return f"{self.kind or 'unread'} {self.event_id[:8]}"


class Mention(models.Model):
    """One car of a delivery that tells of several. Without a fleet it waits until its car is known, or for nobody."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="mentions")
    smartcar_id = models.CharField("vehicle at Smartcar", max_length=200, db_index=True)
    fleet = models.ForeignKey(Fleet, null=True, on_delete=models.CASCADE, related_name="+")
    over = models.BooleanField(default=False)  # it came to a holder of the car before ours

    class Meta:
        constraints = [models.UniqueConstraint(fields=["delivery", "smartcar_id"], name="one_mention_a_car")]

    def __str__(self) -> str:
        return f"in {self.delivery_id}"
