"""The meter page: every odometer reading with how it stands and why, and what people said."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import FilteredRelation, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from fleet.kit.units import Units, show_distance
from fleet.owners.models import Membership
from maintenance.boards import meter_chart, meter_words, pages
from maintenance.models import ServiceRecord
from vehicles.domain import segments
from vehicles.domain.signals import Signal
from vehicles.models import MeterNote, Reading, Segment, Source, Standing, Vehicle
from vehicles.waist import meters, witness

MOST_NOTES = 100
SHOWN = {"doubted": Standing.SUSPECT, "void": Standing.VOID}
STATES = {
    Standing.ACCEPTED: ("ok", "Believed"),
    Standing.SUSPECT: ("warning", "Doubted"),
    Standing.VOID: ("stale", "Taken back"),
}


@dataclass(frozen=True, slots=True)
class Asking:
    """The head of a form's page."""

    title: str
    intro: str
    act: str
    danger: bool = False


REPLACE = Asking("The meter was replaced", "From that moment on the dash counts anew. It may lie in the past.", "Save")
RESCIND = Asking(
    "Take the replacement back", "All readings since are taken as the dash shows them.", "Take it back", danger=True
)


@dataclass(frozen=True, slots=True)
class Row:
    reading: Reading
    dash: str
    true: str  # only where it differs from the dash
    status: str
    word: str
    why: str
    source: str
    notes: list[MeterNote] = field(default_factory=list)


def seen(member: Membership) -> QuerySet[Vehicle]:
    """Vehicles, each with the gauge of its odometer as `meter` where there is one."""
    gauge = FilteredRelation("gauges", condition=Q(gauges__signal=Signal.ODOMETER))
    return Vehicle.objects.seen_by(member).annotate(meter=gauge).select_related("meter")


def board(vehicle: Vehicle, member: Membership, *, page: str, show: str) -> dict:
    """`vehicle` comes from `seen`."""
    held = Reading.objects.filter(vehicle=vehicle, signal=Signal.ODOMETER)
    known = list(Segment.objects.filter(vehicle=vehicle).order_by("-begins_at", "-pk"))
    replaced = meters.standing(known)
    wanted = SHOWN.get(show)
    shown = held.filter(standing=wanted) if wanted else held
    leaf = pages.leaf(shown.order_by("-at", "-pk"), page, {"show": show if wanted else ""})
    gauge = getattr(vehicle, "meter", None)
    notes = MeterNote.objects.filter(vehicle=vehicle).select_related("reading", "segment").order_by("-at", "-pk")
    said = list(notes[:MOST_NOTES])
    units = member.fleet.units
    return {
        "vehicle": vehicle,
        "here": "vehicles",
        "page": leaf,
        "rows": rows(leaf.rows, held, replaced, said, units),
        "show": show if wanted else "",
        "shows": [("", "All"), ("doubted", "Doubted"), ("void", "Taken back")],
        "now_true": show_distance(gauge.number, units) if gauge else "",
        "now_dash": show_distance(meters.dash_of(gauge), units) if gauge and meters.is_replaced(gauge) else "",
        "gauge": gauge,
        "asked": vehicle.meter_asked_at,
        "chart": meter_chart.draw(held, replaced, units, member.fleet.zone),
        "notes": [(note, meter_words.of_note(note, units)) for note in said],
        "segments": [(one, meter_words.signed(one.offset_km, units)) for one in known],
    }


def rows(
    readings: list[Reading], held: QuerySet[Reading], replaced: meters.Segments, said: list[MeterNote], units: str
) -> list[Row]:
    """Of one page, newest first. Why one is doubted is told against the believed one before it."""
    by_reading: dict[int, list[MeterNote]] = defaultdict(list)
    for note in said:
        by_reading[note.reading_id].append(note)
    typed = [reading.pk for reading in readings if reading.source == Source.BENCH]
    jobs = {
        job.reading_id: f"with {job.task.name.lower()}, by {job.by_name}"
        for job in ServiceRecord.objects.filter(reading__in=typed, odometer_is_stand_in=False).select_related("task")
    }
    doubted = any(reading.standing == Standing.SUSPECT for reading in readings)
    neighbours = believed(held, since=readings[-1].at, until=readings[0].at) if doubted else []
    found = []
    for reading in readings:
        km = segments.true_km(replaced, reading.number, reading.at)
        status, word = STATES[reading.standing]
        why = ""
        if reading.standing == Standing.SUSPECT:
            last = max((n for n in neighbours if n.at <= reading.at), key=lambda n: n.at, default=None)
            last_km = None if last is None else segments.true_km(replaced, last.number, last.at)
            why = meter_words.doubt(reading, km, last, last_km, units)
        elif reading.vouched:
            why = "confirmed by a person"
        source = reading.get_source_display()
        if reading.pk in jobs:
            source = f"{source} {jobs[reading.pk]}"
        true = show_distance(km, units) if km != reading.number else ""
        dash = show_distance(reading.number, units, 1)
        found.append(Row(reading, dash, true, status, word, why, source, by_reading[reading.pk]))
    return found


def believed(held: QuerySet[Reading], *, since: datetime, until: datetime) -> list[Reading]:
    """The believed readings of a stretch, and the last one before it."""
    accepted = held.filter(standing=Standing.ACCEPTED)
    before = accepted.filter(at__lt=since).order_by("-at").values("at")[:1]
    return list(accepted.filter(at__gte=Coalesce(Subquery(before), since), at__lte=until).order_by("at"))


def question(step: witness.StepBack, member: Membership) -> Asking:
    units, zone = member.fleet.units, member.fleet.zone
    high = f"{show_distance(step.last_high.number, units)} on {step.last_high.at.astimezone(zone):%-d %b %Y}"
    low = f"{show_distance(step.first_low.number, units)} on {step.first_low.at.astimezone(zone):%-d %b %Y}"
    return Asking(
        "Was the meter replaced?",
        f"The odometer went from {high} back to {low}, and {len(step.lows)} readings say so by now."
        f" {len(step.highs)} readings before lie above. Until this is answered, distance is not counted.",
        "Save the answer",
    )


def about(reading: Reading, member: Membership) -> Asking:
    told = show_distance(reading.number, member.fleet.units, 1)
    word = STATES[reading.standing][1].lower()
    at = reading.at.astimezone(member.fleet.zone)
    intro = f"{reading.get_source_display().capitalize()}; it is {word} now. It stays in the list whatever you say."
    return Asking(f"{told}, {at:%-d %b %Y %H:%M}", intro, "Save")


def after_typing(reading: Reading) -> str:
    if reading.standing == Standing.SUSPECT:
        return "Saved, but it does not fit the readings around it. It is kept and not counted."
    return "Reading saved."


def unit_of(member: Membership) -> str:
    return Units(member.fleet.units).distance
