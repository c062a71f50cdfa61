"""The payloads of legacy webhooks: what the v2 calls would answer, path by path, as in a batch."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from vehicles.smartcar.sandbox import catalogue
from vehicles.smartcar.sandbox.stamps import iso

if TYPE_CHECKING:
    from vehicles.smartcar.sandbox.generations import Told

FIRST_DELIVERY = "FIRST_DELIVERY"
WHEELS = {(0, 0): "frontLeft", (0, 1): "frontRight", (1, 0): "backLeft", (1, 1): "backRight"}
SYSTEMS = {
    "brakefluid": "BRAKE_FLUID",
    "evhvbattery": "EV_HV_BATTERY",
    "oilpressure": "OIL_PRESSURE",
    "tirepressure": "TIRE_PRESSURE",
    "washerfluid": "WASHER_FLUID",
    "activesafety": "ACTIVE_SAFETY",
    "driverassistance": "DRIVER_ASSISTANCE",
    "evbatteryconditioning": "EV_BATTERY_CONDITIONING",
    "evcharging": "EV_CHARGING",
    "evdriveunit": "EV_DRIVE_UNIT",
    "oillife": "OIL_LIFE",
    "oiltemperature": "OIL_TEMPERATURE",
    "tirepressuremonitoring": "TIRE_PRESSURE_MONITORING",
    "waterinfuel": "WATER_IN_FUEL",
}


def batch(told: Told) -> dict:
    """`schedule` for what comes by the clock, `dynamic` for what comes because something changed."""
    signals = {signal.code: said["body"] for signal, said in told.look if "body" in said}
    headers = {"sc-unit-system": "metric", "sc-data-age": iso(told.at), "sc-request-id": _request_id(told)}
    answers = [{"path": path, "code": 200, "body": body, "headers": headers} for path, body in _paths(signals).items()]
    vehicle = {
        "vehicleId": told.vehicle["id"],
        "requestId": _request_id(told),
        "data": answers,
        "timestamp": iso(told.at),
    }
    is_clockwork = not told.triggers or FIRST_DELIVERY in told.triggers
    return _event(told, "schedule" if is_clockwork else "dynamic", {"vehicles": [vehicle]})


def event(told: Told, event_id: str, what: str) -> dict:
    payload = {"eventId": event_id, "vehicleId": told.vehicle["id"], "eventType": what, "eventTime": iso(told.at)}
    return _event(told, "eventBased", payload)


def _event(told: Told, name: str, payload: dict) -> dict:
    mode = "test" if told.mode == "TEST" else told.vehicle.get("mode", "live")
    return {"version": "2.0", "webhookId": told.webhook_id, "eventName": name, "mode": mode, "payload": payload}


def _request_id(told: Told) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"legacy:{told.vehicle['id']}:{told.at}"))


def _paths(signals: dict[str, dict]) -> dict[str, dict]:
    def value(signal: catalogue.Signal):
        return signals[signal.code]["value"] if signal.code in signals else None

    def share(signal: catalogue.Signal) -> float:
        return round(value(signal) / 100, 2)

    paths: dict[str, dict] = {}
    if catalogue.VIN.code in signals:
        paths["/vin"] = {"vin": value(catalogue.VIN)}
    if catalogue.ODOMETER.code in signals:
        paths["/odometer"] = {"distance": value(catalogue.ODOMETER)}
    if catalogue.OIL_LIFE.code in signals:
        paths["/engine/oil"] = {"lifeRemaining": share(catalogue.OIL_LIFE)}
    if catalogue.FUEL.code in signals:
        paths["/fuel"] = {
            "percentRemaining": share(catalogue.FUEL),
            "amountRemaining": value(catalogue.FUEL_AMOUNT),
            "range": value(catalogue.FUEL_RANGE),
        }
    if catalogue.CHARGE.code in signals:
        paths["/battery"] = {"percentRemaining": share(catalogue.CHARGE), "range": value(catalogue.ELECTRIC_RANGE)}
    if catalogue.CHARGING_STATUS.code in signals and catalogue.IS_PLUGGED_IN.code in signals:
        paths["/charge"] = {
            "isPluggedIn": value(catalogue.IS_PLUGGED_IN),
            "state": value(catalogue.CHARGING_STATUS),
        }
    if catalogue.TYRES.code in signals:
        wheels = signals[catalogue.TYRES.code]["values"]
        paths["/tires/pressure"] = {WHEELS[wheel["row"], wheel["column"]]: wheel["tirePressure"] for wheel in wheels}
    if catalogue.CODES.code in signals:
        paths["/diagnostics/dtcs"] = {"activeCodes": signals[catalogue.CODES.code]["values"]}
    if systems := [_system(code, body) for code, body in signals.items() if "status" in body]:
        paths["/diagnostics/system_status"] = {"systems": systems}
    return paths


def _system(code: str, body: dict) -> dict:
    name = code.removeprefix("diagnostics-")
    return {"systemId": f"SYSTEM_{SYSTEMS.get(name, name.upper())}"} | body
