"""What stands above the list of connections: the calls of the month, and what waits for a person, by its cause."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.conf import settings
from django.db.models import Count, Max, Min, Q, QuerySet, Sum

from fleet.kit.units import number
from fleet.owners import kept
from fleet.owners.models import Fleet
from vehicles.boards.connect_words import STATUSES, WORDS, State
from vehicles.domain import allowance
from vehicles.line import budget
from vehicles.models import Connection, Vehicle
from vehicles.models.connection import REVOKED
from vehicles.smartcar.error_table import WANTS_CONSENT

ASK, POLLING, SHOW = "ask", "polling", "show"
# Why a person is wanted, and the one act that helps; what comes next is said by the words of the state.
NEEDS: dict[State, tuple[str, str]] = {
    State.RECONNECT: ("Smartcar or the maker wants the owner; nothing new is read until then.", ASK),
    State.NO_CONSENT: ("The login works, and the consent does not cover what is read.", ASK),
    State.NOT_PERMITTED: ("Connected, but the owner left out something that plans rest on.", SHOW),
    State.NOT_ON_PLAN: ("No room on the Smartcar plan.", POLLING),
    State.LOST: ("Listed at Smartcar, and answered as not there.", SHOW),
    State.STALE: ("Nothing new for longer than usual.", SHOW),
    State.UNSUPPORTED: ("Nothing can be read at Smartcar.", SHOW),
}
WAITS = (State.THROTTLED, State.WAITING)
ENDED = "Consent ended"
ENDED_STEP = "Connect again what is still looked after here. History and plans stay."
NEAR_EDGE = 0.15  # of the bar; closer, a word in the middle of its mark would stand out of it


@dataclass(frozen=True, slots=True)
class Month:
    """The calls of a fleet's month, in words; the widths are in percent of the bar."""

    used: str
    limit: str
    each: str
    again: datetime
    pace: str
    against: str
    width: str
    mark: str
    anchor: str
    spent: int


@dataclass(frozen=True, slots=True)
class Need:
    """The cars of one cause. `owners` is 0 where they are not what it hangs on; `since` is the longest."""

    state: State
    title: str
    status: str
    cars: int
    why: str
    step: str
    act: str
    owners: int = 0
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Above:
    month: Month | None
    needs: list[Need]
    cars: int
    fine: int
    wanting: int
    waiting: int

    @property
    def others(self) -> int:
        """Not connected, and nobody said that they should be."""
        return max(0, self.cars - self.fine - self.wanting - self.waiting)

    @property
    def status(self) -> str:
        """Of all of them, where none needs a person."""
        return "ok" if self.fine else "info"

    @property
    def told(self) -> str:
        if self.fine:
            return f"Nobody has to do anything.{' The others only have to wait.' if self.waiting else ''}"
        return "Nobody has to do anything but wait for the first data." if self.waiting else "No car is connected."


def lately(fleet: Fleet, cars: QuerySet, counts: dict[State, int], now: datetime, *, many: int) -> Above:
    """What is `above`; of more than so `many` cars it may be some seconds old, as their counts are."""
    count = partial(census, cars, fleet, now)
    return above(fleet, counts, kept.lately("cockpit", fleet, count, worth=lambda told: told["cars"] > many), now)


def above(fleet: Fleet, counts: dict[State, int], told: dict, now: datetime) -> Above:
    """`counts` as of `reach.counts`, `told` as of `census`."""
    needs = [need(state, counts[state], told) for state in NEEDS if counts[state]]
    if told["revoked"]:
        needs.insert(0, ended(told))
    return Above(
        month=month(fleet, told, now) if told["cars"] else None,
        needs=needs,
        cars=sum(counts.values()),
        fine=counts[State.FINE],
        wanting=sum(one.cars for one in needs),
        waiting=sum(counts[state] for state in WAITS),
    )


def census(cars: QuerySet, fleet: Fleet, now: datetime) -> dict:
    """One query: the calls of these cars in the fleet's month, and since when whom each cause of a consent touches."""
    state = Connection.State
    connected = Q(connection__isnull=False) & ~Q(connection__state=state.DISCONNECTED)
    this_month = connected & Q(month=budget.month_of(fleet, now))
    wants = Q(connection__state=state.NEEDS_OWNER)
    consent = wants & Q(connection__reason__in=WANTS_CONSENT)
    login = wants & ~Q(connection__reason__in=WANTS_CONSENT)
    revoked = Q(connection__state=state.DISCONNECTED, connection__reason=REVOKED)
    of = {State.RECONNECT: login, State.NO_CONSENT: consent, State.DISCONNECTED: revoked}
    owners = {f"{name}_owners": Count("connection__owner", distinct=True, filter=so) for name, so in of.items()}
    sinces = {f"{name}_since": Min("connection__state_since", filter=so) for name, so in of.items()}
    return cars.order_by().aggregate(
        cars=Count("pk", filter=connected),
        used=Sum("month_calls", filter=this_month),
        spent=Count("pk", filter=connected & Q(hold=Vehicle.Hold.BUDGET, hold_until__gt=now)),
        limit=Max("fleet__terms__calls_a_month"),  # the same of each; so it costs no question of its own
        revoked=Count("pk", filter=revoked),
        lost_since=Min("lost_since", filter=Q(connection__state=state.CONNECTED)),
        **owners,
        **sinces,
    )


def need(state: State, cars: int, told: dict) -> Need:
    why, act = NEEDS[state]
    about = WORDS[state]
    owners, since = told.get(f"{state}_owners", 0), told.get(f"{state}_since")
    return Need(state, about.title, STATUSES[state], cars, why, about.step, act, owners, since)


def ended(told: dict) -> Need:
    """Of all that are disconnected those which nobody here gave back."""
    why = "The owner has ended the consent elsewhere."
    owners, since = told["disconnected_owners"], told["disconnected_since"]
    return Need(State.DISCONNECTED, ENDED, "due", told["revoked"], why, ENDED_STEP, SHOW, owners, since)


def month(fleet: Fleet, told: dict, now: datetime) -> Month:
    """The calls of all cars together against an even pace. Each has its own, so `spent` counts who has none left."""
    day, used, each = fleet.day(now), told["used"] or 0, told["limit"] or settings.SMARTCAR_CALLS_A_MONTH
    limit = each * told["cars"]
    share = allowance.month_share(day, fleet.zone, now)
    pace = round(limit * share)
    return Month(
        used=number(used),
        limit=number(limit),
        each=number(each),
        again=allowance.next_month(day, fleet.zone),
        pace=number(pace),
        against=against(used - pace),
        width=f"{min(1.0, used / limit):.2%}",
        mark=f"{share:.2%}",
        anchor="start" if share < NEAR_EDGE else "end" if share > 1 - NEAR_EDGE else "middle",
        spent=told["spent"],
    )


def against(over: int) -> str:
    if not over:
        return "As many as an even pace would be"
    return f"{number(abs(over))} {'over' if over > 0 else 'under'} an even pace"
