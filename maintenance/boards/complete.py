"""The form of a completion: what the car says now, and what follows from it."""

from datetime import datetime, timedelta

from fleet.kit.units import Units, km_to, number, show_distance
from fleet.owners.models import Fleet
from maintenance import gathering
from maintenance.boards import gauges, thresholds, visits
from maintenance.boards.ages import ago
from maintenance.domain.assessment import assess
from maintenance.domain.plan import Axis, Completion
from maintenance.models import DueItem, ServiceRecord
from vehicles.domain.signals import Signal
from vehicles.waist import meters

FRESH = timedelta(days=1)
RECEIVED = 5  # keys of the last completions: a browser that still holds one of them can let go of what was typed


def board(item: DueItem, fleet: Fleet, now: datetime, said: dict | None = None) -> dict:
    """`said`: what the person was shown before they came here, such as the day of the dealer’s visit."""
    readings = gauges.of([item.vehicle_id])
    gauge = readings.gauges.get((item.vehicle_id, Signal.ODOMETER.value))
    records = ServiceRecord.objects.filter(vehicle_id=item.vehicle_id, task_id=item.task_id)
    done = records.standing()
    visit = visits.with_item(item, gauge.number if gauge else None, fleet, now)
    return {
        "item": item,
        "vehicle": item.vehicle,
        "why": readings.explain(item, fleet, now),
        "gauge": gauge,
        "age": readings.age(item.vehicle_id, now, Signal.ODOMETER.value),
        "prefill": number(km_to(meters.dash_of(gauge), Units(fleet.units).distance)).replace(",", "") if gauge else "",
        "help": odometer_help(gauge, done.order_by("-done_on", "-pk").first(), fleet, now),
        "is_old": gauge is not None and now - gauge.at > FRESH,
        "next": following(item, gauge.number if gauge else None, fleet, now),
        "units": fleet.units,
        "distance_unit": Units(fleet.units).distance,
        "today": fleet.day(now),
        "said": said or {},
        "past": thresholds.open_of(item.vehicle, fleet, now),
        "companions": visit.companions,
        "visit": visit,
        "received": list(records.order_by("-pk").values_list("key", flat=True)[:RECEIVED]),
        "counts_hours": item.line is not None and item.line.every_hours is not None,
    }


def odometer_help(gauge, last: ServiceRecord | None, fleet: Fleet, now: datetime) -> str:
    parts = []
    if gauge is None:
        parts.append("The car gives no odometer. Left empty, the first reading to come stands in.")
    elif now - gauge.at > FRESH:
        parts.append(f"The last reading is {ago(now - gauge.at)}: look at the dash.")
    else:
        parts.append(f"From the car, {ago(now - gauge.at)}. Correct it if the dash says otherwise.")
    if last is not None and last.odometer_km is not None:
        parts.append(f"Last time: {show_distance(last.odometer_km, fleet.units)} on {last.done_on:%-d %b %Y}.")
    return " ".join(parts)


def following(item: DueItem, km: float | None, fleet: Fleet, now: datetime) -> list[str]:
    """Where the marks would stand after a completion today, as the next verdict will say."""
    if item.line_id is None:
        return []
    scene = gathering.Scene([item.vehicle], now)
    told = next(one for one in scene.items if one.pk == item.pk)
    done = [*scene.completions(told), Completion(fleet.day(now), km, odometer_is_stand_in=False, at=now, by="")]
    verdict = assess(scene.line(told), told.start, done, scene.facts(item.vehicle))
    due = {
        mark.axis: mark.due
        for mark, standing in zip(verdict.marks, verdict.standings, strict=True)
        if mark.due is not None and not standing.dropped
    }
    words = {
        Axis.DISTANCE: lambda at: show_distance(at, fleet.units),
        Axis.TIME: lambda on: f"{on:%-d %b %Y}",
        Axis.HOURS: lambda at: f"{number(at)} h",
        Axis.OIL: lambda limit: f"oil life {number(limit)} %",
    }
    return [say(due[axis]) for axis, say in words.items() if axis in due]
