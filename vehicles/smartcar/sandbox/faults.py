"""Trouble codes that come and go: which codes a car shows at a time, and since when."""

import random

from vehicles.smartcar.sandbox.garage import Car
from vehicles.smartcar.sandbox.roads import DAY, HOUR, PAST_DAYS

COMBUSTION = ("P0300", "P0301", "P0171", "P0420", "P0442", "P0128", "P0455", "C0561", "B0028", "U0100", "P0741")
ELECTRIC = ("P0AA6", "P0A7F", "C0040", "B0083", "U0293", "P0C78")
SLOT = 55 * DAY
LASTING = (4 * DAY, 24 * DAY)


def codes(seed: str, car: Car, epoch: float, at: float) -> dict[str, float]:
    """Code -> since, by nature alone; what a workshop cleared is taken out by the caller."""
    shown = {}
    for story in car.stories:
        if story.startswith("fault:"):
            began = epoch + PAST_DAYS * DAY - random.Random(f"{seed}:story:{car.number}").uniform(1, 9) * DAY
            if at >= began:
                shown[story.removeprefix("fault:")] = began
    slot = int((at - epoch) // SLOT)
    for candidate in (
        _in_slot(seed, car, epoch, slot - 1),
        _in_slot(seed, car, epoch, slot),
        _hourly(seed, car, at) if at >= epoch + PAST_DAYS * DAY else None,
    ):
        if candidate and candidate[1] <= at < candidate[2]:
            shown.setdefault(candidate[0], candidate[1])
    return shown


def _in_slot(seed: str, car: Car, epoch: float, slot: int) -> tuple[str, float, float] | None:
    """About every sixth stretch of two months has an episode of some days."""
    dice = random.Random(f"{seed}:fault:{car.number}:{slot}")
    if slot < 0 or dice.random() > 0.16:
        return None
    began = epoch + slot * SLOT + dice.uniform(0.05, 0.5) * SLOT
    return dice.choice(ELECTRIC if car.is_electric else COMBUSTION), began, began + dice.uniform(*LASTING)


def _hourly(seed: str, car: Car, at: float) -> tuple[str, float, float] | None:
    """Short episodes, so that something happens while one watches: a car has one in about eight hours."""
    hour = int(at // HOUR)
    dice = random.Random(f"{seed}:hour:{car.number}:{hour}")
    if dice.random() > 0.12:
        return None
    began = hour * HOUR + dice.uniform(0, 0.3) * HOUR
    return dice.choice(ELECTRIC if car.is_electric else COMBUSTION), began, began + dice.uniform(0.4, 0.69) * HOUR
