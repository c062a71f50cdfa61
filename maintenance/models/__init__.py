"""What must be done, who did it, who should know, by noun."""

from maintenance.models.alert import Alert, AlertNote, Notice
from maintenance.models.device import Device
from maintenance.models.due import Care, DueItem, KeptStart, Snooze
from maintenance.models.forecast import Foretold, HitRate, Pace
from maintenance.models.order import OrderCount, OrderLine, OrderSend, OrderStep, WorkOrder
from maintenance.models.photo import Photo
from maintenance.models.plan import Policy, Program, ProgramLine, ProgramVersion, Recheck, Task
from maintenance.models.record import Bookmark, Proof, Proposal, ServiceRecord
from maintenance.models.rules import Breach, FaultRule, Spread, Threshold

__all__ = [
    "Alert",
    "AlertNote",
    "Bookmark",
    "Breach",
    "Care",
    "Device",
    "DueItem",
    "FaultRule",
    "Foretold",
    "HitRate",
    "KeptStart",
    "Notice",
    "OrderCount",
    "OrderLine",
    "OrderSend",
    "OrderStep",
    "Pace",
    "Photo",
    "Policy",
    "Program",
    "ProgramLine",
    "ProgramVersion",
    "Proof",
    "Proposal",
    "Recheck",
    "ServiceRecord",
    "Snooze",
    "Spread",
    "Task",
    "Threshold",
    "WorkOrder",
]
