"""When to ask a car again. Webhooks come first; polling is the net under them."""

from datetime import datetime, timedelta

USUAL = timedelta(hours=24)  # Smartcar's own store refreshes about daily, so more buys nothing
SILENT = timedelta(hours=36)  # no webhook for so long: ask sooner
SOONER = timedelta(hours=6)
FIRST = timedelta(minutes=2)  # after a subscription the store needs a moment
CALLS_A_DAY = 2_880  # two a minute
SHARE = 0.7  # of the day's calls that polling may use; the rest is for connecting and repair
WORST = timedelta(hours=24)


def spread(key: int) -> float:
    """A steady number in 0..1 for a vehicle, so that a fleet enrolled at once does not ring at once."""
    return (key * 2_654_435_761 % 2**32) / 2**32


def next_poll(*, now: datetime, last_webhook: datetime | None, polled_vehicles: int, key: int) -> datetime:
    """The moment of the next poll after a good one."""
    fed = last_webhook is not None and now - last_webhook < SILENT
    wished = USUAL if fed or last_webhook is None else SOONER
    affordable = timedelta(days=max(1, polled_vehicles) / (CALLS_A_DAY * SHARE))
    return now + max(wished, affordable) * (0.9 + 0.2 * spread(key))


def after_failure(*, now: datetime, failures: int, asked_for: timedelta | None = None) -> datetime:
    """The moment to try again: what Smartcar asked for, else doubling from a minute to a day."""
    wait = asked_for if asked_for is not None else timedelta(minutes=1) * 2 ** min(failures, 11)
    return now + min(max(wait, timedelta(seconds=30)), WORST)
