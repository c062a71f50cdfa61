"""Locks, doors and windows, which v2 tells and no signal here does."""

from vehicles.smartcar.sandbox.condition import Condition

PATH = "/security"
PERMISSION = "read_security"
CORNERS = ("frontLeft", "frontRight", "backLeft", "backRight")


def security(condition: Condition, at: float) -> dict:
    """Locked where it stands, shut where it drives. Combustion cars have no port to tell of."""
    windows = "OPEN" if condition.road.is_moving(at) and condition.wobble("window", at) > 0.8 else "CLOSED"
    return {
        "isLocked": not condition.road.is_moving(at),
        "doors": [{"type": corner, "status": "CLOSED"} for corner in CORNERS],
        "windows": [{"type": corner, "status": windows if corner == "frontLeft" else "UNKNOWN"} for corner in CORNERS],
        "sunroof": [],
        "storage": [{"type": "rear", "status": "CLOSED"}, {"type": "front", "status": "UNKNOWN"}],
        "chargingPort": _port(condition, at) if condition.battery else [],
    }


def _port(condition: Condition, at: float) -> list[dict]:
    return [{"type": "chargingPort", "status": "OPEN" if condition.battery.is_plugged_in(at) else "CLOSED"}]
