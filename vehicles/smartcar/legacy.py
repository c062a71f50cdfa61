"""Webhooks of the first generation, 2.0: several vehicles in one body, each with answers as of a batch."""

from datetime import datetime

from vehicles.domain.measurements import Measurement, Snapshot
from vehicles.domain.signals import Signal
from vehicles.smartcar.errors import Unreadable
from vehicles.smartcar.events import Event, EventKind, VehicleError
from vehicles.smartcar.texts import read_id, read_text
from vehicles.smartcar.timestamps import read_past
from vehicles.smartcar.v2.items import Item, items_in, read_items
from vehicles.smartcar.vehicle_errors import read_error

KINDS = {
    "verify": EventKind.VERIFY,
    "schedule": EventKind.STATE,
    "scheduled": EventKind.STATE,
    "dynamic": EventKind.STATE,
    "eventbased": EventKind.STATE,
}
# What an event says of the car: is it charging, and in which word.
CHARGING: dict[str, tuple[bool, str]] = {
    "CHARGING_STARTED": (True, "CHARGING"),
    "CHARGING_STOPPED": (False, "NOT_CHARGING"),
    "CHARGING_COMPLETED": (False, "FULLY_CHARGED"),
}


def is_legacy(body: dict) -> bool:
    return isinstance(body.get("eventName"), str) and not isinstance(body.get("eventType"), str)


def name_of(body: dict) -> str:
    return read_text(body.get("eventName"), 40).lower()


def kind_of(body: dict) -> EventKind:
    return KINDS.get(name_of(body), EventKind.UNKNOWN)


def vehicle_id_of(body: dict) -> str:
    """The one vehicle it is about; "" where it is about several."""
    ids = {read_id(vehicle.get("vehicleId")) for vehicle in _vehicles(body)}
    return ids.pop() if len(ids) == 1 else ""


def read_legacy(body: dict, now: datetime) -> tuple[Event, ...]:
    """One event for each vehicle. Raises Unreadable where there should be vehicles and is none."""
    kind, test = kind_of(body), read_text(body.get("mode"), 10).lower() == "test"
    if kind is not EventKind.STATE:
        return (Event(kind, vehicle_id=vehicle_id_of(body), test=test),)
    if name_of(body) == "eventbased":
        return (_event_based(_payload(body), test, now),)
    events = tuple(_state(vehicle, test, now) for vehicle in _vehicles(body) if read_id(vehicle.get("vehicleId")))
    if not events:
        raise Unreadable("a legacy delivery without a vehicle")
    return events


def _state(vehicle: dict, test: bool, now: datetime) -> Event:
    at = read_past(vehicle.get("timestamp"), now)
    items = items_in(vehicle.get("data"))
    return Event(
        EventKind.STATE,
        vehicle_id=read_id(vehicle.get("vehicleId")),
        test=test,
        delivered_at=at,
        snapshot=read_items(items, now=now, delivered_at=at),
        errors=_errors(items),
    )


def _errors(items: list[Item]) -> tuple[VehicleError, ...]:
    """The maker's account is shut for all paths alike: only where none went well is it news about the consent."""
    if any(item.went_well for item in items):
        return ()
    for item in items:
        told = item.body if isinstance(item.body, dict) else {}
        if told.get("type") == "CONNECTED_SERVICES_ACCOUNT":
            return (read_error(told | {"signals": None}),)
    return ()


def _event_based(payload: dict, test: bool, now: datetime) -> Event:
    """Charging began or ended. Any other event has no effect here."""
    at = read_past(payload.get("eventTime"), now)
    vehicle_id = read_id(payload.get("vehicleId"))
    told = CHARGING.get(read_text(payload.get("eventType"), 60).upper())
    if told is None:
        return Event(EventKind.UNKNOWN, vehicle_id=vehicle_id, test=test, delivered_at=at)
    flag, word = told
    snapshot = Snapshot(
        (
            Measurement(Signal.IS_CHARGING, flag, measured_at=at),
            Measurement(Signal.CHARGING_STATUS, word, measured_at=at),
        )
    )
    return Event(EventKind.STATE, vehicle_id=vehicle_id, test=test, delivered_at=at, snapshot=snapshot)


def _payload(body: dict) -> dict:
    payload = body.get("payload")
    return payload if isinstance(payload, dict) else {}


def _vehicles(body: dict) -> list[dict]:
    """As listed; an event-based body is about one, and names it without a list."""
    payload = _payload(body)
    vehicles = payload.get("vehicles", [payload] if "vehicleId" in payload else [])
    return [vehicle for vehicle in vehicles if isinstance(vehicle, dict)] if isinstance(vehicles, list) else []
