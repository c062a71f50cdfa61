"""The fleet and its ledger together: what every room of the sandbox asks."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from vehicles.smartcar.sandbox import garage
from vehicles.smartcar.sandbox.condition import Condition
from vehicles.smartcar.sandbox.ledger import Ledger
from vehicles.smartcar.sandbox.settings import Settings
from vehicles.smartcar.sandbox.troubles import Troubles
from vehicles.smartcar.sandbox.upkeep import is_recorded

# Cars report a moment late; never in the future.
LAG = 2.0


class World:
    def __init__(self, settings: Settings, clock: Callable[[], float] = time.time):
        self.settings = settings
        self.clock = clock
        self.ledger = Ledger(settings.folder, clock, settings.namespace)
        self.troubles = Troubles(settings.folder, clock)
        self.accounts = {account.email: account for account in garage.ACCOUNTS}
        self.cars = {car.id: car for car in garage.furnish(settings)}
        epoch = self.ledger.epoch
        self.conditions = {car.id: Condition(settings.seed, epoch, car) for car in self.cars.values()}
        for row in self.ledger.services():
            self.conditions[row["vehicleId"]].serviced(row["at"], row["tasks"])
        for row in self.ledger.thrown():
            self.conditions[row["vehicleId"]].threw(row["at"], row["code"])

    def cars_of(self, account: str) -> list[garage.Car]:
        return [car for car in self.cars.values() if car.account == account]

    def measured_at(self) -> float:
        """The newest moment that a car may have reported by now."""
        return self.clock() - LAG

    def service_done(self, vehicle_id: str, tasks: list[str]) -> None:
        at = self.measured_at()
        self.ledger.note_service(vehicle_id, at, tasks)
        self.conditions[vehicle_id].serviced(at, tasks)

    def throw_code(self, vehicle_id: str, code: str) -> None:
        at = self.measured_at()
        self.ledger.note_thrown(vehicle_id, at, code)
        self.conditions[vehicle_id].threw(at, code)

    def service_log(self) -> list[dict]:
        """Everything the workshops wrote down, oldest first, with what was done by command since."""
        rows = [
            done.as_json()
            for condition in self.conditions.values()
            for done in condition.past
            if is_recorded(condition.car, done)
        ]
        rows += [self._done_by_command(row, task) for row in self.ledger.services() for task in row["tasks"]]
        return sorted(rows, key=lambda row: row["at"])

    def _done_by_command(self, row: dict, task: str) -> dict:
        done = datetime.fromtimestamp(row["at"], UTC)
        return {
            "vehicleId": row["vehicleId"],
            "task": task,
            "on": done.date().isoformat(),
            "at": done.isoformat().replace("+00:00", "Z"),
            "odometerKm": self.conditions[row["vehicleId"]].odometer_km(row["at"]),
            "by": "Control page",
        }
