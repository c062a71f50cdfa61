"""A body that is read again may be read otherwise: what it was taken to say before, and does not say, is unsaid."""

from datetime import datetime, timedelta

from vehicles.domain.signals import Signal
from vehicles.models import DealerRecord, Gauge, Reading, Source, Standing, Vehicle
from vehicles.waist import episodes, gauges, ingest, odometers

LOOK_BACK = timedelta(days=40)  # bodies are not kept for longer, and what they brought is not much older than they are


def unsay(arrivals: list[ingest.Arrival], brought: set[tuple[int, datetime]], *, now: datetime) -> int:
    """Take back what came with these (vehicle, received_at) and is not in the arrivals that stand for it now.

    What a person voided stays. How many readings went.
    """
    if not brought:
        return 0
    readings, _ = ingest.read(arrivals)
    told = {(r.vehicle_id, r.signal, r.at, r.digest) for r in readings}
    ids = sorted({vehicle_id for vehicle_id, _ in brought})
    vehicles = {v.pk: v for v in Vehicle.objects.select_for_update(no_key=True).filter(pk__among=ids).order_by("pk")}
    earliest = min(received_at for _, received_at in brought) - LOOK_BACK
    held = Reading.objects.filter(
        vehicle_id__among=ids,
        signal__in=[signal.value for signal in Signal],  # named, so that the index over their times can be used
        at__gte=earliest,
        received_at__in={received_at for _, received_at in brought},
        source=Source.WEBHOOK,
    ).exclude(standing=Standing.VOID)
    gone = [
        r
        for r in held
        if (r.vehicle_id, r.received_at) in brought and (r.vehicle_id, r.signal, r.at, r.digest) not in told
    ]
    Reading.objects.filter(pk__in=[reading.pk for reading in gone]).delete()
    known = gauges.of(ids)
    fall_back({(r.vehicle_id, r.signal): r for r in gone}, known, gone)
    drop_passing(known, brought, told)
    odometers.refold({r.vehicle_id: None for r in gone if r.signal == Signal.ODOMETER}, known)
    episodes.refold(gone, vehicles, known)
    Vehicle.objects.filter(pk__in={reading.vehicle_id for reading in gone}).update(review_after=now, pace_after=now)
    return len(gone)


def fall_back(lost: dict[tuple, Reading], known: dict, gone: list[Reading]) -> None:
    """A gauge that showed what is gone shows the newest of what is left."""
    unsaid = {(r.vehicle_id, r.signal, r.at, r.digest) for r in gone if r.signal != Signal.ODOMETER}
    for vehicle_id, signal in lost:
        gauge = known.get((vehicle_id, signal))
        if gauge is None or (vehicle_id, signal, gauge.at, ingest.digest(gauge.value)) not in unsaid:
            continue
        Gauge.objects.filter(vehicle_id=vehicle_id, signal=signal).delete()
        del known[vehicle_id, signal]
        left = Reading.objects.filter(vehicle_id=vehicle_id, signal=signal, standing=Standing.ACCEPTED)
        newest = left.order_by("-at").values_list("at", flat=True)[:1]
        gauges.turn(list(left.filter(at__in=newest)), known)


def drop_passing(known: dict, brought: set[tuple[int, datetime]], told: set[tuple]) -> None:
    """Of these the gauge is all there is."""
    for key, gauge in list(known.items()):
        came_so = gauge.source == Source.WEBHOOK and (gauge.vehicle_id, gauge.received_at) in brought
        if gauge.signal not in ingest.PASSING or not came_so:
            continue
        if (gauge.vehicle_id, gauge.signal, gauge.at, ingest.digest(gauge.value)) not in told:
            Gauge.objects.filter(vehicle_id=gauge.vehicle_id, signal=gauge.signal).delete()
            del known[key]
            if gauge.signal == Signal.SERVICE_RECORDS:
                DealerRecord.objects.filter(vehicle_id=gauge.vehicle_id, received_at=gauge.received_at).delete()
