"""Which cars exist, in whose maker account, and what there is to tell about each."""

import random
import uuid
from dataclasses import dataclass

from vehicles.smartcar.sandbox import catalogue, vin
from vehicles.smartcar.sandbox.settings import Settings


@dataclass(frozen=True, slots=True)
class Account:
    """One sign-in with a maker: what an owner types on the Connect page."""

    email: str
    brand: str
    maker: str


@dataclass(frozen=True, slots=True)
class Body:
    """What a kind of body uses and wants. Pressures are the placard's, in kPa."""

    km_per_workday: float
    front_kpa: float
    rear_kpa: float
    range_km: float
    tank_l: float = 0


@dataclass(frozen=True, slots=True)
class Car:
    id: str
    number: int
    account: str
    make: str
    model: str
    year: int
    powertrain: str
    vin: str
    body: Body
    shift: str
    stories: frozenset[str]
    told: frozenset[str]

    def identity(self) -> dict:
        return {"make": self.make, "model": self.model, "year": self.year}

    @property
    def is_electric(self) -> bool:
        return self.powertrain == "BEV"

    @property
    def electric_km(self) -> float:
        """How far a full battery reaches."""
        return 60 if self.powertrain == "PHEV" else self.body.range_km


BODIES = {
    "van": Body(115, 380, 450, 690, 95),
    "pickup": Body(85, 245, 260, 820, 98),
    "car": Body(62, 235, 230, 720, 62),
    "runabout": Body(22, 240, 240, 640, 55),
    "e-van": Body(88, 380, 450, 190),
    "e-car": Body(70, 290, 290, 400),
}

# Net capacities in kWh.
BATTERIES = {
    "E-Transit": 68,
    "Bolt EUV": 65,
    "Wrangler 4xe": 17.3,
    "Model 3": 57.5,
    "Model Y": 75,
    "ID.4": 77,
    "ID. Buzz": 86,
    "Polestar 2": 79,
}

ACCOUNTS = (
    Account("ford@northgate.example", "Ford", "ford"),
    Account("gm@northgate.example", "Chevrolet and GMC", "gm"),
    Account("stellantis@northgate.example", "Ram and Jeep", "stellantis"),
    Account("ev@northgate.example", "Tesla, Volkswagen and Polestar", "electric"),
    Account("toyota@harbour.example", "Toyota", "toyota"),
    Account("chevrolet@quayside.example", "Chevrolet", "gm"),
)

# account, make, model, year, powertrain, body, world manufacturer identifier, what is the matter with it today
FLEET = (
    ("ford", "FORD", "Transit 250", 2021, "ICE", "van", "1FT", "oil_overdue"),
    ("ford", "FORD", "Transit 250", 2021, "ICE", "van", "1FT", "oil_soon night"),
    ("ford", "FORD", "Transit 250", 2022, "ICE", "van", "1FT", "evening"),
    ("ford", "FORD", "Transit 350", 2022, "ICE", "van", "1FT", "oil_soon"),
    ("ford", "FORD", "Transit 350", 2023, "ICE", "van", "1FT", "night"),
    ("ford", "FORD", "Transit Connect", 2020, "ICE", "van", "1FT", "leak"),
    ("ford", "FORD", "F-150", 2021, "ICE", "pickup", "1FT", "oil_soon"),
    ("ford", "FORD", "F-150", 2021, "ICE", "pickup", "1FT", "early"),
    ("ford", "FORD", "F-150", 2023, "ICE", "pickup", "1FT", "evening"),
    ("ford", "FORD", "F-150", 2022, "HEV", "pickup", "1FT", "rotation_overdue"),
    ("ford", "FORD", "E-Transit", 2023, "BEV", "e-van", "1FT", "early"),
    ("ford", "FORD", "E-Transit", 2023, "BEV", "e-van", "1FT", "rotation_soon night"),
    ("ford", "FORD", "Maverick", 2023, "HEV", "pickup", "3FT", "oil_soon"),
    ("ford", "FORD", "Ranger", 2022, "ICE", "pickup", "1FT", "weak_battery"),
    ("gm", "CHEVROLET", "Silverado 1500", 2021, "ICE", "pickup", "3GC", "fault:P0300"),
    ("gm", "CHEVROLET", "Silverado 1500", 2021, "ICE", "pickup", "3GC", "oil_soon evening"),
    ("gm", "CHEVROLET", "Silverado 1500", 2022, "ICE", "pickup", "3GC", "night"),
    ("gm", "CHEVROLET", "Express 2500", 2020, "ICE", "van", "1GC", "fault:C0561 evening"),
    ("gm", "CHEVROLET", "Express 2500", 2020, "ICE", "van", "1GC", "oil_never"),
    ("gm", "GMC", "Sierra 1500", 2022, "ICE", "pickup", "1GT", "oil_soon fault:P0442"),
    ("gm", "GMC", "Savana 2500", 2021, "ICE", "van", "1GT", "fault:U0121 night"),
    ("gm", "CHEVROLET", "Colorado", 2023, "ICE", "pickup", "1GC", "early"),
    ("gm", "CHEVROLET", "Bolt EUV", 2023, "BEV", "e-car", "1G1", "fault:B0083"),
    ("stellantis", "RAM", "1500", 2021, "ICE", "pickup", "1C6", "oil_soon"),
    ("stellantis", "RAM", "1500", 2022, "ICE", "pickup", "1C6", "no_oil evening"),
    ("stellantis", "RAM", "ProMaster 2500", 2022, "ICE", "van", "3C6", "fault:P0700 no_oil"),
    ("stellantis", "RAM", "ProMaster 2500", 2022, "ICE", "van", "3C6", "oil_soon night"),
    ("stellantis", "RAM", "ProMaster 2500", 2023, "ICE", "van", "3C6", "leak early"),
    ("stellantis", "JEEP", "Wrangler 4xe", 2022, "PHEV", "car", "1C4", ""),
    ("stellantis", "JEEP", "Grand Cherokee", 2021, "ICE", "runabout", "1C4", "oil_overdue"),
    ("ev", "TESLA", "Model 3", 2022, "BEV", "e-car", "5YJ", "rotation_soon"),
    ("ev", "TESLA", "Model Y", 2023, "BEV", "e-car", "7SA", "evening"),
    ("ev", "VOLKSWAGEN", "ID.4", 2022, "BEV", "e-car", "WVG", "early"),
    ("ev", "VOLKSWAGEN", "ID. Buzz", 2025, "BEV", "e-car", "WV1", "night"),
    ("ev", "POLESTAR", "Polestar 2", 2023, "BEV", "e-car", "LPS", ""),
    ("toyota", "TOYOTA", "Tacoma", 2021, "ICE", "pickup", "3TM", "oil_soon"),
    ("toyota", "TOYOTA", "RAV4 Hybrid", 2022, "HEV", "car", "JTM", "evening"),
    ("toyota", "TOYOTA", "Prius", 2021, "HEV", "car", "JTD", "early"),
    ("toyota", "TOYOTA", "Tundra", 2022, "ICE", "pickup", "5TF", "leak"),
    ("chevrolet", "CHEVROLET", "Silverado 2500HD", 2020, "ICE", "pickup", "1GC", "night"),
    ("chevrolet", "CHEVROLET", "Traverse", 2021, "ICE", "car", "1GN", "fault:P0171"),
)


def furnish(settings: Settings) -> tuple[Car, ...]:
    """All cars of this seed."""
    by_name = {account.email.partition("@")[0]: account for account in ACCOUNTS}
    return tuple(_build(settings, number, by_name[row[0]], row) for number, row in enumerate(FLEET))


def _build(settings: Settings, number: int, account: Account, row: tuple) -> Car:
    _, make, model, year, powertrain, body, maker_sign, matter = row
    dice = random.Random(f"{settings.seed}:car:{number}")
    number_plate = vin.invent(maker_sign, year, dice)
    stories = frozenset(matter.split())
    maker = make.lower() if account.maker == "electric" else account.maker
    return Car(
        id=str(uuid.uuid5(settings.namespace, f"vehicle:{number_plate}")),
        number=number,
        account=account.email,
        make=make,
        model=model,
        year=year,
        powertrain=powertrain,
        vin=number_plate,
        body=BODIES[body],
        shift=next((shift for shift in ("early", "evening", "night") if shift in stories), "day"),
        stories=stories,
        told=catalogue.supported(maker, powertrain, oil_told="no_oil" not in stories),
    )
