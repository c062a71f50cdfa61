"""Which items a vehicle has: the lines of the program that matches it."""

from maintenance.models import DueItem, Program
from maintenance.plans import library
from vehicles.models import Vehicle


def match(vehicles: list[Vehicle]) -> None:
    """Give every vehicle the items of its program; items of a program that matches no longer leave the list.

    Anchors are never chosen here: until a person says when the last service was, it is unknown.
    """
    programs: dict[int, list[Program]] = {}
    for fleet in {vehicle.fleet_id: vehicle.fleet for vehicle in vehicles}.values():
        known = Program.objects.for_fleet(fleet).prefetch_related("lines")
        if not known:
            library.stock(fleet)
            known = known.all()
        programs[fleet.pk] = list(known)
    items: dict[int, dict[int, DueItem]] = {}
    for item in DueItem.objects.filter(vehicle__in=vehicles):
        items.setdefault(item.vehicle_id, {})[item.task_id] = item

    new, moved = [], []
    for vehicle in vehicles:
        program = next((p for p in programs[vehicle.fleet_id] if vehicle.powertrain in p.powertrains), None)
        if program is None:
            continue
        have = items.get(vehicle.pk, {})
        for line in program.lines.all():
            item = have.pop(line.task_id, None)
            if item is None:
                new.append(DueItem(fleet_id=vehicle.fleet_id, vehicle=vehicle, task_id=line.task_id, line=line))
            elif item.line_id != line.pk:
                item.line = line
                moved.append(item)
        gone = [item.pk for item in have.values()]
        if gone:
            DueItem.objects.filter(pk__in=gone).delete()
    DueItem.objects.bulk_create(new, ignore_conflicts=True)
    DueItem.objects.bulk_update(moved, ["line"])
