"""Pictures of the work, beside the order they belong to."""

from django.db import models

from fleet.owners.models import Fleet, User
from fleet.owners.scoping import FleetQuerySet
from maintenance.models.order import OrderLine, WorkOrder


class PhotoQuerySet(FleetQuerySet):
    def seen_by(self, member) -> "PhotoQuerySet":
        """Whoever may see the order."""
        return super().seen_by(member).filter(order__in=WorkOrder.objects.seen_by(member))


class Photo(models.Model):
    """One picture, drawn anew. The files lie in a folder that nobody serves; a row without files is none."""

    fleet = models.ForeignKey(Fleet, on_delete=models.CASCADE, related_name="photos")
    order = models.ForeignKey(WorkOrder, on_delete=models.CASCADE, related_name="photos")
    line = models.ForeignKey(OrderLine, null=True, blank=True, on_delete=models.SET_NULL, related_name="photos")
    place = models.CharField(max_length=80, unique=True)  # of the files, without their endings
    digest = models.CharField(max_length=64)  # of what was sent for which job: a second send finds the first
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField()  # bytes of both files
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=120)  # outlives the account
    at = models.DateTimeField()

    objects = PhotoQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["order", "digest"], name="one_photo_a_picture")]

    def __str__(self) -> str:
        return f"Photo of {self.order}, {self.at:%Y-%m-%d %H:%M}"

    @property
    def large(self) -> str:
        return f"{self.place}.jpg"

    @property
    def small(self) -> str:
        return f"{self.place}-s.jpg"
