"""Episodes that people should know of, and the messages that tell them."""

from django.db import models
from django.utils import timezone

from fleet.owners.models import Fleet, User
from fleet.owners.scoping import FleetQuerySet
from vehicles.models import Vehicle

SEEN = models.Q(acked_level=models.F("level"), acked_times=models.F("times"))
MUTED = models.Q(muted_level=models.F("level"), muted_times=models.F("times"))


class AlertQuerySet(FleetQuerySet):
    def open(self) -> "AlertQuerySet":
        return self.filter(closed_at=None)

    def new(self, now) -> "AlertQuerySet":
        """What nobody has seen as it is: what rose or came back since is new again."""
        return self.open().exclude(SEEN).exclude(MUTED, muted_until__gt=now)

    def snoozed(self, now) -> "AlertQuerySet":
        return self.open().filter(MUTED, muted_until__gt=now)

    def acknowledged(self, now) -> "AlertQuerySet":
        return self.open().filter(SEEN).exclude(MUTED, muted_until__gt=now)


class Alert(models.Model):
    """An episode with a key: kind, vehicle, subject, occurrence. Inside an occurrence its level only rises."""

    class Kind(models.TextChoices):
        DUE = "due", "Service"
        FAULT = "fault", "Trouble code"
        CONNECTION = "connection", "Connection"
        SILENCE = "silence", "Silence"
        LIGHT = "light", "Warning light"
        THRESHOLD = "threshold", "Threshold"
        PROOF = "proof", "Work not confirmed"
        METER = "meter", "Odometer"
        USAGE = "usage", "Use has changed"
        CAMPAIGN = "campaign", "One code on many vehicles"

    fleet = models.ForeignKey(Fleet, on_delete=models.CASCADE, related_name="alerts")
    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="alerts")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    subject = models.CharField(max_length=60)  # task key, trouble code, connection reason
    occurrence = models.CharField(max_length=40)  # which service interval, which episode
    level = models.CharField(max_length=10)  # soon, due, overdue, warning, critical
    opened_at = models.DateTimeField()
    level_at = models.DateTimeField()
    told_level = models.CharField(max_length=10, blank=True)  # the highest level that notices were written for
    times = models.PositiveSmallIntegerField(default=1)  # how often it came up; what went by itself is news again
    closed_at = models.DateTimeField(null=True, blank=True)

    # What people do with it; written by `maintenance.inbox` alone. It holds for the level and the time it was said of.
    acked_level = models.CharField(max_length=10, blank=True)
    acked_times = models.PositiveSmallIntegerField(default=0)
    muted_level = models.CharField(max_length=10, blank=True)
    muted_times = models.PositiveSmallIntegerField(default=0)
    muted_until = models.DateTimeField(null=True, blank=True)
    assignee = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    objects = AlertQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vehicle", "kind", "subject", "occurrence"], name="one_alert_an_occurrence")
        ]
        indexes = [models.Index(fields=["fleet", "closed_at"], name="alert_open")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.subject}: {self.level}"


class Notice(models.Model):
    """One message to one person over one channel. Written as text when it is sent; `send_after` is its clock."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        SENT = "sent", "Sent"
        DROPPED = "dropped", "No longer true"
        FAILED = "failed", "Could not be sent"

    class Form(models.TextChoices):
        SINGLE = "single", "One alert"
        DIGEST = "digest", "Digest"

    fleet = models.ForeignKey(Fleet, on_delete=models.CASCADE, related_name="notices")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices")
    form = models.CharField(max_length=8, choices=Form.choices, default=Form.SINGLE)
    alert = models.ForeignKey(Alert, null=True, on_delete=models.CASCADE, related_name="notices")
    level = models.CharField(max_length=10, blank=True)
    times = models.PositiveSmallIntegerField(default=1)  # the alert’s
    channel = models.CharField(max_length=12, default="email")  # a word of `notices.CHANNELS`
    reached = models.JSONField(default=list)  # keys of the devices that have it already
    send_after = models.DateTimeField(null=True, db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = FleetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["alert", "times", "level", "user", "channel"], name="one_notice_a_level"),
            models.UniqueConstraint(
                fields=["fleet", "user", "channel"],
                condition=models.Q(form="digest", state="waiting", attempts=0),
                name="one_digest_waiting",
            ),
        ]
        indexes = [models.Index(fields=["fleet", "-created_at"], name="notice_newest")]

    def __str__(self) -> str:
        return f"{self.get_form_display()} to {self.user}"


class AlertNote(models.Model):
    """What somebody did or said about an alert. Written once."""

    class What(models.TextChoices):
        ACKNOWLEDGED = "acknowledged", "Acknowledged"
        SNOOZED = "snoozed", "Snoozed"
        WOKEN = "woken", "Woken"
        ASSIGNED = "assigned", "Assigned"
        SAID = "said", "Said"

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="notes")
    what = models.CharField(max_length=12, choices=What.choices)
    text = models.CharField(max_length=1_000, blank=True)
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_what_display()} by {self.by_name}"
