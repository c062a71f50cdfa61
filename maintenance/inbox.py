"""What people do with alerts: see them, put them off, give them to somebody, say something. Verdicts stay review's."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from fleet.owners.models import Membership, User
from maintenance.models import Alert, AlertNote
from maintenance.orders import moving
from maintenance.refusals import Refused

MOST_DAYS = 30
Seen = tuple[int, str, int]  # key, level and time of an alert, as they were on the screen


def seen_of(text: str) -> Seen | None:
    """“17:overdue:1”, as a page hands it out. None for what is none."""
    key, _, rest = text.partition(":")
    level, _, times = rest.partition(":")
    digits = [one for one in (key, times) if one.isascii() and one.isdigit() and len(one) < 18]
    return (int(key), level[:10], int(times)) if len(digits) == 2 else None


@transaction.atomic
def acknowledge(seen: Iterable[Seen], *, member: Membership, now: datetime) -> int:
    """How many were. One that rose, came back or ended since it was on the screen is left: nobody has seen that."""
    done = 0
    for key, level, times in seen:
        alerts = Alert.objects.seen_by(member).open().filter(pk=key, level=level, times=times)
        fresh = alerts.exclude(acked_level=level, acked_times=times)
        if fresh.update(acked_level=level, acked_times=times):
            note(key, AlertNote.What.ACKNOWLEDGED, member.user, now)
        done += alerts.exists()
    return done


@transaction.atomic
def snooze(alert: Alert, days: int, *, why: str, member: Membership, now: datetime) -> None:
    """Out of sight for so many days, or until it rises."""
    if not 1 <= days <= MOST_DAYS:
        raise Refused("days", f"From 1 to {MOST_DAYS} days.")
    if not why.strip():
        raise Refused("why", "Say why it can wait; whoever comes next will ask.")
    alert = locked(alert)
    alert.muted_level, alert.muted_times = alert.level, alert.times
    alert.muted_until = now + timedelta(days=days)
    alert.save(update_fields=["muted_level", "muted_times", "muted_until"])
    until = alert.muted_until.astimezone(member.fleet.zone)
    note(alert.pk, AlertNote.What.SNOOZED, member.user, now, f"until {until:%-d %b %Y}: {why.strip()}")


@transaction.atomic
def wake(alert: Alert, *, member: Membership, now: datetime) -> None:
    if Alert.objects.filter(pk=alert.pk, muted_until__gt=now).update(muted_until=None):
        note(alert.pk, AlertNote.What.WOKEN, member.user, now)


@transaction.atomic
def assign(alert: Alert, to: User | None, *, member: Membership, now: datetime) -> None:
    """Who works here takes it or gives it back; giving it to others is the manager’s."""
    if not member.plans and to not in (None, member.user):
        raise Refused("to", "Only a manager gives alerts to others.")
    if to is not None and to.pk not in {one.user_id for one in moving.workers(member.fleet_id)}:
        raise Refused("to", "Choose somebody who works in this fleet.")
    alert = locked(alert)
    if not member.plans and alert.assignee_id not in (None, member.user_id):
        raise Refused("to", f"It is with {alert.assignee} now.")
    if alert.assignee_id == (to.pk if to else None):
        return
    alert.assignee = to
    alert.save(update_fields=["assignee"])
    note(alert.pk, AlertNote.What.ASSIGNED, member.user, now, f"to {to}" if to else "to nobody")


def say(alert: Alert, text: str, *, member: Membership, now: datetime) -> None:
    if not text.strip():
        raise Refused("text", "Type something.")
    note(alert.pk, AlertNote.What.SAID, member.user, now, text.strip())


def locked(alert: Alert) -> Alert:
    return Alert.objects.select_for_update(of=("self",)).select_related("assignee").get(pk=alert.pk)


def note(key: int, what: str, by: User, now: datetime, text: str = "") -> None:
    AlertNote.objects.create(alert_id=key, what=what, text=text[:1_000], by_name=str(by)[:120], at=now)
