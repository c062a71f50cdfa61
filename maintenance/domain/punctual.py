"""How early or late a job was, against the point that was in force just before it."""

from datetime import date


def early_by(
    *, due_km: float | None, due_on: date | None, km: float | None, on: date
) -> tuple[float | None, int | None]:
    """In km and in days; late is below zero, None where there was no such point or no odometer."""
    early_km = round(due_km - km, 1) if due_km is not None and km is not None else None
    early_days = (due_on - on).days if due_on is not None else None
    return early_km, early_days
