"""Arithmetic of the calls that Smartcar grants: the bucket of all, the month of a car, the share of a fleet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from vehicles.domain.cadence import Rank

# A call counts at Smartcar a little later than here, so our bucket must be the emptier of the two.
BEHIND_CALLS = 2.0
BEHIND_SHARE = 0.99
# What each rank leaves in the bucket for those before it, as a share of its size.
LEFT_TO_OTHERS = {Rank.ASKED: 0.0, Rank.NEW: 1 / 24, Rank.OUTAGE: 1 / 12, Rank.WANTED: 1 / 6, Rank.ROUTINE: 1 / 6}
MONTH_RESERVE = 0.2  # of a car's calls a month, for people and repair


@dataclass(frozen=True, slots=True)
class Bucket:
    """So many calls at once, refilling so many a minute. Size and refill are Smartcar's, what we use is a bit less."""

    size: float
    per_minute: float

    @property
    def most(self) -> float:
        return max(1.0, self.size - BEHIND_CALLS)

    @property
    def per_second(self) -> float:
        return self.per_minute * BEHIND_SHARE / 60

    @property
    def a_day(self) -> float:
        return self.per_minute * 60 * 24

    def refilled(self, left: float, passed: timedelta) -> float:
        return min(self.most, left + max(0.0, passed.total_seconds()) * self.per_second)

    def spare(self, left: float, rank: Rank) -> int:
        """How many calls this rank may make now, leaving to the others what is theirs."""
        return max(0, int(left - LEFT_TO_OTHERS[rank] * self.most))

    def wait_for(self, calls: float, left: float) -> timedelta:
        """How long until there are so many."""
        return timedelta(seconds=max(0.0, calls - left) / self.per_second)


def hours_each(cars: int, per_minute: float) -> float:
    """How many hours it takes until each of so many cars was asked once."""
    return cars / (per_minute * 60)


def first_of(day: date) -> date:
    return day.replace(day=1)


def next_month(day: date, zone: tzinfo) -> datetime:
    """The local midnight with which the month after this day begins."""
    first = day.replace(year=day.year + day.month // 12, month=day.month % 12 + 1, day=1)
    return datetime.combine(first, time(), tzinfo=zone)


def month_share(day: date, zone: tzinfo, now: datetime) -> float:
    """How much of the local month of this day has passed, 0 to 1."""
    begins, ends = datetime.combine(first_of(day), time(), tzinfo=zone), next_month(day, zone)
    return min(1.0, max(0.0, (now.timestamp() - begins.timestamp()) / (ends.timestamp() - begins.timestamp())))


def month_limit(calls: int, rank: Rank) -> int:
    """How many calls a month this rank may make for one car."""
    return calls if rank <= Rank.OUTAGE else int(calls * (1 - MONTH_RESERVE))


def gaps(cars: Mapping[int, int], calls_a_day: float) -> dict[int, timedelta]:
    """For each fleet the time between two polls of each of its cars, if calls are shared as evenly as they can be.

    Every fleet wants each car once a day. Who wants less than an even share gets it; the rest share what is over.
    """
    found, left, fleets = {}, calls_a_day, len(cars)
    for fleet, count in sorted(cars.items(), key=lambda pair: (pair[1], pair[0])):
        granted = min(float(count), left / fleets)
        found[fleet] = timedelta(days=count / granted) if count and granted > 0 else timedelta(days=1)
        left, fleets = left - granted, fleets - 1
    return found
