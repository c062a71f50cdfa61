"""What must be done, who did it, who should know, by noun."""

from maintenance.models.alert import Alert, Notice
from maintenance.models.due import DueItem
from maintenance.models.plan import Program, ProgramLine, Task
from maintenance.models.record import ServiceRecord

__all__ = ["Alert", "DueItem", "Notice", "Program", "ProgramLine", "ServiceRecord", "Task"]
