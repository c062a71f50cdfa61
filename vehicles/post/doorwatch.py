"""What happens at the webhook door, counted in memory and written down twice a minute by a thread of the web.

The request of an unsigned body never writes: whoever can post could fill the disk. And the web tells the operator by
itself when every signature fails, since the workers then see nothing at all.
"""

import hashlib
import hmac
import logging
import threading
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from functools import cache

from django.conf import settings
from django.db import DatabaseError, connections, transaction
from django.db.models import Max, Sum
from django.utils import timezone

from fleet.watch import alarms
from fleet.watch.models import Pulse
from vehicles.asking import outages
from vehicles.models import DoorTally

log = logging.getLogger(__name__)

PAUSE_SECONDS = 30
FIRST_PAUSE_SECONDS = 2  # how long nobody listened is best known at the start
LOOK_BACK = timedelta(hours=24)
KEPT = timedelta(days=35)
ENOUGH = 3  # one event is tried four times
BEAT_SILENT = timedelta(minutes=3)
COLUMNS = ("kept", "refused", "strange", "verified")
SIGNATURES = "webhook signatures fail"
WORKERS = "the workers are silent"


@cache
def mark(token: str) -> str:
    """Tells tokens apart and nothing else: without our own secret it cannot be traced back."""
    return hmac.digest(settings.SECRET_KEY.encode(), token.encode(), hashlib.sha256).hex()[:12]


class Tally:
    """Counts by the minute, in this process. Threads share it."""

    def __init__(self):
        self.lock, self.minutes = threading.Lock(), defaultdict(Counter)

    def count(self, what: str, *, now: datetime, token: str = "") -> None:
        minute = now.replace(second=0, microsecond=0)
        with self.lock:
            self.minutes[minute][what] += 1
            if token:
                self.minutes[minute][mark(token)] += 1

    def refuse(self, body: bytes, *, now: datetime) -> None:
        """A wrong signature. It alarms where the body names our webhook, which a passer-by does not know."""
        ours = settings.SMARTCAR_WEBHOOK_ID.encode()
        self.count("refused" if ours and ours in body else "strange", now=now)

    def flush(self) -> int:
        """Add what was counted to the rows of its minutes. What cannot be written is kept for the next time."""
        with self.lock:
            taken, self.minutes = self.minutes, defaultdict(Counter)
        written = 0
        for minute, counts in taken.items():
            try:
                add(minute, counts)
            except DatabaseError as error:
                log.error("the tally of the door could not be written: %s", type(error).__name__)
                with self.lock:
                    self.minutes[minute] += counts
            else:
                written += 1
        return written


@transaction.atomic
def add(minute: datetime, counts: Counter) -> None:
    DoorTally.objects.get_or_create(minute=minute)
    row = DoorTally.objects.select_for_update().get(minute=minute)
    for name in COLUMNS:
        setattr(row, name, getattr(row, name) + counts[name])
    signers = Counter(row.signers) + Counter({name: n for name, n in counts.items() if name not in COLUMNS})
    row.signers = dict(signers)
    row.save()


tally = Tally()


def forget(*, now: datetime) -> int:
    return DoorTally.objects.filter(minute__lt=now - KEPT).delete()[0]


def failing(now: datetime) -> str:
    """What is wrong with the signatures, in words; "" while deliveries come in or nobody knocks.

    Alarming is a door that only refuses: since the last good delivery of the day, or at all.
    """
    lately = DoorTally.objects.filter(minute__gte=now - LOOK_BACK)
    good = lately.filter(kept__gt=0).aggregate(last=Max("minute"))["last"]
    since = lately.filter(minute__gt=good) if good else lately
    found = since.aggregate(refused=Sum("refused"), strange=Sum("strange"))
    bad = (found["refused"] or 0) + (0 if good else found["strange"] or 0)
    if bad < ENOUGH:
        return ""
    last = f"The last good one came at {good:%Y-%m-%d %H:%M} UTC" if good else "None was good for a day"
    return (
        f"Every signature at the webhook fails: {bad} deliveries were refused. {last}. What Smartcar cannot deliver "
        "within three minutes it drops for good.\n\nMost likely the management token was changed in the Smartcar "
        "dashboard: put the new one first in SMARTCAR_MANAGEMENT_TOKENS, keep the old one behind it, restart. A green "
        "VERIFY does not prove the token; if the right one is set and it still fails, a new application at Smartcar "
        "has helped others."
    )


def silent(now: datetime) -> str:
    """Whether beat, broker and workers together give no sign of life."""
    pulse = Pulse.objects.filter(name="beat").first()
    if pulse is None or now - pulse.at <= BEAT_SILENT:
        return ""
    return (
        f"No heartbeat through beat, broker and worker since {pulse.at:%Y-%m-%d %H:%M} UTC: nothing is opened or sent."
    )


def round_trip(*, now: datetime) -> None:
    """What the thread does each time: write down, judge, tell."""
    outages.door_is_open(now=now)
    tally.flush()
    alarms.report(SIGNATURES, failing(now), now=now)
    alarms.report(WORKERS, silent(now), now=now)
    alarms.tell(now=now)


class Watchman:
    """Begins with the first request that this process sees, so that each process after a fork has its own."""

    def __init__(self, pause: float = PAUSE_SECONDS):
        self.pause, self.thread, self.lock, self.over = pause, None, threading.Lock(), threading.Event()

    def wake(self) -> None:
        if self.thread is None or not self.thread.is_alive():
            with self.lock:
                if self.thread is None or not self.thread.is_alive():
                    self.thread = threading.Thread(target=self.run, daemon=True, name="doorwatch")
                    self.thread.start()

    def run(self) -> None:
        pause = min(FIRST_PAUSE_SECONDS, self.pause)
        while not self.over.wait(pause):
            pause = self.pause
            try:
                round_trip(now=timezone.now())
            except Exception:  # it must still be there when the database is back
                log.exception("the watch at the door stumbled")
            finally:
                connections.close_all()


watchman = Watchman()
