"""Forecasts on pages: the range of an item and what it rests on, and the page that says how often ranges held."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count

from fleet.kit.units import Units
from fleet.owners import kept
from fleet.owners.models import Fleet, Membership
from maintenance.boards import pages
from maintenance.domain import forecast_words as words
from maintenance.domain.forecast import Rests
from maintenance.domain.plan import Axis
from maintenance.domain.status import Status
from maintenance.forecasts import rates
from maintenance.forecasts.rates import Rate
from maintenance.models import DueItem, Pace
from vehicles.models import Vehicle

MEASURED = (Axis.DISTANCE, Axis.OIL, Axis.HOURS)


@dataclass(frozen=True, slots=True)
class Row:
    label: str
    sum: str
    result: str = ""


@dataclass(frozen=True, slots=True)
class Expected:
    """`text` is the range, “3–9 Jan”; without one, `none` says why. The rows are for the disclosure."""

    text: str
    none: str
    rows: list[Row]


def of_item(item: DueItem, fleet: Fleet, held: dict[str, Rate], today: date) -> Expected | None:
    """None where nothing is to be expected: it is due already, or by the calendar alone."""
    told = {axis: item.forecast[axis] for axis in MEASURED if axis in item.forecast}
    if not told or Status(item.status).is_reached:
        return None
    rows = [axis_row(axis, one, fleet, today) for axis, one in told.items()]
    ranged = [axis for axis, one in told.items() if one["early"]]
    if not ranged or item.likely_from is None or item.likely_to is None:
        why = next(iter(told.values()))
        return Expected("", words.rests_on(next(iter(told)), why, fleet.units) if why["usual"] is None else "", rows)
    rows += [rate_row(axis, held.get(axis, Rate())) for axis in ranged]
    return Expected(words.spoken(item.likely_from, item.likely_to, today), "", rows)


def axis_row(axis: str, told: dict, fleet: Fleet, today: date) -> Row:
    result = "no day"
    if told["early"]:
        result = words.spoken(date.fromisoformat(told["early"]), date.fromisoformat(told["late"]), today)
    text = words.rests_on(axis, told, fleet.units)
    return Row(f"Forecast, {words.NAMES[axis].lower()}", text[0].upper() + text[1:], result)


def rate_row(axis: str, rate: Rate) -> Row:
    text = words.held(rate.hit, rate.settled, rate.share)
    return Row("Past forecasts", f"By {words.NAMES[axis].lower()}, {text}")


def held_lately(fleet: Fleet, today: date) -> dict[str, Rate]:
    """How often the ranges of this year held, for lists: it may be some seconds old."""
    return kept.lately("held", fleet, lambda: rates.of_fleet(fleet, today), worth=lambda found: True)


def footing(held: dict[str, Rate]) -> str:
    """Under the due list, once there is something to say."""
    hit, settled = (sum(getattr(rate, name) for rate in held.values()) for name in ("hit", "settled"))
    if settled < rates.ENOUGH:
        return ""
    return f"Forecast ranges held in {hit:,} of the last {settled:,} cases."


def shift_of(pace: Pace | None, units: str) -> str:
    """A change of use that is news, as a sentence."""
    if pace is None or not pace.is_shifted:
        return ""
    text = words.changed(pace.shift, units)
    return f"{text[0].upper()}{text[1:]}."


# ── the page ──


@dataclass(frozen=True, slots=True)
class Month:
    """One row of the table: the month, and for each axis what came of its ranges."""

    name: str
    cells: list[dict]


def board(member: Membership, *, why: str, page: str, now: datetime) -> dict:
    fleet, today = member.fleet, member.fleet.day(now)
    months = rates.by_month(fleet, today)
    axes = [axis for axis in MEASURED if any(key[0] == axis for key in months)]
    year = rates.by_axis(months)
    reasons = kept.lately("paceless", fleet, lambda: counts(member), worth=lambda found: sum(found.values()) > 2_000)
    why = why if why in reasons else ""
    found = pages.leaf(without(member, why), page, {"why": why})
    return {
        "here": "due",
        "axes": [words.NAMES[axis] for axis in axes],
        "year": [cell(axis, year[axis]) for axis in axes],
        "months": [
            Month(f"{month:%B %Y}", [cell(axis, months.get((axis, month), Rate())) for axis in axes])
            for month in sorted({month for _, month in months}, reverse=True)
        ],
        "enough": rates.ENOUGH,
        "shifts": shifts(member),
        "page": found,
        "rows": [
            {"vehicle": pace.vehicle, "why": words.WHY_NONE[Rests(pace.why)], "at": pace.at} for pace in found.rows
        ],
        "reasons": [(key, why_none(key), n) for key, n in sorted(reasons.items())],
        "why": why,
        "paceless": sum(reasons.values()),
    }


def why_none(why: str) -> str:
    return words.WHY_NONE[Rests(why)]


def cell(axis: str, rate: Rate) -> dict:
    share = None if rate.share is None else f"{rate.share:.0%}".replace("%", " %")
    return {
        "axis": words.NAMES[axis],
        "share": share,
        "rate": rate,
        "width": None if rate.share is None else round(rate.share * 100),
    }


def paces(member: Membership):
    seen = Vehicle.objects.seen_by(member).active()
    return Pace.objects.filter(vehicle__in=seen, axis=Axis.DISTANCE)


def counts(member: Membership) -> dict[str, int]:
    """Why → how many cars have no pace for it."""
    found = paces(member).filter(usual=None).order_by().values_list("why")
    return dict(found.annotate(n=Count("pk")))


def without(member: Membership, why: str):
    found = paces(member).filter(usual=None)
    found = found.filter(why=why) if why else found
    return found.select_related("vehicle").order_by("why", "vehicle__name", "pk")


def shifts(member: Membership) -> list[dict]:
    """Cars whose use has changed, the newest first."""
    found = paces(member).filter(shift__isnull=False, shift__usual__isnull=True).select_related("vehicle")
    told = sorted(found[:200], key=lambda pace: pace.shift["since"], reverse=True)
    return [{"vehicle": pace.vehicle, "text": words.changed(pace.shift, Units(member.fleet.units))} for pace in told]
