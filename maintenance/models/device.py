"""The phones and browsers that somebody lets notices appear on."""

from django.db import models

from fleet.owners.models import User


class Device(models.Model):
    """One push subscription of one browser. Its address is a secret: whoever has it can write to that screen."""

    SEALED = ("sealed",)

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="devices")
    digest = models.CharField(max_length=64, unique=True)  # of the address, to know it again
    sealed = models.TextField()  # {"endpoint", "p256dh", "auth"}
    label = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    reached_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.label
