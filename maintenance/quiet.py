"""Which items keep still at the moment: snoozed ones, and all of a vehicle whose plan is paused."""

from datetime import date, datetime, timedelta

from maintenance import gathering
from maintenance.domain.plan import Facts, Sight
from maintenance.domain.snoozed import Snoozed, ending
from maintenance.domain.status import Status
from maintenance.ledger import Done, Item
from maintenance.models import Snooze
from vehicles.models import Vehicle

BY_HAND = ("woken", "replaced", "dropped")  # a person ended it: for good. Every other end follows from facts
LOOK_BACK = timedelta(days=120)  # no snooze is longer, however generous its fleet


class Quiet:
    """The snoozes and pauses of a batch of vehicles, in one query."""

    def __init__(self, vehicles: list[Vehicle], *, now: datetime):
        ids = [vehicle.pk for vehicle in vehicles]
        self.now = now
        self.snoozes: dict[int, Snooze] = {}
        recent = Snooze.objects.filter(vehicle_id__among=ids, item__isnull=False, set_at__gte=now - LOOK_BACK)
        for snooze in recent.order_by("set_at", "pk"):
            self.snoozes[snooze.item_id] = snooze  # the newest alone may stand
        cares = ((vehicle.pk, gathering.care_of(vehicle)) for vehicle in vehicles)
        self.paused: dict[int, date] = {pk: care.paused_until for pk, care in cares if care and care.paused_until}
        self.changed: dict[int, Snooze] = {}
        self.wakes: dict[int, date] = {}

    def hides(self, item: Item, *, status: Status, facts: Facts, done: list[Done], most_km: float) -> bool:
        """Whether this item’s alerts wait. Also brings its snooze to what the facts say: they may take an end back.

        `most_km`: how far a snooze lasts at most; one that was set while no odometer was known counts from the first.
        """
        today, odometer = facts.today, facts.odometer
        until = self.paused.get(item.vehicle_id)
        paused = until is not None and today < until
        if paused:
            self.wakes_on(item.vehicle_id, until)
        snooze = self.snoozes.get(item.pk)
        if snooze is None or snooze.ended_why in BY_HAND:
            return paused
        if snooze.until_km is None and isinstance(odometer, Sight):
            snooze.until_km = round(odometer.value + most_km, 1)
            self.changed[snooze.pk] = snooze
        since = next((one.pk for one in done if one.created_at >= snooze.set_at), None)
        why = ending(
            Snoozed(snooze.until_on, snooze.until_km, Status(snooze.status)),
            today=today,
            odometer_km=odometer.value if isinstance(odometer, Sight) else None,
            status=status,
            done_since=since is not None,
        )
        if why != snooze.ended_why:
            snooze.ended_why, snooze.ended_at = why, self.now if why else None
            snooze.ended_by_id = since
            self.changed[snooze.pk] = snooze
        if not why:
            self.wakes_on(item.vehicle_id, snooze.until_on)
            if snooze.status == Status.OVERDUE and status is not Status.OVERDUE:  # should it be again, it wakes
                snooze.status = status.value
                self.changed[snooze.pk] = snooze
        return paused or not why

    def wakes_on(self, vehicle_id: int, day: date) -> None:
        self.wakes[vehicle_id] = min(day, self.wakes.get(vehicle_id, day))

    def save(self) -> None:
        Snooze.objects.bulk_update(self.changed.values(), ["ended_at", "ended_why", "ended_by", "until_km", "status"])
