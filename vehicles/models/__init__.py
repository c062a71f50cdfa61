"""What we look after and what it tells us, by noun."""

from vehicles.models.campaign import Appeal, Campaign
from vehicles.models.connection import ConnectAttempt, Connection, Generation
from vehicles.models.dealer import DealerRecord
from vehicles.models.delivery import Delivery, Mention
from vehicles.models.fault import Fault, FaultTerms, Light
from vehicles.models.grant import Grant, Parting, Terms
from vehicles.models.group import Belonging, Group
from vehicles.models.meter import MeterNote, Segment
from vehicles.models.reading import Capability, Gauge, Reading, Source, Standing
from vehicles.models.vehicle import CallBucket, FleetTurn, Vehicle
from vehicles.models.watching import Breaker, DoorTally, Hush, OddAnswer, Outage, Round

__all__ = [
    "Appeal",
    "Belonging",
    "Breaker",
    "CallBucket",
    "Campaign",
    "Capability",
    "ConnectAttempt",
    "Connection",
    "DealerRecord",
    "Delivery",
    "DoorTally",
    "Fault",
    "FaultTerms",
    "FleetTurn",
    "Gauge",
    "Generation",
    "Grant",
    "Group",
    "Hush",
    "Light",
    "Mention",
    "MeterNote",
    "OddAnswer",
    "Outage",
    "Parting",
    "Reading",
    "Round",
    "Segment",
    "Source",
    "Standing",
    "Terms",
    "Vehicle",
]
