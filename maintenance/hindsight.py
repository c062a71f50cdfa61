"""What would have been foretold, week by week, from a past that came in at once: the same code at past moments."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from fleet.owners.models import Fleet
from maintenance import gathering
from maintenance.domain.assessment import Verdict, assess
from maintenance.domain.forecast_daily import Seen
from maintenance.domain.plan import Anchor, AnchorKind, Axis, Facts, Missing, Sight
from maintenance.forecasts import histories, pacing, rates, telling
from maintenance.forecasts.histories import SPAN, History
from maintenance.ledger import Item
from maintenance.models import Foretold, Pace
from vehicles.models import Source, Vehicle

AXES = (Axis.DISTANCE, Axis.OIL)


def foretell(fleet: Fleet, *, days: int, now: datetime) -> int:
    """Write down and settle the ranges of so many past days, for a fleet that has none yet. How many were written."""
    if Foretold.objects.for_fleet(fleet).filter(said_on__lt=fleet.day(now) - telling.WEEKLY).exists():
        return 0
    cars = list(
        Vehicle.objects.for_fleet(fleet).active().select_related("fleet__policy", "connection", "care").order_by("pk")
    )
    scene = gathering.Scene(cars, now)
    known = histories.of([car.pk for car in cars], now=now, span=timedelta(days=days) + SPAN)
    told = [one for car in cars for one in of_car(car, scene, known, weeks(days, now), now)]
    Foretold.objects.bulk_create(told, batch_size=500, ignore_conflicts=True)
    rates.recount([(fleet.pk, one.settled_on) for one in told if one.verdict], now=now)
    return len(told)


def weeks(days: int, now: datetime) -> list[datetime]:
    """The same hour of each week, the oldest first; this week is told by the sweep itself."""
    return [now - timedelta(weeks=count) for count in range(days // 7, 0, -1)]


def of_car(
    car: Vehicle, scene: gathering.Scene, known: dict, moments: Iterable[datetime], now: datetime
) -> Iterator[Foretold]:
    items = [item for item in scene.items if item.vehicle_id == car.pk]
    paces: dict[Axis, Pace] = {}
    for moment in moments:
        lately = {axis: window(known.get((car.pk, axis)), moment) for axis in AXES}
        for axis, history in lately.items():
            paces[axis] = pacing.pace_on(car, axis, history, paces.get(axis), moment)
        for item in items:
            verdict = judged(item, car, scene, lately, moment)
            yield from said(item, verdict, car, scene, known, lately, paces, moment, now)


def window(history: History | None, moment: datetime) -> History:
    """What the sweep would have looked at then."""
    return History([one for one in history.seen if moment - SPAN < one.at <= moment] if history else [])


def judged(item: Item, car: Vehicle, scene: gathering.Scene, lately: dict, moment: datetime) -> Verdict:
    """The verdict of that moment: by the services done until then, and the readings."""
    done = [one.completion for one in scene.done.get((car.pk, item.task_id), ()) if one.done_at <= moment]
    today, anchor = car.fleet.day(moment), item.start
    if anchor.on is not None and anchor.on > today:
        anchor = Anchor(AnchorKind.UNKNOWN)
    facts = Facts(
        today=today,
        odometer=sight(lately[Axis.DISTANCE].seen),
        oil=sight(lately[Axis.OIL].seen),
        registered_on=car.registered_on,
        zone=car.fleet.zone,
    )
    return assess(scene.line(item), anchor, done, facts)


def sight(seen: list[Seen]) -> Sight | Missing:
    """The last reading; of oil that rose within the day the higher one is the later."""
    return Sight(seen[-1].high, seen[-1].at, Source.WEBHOOK.value) if seen else Missing()


def said(
    item: Item,
    verdict: Verdict,
    car: Vehicle,
    scene: gathering.Scene,
    known: dict,
    lately: dict,
    paces: dict[Axis, Pace],
    moment: datetime,
    now: datetime,
) -> Iterator[Foretold]:
    today = car.fleet.day(moment)
    done = [one.done_on for one in scene.done.get((car.pk, item.task_id), ()) if one.done_on > today]
    for mark, standing in zip(verdict.marks, verdict.standings, strict=True):
        if mark.axis not in AXES or standing.remaining is None or standing.dropped:
            continue
        seen_on = lately[mark.axis].seen[-1].at.astimezone(car.fleet.zone).date()
        pace = pacing.pure(paces[mark.axis])
        one = telling.say(item, mark.axis, mark.due, pace, left=standing.remaining, today=today, seen_on=seen_on)
        if one is not None:
            telling.weigh(one, known[car.pk, mark.axis], car, done, moved=False, now=now)
            yield one
