"""Units at the border: stored metric, shown in the fleet's own. Rounding for people happens here and nowhere else."""

from enum import StrEnum
from math import floor

MI_KM = 1.609344
PSI_KPA = 6.894757
GALLON_L = 3.785411784  # of the United States


class Units(StrEnum):
    """What a fleet reads in."""

    METRIC = "metric"
    IMPERIAL = "imperial"

    @property
    def distance(self) -> str:
        return "mi" if self is Units.IMPERIAL else "km"

    @property
    def pressure(self) -> str:
        return "psi" if self is Units.IMPERIAL else "kPa"


def km_from(value: float, unit: str) -> float:
    """A distance in `unit` ("km" or "mi") as km, unrounded."""
    return value * _km_per(unit)


def km_to(km: float, unit: str) -> float:
    return km / _km_per(unit)


def _km_per(unit: str) -> float:
    if unit == "km":
        return 1.0
    if unit == "mi":
        return MI_KM
    raise ValueError(f"a distance is in km or mi, not {unit!r}")


def kpa_from(value: float, unit: str) -> float:
    return value * _kpa_per(unit)


def kpa_to(kpa: float, unit: str) -> float:
    return kpa / _kpa_per(unit)


def _kpa_per(unit: str) -> float:
    if unit == "kPa":
        return 1.0
    if unit == "psi":
        return PSI_KPA
    raise ValueError(f"a pressure is in kPa or psi, not {unit!r}")


def rounded(value: float, decimals: int = 0) -> float:
    """Half goes up, as on paper; a half that only float noise took away counts as one. Never -0."""
    scale = 10**decimals
    return floor(round(value * scale, 6) + 0.5) / scale + 0.0


def number(value: float, decimals: int = 0) -> str:
    """1234.5 -> "1,235"; a minus is a real one."""
    text = f"{rounded(value, decimals):,.{decimals}f}"
    return text.replace("-", "\N{MINUS SIGN}")


def percent(value: float) -> str:
    """31.0 -> "31 %", 31.25 -> "31.3 %"."""
    return f"{number(value, 0 if rounded(value, 1).is_integer() else 1)} %"


def show_distance(km: float, units: Units, decimals: int = 0) -> str:
    unit = Units(units).distance
    return f"{number(km_to(km, unit), decimals)} {unit}"


def show_pressure(kpa: float, units: Units) -> str:
    """kPa whole, psi whole: no gauge in a yard reads finer."""
    unit = Units(units).pressure
    return f"{number(kpa_to(kpa, unit))} {unit}"


def show_volume(litres: float, units: Units) -> str:
    """One decimal: tanks are read no finer."""
    if Units(units) is Units.IMPERIAL:
        return f"{number(litres / GALLON_L, 1)} US gal"
    return f"{number(litres, 1)} l"


def show_interval(km: float, typed: str, units: Units) -> str:
    """An interval in the fleet's own unit: as it was `typed`, unless that is in another one."""
    return typed if typed.endswith(f" {Units(units).distance}") else show_distance(km, units)


def show_typed(value: float, unit: str) -> str:
    """An interval as it was typed: 5000.0, "mi" -> "5,000 mi"."""
    decimals = next((d for d in range(3) if rounded(value, d) == value), 3)
    return f"{number(value, decimals)} {unit}"
