"""A program in words: whom it is for, and how often each of its jobs is done."""

from collections.abc import Iterable

from fleet.kit.units import Units, percent, show_distance, show_interval
from maintenance.domain.plan import Recurrence
from maintenance.domain.sums import counted
from maintenance.models import Program, ProgramLine

POWERTRAINS = {
    "ICE": "Combustion engine",
    "HEV": "Hybrid",
    "PHEV": "Plug-in hybrid",
    "BEV": "Electric",
    "": "Not told by the car",
}


def whom(program: Program, groups: Iterable[str]) -> str:
    """“Electric; Ford; Transit, E-Transit; from 2019; in Halifax depot”."""
    if program.by_hand:
        return "By hand only"
    parts = [
        ", ".join(POWERTRAINS[one] for one in program.powertrains),
        ", ".join(program.makes),
        ", ".join(program.kinds),
        years(program.year_from, program.year_to),
    ]
    if names := ", ".join(groups):
        parts.append(f"in {names}")
    return "; ".join(part for part in parts if part) or "Every vehicle"


def years(first: int | None, last: int | None) -> str:
    if first and last:
        return str(first) if first == last else f"{first} to {last}"
    if first:
        return f"from {first}"
    return f"to {last}" if last else ""


def terms(line: ProgramLine, units: str) -> str:
    """“5,000 mi, 12 months or oil life 20 %”, in the words of whoever typed the distance.

    What follows the policy was perhaps typed by nobody, and is told in the fleet’s own unit.
    """
    parts = []
    if line.every_km is not None:
        told = line.distance_typed or show_distance(line.every_km, Units(units))
        if line.as_policy:
            told = f"{show_interval(line.every_km, line.distance_typed, units)} (the fleet’s)"
        parts.append(told + _fixed(line.distance_recurs))
    if line.every_months is not None:
        parts.append(counted(line.every_months, "month") + _fixed(line.time_recurs))
    if line.every_hours is not None:
        parts.append(counted(f"{line.every_hours:g}", "engine hour") + _fixed(line.hours_recur))
    if line.oil_below_pct is not None:
        parts.append(f"oil life {percent(line.oil_below_pct)}")
    return " or ".join(parts)


def _fixed(recurs: str) -> str:
    return ", fixed grid" if recurs == Recurrence.FIXED else ""
