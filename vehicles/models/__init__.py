"""What we look after and what it tells us, by noun."""

from vehicles.models.connection import ConnectAttempt, Connection
from vehicles.models.delivery import Delivery
from vehicles.models.fault import Fault
from vehicles.models.reading import Capability, Gauge, Reading, Source, Standing
from vehicles.models.vehicle import CallBucket, Vehicle

__all__ = [
    "CallBucket",
    "Capability",
    "ConnectAttempt",
    "Connection",
    "Delivery",
    "Fault",
    "Gauge",
    "Reading",
    "Source",
    "Standing",
    "Vehicle",
]
