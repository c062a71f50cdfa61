"""What a car tells at a time, as the bodies of signals."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from vehicles.smartcar.sandbox import catalogue, dealer, lamps
from vehicles.smartcar.sandbox.garage import BATTERIES
from vehicles.smartcar.sandbox.stamps import iso

if TYPE_CHECKING:
    from vehicles.smartcar.sandbox.condition import Condition

LOW_VOLTAGE_STEPS = ((60, "GOOD"), (45, "WARN"))


class Moment:
    """One car at one time. What several signals need is looked up once."""

    def __init__(self, condition: Condition, at: float):
        self.condition = condition
        self.at = at

    @cached_property
    def codes(self) -> dict[str, float]:
        return self.condition.codes(self.at)

    @cached_property
    def tyres(self) -> list[dict]:
        return self.condition.tyres(self.at)

    @cached_property
    def lights(self) -> dict[str, str]:
        return lamps.lit(self.condition, self.at, self.codes, self.tyres)


def _measured(unit: str, measure: Callable[[Condition, float], float]) -> Callable[[Moment], dict]:
    return lambda moment: {"unit": unit, "value": measure(moment.condition, moment.at)}


def _said(look: Callable[[Condition, float], object]) -> Callable[[Moment], dict]:
    return lambda moment: {"value": look(moment.condition, moment.at)}


def _light(system: str) -> Callable[[Moment], dict]:
    return lambda moment: {
        "status": "ALERT" if system in moment.lights else "OK",
        "description": moment.lights.get(system),
    }


def _low_voltage_status(condition: Condition, at: float) -> str:
    level = condition.low_voltage(at)
    return next((word for least, word in LOW_VOLTAGE_STEPS if level >= least), "BAD")


def _capacity(moment: Moment) -> dict:
    kwh = BATTERIES[moment.condition.car.model]
    offered = [{"capacity": kwh, "description": None}]
    return {"capacity": kwh, "source": "SMARTCAR", "availableCapacities": offered, "unit": "kWh"}


WRITERS: dict[str, Callable[[Moment], dict]] = {
    catalogue.ODOMETER.code: _measured("km", lambda car, at: car.odometer_km(at)),
    catalogue.VIN.code: lambda moment: {"value": moment.condition.car.vin},
    catalogue.OIL_LIFE.code: _measured("percent", lambda car, at: car.oil_life(at)),
    catalogue.FUEL.code: _measured("percent", lambda car, at: car.fuel(at)),
    catalogue.FUEL_AMOUNT.code: _measured("liters", lambda car, at: car.fuel_litres(at)),
    catalogue.FUEL_RANGE.code: _measured("km", lambda car, at: car.fuel_range_km(at)),
    catalogue.CHARGE.code: _measured("percent", lambda car, at: car.charge(at)),
    catalogue.ELECTRIC_RANGE.code: lambda moment: {
        "value": moment.condition.electric_range_km(moment.at),
        "type": "DEFAULT",
        "additionalValues": [],
        "unit": "km",
    },
    catalogue.CAPACITY.code: _capacity,
    catalogue.LOW_VOLTAGE.code: _measured("percent", lambda car, at: car.low_voltage(at)),
    catalogue.LOW_VOLTAGE_STATUS.code: _said(_low_voltage_status),
    catalogue.TYRES.code: lambda moment: {"values": moment.tyres, "rowCount": 2, "columnCount": 2, "unit": "kPa"},
    catalogue.CODES.code: lambda moment: {
        "values": [{"code": code, "timestamp": iso(since)} for code, since in moment.codes.items()]
    },
    catalogue.CODE_COUNT.code: lambda moment: {"unit": "count", "value": len(moment.codes)},
    catalogue.IS_CHARGING.code: _said(lambda car, at: car.battery.is_charging(at)),
    catalogue.IS_PLUGGED_IN.code: _said(lambda car, at: car.battery.is_plugged_in(at)),
    catalogue.CHARGING_STATUS.code: _said(lambda car, at: car.battery.status(at)),
    catalogue.SERVICE_RECORDS.code: lambda moment: {"values": dealer.visits(moment.condition.services(), moment.at)},
    catalogue.IN_SERVICE.code: _said(lambda car, at: dealer.is_there(car.services(), at)),
    catalogue.LOCATION.code: lambda moment: moment.condition.whereabouts(moment.at),
    catalogue.IS_ONLINE.code: _said(lambda car, at: True),
    catalogue.IS_ASLEEP.code: _said(lambda car, at: car.is_asleep(at)),
} | {light.code: _light(light.code.removeprefix("diagnostics-")) for light in catalogue.LIGHTS}


def told(condition: Condition, at: float, codes: Iterable[str]) -> dict[str, dict]:
    moment = Moment(condition, at)
    return {code: WRITERS[code](moment) for code in codes}
