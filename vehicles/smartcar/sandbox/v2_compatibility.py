"""Which cars Smartcar could read, by their VIN or as a matrix of makes and models: the cars of this garage."""

from collections.abc import Iterable
from itertools import groupby

from werkzeug.wrappers import Request, Response

from vehicles.smartcar.sandbox import v2_answers, v2_cabin, v2_paths
from vehicles.smartcar.sandbox.garage import Car
from vehicles.smartcar.sandbox.v2_door import Door
from vehicles.smartcar.sandbox.world import World

EVERYWHERE = {"US", "CA", "EUROPE"}
AMERICAN = {"CHEVROLET", "GMC", "RAM"}
NAMES = {
    "/": "Vehicle info",
    "/battery": "EV battery",
    "/charge": "EV charging status",
    "/diagnostics/dtcs": "Diagnostic trouble codes",
    "/diagnostics/system_status": "System status",
    "/engine/oil": "Engine oil life",
    "/fuel": "Fuel tank",
    "/location": "Location",
    "/odometer": "Odometer",
    "/service/history": "Service history",
    "/tires/pressure": "Tire pressure",
    "/vin": "VIN",
    v2_cabin.PATH: "Lock status",
}


class CompatibilityV2:
    def __init__(self, world: World, door: Door):
        self._world = world
        self._door = door

    def rules(self) -> list[tuple]:
        return [
            ("/api/v2.0/compatibility", self.of_one, "GET"),
            ("/api/v2.0/compatibility/matrix", self.matrix, "GET"),
        ]

    def of_one(self, request: Request) -> Response:
        self._door.application(request)
        vin, scope = request.args.get("vin", "").upper(), request.args.get("scope", "").split()
        if len(vin) != 17:
            raise v2_answers.invalid("vin", "length must be 17 characters long")
        if not scope:
            raise v2_answers.invalid("scope", "is required")
        car = next((car for car in self._world.cars.values() if car.vin == vin), None)
        if car is None:
            is_known = any(car.vin[:3] == vin[:3] for car in self._world.cars.values())
            reason = "VEHICLE_NOT_COMPATIBLE" if is_known else "MAKE_NOT_COMPATIBLE"
            return v2_answers.told({"compatible": False, "reason": reason, "capabilities": []})

        able = endpoints(car)
        capabilities = [
            {
                "capable": path in able,
                "endpoint": path,
                "permission": permission,
                "reason": None if path in able else "VEHICLE_NOT_CAPABLE",
            }
            for path, permission in PERMISSIONS.items()
            if permission in scope
        ]
        return v2_answers.told({"compatible": True, "reason": None, "capabilities": capabilities})

    def matrix(self, request: Request) -> Response:
        self._door.application(request)
        region, asked = request.args.get("region", "").upper(), request.args
        if region not in EVERYWHERE:
            raise v2_answers.invalid("region", f"must be one of [{', '.join(sorted(EVERYWHERE))}]")
        make, powertrain, scope = asked.get("make", "").upper(), asked.get("type", "").upper(), asked.get("scope", "")
        rows = [
            (car.make, row)
            for car, row in _models(self._world.cars.values())
            if make in ("", car.make)
            and powertrain in ("", car.powertrain)
            and set(scope.split()) <= set(row["permissions"])
            and (region != "EUROPE" or car.make not in AMERICAN)
        ]
        return v2_answers.told({name: [row for _, row in group] for name, group in groupby(rows, key=lambda r: r[0])})


PERMISSIONS = {"/": "read_vehicle_info", v2_cabin.PATH: v2_cabin.PERMISSION}
PERMISSIONS |= {path: row.permission for path, row in v2_paths.PATHS.items()}


def endpoints(car: Car) -> set[str]:
    return {"/", v2_cabin.PATH} | {path for path, row in v2_paths.PATHS.items() if row.is_told(car.told)}


def _models(cars: Iterable[Car]) -> list[tuple[Car, dict]]:
    """Each model once, with the years of it that stand here; what any of them can is said of all."""

    def kind(car: Car) -> tuple[str, str, str]:
        return car.make, car.model, car.powertrain

    rows = []
    for _, group in groupby(sorted(cars, key=kind), key=kind):
        same = list(group)
        able = set.union(*(endpoints(car) for car in same))
        row = {
            "model": same[0].model,
            "startYear": min(car.year for car in same),
            "endYear": max(car.year for car in same),
            "type": same[0].powertrain,
            "endpoints": sorted(NAMES[path] for path in able if path in NAMES),
            "permissions": sorted({PERMISSIONS[path] for path in able}),
        }
        rows.append((same[0], row))
    return rows
