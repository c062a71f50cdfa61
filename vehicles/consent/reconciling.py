"""Once a day, what Smartcar lists is held against what we believe: connections of both generations, subscriptions.

A list is walked page by page, as fast as the calls allow, and goes on where it stopped. What is on a page is believed
at once. What is on none of them counts only when the last page was read, so a walk that breaks off accuses nobody.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from fleet.kit import clocks
from vehicles.consent import listings
from vehicles.domain.cadence import Rank
from vehicles.line import budget, gateway
from vehicles.models import Round
from vehicles.smartcar.errors import SmartcarProblem, TryLater

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=12)  # wound on with each page, and a page takes five minutes at most
DAY = timedelta(days=1)
STALE = timedelta(hours=20)  # a walk that took longer begins anew: its first pages are history
REST = timedelta(minutes=1)
AFTER_TROUBLE = timedelta(hours=1)
RANK = Rank.OUTAGE  # before the usual polls, or a busy fleet would never be walked; behind those who wait
PAGES_A_TURN = 40


def sweep(*, now: datetime) -> int:
    """Walk the lists whose day has come. How many pages were read."""
    if not gateway.is_set_up():
        return 0
    kinds = listings.kinds()
    for name in kinds:
        Round.objects.get_or_create(name=name, defaults={"after": now})
    pages = 0
    for walk in clocks.claim(Round.objects.filter(name__in=kinds), "after", lease=LEASE, limit=len(kinds), now=now):
        try:
            pages += go_on(walk, kinds[walk.name], now)
        except Exception as error:  # one list's oddity must not hold up the others
            log.exception("the walk along %s stumbled", walk.name)
            give_up(walk, type(error).__name__, now)
    listings.alarm(now=now)
    return pages


def go_on(walk: Round, listing: "listings.Listing", now: datetime) -> int:
    if walk.began_at is None or now - walk.began_at > STALE:
        walk.began_at, walk.cursor, walk.seen, walk.unknown = now, "", 0, 0
    for page in range(PAGES_A_TURN):
        try:
            if not budget.spare(now, RANK):
                raise TryLater(REST, scope="app", detail="the calls are used up for now")
            rows, cursor = listing.page(walk.cursor)
        except TryLater as wait:
            keep(walk, error=str(wait))
            clocks.wind(walk, "after", now + max(wait.after or REST, REST))
            return page
        except SmartcarProblem as problem:
            give_up(walk, str(problem), now)
            return page
        with transaction.atomic():
            walk.unknown += listing.take(rows, now=now)
            walk.seen, walk.cursor = walk.seen + len(rows), cursor
            keep(walk, error="")
        if not cursor:
            end(walk, listing, now)
            return page + 1
    clocks.wind(walk, "after", now)
    return PAGES_A_TURN


def keep(walk: Round, *, error: str) -> None:
    walk.error = error[:200]
    walk.save(update_fields=["began_at", "cursor", "seen", "unknown", "error"])


def give_up(walk: Round, why: str, now: datetime) -> None:
    """This walk cannot be finished; what its pages showed stays believed, what they did not show proves nothing."""
    walk.began_at, walk.cursor = None, ""
    keep(walk, error=why)
    clocks.wind(walk, "after", now + AFTER_TROUBLE)


@transaction.atomic
def end(walk: Round, listing: "listings.Listing", now: datetime) -> None:
    found = listing.missing(walk.seen, since=walk.began_at, now=now)
    walk.found = {"listed": walk.seen, "unknown": walk.unknown} | found
    walk.ended_at, walk.began_at, walk.cursor = now, None, ""
    walk.save(update_fields=["ended_at", "began_at", "cursor", "found"])
    clocks.wind(walk, "after", now + DAY)
