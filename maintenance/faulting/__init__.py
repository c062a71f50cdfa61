"""What trouble codes and lights mean to a fleet, and which of them people should hear of."""

from maintenance.faulting.rulebook import Rulebook, severity

__all__ = ["Rulebook", "severity"]
