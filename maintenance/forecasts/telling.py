"""The back-test: ranges are written down once a week, and held against what happened."""

from collections import defaultdict
from datetime import date, datetime, timedelta

from django.db.models import Max, Q

from maintenance.domain import forecast
from maintenance.domain.forecast import Range
from maintenance.domain.forecast_settling import Came
from maintenance.domain.forecast_settling import settle as outcome_of
from maintenance.domain.plan import Axis
from maintenance.forecasts import rates
from maintenance.forecasts.histories import SIGNALS, History
from maintenance.models import DueItem, Foretold, ServiceRecord
from vehicles.models import Gauge, Vehicle

WEEKLY = timedelta(days=7)
AHEAD = timedelta(days=120)  # what lies further ahead is not written down: nobody plans by it, and it fills the table
FRESH = timedelta(days=7)  # on an older reading nothing is foretold that could be held against anything
KEPT = timedelta(days=730)


def foretell(cars: list[Vehicle], paces: dict[tuple[int, str], forecast.Pace], *, now: datetime) -> int:
    """Write down, for each item and axis that was not written this week, when it will be due. How many."""
    by_pk = {car.pk: car for car in cars}
    items = list(DueItem.objects.standing().filter(vehicle__in=cars).filter(ON_AN_AXIS))
    lately = now.date() - WEEKLY - timedelta(days=1)
    said = defaultdict(lambda: date.min)
    for item_id, axis, said_on in Foretold.objects.filter(item__in=items, said_on__gte=lately).values_list(
        "item_id", "axis", "said_on"
    ):
        said[item_id, axis] = max(said[item_id, axis], said_on)
    gauges = {(g.vehicle_id, SIGNALS[g.signal]): g for g in Gauge.objects.filter(vehicle__in=cars, signal__in=SIGNALS)}
    serviced = last_services(cars)

    told = []
    for item in items:
        fleet = by_pk[item.vehicle_id].fleet
        today = fleet.day(now)
        for axis, point in points(item).items():
            gauge, pace = gauges.get((item.vehicle_id, axis)), paces.get((item.vehicle_id, axis.value))
            if gauge is None or pace is None or today - said[item.pk, axis.value] < WEEKLY:
                continue
            if axis is Axis.OIL and gauge.at <= serviced.get((item.vehicle_id, item.task_id), gauge.at - WEEKLY):
                continue  # what the car said before the service is no word on the new oil
            seen_on = gauge.at.astimezone(fleet.zone).date()
            left = gauge.number - point if axis is Axis.OIL else point - gauge.number
            told.append(say(item, axis, point, pace, left=left, today=today, seen_on=seen_on))
    told = [one for one in told if one is not None]
    Foretold.objects.bulk_create(told, batch_size=500, ignore_conflicts=True)
    return len(told)


ON_AN_AXIS = Q(due_km__isnull=False) | Q(oil_limit_pct__isnull=False)


def say(
    item: DueItem, axis: Axis, point: float, pace: forecast.Pace, *, left: float, today: date, seen_on: date
) -> Foretold | None:
    """What is written down. None where no day can be told, or none that is worth holding against anything."""
    if today - seen_on > FRESH:
        return None
    found = forecast.foretell(left, pace, today, seen_on)
    if found is None or found.early > today + AHEAD:
        return None
    return Foretold(
        fleet_id=item.fleet_id,
        item_id=item.pk,
        axis=axis.value,
        point=point,
        said_on=today,
        likely_from=found.early,
        likely_to=found.late,
    )


def points(item: DueItem) -> dict[Axis, float]:
    """Where each measured axis of the item becomes due, as the verdict has it."""
    found = {Axis.DISTANCE: item.due_km, Axis.OIL: item.oil_limit_pct}
    return {axis: point for axis, point in found.items() if point is not None}


def last_services(cars: list[Vehicle]) -> dict[tuple[int, int], datetime]:
    """(vehicle, task) → the moment of its last standing completion."""
    done = ServiceRecord.objects.standing().filter(vehicle__in=cars).order_by().values_list("vehicle_id", "task_id")
    return {(pk, task): at for pk, task, at in done.annotate(last=Max("done_at"))}


def settle(cars: list[Vehicle], known: dict[tuple[int, Axis], History], *, now: datetime) -> int:
    """Settle what can be settled of the open ranges of these cars. How many."""
    by_pk = {car.pk: car for car in cars}
    opened = list(Foretold.objects.filter(item__vehicle__in=cars, verdict="").select_related("item"))
    if not opened:
        return 0
    services = services_since(cars, min(one.said_on for one in opened))
    settled = []
    for one in opened:
        vehicle = by_pk[one.item.vehicle_id]
        history = known.get((vehicle.pk, Axis(one.axis)), History())
        done = [day for day in services[vehicle.pk, one.item.task_id] if day > one.said_on]
        if weigh(one, history, vehicle, done, moved=points(one.item).get(Axis(one.axis)) != one.point, now=now):
            settled.append(one)
    Foretold.objects.bulk_update(settled, ["verdict", "happened_on", "settled_on"], batch_size=500)
    rates.recount([(one.fleet_id, one.settled_on) for one in settled], now=now)
    Foretold.objects.filter(item__vehicle__in=cars, said_on__lt=now.date() - KEPT).exclude(verdict="").delete()
    return len(settled)


def weigh(one: Foretold, history: History, vehicle: Vehicle, done: list[date], *, moved: bool, now: datetime) -> bool:
    """Put the outcome into the row. True if there is one."""
    zone, today = vehicle.fleet.zone, vehicle.fleet.day(now)
    outcome = outcome_of(
        Range(one.likely_from, one.likely_to),
        history.since(one.said_on, zone),
        zone,
        axis=one.axis,
        point=one.point,
        ended_on=min(done, default=None),
        moved=moved,
    )
    if outcome is None:
        return False
    one.verdict, one.happened_on = outcome.came.value, outcome.on
    if outcome.came is Came.VOID:
        one.settled_on = min(done, default=today)
    else:
        one.settled_on = outcome.on or min(today, one.likely_to + timedelta(days=1))
    return True


def services_since(cars: list[Vehicle], day: date) -> dict[tuple[int, int], list[date]]:
    found = defaultdict(list)
    done = ServiceRecord.objects.standing().filter(vehicle__in=cars, done_on__gte=day)
    for pk, task, on in done.values_list("vehicle_id", "task_id", "done_on"):
        found[pk, task].append(on)
    return found
