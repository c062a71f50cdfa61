"""Signals whose body is a list: wheels, trouble codes, the dealer's service records."""

from datetime import datetime

from vehicles.domain.measurements import Why
from vehicles.domain.signals import CATALOGUE, Signal
from vehicles.smartcar.doubts import Doubt, entries_in, factor, number_in, unit_in
from vehicles.smartcar.texts import read_text
from vehicles.smartcar.timestamps import as_text, read_past

NOT_TOLD_KPA = 699.9  # what one make sends for a wheel that it cannot measure
CODE_CHARACTERS = 20
RECORDS_AT_MOST = 200
LINES_AT_MOST = 50
LINE_CHARACTERS = 200


def read_wheels(signal: Signal, body: dict, now: datetime) -> dict:
    """Wheels that cannot be told are left out, so that one bad sensor does not hide the others."""
    kind = CATALOGUE[signal]
    doubt = Doubt(Why.UNAVAILABLE, "no wheel told its pressure")
    pressures = {}
    for wheel in entries_in(body):
        try:
            place = f"{_index(wheel, 'row')}.{_index(wheel, 'column')}"
            unit = unit_in(wheel.get("unit")) or unit_in(body.get("unit"))
            kpa = number_in(wheel.get("tirePressure")) * factor(kind.unit, unit)
            if round(kpa, 1) == NOT_TOLD_KPA:
                continue
            if not kind.low <= kpa <= kind.high:
                raise Doubt(Why.REFUSED, "outside of what is possible")
            pressures.setdefault(place, round(kpa, 1))
        except Doubt as wheel_doubt:
            doubt = wheel_doubt
    if not pressures:
        raise doubt
    return dict(sorted(pressures.items()))


def read_codes(signal: Signal, body: dict, now: datetime) -> list:
    """The whole list, since what is missing from it counts as gone. An empty one is good news, not a gap."""
    entries = entries_in(body)
    since: dict[str, str | None] = {}
    for entry in entries:
        entry = entry if isinstance(entry, dict) else {"code": entry}
        code = read_text(entry.get("code"), CODE_CHARACTERS).upper()
        if not code:
            continue
        began = read_past(entry.get("timestamp"), now)
        known = since.get(code)
        if began and (not known or as_text(began) < known):
            known = as_text(began)
        since[code] = known
    if entries and not since:
        raise Doubt(Why.REFUSED, "not readable")
    return [{"code": code, "since": since[code]} for code in sorted(since)]


def read_records(signal: Signal, body: dict, now: datetime) -> list:
    """What the dealers wrote, oldest first. A record that tells neither when, at what odometer nor what is none."""
    entries = entries_in(body)
    records = [record for entry in entries if isinstance(entry, dict) and (record := _record(entry, now))]
    if entries and not records:
        raise Doubt(Why.REFUSED, "not readable")
    records.sort(key=lambda record: (record["at"] or "", record["odometer_km"] or 0, record["id"] or ""))
    return records[-RECORDS_AT_MOST:]


def _record(entry: dict, now: datetime) -> dict | None:
    when = read_past(entry.get("time"), now)
    record = {
        "id": _name(entry.get("id")),
        "at": as_text(when) if when else None,
        "odometer_km": _odometer(entry.get("odometer"), entry.get("unit")),
        "tasks": [{"id": _name(raw.get("id")), "name": name} for raw, name in _lines(entry.get("tasks"))],
        "details": [name for _, name in _lines(entry.get("details"))],
        "cost": _cost(entry.get("cost")),
    }
    return record if record["at"] or record["odometer_km"] is not None or record["tasks"] else None


def _lines(raw: object) -> list[tuple[dict, str]]:
    """The entries that say something, each with what it says. A single one may come without a list around it."""
    entries = raw if isinstance(raw, list) else [raw]
    told = []
    for entry in entries[:LINES_AT_MOST]:
        entry = entry if isinstance(entry, dict) else {"description": entry}
        name = read_text(entry.get("description"), LINE_CHARACTERS)
        if name:
            told.append((entry, name))
    return told


def _name(raw: object) -> str | None:
    """An id of theirs: text, a number or nothing."""
    if type(raw) is int and abs(raw) < 10**15:
        return str(raw)
    return read_text(raw, 60) or None


def _odometer(raw: object, unit: object) -> float | None:
    if isinstance(raw, dict):
        raw, unit = raw.get("value"), raw.get("unit")
    try:
        km = number_in(raw) * factor("km", unit_in(unit))
    except Doubt:
        return None
    kind = CATALOGUE[Signal.ODOMETER]
    return round(km, 1) + 0.0 if kind.low <= km <= kind.high else None


def _cost(raw: object) -> dict | None:
    if not isinstance(raw, dict):
        return None
    try:
        amount = number_in(raw.get("amount"))
    except Doubt:
        return None
    currency = read_text(raw.get("currency"), 3).upper() or None
    return {"amount": round(amount, 2) + 0.0, "currency": currency} if 0 <= amount < 1e9 else None


def _index(wheel: object, name: str) -> int:
    place = wheel.get(name) if isinstance(wheel, dict) else None
    if isinstance(place, bool) or not isinstance(place, int) or not 0 <= place <= 9:
        raise Doubt(Why.REFUSED, "a wheel that is nowhere")
    return place
