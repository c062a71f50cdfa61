"""Smartcar's own SDK on a walk through the sandbox, in a process of its own: run as a script, never imported.

Its settings are environment variables whose names clash with ours. What it is told comes as JSON on stdin; what came of
every step goes to stdout: {"step": what was returned} or {"step": {"error": what the exception said}}.
"""

import json
import sys
from urllib.parse import parse_qsl, urlsplit

import requests
import smartcar
from smartcar.smartcar import get_compatibility_matrix, get_vehicle

TOLD = json.load(sys.stdin)
CAME: dict[str, object] = {}


def step(name, do, *arguments, **named):
    """Its result, which is kept in plain words too; None if it failed as the SDK fails."""
    try:
        result = do(*arguments, **named)
    except smartcar.SmartcarException as error:
        told = vars(error)
        CAME[name] = {
            "error": {key: told.get(key) for key in ("status_code", "type", "code", "resolution", "retry_after")}
        }
        return None
    CAME[name] = plain(result)
    return result


def plain(thing):
    if hasattr(thing, "_asdict"):
        return {name: plain(value) for name, value in thing._asdict().items()}
    if isinstance(thing, dict):
        return {name: plain(value) for name, value in thing.items()}
    if isinstance(thing, list | tuple):
        return [plain(each) for each in thing]
    return thing if isinstance(thing, str | int | float | bool | None) else str(thing)


def consent(client, account: str, vehicles: list[str]) -> str:
    """The owner's part: open the address that the SDK made, and allow. The code that comes back."""
    options = {"state": "a state", "force_prompt": True, "flags": {"country": "CA", "new": True}, "user": "owner-7"}
    address = client.get_auth_url(TOLD["scope"], options)
    assert requests.get(address, timeout=10).status_code == 200
    form = dict(parse_qsl(urlsplit(address).query)) | {"account": account, "vehicle": vehicles, "answer": "allow"}
    back = requests.post(address.partition("?")[0], data=form, allow_redirects=False, timeout=10)
    told = dict(parse_qsl(urlsplit(back.headers["Location"]).query))
    assert told["state"] == "a state", told
    return told["code"]


def data_of(who: str, vehicle: smartcar.Vehicle) -> None:
    for call in (
        "attributes vin odometer engine_oil fuel battery battery_capacity nominal_capacity charge get_charge_limit "
        "tire_pressure diagnostic_system_status diagnostic_trouble_codes service_history location lock_status "
        "permissions"
    ).split():
        step(f"{who}.{call}", getattr(vehicle, call))
    step(f"{who}.permissions_paged", vehicle.permissions, {"limit": 2, "offset": 1})
    step(f"{who}.service_history_all", vehicle.service_history, "2020-01-01", "2030-01-01T00:00:00.000Z")
    step(f"{who}.request", vehicle.request, "GET", "odometer", headers={"sc-unit-system": "imperial"})


def main() -> None:
    client = smartcar.AuthClient()
    code = consent(client, TOLD["gm"]["account"], TOLD["gm"]["vehicles"])
    access = step("exchange_code", client.exchange_code, code)
    step("exchange_code_again", client.exchange_code, code)
    newer = step("exchange_refresh_token", client.exchange_refresh_token, access.refresh_token)
    step("exchange_refresh_token_unknown", client.exchange_refresh_token, "nobody's")

    token = newer.access_token
    step("get_user", smartcar.get_user, token)
    step("get_user_unknown", smartcar.get_user, "nobody's")
    step("get_vehicles", smartcar.get_vehicles, token)
    step("get_vehicles_paged", smartcar.get_vehicles, token, {"limit": 2, "offset": 1})

    car = smartcar.Vehicle(TOLD["gm"]["vehicles"][0], token)
    data_of("gm", car)
    imperial = smartcar.Vehicle(car.vehicle_id, token, {"unit_system": "imperial", "flags": {"country": "CA"}})
    step("imperial.odometer", imperial.odometer)
    for name in ("ev", "ford"):
        other = client.exchange_code(consent(client, TOLD[name]["account"], TOLD[name]["vehicles"]))
        data_of(name, smartcar.Vehicle(TOLD[name]["vehicles"][0], other.access_token))
    for name, account in TOLD["magic"].items():
        other = client.exchange_code(consent(client, account["account"], account["vehicles"]))
        step(f"magic.{name}", smartcar.Vehicle(account["vehicles"][0], other.access_token).odometer)

    batch = step("batch", car.batch, ["/", "/odometer", "/tires/pressure", "/diagnostics/dtcs", "/battery"])
    for attribute in ("attributes", "odometer", "tire_pressure", "diagnostic_trouble_codes", "battery"):
        step(f"batch.{attribute}", getattr(batch, attribute))

    step("subscribe", car.subscribe, TOLD["webhook_id"])
    step("get_vehicle", get_vehicle, token, car.vehicle_id)
    step("get_signals", car.get_signals)
    step("get_signal", car.get_signal, "odometer-traveleddistance")
    step("unsubscribe", car.unsubscribe, TOLD["amt"], TOLD["webhook_id"])

    seen, cursor = [], None
    while not seen or cursor:
        page = smartcar.get_connections(TOLD["amt"], paging={"limit": 4} | ({"cursor": cursor} if cursor else {}))
        seen, cursor = seen + page.connections, page.paging.cursor
    CAME["get_connections"] = plain(seen)
    step("get_connections_of_car", smartcar.get_connections, TOLD["amt"], {"vehicle_id": car.vehicle_id})
    step("get_connections_unknown", smartcar.get_connections, "nobody's")
    step("delete_connections", smartcar.delete_connections, TOLD["amt"], {"vehicle_id": TOLD["gm"]["vehicles"][1]})
    step("get_compatibility", smartcar.get_compatibility, TOLD["vin"], ["read_engine_oil", "read_battery"], "US")
    step("get_compatibility_unknown", smartcar.get_compatibility, "1M8GDM9AXKP042788", ["read_odometer"])
    step(
        "get_compatibility_matrix", get_compatibility_matrix, "US", "CHEVROLET", {"type": "ICE", "scope": ["read_vin"]}
    )

    step("disconnect", car.disconnect)
    step("disconnected.vin", car.vin)
    print(json.dumps(CAME))


main()
