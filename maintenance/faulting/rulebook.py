"""The rules of fleets, loaded once for many faults."""

from collections import defaultdict
from collections.abc import Iterable

from fleet.owners import kept
from fleet.owners.models import Fleet
from maintenance.domain import ruling
from maintenance.domain.ruling import Rule, Ruled
from maintenance.models import FaultRule
from vehicles.models import Fault, Vehicle


class Rulebook:
    """All rules of some fleets. A code of a make and model is looked up once."""

    def __init__(self, fleets: Iterable[int], instead: dict[int, list[Rule]] | None = None):
        """`instead`: rules by fleet that are tried out and not saved."""
        self.rules: dict[int, list[Rule]] = defaultdict(list)
        self.known: dict[tuple, Ruled] = {}
        if instead is not None:
            self.rules.update(instead)
            return
        fleets = set(fleets)
        for row in FaultRule.objects.filter(fleet_id__in=fleets) if fleets else ():
            self.rules[row.fleet_id].append(as_rule(row))

    @classmethod
    def of(cls, fleet: Fleet) -> "Rulebook":
        """For its pages: the rules are read anew when the fleet's pulse has moved."""
        found = FaultRule.objects.for_fleet(fleet)
        return cls([], {fleet.pk: kept.while_still("rules", fleet, lambda: [as_rule(row) for row in found])})

    def read(self, code: str, vehicle: Vehicle) -> Ruled:
        return self.read_of(vehicle.fleet_id, code, vehicle.make, vehicle.model)

    def read_of(self, fleet_id: int, code: str, make: str, model: str) -> Ruled:
        key = (fleet_id, code, make, model)
        if key not in self.known:
            self.known[key] = ruling.read(self.rules.get(fleet_id, ()), code, make, model)
        return self.known[key]


def as_rule(row: FaultRule) -> Rule:
    return Rule(row.code, row.verdict, row.is_prefix, row.make, row.model, row.name, row.pk or 0)


def severity(faults: Iterable[Fault]) -> dict[int, Ruled]:
    """How grave each of these is to its fleet, and what it is called there; by key. They come with their vehicles."""
    faults = list(faults)
    book = Rulebook(fault.fleet_id for fault in faults)
    return {fault.pk: book.read(fault.code, fault.vehicle) for fault in faults}
