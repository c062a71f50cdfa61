"""Alarms for the operator: whoever notices reports, the web tells, once when it begins and once when it is over."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.db import transaction

from fleet.kit import clocks
from fleet.watch.models import Alarm

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
PAUSE = timedelta(minutes=1)


@transaction.atomic
def report(name: str, words: str, *, now: datetime) -> bool:
    """What is wrong with `name`, "" for nothing. Only a change is written; True if it was one."""
    on = bool(words)
    alarm = Alarm.objects.select_for_update().filter(name=name).first()
    if alarm is None:
        if not on:
            return False
        alarm, _ = Alarm.objects.select_for_update().get_or_create(name=name, defaults={"since": now})
    if alarm.on == on:
        return False
    alarm.on, alarm.since, alarm.words = on, now, words or alarm.words
    alarm.tell_after = now if alarm.told != on else None  # over before anyone was told: nothing to say
    alarm.save(update_fields=["on", "since", "words", "tell_after"])
    return True


def standing() -> dict[str, Alarm]:
    return {alarm.name: alarm for alarm in Alarm.objects.filter(on=True).order_by("since")}


def tell(*, now: datetime) -> int:
    """Mail to every superuser what has changed. How many alarms were told."""
    waiting = Alarm.objects.filter(tell_after__isnull=False)
    told = 0
    for alarm in clocks.claim(waiting, "tell_after", lease=LEASE, limit=10, now=now):
        try:
            send(alarm)
        except OSError as error:  # what mail servers raise descends from it
            log.error("alarm %s could not be told: %s", alarm.name, type(error).__name__)
            clocks.wind(alarm, "tell_after", now + PAUSE)
            continue
        Alarm.objects.filter(pk=alarm.pk).update(told=alarm.on, told_at=now)
        clocks.wind(alarm, "tell_after", None)
        told += 1
    return told


def send(alarm: Alarm) -> None:
    people = get_user_model().objects.filter(is_active=True, is_superuser=True).order_by("pk")
    addresses = [address for address in people.values_list("email", flat=True) if address]
    if not addresses:
        log.error("alarm %s concerns a superuser, and there is none", alarm.name)
    since = f"{alarm.since:%Y-%m-%d %H:%M} UTC"
    if alarm.on:
        subject, body = f"Fettle: {alarm.name}", f"{alarm.words}\n\nSince {since}."
    else:
        subject, body = f"Fettle: over, {alarm.name}", f"This is over since {since}:\n\n{alarm.words}"
    body += f"\n\n{settings.PUBLIC_ORIGIN}/admin/watch/line/\n\nYou get this because you run this portal."
    for number, address in enumerate(addresses):
        mark = f"alarm-{alarm.pk}-{int(alarm.since.timestamp())}-{number}"
        headers = {"Message-ID": f"<{mark}@{settings.PUBLIC_ORIGIN.partition('://')[2].partition(':')[0]}>"}
        EmailMessage(subject, body, to=[address], headers=headers).send()
