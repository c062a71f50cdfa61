"""What a delivery is, once it is read."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from vehicles.domain.measurements import Snapshot
from vehicles.domain.signals import Signal


class EventKind(StrEnum):
    STATE = "STATE"
    ERROR = "ERROR"
    VERIFY = "VERIFY"
    UNKNOWN = "UNKNOWN"  # kept, and without effect


@dataclass(frozen=True, slots=True)
class Keys:
    """What tells deliveries apart. A retry has the same keys, `data_digest` too; "" where the body does not say."""

    event_id: str
    webhook_id: str
    kind: EventKind
    vehicle_id: str
    data_digest: str


@dataclass(frozen=True, slots=True)
class VehicleError:
    """`signals` is None where the whole connection is meant, and empty where only signals we do not keep are."""

    type: str
    code: str
    resolved: bool
    signals: tuple[Signal, ...] | None
    resolution: str
    url: str


@dataclass(frozen=True, slots=True)
class Event:
    """One delivery, read. `test` is a test from Smartcar's dashboard: acknowledge it, believe nothing in it."""

    kind: EventKind
    vehicle_id: str = ""
    user_id: str = ""
    external_id: str = ""
    test: bool = False
    delivered_at: datetime | None = None
    sequence: int | None = None
    first: bool = False
    snapshot: Snapshot | None = None
    errors: tuple[VehicleError, ...] = ()
