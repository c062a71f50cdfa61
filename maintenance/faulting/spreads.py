"""One code on several vehicles of one model, kept as a row that one of them carries."""

from collections import defaultdict
from datetime import datetime

from django.db.models import Q

from maintenance.domain.spreading import Case, Run, runs
from maintenance.faulting.rulebook import Rulebook
from maintenance.models import Spread
from vehicles.models import Fault, Vehicle

Group = tuple[int, str, str, str]  # fleet, code, make, model


def spot(
    vehicles: list[Vehicle], faults: list[Fault], stored: list[Spread], book: Rulebook, *, now: datetime
) -> dict[Group, Spread]:
    """Bring the spreads that these vehicles have a part in up to date. Those that are open, by group.

    Who is touched by a beginning or an end, and not looked at now, is woken.
    """
    by_pk = {vehicle.pk: vehicle for vehicle in vehicles if vehicle.model}
    held = {group_of(spread): spread for spread in stored}
    groups = {group(by_pk[f.vehicle_id], f.code) for f in faults if f.vehicle_id in by_pk} | set(held)
    if not groups:
        return {}
    cases = cases_of(groups, book)
    for key in groups:
        found = [run for run in runs(case for case, _ in cases[key]) if run.is_open]
        run = found[-1] if found else None
        if run is None and key in held:
            end(held.pop(key), cases[key], now)
        elif run is not None:
            levels = {level for case, level in cases[key] if case in run.cases and case.is_open}
            level = "critical" if "critical" in levels else "warning"
            held[key] = keep(key, run, level, held.get(key), by_pk, now)
    return held


def group(vehicle: Vehicle, code: str) -> Group:
    return vehicle.fleet_id, code, vehicle.make.upper(), vehicle.model.upper()


def group_of(spread: Spread) -> Group:
    return spread.fleet_id, spread.code, spread.make, spread.model


def held_by(vehicles: list[Vehicle]) -> list[Spread]:
    """The open ones of the models that these vehicles are of."""
    kinds = {(v.fleet_id, v.make.upper(), v.model.upper()) for v in vehicles}
    found = Spread.objects.open().filter(fleet_id__in={fleet_id for fleet_id, *_ in kinds})
    return [one for one in found.select_related("carrier") if (one.fleet_id, one.make, one.model) in kinds]


def cases_of(groups: set[Group], book: Rulebook) -> dict[Group, list[tuple[Case, str]]]:
    """All episodes of these codes on these models with their severity; those that the fleet ignores are none."""
    found: dict[Group, list[tuple[Case, str]]] = defaultdict(list)
    wanted = Q(fleet_id__in={g[0] for g in groups}, code__in={g[1] for g in groups}, vehicle__retired_at=None)
    columns = ("fleet_id", "code", "vehicle__make", "vehicle__model", "vehicle_id", "opened_at", "closed_at")
    for fleet_id, code, make, model, pk, opened_at, closed_at in Fault.objects.filter(wanted).values_list(*columns):
        key = (fleet_id, code, make.upper(), model.upper())
        ruled = book.read_of(fleet_id, code, make, model)
        if key in groups and not ruled.is_ignored:
            found[key].append((Case(pk, opened_at, closed_at is None), ruled.severity))
    return found


def keep(key: Group, run: Run, level: str, spread: Spread | None, here: dict, now: datetime) -> Spread:
    """The stored row of a run. It begins on a vehicle that is looked at now, so that its alert is written now."""
    told = {"began_at": run.began_at, "ripe_at": run.ripe_at, "cars": len(run.vehicles), "level": level}
    if spread is None or spread.carrier.retired_at is not None:
        carrier = next((pk for pk in sorted(here) if pk in run.vehicles), min(run.vehicles))
        fleet_id, code, make, model = key
        if spread is None:
            about = {"fleet_id": fleet_id, "code": code, "make": make, "model": model, "over_at": None}
            spread, _ = Spread.objects.get_or_create(**about, defaults=told | {"carrier_id": carrier})
        told["carrier_id"] = carrier
        wake(run.vehicles - set(here), now)
    if any(getattr(spread, name) != value for name, value in told.items()):
        if spread.level != told["level"]:
            wake({told.get("carrier_id", spread.carrier_id)} - set(here), now)
        for name, value in told.items():
            setattr(spread, name, value)
        spread.save(update_fields=list(told))
    return spread


def end(spread: Spread, cases: list[tuple[Case, str]], now: datetime) -> None:
    Spread.objects.filter(pk=spread.pk).update(over_at=now)
    wake({case.vehicle for case, _ in cases if case.is_open} | {spread.carrier_id}, now)


def pass_on(retired: list[Vehicle], *, now: datetime) -> None:
    """Wake who may carry on what these cars carried."""
    for spread in Spread.objects.open().filter(carrier__in=retired):
        faults = Fault.objects.open().filter(fleet_id=spread.fleet_id, code=spread.code, vehicle__retired_at=None)
        alike = faults.filter(vehicle__make__iexact=spread.make, vehicle__model__iexact=spread.model)
        wake(set(alike.values_list("vehicle_id", flat=True)), now)


def wake(ids: set[int], now: datetime) -> None:
    Vehicle.objects.filter(pk__in=ids).update(review_after=now)
