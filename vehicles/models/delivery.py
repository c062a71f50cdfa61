"""The inbox: what Smartcar sent, as it came."""

from django.db import models


class Delivery(models.Model):
    """One signed webhook body. Kept before it is understood; `open_after` is its clock."""

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

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "webhook_id", "event_id", "digest"], name="one_delivery_an_event")
        ]
        indexes = [models.Index(fields=["smartcar_id"], condition=models.Q(state="parked"), name="delivery_parked")]
        verbose_name_plural = "deliveries"

    def __str__(self) -> str:
        return f"{self.kind or 'unread'} {self.event_id[:8]}"
