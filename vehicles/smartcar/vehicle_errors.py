"""Errors that a delivery tells of a vehicle."""

from vehicles.smartcar.events import VehicleError
from vehicles.smartcar.texts import read_text
from vehicles.smartcar.vocabulary import signal_of


def read_errors(raw_errors: object) -> tuple[VehicleError, ...]:
    return tuple(read_error(raw) for raw in _list(raw_errors) if isinstance(raw, dict))


def read_error(raw: dict) -> VehicleError:
    signals = raw.get("signals")
    resolution = raw.get("resolution")
    resolution = resolution if isinstance(resolution, dict) else {"type": resolution}
    url = read_text(resolution.get("url"), 1_000)
    return VehicleError(
        type=read_text(raw.get("type"), 60).upper(),
        code=read_text(raw.get("code"), 60).upper(),
        resolved=read_text(raw.get("state"), 20).upper() == "RESOLVED",
        signals=None if signals is None else tuple(dict.fromkeys(filter(None, map(signal_of, _list(signals))))),
        resolution=read_text(resolution.get("type"), 60).upper(),
        url=url if url.startswith(("https://", "http://")) else "",
    )


def _list(raw: object) -> list:
    return raw if isinstance(raw, list) else []
