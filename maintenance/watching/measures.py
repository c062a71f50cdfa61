"""What can be watched, in which unit a fleet types it, and what of a reading is compared."""

from fleet.kit.units import GALLON_L, Units, km_from, km_to, kpa_from, kpa_to, number, rounded
from vehicles.domain.signals import CATALOGUE, Shape, Signal

FRONT, REAR = "front", "rear"
PARTS = {FRONT: "front axle", REAR: "rear axles"}
WATCHABLE = [signal for signal, kind in CATALOGUE.items() if kind.shape in (Shape.NUMBER, Shape.WHEELS)]
WORDS = {"percent": "%", "kwh": "kWh", "count": "", "l": "l"}


def unit_of(signal: str, units: str) -> str:
    """What stands behind a value of this signal: “kPa”, “mi”, “%”, "" for a plain number."""
    unit, units = CATALOGUE[Signal(signal)].unit, Units(units)
    if unit == "km":
        return units.distance
    if unit == "kpa":
        return units.pressure
    if unit == "l" and units is Units.IMPERIAL:
        return "US gal"
    return WORDS[unit]


def stored(typed: float, signal: str, units: str) -> float:
    """A typed value in the signal's own unit, as fine as readings are kept."""
    match unit_of(signal, units):
        case "km" | "mi" as unit:
            typed = km_from(typed, unit)
        case "kPa" | "psi" as unit:
            typed = kpa_from(typed, unit)
        case "US gal":
            typed *= GALLON_L
    return round(typed, 1)


def typed(value: float, signal: str, units: str) -> float:
    """A stored value as a person of this fleet would type it."""
    match unit_of(signal, units):
        case "km" | "mi" as unit:
            value = km_to(value, unit)
        case "kPa" | "psi" as unit:
            value = kpa_to(value, unit)
        case "US gal":
            value /= GALLON_L
    return rounded(value, 1)


def spoken(value: float, signal: str, units: str) -> str:
    """“220 kPa”, “31.9 psi”, “12 %”."""
    shown = typed(value, signal, units)
    return f"{number(shown, 0 if shown.is_integer() else 1)} {unit_of(signal, units)}".strip()


def value_of(signal: str, part: str, below: bool, figure: float | None, detail) -> float | None:
    """What a rule compares of one reading: its number, or the worst wheel of the axle. None where it has no such."""
    if figure is not None:
        return figure
    if CATALOGUE[Signal(signal)].shape is not Shape.WHEELS or not isinstance(detail, dict):
        return None
    wheels = [kpa for place, kpa in detail.items() if not part or part == axle(place)]
    return (min if below else max)(wheels, default=None)


def axle(place: str) -> str:
    """Row 0 is the front; a lorry may have several behind it."""
    return FRONT if place.split(".")[0] == "0" else REAR


def name_of(signal: str, part: str) -> str:
    """“Tyre pressure, front axle”."""
    label = Signal(signal).label
    return f"{label}, {PARTS[part]}" if part in PARTS else label
