"""How often a job comes around: an expectation from a car’s usual use, for comparing one interval with another."""

from maintenance.domain.plan import Axis, Facts, Lack, Line, Missing

DAYS_A_YEAR = 365.25
OIL_FULL = 100.0


def jobs_a_year(line: Line, facts: Facts) -> float | None:
    """By whichever axis comes first. None: an axis could come first, and nobody knows how fast it goes.

    A car that stands still uses up no distance, oil or hours: then the calendar alone counts, and without one nothing.
    """
    waits = []  # years from one job to the next
    for axis, interval, reading in (
        (Axis.DISTANCE, line.every_km and line.every_km * line.severe, facts.odometer),
        (Axis.OIL, line.oil_below_pct and OIL_FULL - line.oil_below_pct, facts.oil),
        (Axis.HOURS, line.every_hours, facts.hours),
    ):
        if not interval or (isinstance(reading, Missing) and reading.why == Lack.UNSUPPORTED):
            continue
        pace = facts.paces.get(axis)
        if pace is None or pace.usual is None:
            return None
        if pace.usual > 0:
            waits.append(interval / pace.usual / DAYS_A_YEAR)
    if line.every_months:
        waits.append(line.every_months * line.severe / 12)
    return 1 / min(waits) if waits else 0.0
