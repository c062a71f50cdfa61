"""Which program a vehicle follows: the first, in the order of the fleet, whose every question the vehicle answers."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Car:
    """What a program may ask of a vehicle. "" and None: it does not say."""

    make: str = ""
    model: str = ""
    year: int | None = None
    powertrain: str = ""
    groups: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Asking:
    """What a program asks. Nothing in a list, and no year, asks for nothing; `by_hand` is never met by itself."""

    pk: int
    place: int = 100
    makes: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    powertrains: tuple[str, ...] = ()
    year_from: int | None = None
    year_to: int | None = None
    groups: frozenset[int] = frozenset()
    by_hand: bool = False


def fits(asking: Asking, car: Car) -> bool:
    """A car that does not say its year, make or model fits no program that asks for one."""
    return (
        not asking.by_hand
        and (not asking.powertrains or car.powertrain in asking.powertrains)
        and (not asking.makes or plain(car.make) in map(plain, asking.makes))
        and (not asking.models or any(begins(car.model, model) for model in asking.models))
        and _in_years(asking, car.year)
        and (not asking.groups or not asking.groups.isdisjoint(car.groups))
    )


def choose(programs: Iterable[Asking], car: Car, *, by_hand: int | None = None) -> int | None:
    """The program of this car; one given by hand comes before all. Of equal places the older program wins."""
    in_order = sorted(programs, key=lambda asking: (asking.place, asking.pk))
    if by_hand is not None and any(asking.pk == by_hand for asking in in_order):
        return by_hand
    return next((asking.pk for asking in in_order if fits(asking, car)), None)


def begins(model: str, asked: str) -> bool:
    """“Transit” asks for the Transit Connect too, and not for the Transiter: whole words, whatever their case."""
    words, wanted = plain(model).split(), plain(asked).split()
    return bool(wanted) and words[: len(wanted)] == wanted


def plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _in_years(asking: Asking, year: int | None) -> bool:
    if asking.year_from is None and asking.year_to is None:
        return True
    if year is None:
        return False
    return (asking.year_from or year) <= year <= (asking.year_to or year)
