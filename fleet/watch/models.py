"""Signs of life. Whoever watches reads how old they are."""

from datetime import datetime

from django.db import models


class Pulse(models.Model):
    """The last sign of life of one part: beat's heartbeat, a sweep, the webhook door."""

    name = models.CharField(max_length=60, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

    @classmethod
    def beat(cls, name: str, now: datetime) -> None:
        cls.objects.update_or_create(name=name, defaults={"at": now})
