"""Signals whose body is one value: a number, a word, yes or no, a warning light, a place."""

import re
from datetime import datetime

from vehicles.domain.measurements import Why
from vehicles.domain.signals import CATALOGUE, Signal
from vehicles.smartcar.doubts import Doubt, factor, number_in, unit_in
from vehicles.smartcar.texts import read_text

ROUNDED = {"km", "l", "kwh"}
VIN = re.compile(r"[A-Z0-9]{11,17}")
NOT_TOLD = {"", "UNKNOWN", "UNAVAILABLE", "NONE"}  # the words that say that there is no word


def read_number(signal: Signal, body: dict, now: datetime) -> float:
    kind = CATALOGUE[signal]
    # One number, under the name that this signal or an older dialect gives it.
    raw = next((body[name] for name in ("value", "percentage", "capacity") if body.get(name) is not None), None)
    number = number_in(raw)
    unit = unit_in(body.get("unit"))
    if kind.unit == "percent" and not unit and 0 <= number <= 1:
        raise Doubt(Why.REFUSED, "a fraction or a percent? no unit")
    if kind.unit == "count" and number != int(number):
        raise Doubt(Why.REFUSED, "not a whole number")

    value = number * factor(kind.unit, unit)
    if not kind.low <= value <= kind.high:
        raise Doubt(Why.REFUSED, "outside of what is possible")
    return (round(value, 1) if kind.unit in ROUNDED else value) + 0.0


def read_flag(signal: Signal, body: dict, now: datetime) -> bool:
    told = body.get("value")
    if told is None:
        raise Doubt(Why.UNAVAILABLE, "nothing there yet")
    if not isinstance(told, bool):
        raise Doubt(Why.REFUSED, "neither yes nor no")
    return told


def read_word(signal: Signal, body: dict, now: datetime) -> str:
    told = body.get("value")
    word = read_text(told, 40).upper().replace(" ", "_").replace("-", "_")
    if told is None or (isinstance(told, str) and word in NOT_TOLD):
        raise Doubt(Why.UNAVAILABLE, "nothing there yet")
    if word not in CATALOGUE[signal].words:
        raise Doubt(Why.REFUSED, "a word we do not know")
    return word


def read_light(signal: Signal, body: dict, now: datetime) -> dict:
    status = read_text(body.get("status"), 20).upper()
    if not status:
        raise Doubt(Why.UNAVAILABLE, "nothing there yet")
    if status not in {"OK", "ALERT"}:
        raise Doubt(Why.REFUSED, "neither OK nor ALERT")
    return {"status": status, "description": read_text(body.get("description"), 200) or None}


def read_vin(signal: Signal, body: dict, now: datetime) -> str:
    return vin_in(body.get("value"))


def vin_in(raw: object) -> str:
    vin = read_text(raw, 40).upper()
    if not vin:
        raise Doubt(Why.UNAVAILABLE, "nothing there yet")
    if not VIN.fullmatch(vin):
        raise Doubt(Why.REFUSED, "not a VIN")
    return vin


def read_place(signal: Signal, body: dict, now: datetime) -> dict:
    latitude, longitude = number_in(body.get("latitude")), number_in(body.get("longitude"))
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise Doubt(Why.REFUSED, "not a place on earth")
    if latitude == longitude == 0:  # off Africa, where nobody parks: a receiver without a fix
        raise Doubt(Why.UNAVAILABLE, "no fix")
    parked = {"LAST_PARKED": True, "CURRENT": False}.get(read_text(body.get("locationType"), 20).upper())
    return {"latitude": latitude, "longitude": longitude, "heading": _heading(body.get("heading")), "parked": parked}


def _heading(raw: object) -> float | None:
    try:
        degrees = number_in(raw)
    except Doubt:
        return None
    return degrees if 0 <= degrees <= 360 else None
