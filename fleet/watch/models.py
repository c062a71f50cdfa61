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


class Alarm(models.Model):
    """Something the operator must know: told once when it begins, and once when it is over. `tell_after` is its clock.

    `told` is the state that was told last; where it equals `on`, there is nothing to say.
    """

    name = models.CharField(max_length=60, unique=True)
    on = models.BooleanField(default=False)
    since = models.DateTimeField()
    words = models.TextField(blank=True)
    told = models.BooleanField(default=False)
    told_at = models.DateTimeField(null=True)
    tell_after = models.DateTimeField(null=True, db_index=True)

    def __str__(self) -> str:
        return f"{self.name}, {'on' if self.on else 'off'}"


class Line(Pulse):
    """The line to Smartcar, as a page of the admin; it has no rows of its own."""

    class Meta:
        proxy = True
        verbose_name = "line to Smartcar"
        verbose_name_plural = "line to Smartcar"
        default_permissions = ()
