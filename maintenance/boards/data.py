"""All that a car tells, signal by signal: the value, where it came from, and its three times kept apart."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from fleet.kit.units import number, percent, show_distance, show_pressure, show_volume
from fleet.owners.models import Membership
from maintenance.boards.ages import Age, age, ago
from maintenance.domain.wording import came
from vehicles.domain.signals import CATALOGUE, Shape, Signal
from vehicles.models import Capability, Gauge

State = Capability.State
WHEELS = {"0.0": "front left", "0.1": "front right", "1.0": "rear left", "1.1": "rear right"}
# Kinds of nothing, the one that somebody can mend first, and what comes next.
STEPS = {
    State.NOT_PERMITTED: "The owner left it unticked when connecting. Connecting once more asks for it.",
    State.REFUSED: "What came was outside of what is possible and is not used.",
    State.ERROR: "Asking the car failed. We ask again by ourselves.",
    State.OPEN: "What stood against it is over. It comes with the car’s next report.",
    State.UNAVAILABLE: "It comes once the car has told it for the first time.",
}
AGAINST = (State.NOT_PERMITTED, State.UNSUPPORTED, State.REFUSED, State.ERROR)  # the next value of what has one
SHOW: dict[str, Callable[[float, str], str]] = {
    "km": show_distance,
    "kpa": show_pressure,
    "l": show_volume,
    "percent": lambda value, units: percent(value),
    "kwh": lambda value, units: f"{number(value, 0 if value == int(value) else 1)} kWh",
    "count": lambda value, units: number(value),
}


@dataclass(frozen=True, slots=True)
class Moment:
    """One of a value's times. `ago` is "" where nobody told it."""

    name: str
    on: str
    ago: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """One signal with a value. `word` is what stands against its next value, if anything does."""

    signal: str
    name: str
    value: str
    age: Age
    source: str
    times: list[Moment]
    aside: str = ""
    status: str = ""
    word: str = ""


@dataclass(frozen=True, slots=True)
class Lack:
    """A signal without a value, which kind of nothing that is, and what comes next."""

    name: str
    word: str
    step: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Data:
    values: list[Told] = field(default_factory=list)
    lights: list[Told] = field(default_factory=list)
    lacks: list[Lack] = field(default_factory=list)
    never: list[str] = field(default_factory=list)  # not provided by this car

    @property
    def count(self) -> int:
        return len(self.values) + len(self.lights)


def read(
    gauges: dict[str, Gauge],
    answers: dict[str, Capability],
    member: Membership,
    now: datetime,
    rhythm: int | None = None,
) -> Data:
    """`rhythm`: how often the car usually reports, in minutes."""
    data = Data()
    for signal in Signal:
        gauge, answer = gauges.get(signal.value), answers.get(signal.value)
        if gauge is not None:
            (data.lights if signal.is_system else data.values).append(told(signal, gauge, answer, member, now, rhythm))
        elif answer is not None and answer.state == State.UNSUPPORTED:
            data.never.append(signal.label)
        elif answer is not None:
            data.lacks.append(lack(signal, answer))
    data.lacks.sort(key=lambda one: list(STEPS.values()).index(one.step))
    return data


def told(
    signal: Signal, gauge: Gauge, answer: Capability | None, member: Membership, now: datetime, rhythm: int | None
) -> Told:
    zone = member.fleet.zone

    def moment(name: str, at: datetime | None) -> Moment:
        if at is None:
            return Moment(name, "not told")
        return Moment(name, f"{at.astimezone(zone):%-d %b %Y %H:%M}", ago(max(now - at, timedelta())), at)

    times = [
        moment("Measured by the car", gauge.measured_at),
        moment("Fetched by Smartcar", gauge.fetched_at),
        moment("Received here", gauge.received_at),
    ]
    text, aside, status = spoken(signal, gauge, member.fleet.units)
    word = answer.get_state_display() if answer is not None and answer.state in AGAINST else ""
    seen = age(gauge.at, gauge.source, now, rhythm)
    return Told(signal.value, signal.label, text, seen, came(gauge.source), times, aside, status, word)


def spoken(signal: Signal, gauge: Gauge, units: str) -> tuple[str, str, str]:
    """A value in the words of a person, what stands beside it, and its status if it has one."""
    value, kind = gauge.value, CATALOGUE[signal]
    match kind.shape:
        case Shape.NUMBER:
            return SHOW[kind.unit](value, units), "", ""
        case Shape.FLAG:
            return ("Yes" if value else "No"), "", ""
        case Shape.WORD:
            return value.replace("_", " ").capitalize(), "", ""
        case Shape.LIGHT:
            alert = value["status"] == "ALERT"
            return ("Alert" if alert else "OK"), value.get("description") or "", "warning" if alert else "ok"
        case Shape.WHEELS:
            wheels = [
                f"{WHEELS.get(place, f'wheel {place}')} {SHOW['kpa'](kpa, units)}" for place, kpa in value.items()
            ]
            return ", ".join(sorted(wheels)), "", ""
        case Shape.CODES:
            return ", ".join(code["code"] for code in value) or "None", "", ""
        case Shape.RECORDS:
            return f"{len(value)} visit{'' if len(value) == 1 else 's'}", "", ""
        case Shape.PLACE:
            where = f"{value['latitude']:.4f}, {value['longitude']:.4f}"
            return where, "where it was parked last" if value.get("parked") else "", ""
    return str(value), "", ""


def lack(signal: Signal, answer: Capability) -> Lack:
    return Lack(signal.label, answer.get_state_display(), STEPS[State(answer.state)], answer.note)
