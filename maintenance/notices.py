"""The outbox. A notice is a row until a channel has taken it; its text is written when it leaves."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from fleet.kit import clocks
from fleet.kit.mail import NotNow, Refused
from fleet.owners.models import Membership, Role
from maintenance import letters
from maintenance.channels import email, push
from maintenance.models import Notice

log = logging.getLogger(__name__)

# Each has `deliver(notice, letter, now=)`, which raises Refused (no use to try again) or NotNow.
CHANNELS = {"email": email, "push": push}
LEASE = timedelta(minutes=10)
BATCH = 15  # all of them, with a mail server that hangs, end within the lease
LADDER = tuple(timedelta(seconds=s) for s in (10, 60, 300, 1_800, 7_200, 21_600, 86_400))
GATHER = timedelta(seconds=45)  # a digest waits so long for more of the same
GATHER_AT_MOST = timedelta(minutes=10)


def gather(digests: Iterable[tuple[int, int, str]], *, now: datetime) -> None:
    """See that each (fleet id, user id, channel) has one digest waiting, and let it wait for what still comes in."""
    for fleet_id, user_id, channel in sorted(digests):  # in one order, whoever comes first in a set
        about = {"fleet_id": fleet_id, "user_id": user_id, "channel": channel, "form": Notice.Form.DIGEST}
        waiting = Notice.objects.filter(**about, state=Notice.State.WAITING, attempts=0)
        row = waiting.first()
        if row is not None:
            latest = min(now + GATHER, row.created_at + GATHER_AT_MOST)
            waiting.filter(pk=row.pk).update(send_after=max(latest, now))
            continue
        row = Notice(**about, created_at=now, send_after=now + GATHER)
        Notice.objects.bulk_create([row], ignore_conflicts=True)


def sweep(*, now: datetime) -> int:
    """Send what is due. Each row is marked by itself, so that a crash repeats one message at most."""
    waiting = Notice.objects.select_related("user", "fleet", "alert__vehicle__fleet").filter(
        state=Notice.State.WAITING, send_after__isnull=False
    )
    rows = clocks.claim(waiting, "send_after", lease=LEASE, limit=BATCH, now=now, attempts="attempts")
    for notice in rows:
        try:
            deliver(notice, now)
        except Exception as error:  # one that cannot be written must not hold up the rest
            log.exception("notice %d put back", notice.pk)
            put_back(notice, type(error).__name__, now)
    return len(rows)


def deliver(notice: Notice, now: datetime) -> None:
    """Write one notice from the current state and hand it to its channel."""
    letter = letters.write(notice, now=now) if hears(notice) else None
    if letter is None:
        end(notice, Notice.State.DROPPED)
        return
    notice.subject, notice.body = letter.subject[:200], letter.body
    try:
        CHANNELS[notice.channel].deliver(notice, letter, now=now)
    except Refused as error:
        end(notice, Notice.State.FAILED, error=str(error))
    except NotNow as error:
        put_back(notice, str(error), now, wait=timedelta(seconds=error.wait))
    else:
        notice.sent_at = now
        end(notice, Notice.State.SENT)


def hears(notice: Notice) -> bool:
    """Whether this person still may hear of this fleet, asked at the moment of sending."""
    return (
        notice.user.is_active
        and Membership.objects.filter(
            user_id=notice.user_id, fleet_id=notice.fleet_id, role__in=[Role.MANAGER, Role.TECHNICIAN]
        ).exists()
    )


def end(notice: Notice, state: str, *, error: str = "") -> None:
    notice.state, notice.error, notice.send_after = state, error[:300], None
    notice.save(update_fields=["state", "error", "send_after", "subject", "body", "sent_at", "reached"])


def put_back(notice: Notice, error: str, now: datetime, *, wait: timedelta = timedelta()) -> None:
    """Later, by the ladder, or when the other side asked for, within a day."""
    if notice.attempts > len(LADDER):
        end(notice, Notice.State.FAILED, error=error)
        return
    notice.error = error[:300]
    notice.save(update_fields=["error", "reached"])
    clocks.wind(notice, "send_after", now + max(LADDER[notice.attempts - 1], min(wait, LADDER[-1])))
