"""Every owner and car of a fleet with how it reaches us, what comes next, and the button for it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from urllib.parse import urlencode

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.urls import reverse

from fleet.owners import kept
from fleet.owners.models import Membership, Owner
from vehicles.boards import cockpit, reach
from vehicles.boards.connect_words import STATUSES, WORDS, State
from vehicles.boards.reach import Reach
from vehicles.models import Vehicle
from vehicles.models.vehicle import naming

SIZE = 50
MANY = 500  # cars; of so many the counts may be some seconds old
FURTHEST = 2_000
NO_CARS = "no_cars"
# What needs somebody comes first; the last is as it should be.
ORDER = (
    State.RECONNECT,
    State.NO_CONSENT,
    State.NOT_PERMITTED,
    State.NOT_ON_PLAN,
    State.LOST,
    State.STALE,
    State.WAITING,
    State.THROTTLED,
    State.UNSUPPORTED,
    State.DISCONNECTED,
    State.NOT_CONNECTED,
    State.FINE,
)
TILES = {
    "owner": (
        "Need their owner",
        "due",
        (State.RECONNECT, State.NO_CONSENT, State.NOT_PERMITTED),
        "to sign in, or to allow more",
    ),
    "plan": ("Held back", "warning", (State.NOT_ON_PLAN, State.THROTTLED), "by the plan, or asked too often"),
    "silent": (
        "Tell nothing",
        "unknown",
        (State.LOST, State.STALE, State.WAITING, State.UNSUPPORTED, State.DISCONNECTED, State.NOT_CONNECTED),
        "stale, waiting, not found, or not connected",
    ),
    "fine": ("Connected", "ok", (State.FINE,), "and telling"),
}


@dataclass(frozen=True, slots=True)
class Tile:
    """A count that filters the list below it."""

    title: str
    status: str
    count: int
    sub: str
    href: str
    on: bool


@dataclass(frozen=True, slots=True)
class Row:
    vehicle: Vehicle
    reach: Reach
    lacks: tuple[str, ...] = ()  # what it reaches us without, by the names of the signals

    @property
    def owner(self) -> Owner | None:
        return self.vehicle.connection and self.vehicle.connection.owner


@dataclass(frozen=True, slots=True)
class Group:
    """The cars of one state, as they stand on this page; `step` is what comes next for most of them."""

    title: str
    status: str
    step: str
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Page:
    number: int = 1
    before: str = ""
    after: str = ""
    groups: list[Group] = field(default_factory=list)
    owners: list[Owner] = field(default_factory=list)  # those without a car

    @property
    def has_other_pages(self) -> bool:
        return bool(self.before or self.after)


def board(member: Membership, *, q: str, show: str, page: str, now: datetime) -> dict:
    """The same number of queries for a fleet of ten cars and of ten thousand."""
    states = states_of(show)
    show = show if states is not None else ""
    cars = Vehicle.objects.seen_by(member).active()
    counts = kept.lately(
        "reach", member.fleet, lambda: reach.counts(cars, now), worth=lambda found: sum(found.values()) > MANY
    )
    asked = found(cars, q)
    of_asked = reach.counts(asked, now) if q else counts
    of_asked = {state: n if states is None or state in states else 0 for state, n in of_asked.items()}
    with_cars = Exists(Vehicle.objects.active().filter(connection__owner=OuterRef("pk")))
    without = Owner.objects.seen_by(member).filter(~with_cars)
    number = min(int(page), FURTHEST) if page.isascii() and page.isdigit() and len(page) < 9 else 1
    keep = {"q": q, "show": show}
    is_whole = not q and not show and number <= 1
    return {
        "above": cockpit.lately(member.fleet, cars, counts, now, many=MANY) if is_whole else None,
        "q": q,
        "show": show,
        "tiles": [
            Tile(title, status, sum(counts[state] for state in of_tile), sub, address({"show": name}), name == show)
            for name, (title, status, of_tile, sub) in TILES.items()
        ],
        "states": [(state.value, WORDS[state].title, counts[state]) for state in ORDER],
        "page": leaf(asked, of_asked, owners_found(without, q, show), max(number, 1), keep, now),
        "here": "connect",
    }


def states_of(show: str) -> tuple[State, ...] | None:
    """Which states were asked for; None where the question is not one of ours."""
    if show in ("", NO_CARS):
        return tuple(State) if not show else ()
    if show in TILES:
        return TILES[show][2]
    return (State(show),) if show in set(State) else None


def found(cars: QuerySet[Vehicle], q: str) -> QuerySet[Vehicle]:
    for word in q.split():
        owned = Q(connection__owner__name__icontains=word) | Q(connection__owner__email__icontains=word)
        cars = cars.filter(naming(word) | owned)
    return cars


def slice_of(cars: QuerySet[Vehicle], counts: dict[State, int], start: int, most: int, now: datetime) -> list[Vehicle]:
    """`most` cars from `start` on, state after state, and by name within each.

    Of a large fleet the well ones, who come last, are asked for by themselves: as the index has them, so that the
    question ends with the page. A small one is sorted whole.
    """
    cars = cars.select_related("connection__owner")
    if sum(counts.values()) <= MANY:
        asked = [state for state in ORDER if counts[state]]
        return list(sorted_out(reach.told(cars, now).filter(reach__in=asked), asked)[start : start + most])
    before, first, wanted = 0, 0, []
    for state in ORDER[:-1]:
        if counts[state] and before < start + most and before + counts[state] > start:
            first = first if wanted else before
            wanted.append(state)
        before += counts[state]
    rows: list[Vehicle] = []
    if wanted:
        rows += sorted_out(reach.in_states(cars, wanted, now), wanted)[start - first : start - first + most]
    if len(rows) < most and counts[State.FINE]:
        start = max(0, start - before)
        rows += well_ones(cars, before, counts[State.FINE], start, start + most - len(rows), now)
    return rows


def well_ones(
    cars: QuerySet[Vehicle], others: int, well: int, start: int, end: int, now: datetime
) -> Sequence[Vehicle]:
    """Of cars of which about so many are well and so many are not, the well ones from `start` to `end`, by name.

    The database would look at every car, for it takes the well ones for few. So it is asked among the first by name
    alone, and among all only where those were not enough.
    """
    first = end + end * others // well * 2 + SIZE
    if first < others + well:
        among = Vehicle.objects.filter(pk__in=cars.order_by("name", "pk").values("pk")[:first])
        among = among.select_related("connection__owner")
        rows = list(reach.in_states(among, [State.FINE], now).order_by("name", "pk")[start:end])
        if len(rows) == end - start:
            return rows
    return reach.in_states(cars, [State.FINE], now).order_by("name", "pk")[start:end]


def sorted_out(cars: QuerySet[Vehicle], states: Sequence[State]) -> QuerySet[Vehicle]:
    """Those that come from `reach`, in the order of these states."""
    whens = [When(reach=state, then=Value(place)) for place, state in enumerate(states)]
    place = Case(*whens, default=Value(len(whens)), output_field=IntegerField())
    return cars.annotate(place=place).order_by("place", "name", "pk")


def owners_found(owners: QuerySet[Owner], q: str, show: str) -> QuerySet[Owner]:
    if show not in ("", NO_CARS, "silent"):
        return owners.none()
    for word in q.split():
        owners = owners.filter(Q(name__icontains=word) | Q(email__icontains=word))
    return owners.order_by("name", "pk")


def leaf(
    cars: QuerySet[Vehicle],
    counts: dict[State, int],
    owners: QuerySet[Owner],
    number: int,
    keep: dict,
    now: datetime,
    size: int = SIZE,
) -> Page:
    """One page: the cars, and after the last of them the owners who have none."""
    start, total = (number - 1) * size, sum(counts.values())
    rows = slice_of(cars, counts, start, size + 1, now)
    first = max(0, start - total)
    others = list(owners[first : first + size + 1 - len(rows)])
    more = len(rows) + len(others) > size
    rows = rows[:size]
    others = others[: size - len(rows)]
    reaches, lacks = reach.of_page(rows, now)
    shown = [
        Row(car, reaches[car.pk], tuple(lacks.get(car.pk, ())) if reaches[car.pk].counts else ())
        for car in rows
        if car.pk in reaches
    ]
    return Page(
        number=number,
        before=address(keep, number - 1) if number > 1 else "",
        after=address(keep, number + 1) if more and number < FURTHEST else "",
        groups=[group(state, list(held)) for state, held in groupby(shown, key=lambda row: row.reach.state)],
        owners=others,
    )


def group(state: State, rows: list[Row]) -> Group:
    words = WORDS[state]
    return Group(words.title, STATUSES[state], words.step, rows)


def address(keep: dict, number: int = 1) -> str:
    """Whole, since a form that was filled in wrongly is answered with this page under another address."""
    told = {name: value for name, value in keep.items() if value} | ({"page": number} if number > 1 else {})
    return f"{reverse('vehicles:connect')}?{urlencode(told)}"
