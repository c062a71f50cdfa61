"""Last services as they stand in somebody’s spreadsheet: a line each, read without guessing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from fleet.kit.units import km_from
from maintenance.domain.plan import AnchorKind

SEPARATORS = "\t;|,"
HEADINGS = {"vehicle", "car", "name", "plate", "vin", "unit"}
WORDS = {"new": AnchorKind.NEW, "from new": AnchorKind.NEW, "today": AnchorKind.TODAY, "from today": AnchorKind.TODAY}
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
NUMBERS = re.compile(r"(\d{1,2})([./])(\d{1,2})\2(\d{4})")
NAMED = re.compile(r"(\d{1,2})\.? ?([a-z]{3,9})\.?,? ?(\d{4})|([a-z]{3,9})\.? ?(\d{1,2}),? ?(\d{4})")
FIGURE = re.compile(r"(\d{1,3}(?:[,.' \u00a0\u202f]\d{3})+|\d+)(?:[.,](\d{1,2}))?\s*(km|mi|miles)?", re.IGNORECASE)


class Unreadable(ValueError):
    """Says in its words what should stand there."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line. `number` counts from 1; `problem` says why it cannot be taken, "" where it can so far."""

    number: int
    text: str
    vehicle: str = ""
    task: str = ""
    kind: AnchorKind = AnchorKind.KNOWN
    on: date | None = None
    km: float | None = None
    hours: float | None = None
    problem: str = ""


def rows(text: str, *, unit: str, today: date) -> Iterator[Row]:
    """Vehicle, task, day, odometer and, if there are any, engine hours. `unit` is that of odometers without one.

    Empty lines and a heading are passed over.
    """
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or number == 1 and cells(line)[0].lower() in HEADINGS:
            continue
        yield row(number, line, unit=unit, today=today)


def row(number: int, line: str, *, unit: str, today: date) -> Row:
    told = cells(line)
    vehicle, task, day, odometer, hours = (told + [""] * 5)[:5]
    known = {"number": number, "text": line, "vehicle": vehicle, "task": task}
    if len(told) < 3 or not vehicle or not task:
        return Row(**known, problem="Write vehicle, task, day and odometer, with tabs or semicolons between them.")
    if len([cell for cell in told if cell]) > 5:
        return Row(**known, problem="There is more on this line than vehicle, task, day, odometer and hours.")
    if cut_of(line) == "," and re.fullmatch(r"\d{3}", hours):
        return Row(**known, problem=f"“{odometer},{hours}” may be one figure or two. Put semicolons between the cells.")
    try:
        if kind := WORDS.get(day.lower()):
            if odometer or hours:
                raise Unreadable(f"“{day}” needs no odometer.")
            return Row(**known, kind=kind)
        on = read_day(day)
        if on > today:
            raise Unreadable(f"{on:%-d %B %Y} is still to come.")
        km = read_distance(odometer, unit) if odometer else None
        return Row(**known, on=on, km=km, hours=read_hours(hours) if hours else None)
    except Unreadable as wrong:
        return Row(**known, problem=str(wrong))


def cells(line: str) -> list[str]:
    """Cut at the strongest separator that the line has: a tab before a semicolon, a comma last."""
    return [" ".join(cell.strip().strip('"').split()) for cell in line.split(cut_of(line))]


def cut_of(line: str) -> str:
    return next((one for one in SEPARATORS if one in line), "\t")


def read_day(text: str) -> date:
    """“2026-05-12”, “12 May 2026”, “May 12, 2026”, “12.05.2026”, and “25/5/2026” where only one reading is a day."""
    plain = text.strip().lower()
    if found := ISO.fullmatch(plain):
        return _day(*found.groups(), text)
    if found := NAMED.fullmatch(plain):
        first, name, year = found.groups()[:3] if found[1] else (found[5], found[4], found[6])
        month = MONTHS.index(name[:3]) + 1 if name[:3] in MONTHS else 0
        return _day(year, month, first, text)
    if found := NUMBERS.fullmatch(plain):
        one, mark, two, year = found.groups()
        if mark == "." or int(one) > 12:
            return _day(year, two, one, text)
        if int(two) > 12:
            return _day(year, one, two, text)
        if one == two:
            return _day(year, one, two, text)
        raise Unreadable(f"“{text}” may be two days. Write {year}-{int(one):02}-{int(two):02} or the other way round.")
    raise Unreadable(f"“{text}” is no day that can be read. Write it as 2026-05-12.")


def _day(year: str | int, month: str | int, day: str | int, text: str) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise Unreadable(f"“{text}” is no day of the calendar.") from None


def read_distance(text: str, unit: str) -> float:
    """“48,210”, “48 210 km”, “30,000 mi”: in km. A mark before three digits parts thousands."""
    found = FIGURE.fullmatch(text.strip())
    if found is None:
        raise Unreadable(f"“{text}” is no odometer. Write it as 48,210.")
    whole, rest, said = found.groups()
    figure = float(re.sub(r"\D", "", whole) + (f".{rest}" if rest else ""))
    return round(km_from(figure, "mi" if (said or unit).lower().startswith("mi") else "km"), 1)


def read_hours(text: str) -> float:
    try:
        hours = float(text.lower().removesuffix("h").replace(",", "").strip())
    except ValueError:
        raise Unreadable(f"“{text}” are no engine hours.") from None
    if not 0 <= hours <= 100_000:
        raise Unreadable(f"“{text}” are no engine hours.")
    return hours
