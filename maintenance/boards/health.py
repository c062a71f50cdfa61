"""How each car is: one light, one sentence and its reasons, for many cars in a fixed number of queries."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce

from fleet.owners.models import Fleet
from maintenance.boards.gauges import AXES, Readings
from maintenance.domain.health import Cause, Kind, Light, Standing, judge
from maintenance.domain.ruling import IGNORE, Ruled
from maintenance.domain.status import Status
from maintenance.faulting.rulebook import Rulebook
from maintenance.models import Breach, DueItem, Proof
from vehicles.boards import reach
from vehicles.boards.connect_words import State
from vehicles.boards.reach import Reach
from vehicles.domain.signals import Signal
from vehicles.models import Capability, Fault, Gauge, Vehicle

LAMPS = [signal.value for signal in Signal if signal.is_system]
# Nobody drives on with these.
CRITICAL_LAMPS = [Signal.SYSTEM_OIL_PRESSURE.value, Signal.SYSTEM_BRAKE_FLUID.value, Signal.SYSTEM_EV_HV_BATTERY.value]
SILENT = {
    State.STALE: "Nothing was due when the car last reported; that is long ago.",
    State.WAITING: "Nothing is due by what is known; the car has told nothing yet.",
    State.UNSUPPORTED: "Nothing is due by what is known; the car tells nothing.",
} | dict.fromkeys(
    (State.NOT_CONNECTED, State.DISCONNECTED, State.RECONNECT, State.NO_CONSENT, State.NOT_ON_PLAN),
    "Nothing was due when the car last reported; it reports no more.",
)
LIGHT_OF = {
    Status.OVERDUE: Light.OVERDUE,
    Status.DUE: Light.DUE,
    Status.SOON: Light.SOON,
    Status.UNKNOWN: Light.UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class Reason:
    """`status` is for `data-status`, `href` a place on the page of the vehicle."""

    status: str
    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Health:
    light: Light
    sentence: str
    reasons: list[Reason]


@dataclass(slots=True)
class Against:
    """What speaks against one car, as it is gathered."""

    causes: list[Cause] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)
    has_plan: bool = False
    faults: list[Ruled] = field(default_factory=list)

    def add(self, light: Light, kind: Kind, name: str, text: str, href: str) -> None:
        self.causes.append(Cause(light, kind, name))
        self.reasons.append(Reason(light.value, text, href))

    def add_item(self, item: DueItem, text: str = "") -> None:
        self.has_plan = True
        light = LIGHT_OF.get(Status(item.status))
        if light is not None:
            name = item.task.name
            self.add(light, Kind.ITEM, lowered(name), text or f"{name}: {light.value}", f"#item-{item.pk}")

    def add_fault(self, meaning: Ruled, text: str = "") -> None:
        """A code that the fleet ignores has its episode and speaks against nobody."""
        self.faults.append(meaning)
        if str(meaning.severity) == IGNORE:
            return
        name = f"{meaning.code}, {lowered(meaning.text)}"
        self.add(Light(str(meaning.severity)), Kind.FAULT, name, text or f"{meaning.code}: {meaning.text}", "#faults")

    def add_lamp(self, signal: str) -> None:
        light = Light.CRITICAL if signal in CRITICAL_LAMPS else Light.WARNING
        name = Signal(signal).label.removesuffix(" warning").removesuffix(" light")
        self.add(light, Kind.LAMP, f"the {lowered(name)} light is on", f"{name} light is on", "#lights")

    def add_breach(self, name: str, level: str, text: str = "") -> None:
        self.add(Light(level), Kind.BREACH, lowered(name), text or name, "#thresholds")

    def add_claim(self, name: str, text: str = "") -> None:
        said = text or f"{name} was called done, and the car says otherwise"
        self.add(Light.CONTRADICTED, Kind.CLAIM, lowered(name), said, "#history")

    def judged(self, reached: Reach, *, tells_faults: bool, is_old: bool) -> Health:
        """`is_old`: its odometer or oil life, however fresh the rest of what it tells."""
        silence = SILENT.get(reached.state, "Nothing was due when the car last reported.")
        if reached.counts and is_old:
            silence = "Nothing was due by readings that are old by now."
        leant_on = reached.counts and not is_old
        light, sentence = judge(self.causes, Standing(self.has_plan, leant_on, tells_faults, silence))
        ranked = sorted(self.reasons, key=lambda reason: Light(reason.status).place)
        return Health(light, sentence, ranked)


@dataclass(slots=True)
class Scene:
    """All that lists know of a handful of cars, loaded once."""

    healths: dict[int, Health]
    reaches: dict[int, Reach]
    readings: Readings
    first: dict[int, DueItem]  # the most urgent item of each
    faults: dict[int, list[Ruled]]


def read(vehicles: list[Vehicle], book: Rulebook, now: datetime) -> Scene:
    """Of vehicles that come from `reach.told`, with their connections. Four queries."""
    ids = [vehicle.pk for vehicle in vehicles]
    against: dict[int, Against] = defaultdict(Against)
    first: dict[int, DueItem] = {}
    items = DueItem.objects.standing().filter(vehicle_id__in=ids).select_related("task")
    for item in items.by_urgency():
        first.setdefault(item.vehicle_id, item)
        against[item.vehicle_id].add_item(item)
    by_pk = {vehicle.pk: vehicle for vehicle in vehicles}
    for pk, kind, name, level in troubles(ids):
        if kind == Kind.FAULT:
            against[pk].add_fault(book.read(name, by_pk[pk]))
        elif kind == Kind.BREACH:
            against[pk].add_breach(name, level)
        else:
            against[pk].add_claim(name)
    gauges, answers = {}, defaultdict(list)
    on = Q(signal__in=LAMPS, detail__status="ALERT")
    rhythms = {vehicle.pk: vehicle.rhythm_minutes for vehicle in vehicles}
    for gauge in Gauge.objects.filter(Q(signal__in=AXES) | on, vehicle_id__in=ids).order_by("pk"):
        if gauge.signal in AXES:
            gauges[gauge.vehicle_id, gauge.signal] = gauge
        else:
            against[gauge.vehicle_id].add_lamp(gauge.signal)
    for answer in Capability.objects.filter(vehicle_id__in=ids, signal__in=[*AXES, *TELLING]):
        answers[answer.vehicle_id].append(answer)
    states = {(pk, one.signal): one.state for pk, held in answers.items() for one in held if one.signal in AXES}
    reaches = {car.pk: reach.of_told(car, reach.lacks_of(car, answers[car.pk]), now) for car in vehicles}
    readings = Readings(gauges, states, rhythms)
    healths = {
        pk: against[pk].judged(
            reached, tells_faults=any(map(tells_faults, answers[pk])), is_old=readings.is_old(by_pk[pk], now)
        )
        for pk, reached in reaches.items()
    }
    faults = {pk: against[pk].faults for pk in reaches}
    return Scene(healths, reaches, readings, first, faults)


TELLING = [Signal.TROUBLE_CODES.value, *LAMPS]


def tells_faults(answer: Capability) -> bool:
    return answer.signal in TELLING and answer.state == Capability.State.GIVEN


def troubles(ids: list[int]) -> QuerySet:
    """Open faults, open breaches and contradicted claims of these cars in one query: (vehicle, kind, name, level)."""

    def rows(found: QuerySet, kind: Kind, named, level) -> QuerySet:
        words = {"what": Value(kind.value), "named": named, "level": level}
        typed = {name: Cast(word, CharField()) for name, word in words.items()}
        return found.filter(vehicle_id__in=ids).order_by().annotate(**typed).values_list("vehicle_id", *typed)

    faults = rows(Fault.objects.open(), Kind.FAULT, F("code"), Value(""))
    breaches = rows(Breach.objects.open(), Kind.BREACH, F("threshold__name"), F("threshold__level"))
    claims = rows(contradicted(), Kind.CLAIM, Coalesce("record__task__name", "fault__code"), Value(""))
    return faults.union(breaches, claims, all=True).order_by("vehicle_id", "what", "named")


def contradicted() -> QuerySet[Proof]:
    """What a person has answered is settled between people."""
    return Proof.objects.filter(state=Proof.State.CONTRADICTED, answered_at=None, record__voided_at=None)


# ── the same in the database, so that lists can filter ──


def in_light(
    vehicles: QuerySet[Vehicle], light: Light, fleet: Fleet, book: Rulebook, now: datetime
) -> QuerySet[Vehicle]:
    """Those whose health is of this light: it is so, and nothing worse is. Asks once, for the codes that are open."""
    faults = Faults(fleet, book)
    for worse in list(Light)[: light.place]:
        vehicles = vehicles.filter(~has(worse, faults))
    if light not in (Light.OK, Light.UNKNOWN):
        return vehicles.filter(has(light, faults))
    counting = Q(reach__in=[State.FINE, State.THROTTLED, State.NOT_PERMITTED]) & reach.is_fresh(now)
    counting &= ~reach.has_old(AXES, now)
    good = Exists(items()) & ~has_item(Status.UNKNOWN) & counting
    return reach.marked(vehicles, now).filter(good if light is Light.OK else ~good)


class Faults:
    """The open faults of a fleet by how grave its rules call them."""

    def __init__(self, fleet: Fleet, book: Rulebook):
        self.found = Fault.objects.for_fleet(fleet).open()
        kinds = self.found.order_by().values_list("code", "vehicle__make", "vehicle__model").distinct()
        self.kinds = [(kind, book.read_of(fleet.pk, *kind).severity) for kind in kinds]

    def of(self, *severities: str) -> QuerySet[Fault]:
        wanted = Q(pk__in=[])
        for (code, make, model), severity in self.kinds:
            if severity in severities:
                wanted |= Q(code=code, vehicle__make=make, vehicle__model=model)
        return self.found.filter(wanted)


def has(light: Light, faults: Faults) -> Q:
    match light:
        case Light.CRITICAL:
            breached = Breach.objects.open().filter(threshold__level="critical")
            return Q(of_car(faults.of("critical"))) | lit(CRITICAL_LAMPS) | Q(of_car(breached))
        case Light.CONTRADICTED:
            return Q(of_car(contradicted()))
        case Light.WARNING:
            return Q(of_car(faults.of("critical", "warning"))) | lit(LAMPS) | Q(of_car(Breach.objects.open()))
    return has_item(Status(light.value))


def has_item(status: Status) -> Q:
    return Q(Exists(items().filter(rank=status.rank)))


def items() -> QuerySet[DueItem]:
    return DueItem.objects.filter(vehicle=OuterRef("pk"), left_at=None)


def of_car(found: QuerySet) -> Exists:
    return Exists(found.filter(vehicle=OuterRef("pk")))


def lit(lamps: list[str]) -> Q:
    return Q(of_car(Gauge.objects.filter(signal__in=lamps, detail__status="ALERT")))


def lowered(text: str) -> str:
    """“Oil change” → “oil change”; “ABS” and “12 V” stay as they are."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
