"""Which items keep still at the moment: snoozed ones, and all of a vehicle whose plan is paused."""

from datetime import date, datetime, timedelta

from maintenance.domain.plan import Facts, Sight
from maintenance.domain.snoozed import Snoozed, ending
from maintenance.domain.status import Status
from maintenance.models import Care, DueItem, ServiceRecord, Snooze

BY_HAND = ("woken", "replaced")  # a person ended it: for good. Every other end follows from facts
LOOK_BACK = timedelta(days=120)  # no snooze is longer, however generous its fleet


class Quiet:
    """The snoozes and pauses of a batch of vehicles, in two queries."""

    def __init__(self, vehicle_ids: list[int], *, now: datetime):
        self.now = now
        self.snoozes: dict[int, Snooze] = {}
        recent = Snooze.objects.filter(item__vehicle_id__in=vehicle_ids, set_at__gte=now - LOOK_BACK)
        for snooze in recent.order_by("set_at", "pk"):
            self.snoozes[snooze.item_id] = snooze  # the newest alone may stand
        paused = Care.objects.filter(vehicle_id__in=vehicle_ids, paused_until__isnull=False)
        self.paused: dict[int, date] = dict(paused.values_list("vehicle_id", "paused_until"))
        self.changed: list[Snooze] = []
        self.wakes: dict[int, date] = {}

    def hides(self, item: DueItem, *, status: Status, facts: Facts, done: list[ServiceRecord]) -> bool:
        """Whether this item’s alerts wait. Also brings its snooze to what the facts say: they may take an end back."""
        today, odometer = facts.today, facts.odometer
        until = self.paused.get(item.vehicle_id)
        paused = until is not None and today < until
        if paused:
            self.wakes_on(item.vehicle_id, until)
        snooze = self.snoozes.get(item.pk)
        if snooze is None or snooze.ended_why in BY_HAND:
            return paused
        since = next((record for record in done if record.created_at >= snooze.set_at), None)
        why = ending(
            Snoozed(snooze.until_on, snooze.until_km, Status(snooze.status)),
            today=today,
            odometer_km=odometer.value if isinstance(odometer, Sight) else None,
            status=status,
            done_since=since is not None,
        )
        if why != snooze.ended_why:
            snooze.ended_why, snooze.ended_at = why, self.now if why else None
            snooze.ended_by = since
            self.changed.append(snooze)
        if not why:
            self.wakes_on(item.vehicle_id, snooze.until_on)
        return paused or not why

    def wakes_on(self, vehicle_id: int, day: date) -> None:
        self.wakes[vehicle_id] = min(day, self.wakes.get(vehicle_id, day))

    def save(self) -> None:
        Snooze.objects.bulk_update(self.changed, ["ended_at", "ended_why", "ended_by"])
