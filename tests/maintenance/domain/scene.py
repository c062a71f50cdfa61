"""A van, its oil line, and short ways to say what happened to it."""

from datetime import UTC, date, datetime, time

from maintenance.domain.plan import Anchor, AnchorKind, Completion, Facts, Line, Missing, Sight

TODAY = date(2026, 5, 12)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def line(**changes) -> Line:
    usual = {"task_name": "Oil and filter change", "program_name": "Van, light duty", "program_version": 3}
    return Line(**(usual | {"every_km": 8_000, "every_months": 6, "oil_below_pct": 20} | changes))


def known(on: date | None = date(2025, 11, 3), km: float | None = 41_180) -> Anchor:
    return Anchor(AnchorKind.KNOWN, on, km)


def done(on: date, km: float | None, *, stand_in: bool = False, by: str = "R. Osei") -> Completion:
    return Completion(on, km, stand_in, noon(on), by)


def seen(value: float, on: date = TODAY, source: str = "webhook") -> Sight:
    return Sight(value, noon(on), source)


def facts(odometer=None, oil=None, *, today: date = TODAY, registered_on: date | None = None) -> Facts:
    return Facts(today, _sight(odometer), _sight(oil), registered_on)


def _sight(value):
    if value is None:
        return Missing("waiting")
    return value if isinstance(value, Missing | Sight) else seen(value)
