"""What the dealer’s workshop did, as the maker tells it."""

from django.db import models

from vehicles.models.reading import Telling
from vehicles.models.vehicle import Vehicle


class DealerRecord(models.Model):
    """One visit in the maker’s service history. It is theirs: shown and offered, never counted as done by itself.

    Known by the dealer’s id where there is one, else by its content: the whole history comes with every answer.
    """

    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="dealer_records")
    their_id = models.CharField(max_length=60, null=True)
    content = models.CharField(max_length=16)  # digest of when, at what odometer and what
    done_at = models.DateTimeField(null=True)
    odometer_km = models.FloatField(null=True)
    tasks = models.JSONField(default=list)  # of {"id", "name"}
    details = models.JSONField(default=list)
    cost = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, blank=True)
    told_at = models.DateTimeField()  # the time that the telling counts for: the newest stands
    received_at = models.DateTimeField()

    objects = Telling.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vehicle", "their_id"],
                condition=models.Q(their_id__isnull=False),
                name="one_dealer_record_an_id",
            ),
            models.UniqueConstraint(
                fields=["vehicle", "content"],
                condition=models.Q(their_id__isnull=True),
                name="one_dealer_record_a_content",
            ),
        ]
        ordering = ["-done_at", "-pk"]

    def __str__(self) -> str:
        return f"dealer record {self.pk}"
