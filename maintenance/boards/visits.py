"""What else to do while a vehicle is in, with what is given up by doing it early."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from fleet.kit.units import show_distance
from fleet.owners.models import Fleet
from maintenance.boards.gauges import Readings
from maintenance.domain.plan import Sight
from maintenance.domain.status import Status
from maintenance.domain.sums import counted
from maintenance.domain.visits import Coming, Companion, together
from maintenance.models import DueItem, Policy
from vehicles.domain.signals import Signal


@dataclass(frozen=True, slots=True)
class Shown:
    item: DueItem
    aside: str


@dataclass(frozen=True, slots=True)
class Visit:
    main: DueItem | None = None
    companions: tuple[Shown, ...] = ()
    saved: int = 0

    @property
    def saves(self) -> str:
        return f"saves {counted(self.saved, 'visit')}" if self.saved else ""

    @property
    def query(self) -> str:
        """The address of the form with these jobs chosen."""
        return "&".join(f"also={one.item.pk}" for one in self.companions)


def with_item(main: DueItem, odometer_km: float | None, fleet: Fleet, now: datetime) -> Visit:
    """The other items of its vehicle that are worth doing with it."""
    others = DueItem.objects.standing().filter(vehicle_id=main.vehicle_id).select_related("task")
    return of(main, others, odometer_km, fleet, Policy.of(fleet), now)


def of_vehicle(items: Iterable[DueItem], odometer_km: float | None, fleet: Fleet, now: datetime) -> Visit:
    """Around the most urgent item, where it needs somebody soon. `items` are in order of urgency."""
    items = list(items)
    main = next((item for item in items if Status(item.status).rank >= Status.SOON.rank), None)
    return of(main, items, odometer_km, fleet, Policy.of(fleet), now) if main else Visit()


def of_list(listed: Iterable[DueItem], readings: Readings, fleet: Fleet, now: datetime) -> dict[int, Visit]:
    """By the key of the first due item of each vehicle: what else would be done with it. One query."""
    mains: dict[int, DueItem] = {}
    for item in listed:
        if Status(item.status).is_reached:
            mains.setdefault(item.vehicle_id, item)
    if not mains:
        return {}
    others: dict[int, list[DueItem]] = {pk: [] for pk in mains}
    near = DueItem.objects.standing().filter(vehicle_id__in=mains).select_related("task").order_by("pk")
    near = near.only("vehicle", "status", "due_km", "due_on", "likely_from", "task__name")
    reach, found = Policy(), {}
    for item in near.annotate(days=F("fleet__policy__visit_days"), km=F("fleet__policy__visit_km")):
        others[item.vehicle_id].append(item)
        if item.days is not None:
            reach.visit_days, reach.visit_km = item.days, item.km
    for pk, main in mains.items():
        odometer = readings.sight(pk, Signal.ODOMETER)
        km = odometer.value if isinstance(odometer, Sight) else None
        visit = of(main, others[pk], km, fleet, reach, now)
        if visit.companions:
            found[main.pk] = visit
    return found


def of(
    main: DueItem,
    others: Iterable[DueItem],
    odometer_km: float | None,
    fleet: Fleet,
    policy: Policy,
    now: datetime,
) -> Visit:
    by_pk = {item.pk: item for item in others}
    found = together(
        coming(main),
        [coming(item) for item in by_pk.values()],
        today=fleet.day(now),
        odometer_km=odometer_km,
        days=policy.visit_days,
        km=policy.visit_km,
    )
    shown = tuple(Shown(by_pk[one.pk], aside(one, fleet)) for one in found.companions)
    return Visit(main, shown, found.visits_saved)


def coming(item: DueItem) -> Coming:
    return Coming(item.pk, Status(item.status), item.due_km, item.due_on, item.likely_from)


def aside(one: Companion, fleet: Fleet) -> str:
    if one.is_reached:
        return "due as well"
    parts = []
    if one.gives_up_km is not None:
        parts.append(show_distance(one.gives_up_km, fleet.units))
    if one.gives_up_days is not None:
        parts.append(counted(one.gives_up_days, "day"))
    return f"{' or '.join(parts)} early" if parts else "soon"
