"""What the cars of a batch have told over the last months, a day at a time: one query for all of them."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from django.db.models import Max, Min
from django.db.models.functions import TruncDate

from maintenance.domain.forecast_daily import Seen, Used, burned, driven
from maintenance.domain.forecast_pace import HISTORY
from maintenance.domain.plan import Axis
from vehicles.domain import segments
from vehicles.domain.signals import Signal
from vehicles.models import Reading, Standing
from vehicles.waist import meters

SIGNALS = {Signal.ODOMETER.value: Axis.DISTANCE, Signal.OIL_LIFE.value: Axis.OIL}
SPAN = timedelta(days=HISTORY + 14)
STILL = {Axis.DISTANCE: 2.0, Axis.OIL: 0.5}  # less than this in four weeks is no use


@dataclass(slots=True)
class History:
    """One axis of one car."""

    seen: list[Seen] = field(default_factory=list)

    def since(self, day: date, zone: tzinfo) -> list[Seen]:
        """From the last reading before this local day on."""
        midnight = datetime.combine(day, time(), tzinfo=zone)
        return self.seen[max(0, bisect_left(self.seen, midnight, key=lambda one: one.at) - 1) :]

    def days(self, axis: Axis, zone: tzinfo) -> list[Used]:
        return burned(self.seen, zone) if axis is Axis.OIL else driven(self.seen, zone)


def of(vehicle_ids: Iterable[int], *, now: datetime, span: timedelta = SPAN) -> dict[tuple[int, Axis], History]:
    """(vehicle, axis) → history. The days of the query are those of UTC; what is made of them is local.

    Distances are true ones: what the dash shows and what its segment adds. The day on which a meter was exchanged
    shows two of them and is left out.
    """
    ids = list(vehicle_ids)
    clusters = meters.segments_of(ids)
    found: dict[tuple[int, Axis], History] = defaultdict(History)
    told = (
        Reading.objects.filter(vehicle_id__in=ids, signal__in=SIGNALS, at__gt=now - span, at__lte=now)
        .filter(standing=Standing.ACCEPTED)
        .annotate(day=TruncDate("at", tzinfo=UTC))
        .order_by("vehicle_id", "signal", "day")
        .values_list("vehicle_id", "signal", "day")
        .annotate(last=Max("at"), low=Min("number"), high=Max("number"))
    )
    for pk, signal, day, last, low, high in told:
        if signal == Signal.ODOMETER and pk in clusters:
            if any(one.begins_at.astimezone(UTC).date() == day for one in clusters[pk]):
                continue
            low, high = (segments.true_km(clusters[pk], km, last) for km in (low, high))
        found[pk, SIGNALS[signal]].seen.append(Seen(last, low, high))
    return dict(found)
