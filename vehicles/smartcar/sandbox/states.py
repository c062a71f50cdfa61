"""The states in which a portal's page of connections may show a car, each to be had on demand."""

from vehicles.smartcar.sandbox import catalogue
from vehicles.smartcar.sandbox.sight import UNAVAILABLE
from vehicles.smartcar.sandbox.troubles import THROTTLED_SECONDS
from vehicles.smartcar.sandbox.world import World

NEEDED = (catalogue.OIL_LIFE.code, catalogue.CODES.code, catalogue.TYRES.code, *(x.code for x in catalogue.LIGHTS))

# Name -> (what a person reads on the button, type, code, the signals meant, seconds until it ends).
TROUBLES = {
    "reconnect": ("Reconnect needed", "CONNECTED_SERVICES_ACCOUNT", "AUTHENTICATION_FAILED", (), None),
    "not_permitted": ("Not permitted", "PERMISSION", None, NEEDED, None),
    "not_provided": ("Not provided", "COMPATIBILITY", "VEHICLE_NOT_CAPABLE", NEEDED, None),
    "unreadable": ("Cannot be read at all", "COMPATIBILITY", "VEHICLE_NOT_CAPABLE", (), None),
    "not_fetched": ("Not fetched yet", UNAVAILABLE, None, NEEDED, None),
    "throttled": ("Throttled", "RATE_LIMIT", "VEHICLE", (), THROTTLED_SECONDS),
    "not_on_plan": ("Not on plan", "BILLING", "VEHICLE_LIMIT", (), None),
    "asleep": ("Asleep", "VEHICLE_STATE", "ASLEEP", (), None),
    "no_subscription": ("Subscription lapsed", "CONNECTED_SERVICES_ACCOUNT", "SUBSCRIPTION", (), None),
    "migrated": ("Moved platform", "COMPATIBILITY", "PLATFORM_NOT_CAPABLE", (), None),
    "not_found": ("Listed, but 404", "RESOURCE_NOT_FOUND", "VEHICLE_NOT_FOUND", (), None),
    "no_response": ("Maker is down", "UPSTREAM", "NO_RESPONSE", (), None),
}
THREE_DAYS = 3 * 86_400
OTHERS = {
    "waiting": "Waiting",
    "silent": "Silent",
    "stale": "Silent for three days",
    "disconnected": "Disconnected",
    "clear": "Clear",
}
NAMES = {name: row[0] for name, row in TROUBLES.items()} | OTHERS


def bring_about(world: World, state: str, vehicle_id: str) -> None:
    if state in TROUBLES:
        _, kind, code, signals, seconds = TROUBLES[state]
        until = None if seconds is None else world.clock() + seconds
        world.troubles.put(vehicle_id, kind, code, until=until, signals=signals)
    elif state == "waiting":
        world.quiet.unhear(vehicle_id)
    elif state == "silent":
        world.quiet.silence(vehicle_id)
    elif state == "stale":  # a portal that already heard it since then keeps what it knows: for a car yet to connect
        world.quiet.silence(vehicle_id, for_seconds=THREE_DAYS)
    elif state == "disconnected":
        revoke(world, vehicle_id)
    else:
        world.troubles.clear(vehicle_id)
        world.quiet.wake(vehicle_id)
        world.odd.pop(vehicle_id, None)


def revoke(world: World, vehicle_id: str) -> None:
    """As an owner does it with the maker, or with Smartcar: the connection is no longer there."""
    world.ledger.disconnect([row["id"] for row in world.ledger.connections() if row["vehicleId"] == vehicle_id])


def standing(world: World, vehicle_id: str) -> list[str]:
    """What was brought about, in words."""
    said = []
    if trouble := world.troubles.on(vehicle_id):
        said.append(".".join(part for part in (trouble.kind, trouble.code) if part))
    groups = {(t.kind, t.code) for t in world.troubles.on_signals(vehicle_id).values()}
    said += [f"{'.'.join(part for part in group if part)} on some signals" for group in sorted(groups, key=str)]
    if world.quiet.silent_since(vehicle_id) is not None:
        said.append("silent")
    if world.quiet.is_unheard(vehicle_id):
        said.append("waiting for its first data")
    said += [f"odd {code}" for code in world.odd.get(vehicle_id, {})]
    return said
