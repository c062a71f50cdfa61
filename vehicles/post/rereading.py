"""Kept bodies are read once more, after a translator was mended. Effects are levels: what is known stays as it is."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from django.db import transaction
from django.db.models import Q, QuerySet

from vehicles.models import Delivery, Mention, Reading, Vehicle
from vehicles.post import inbox

BATCH = 100


@dataclass(slots=True)
class Report:
    """What reading again came to. `turned` counts (state before, state after)."""

    turned: Counter = field(default_factory=Counter)
    new: int = 0  # readings
    unsaid: int = 0
    failed: Counter = field(default_factory=Counter)  # by the name of the error

    @property
    def read(self) -> int:
        return self.turned.total() + self.failed.total()

    def lines(self) -> Iterator[str]:
        yield f"{self.read} bodies read again: {self.new} new readings, {self.unsaid} unsaid"
        for (before, after), count in sorted(self.turned.items()):
            yield f"  {count} {before}" + (f" → {after}" if after != before else " as before")
        for error, count in sorted(self.failed.items()):
            yield f"  {count} failed with {error}"


def chosen(
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    states: Iterable[str] = (),
    kinds: Iterable[str] = (),
    error: str = "",
) -> QuerySet:
    """The kept deliveries of a class and a time; what is not named does not matter."""
    wanted = Q()
    if since is not None:
        wanted &= Q(received_at__gte=since)
    if until is not None:
        wanted &= Q(received_at__lt=until)
    if states := list(states):
        wanted &= Q(state__in=states)
    if kinds := list(kinds):
        wanted &= Q(kind__in=kinds)
    if error:
        wanted &= Q(error=error)
    return inbox.replayable(Delivery.objects.filter(wanted))


def of_the_class(deliveries: QuerySet) -> QuerySet:
    """All that ended as these did: in the same state, for the same reason."""
    alike = Q(pk__in=[])
    for state, error in deliveries.order_by().values_list("state", "error").distinct():
        alike |= Q(state=state, error=error)
    return inbox.replayable(Delivery.objects.filter(alike))


def reread(deliveries: QuerySet, *, now: datetime, dry_run: bool = False) -> Report:
    """Read these again, here and at once, a batch in a transaction. With `dry_run` nothing of it stays."""
    report = Report()
    pks = iter(list(deliveries.order_by("smartcar_id", "pk").values_list("pk", flat=True)))
    while batch := list(islice(pks, BATCH)):
        before = dict(deliveries.filter(pk__in=batch).values_list("pk", "state"))
        try:
            take(before, report, now, dry_run)
        except Exception:  # one of them is bad: each by itself, so that it is named and alone
            for pk, state in before.items():
                try:
                    take({pk: state}, report, now, dry_run)
                except Exception as error:
                    report.failed[type(error).__name__] += 1
    return report


def take(before: dict[int, str], report: Report, now: datetime, dry_run: bool) -> None:
    with transaction.atomic():
        rows = list(Delivery.objects.select_for_update().filter(pk__in=before).order_by("pk"))
        names = {row.smartcar_id for row in rows if row.smartcar_id}
        names |= set(Mention.objects.filter(delivery__in=before).values_list("smartcar_id", flat=True))
        vehicles = Vehicle.objects.select_for_update(no_key=True).filter(smartcar_id__in=names).order_by("pk")
        held = Reading.objects.filter(vehicle__in=[vehicle.pk for vehicle in vehicles])
        count, last = held.count(), held.order_by("-pk").values_list("pk", flat=True).first() or 0
        inbox.take_in(rows, now)
        new = held.filter(pk__gt=last).count()
        unsaid = count + new - held.count()
        after = dict(Delivery.objects.filter(pk__in=before).values_list("pk", "state"))
        transaction.set_rollback(dry_run)
    report.new += new
    report.unsaid += unsaid
    report.turned.update((before[row.pk], after[row.pk]) for row in rows)
