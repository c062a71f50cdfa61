"""When each car of a fleet is asked next and why, and what the calls allow."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from fleet.owners.models import Membership
from vehicles.asking import refreshing
from vehicles.domain import allowance
from vehicles.domain.cadence import WORDS, Rank, Why
from vehicles.line import breakers, budget
from vehicles.models import Vehicle

SIZE = 50
FURTHEST = 2_000


@dataclass(frozen=True, slots=True)
class Row:
    vehicle: Vehicle
    next_at: datetime | None  # None: in line now, or never, which `never` tells
    never: str
    why: str
    meaning: str
    status: str
    used: int
    limit: int
    hold: str
    hold_until: datetime | None


@dataclass(frozen=True, slots=True)
class Page:
    rows: list
    number: int
    before: str
    after: str

    @property
    def has_other_pages(self) -> bool:
        return bool(self.before or self.after)


@dataclass(frozen=True, slots=True)
class Calls:
    """The calls of the whole application, which all fleets here share."""

    left: int
    most: int
    per_minute: str
    cars: int
    each: str
    full_at: datetime | None


def board(member: Membership, *, q: str, why: str, page: str, now: datetime) -> dict:
    cars = Vehicle.objects.seen_by(member).active().called(q).select_related("connection", "fleet")
    chosen = Why(why) if why in set(Why) else None
    if chosen is not None:
        cars = cars.filter(poll_why=chosen)
    number = min(int(page), FURTHEST) if page.isascii() and page.isdigit() and len(page) < 9 else 1
    number = max(number, 1)
    found = list(cars.order_by("name", "pk")[(number - 1) * SIZE : number * SIZE + 1])
    keep = {"q": q, "why": chosen or ""}
    limit = budget.calls_a_month(member.fleet)
    return {
        "q": q,
        "why": chosen or "",
        "reasons": [(word.value, WORDS[word][0]) for word in Why],
        "rows": [row(car, limit, now) for car in found[:SIZE]],
        "page": Page(
            found[:SIZE],
            number,
            address(keep, number - 1) if number > 1 else "",
            address(keep, number + 1) if len(found) > SIZE and number < FURTHEST else "",
        ),
        "calls": calls(now),
        "breakers": breakers.open_ones(now),
        "limit": limit,
        "routine_limit": allowance.month_limit(limit, Rank.ROUTINE),
        "here": "connect",
    }


def address(keep: dict, number: int) -> str:
    return f"?{urlencode({name: value for name, value in keep.items() if value} | {'page': number})}"


def row(car: Vehicle, limit: int, now: datetime) -> Row:
    lack = refreshing.unconnected(car)
    word, meaning = WORDS[Why(car.poll_why)] if car.poll_why in set(Why) else WORDS[Why(default_why(car))]
    held = car.hold_until if car.hold and car.hold_until and car.hold_until > now else None
    return Row(
        vehicle=car,
        next_at=car.poll_after if car.poll_after and car.poll_after > now else None,
        never=lack or ("" if car.poll_after else "not planned"),
        why="" if lack else word,
        meaning="" if lack else meaning,
        status=status(car, lack, held),
        used=budget.used(car, now),
        limit=limit,
        hold=car.get_hold_display() if held else "",
        hold_until=held,
    )


def default_why(car: Vehicle) -> Why:
    return Why.NEW if car.poll_rank == Rank.NEW else Why.USUAL


def status(car: Vehicle, lack: str, held: datetime | None) -> str:
    if lack:
        return "unknown"
    if held or car.poll_failures:
        return "warning"
    return "ok" if car.polled_at or car.seen_at else "unknown"


def calls(now: datetime) -> Calls | None:
    """None where nothing limits them."""
    about = budget.bucket()
    if about is None:
        return None
    left, cars = budget.left(now), Vehicle.objects.pollable().filter(poll_after__isnull=False).count()
    return Calls(
        left=max(0, int(left)),
        most=int(about.size),
        per_minute=f"{about.per_minute:g}",
        cars=cars,
        each=in_words(allowance.hours_each(cars, about.per_minute)),
        full_at=now + about.wait_for(about.most, left) if about.most - left > 1 else None,
    )


def in_words(hours: float) -> str:
    """“18 minutes”, “8.3 hours”: to the minute below two hours, else to a tenth."""
    if hours < 2:
        minutes = max(1, round(hours * 60))
        return "minute" if minutes == 1 else f"{minutes} minutes"
    return f"{hours:,.1f} hours"
