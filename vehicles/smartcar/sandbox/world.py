"""The fleet and its ledger together: what every room of the sandbox asks."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from vehicles.smartcar.sandbox import garage, magic, sight
from vehicles.smartcar.sandbox.bucket import Bucket, Turnstile
from vehicles.smartcar.sandbox.catalogue import BY_CODE, SIGNALS, Signal
from vehicles.smartcar.sandbox.condition import Condition
from vehicles.smartcar.sandbox.ledger import Ledger
from vehicles.smartcar.sandbox.quiet import Quiet
from vehicles.smartcar.sandbox.settings import Settings
from vehicles.smartcar.sandbox.troubles import Troubles
from vehicles.smartcar.sandbox.upkeep import DEALER, is_recorded
from vehicles.smartcar.sandbox.v2_grants import Grants
from vehicles.smartcar.sandbox.weather import Weather

# Cars report a moment late; never in the future.
LAG = 2.0
BY_COMMAND = "Control page"


class World:
    def __init__(self, settings: Settings, clock: Callable[[], float] = time.time):
        self.settings = settings
        self.clock = clock
        self.ledger = Ledger(settings.folder, clock, settings.namespace)
        self.troubles = Troubles(settings.folder, clock)
        self.grants = Grants(settings.folder, clock, self.ledger)
        self.quiet = Quiet(settings.folder, clock)
        self.weather = Weather()
        # Vehicle -> signal -> the body that is told in its place; forgotten at a restart.
        self.odd: dict[str, dict[str, dict]] = {}
        self.bucket = Bucket(settings.bucket_size, settings.bucket_per_minute, clock)
        self.turnstile = Turnstile(clock)
        self.accounts = {account.email: account for account in garage.ACCOUNTS}
        self.cars = {car.id: car for car in garage.furnish(settings)}
        epoch = self.ledger.epoch
        self.conditions = {car.id: Condition(settings.seed, epoch, car) for car in self.cars.values()}
        for email in self.ledger.guests():
            self._admit(magic.account(email))
        for row in self.ledger.services():
            self.conditions[row["vehicleId"]].serviced(row["at"], row["tasks"], row.get("by", BY_COMMAND))
        for row in self.ledger.thrown():
            self.conditions[row["vehicleId"]].threw(row["at"], row["code"])
        for row in self.ledger.meters():
            self.conditions[row["vehicleId"]].got_meter(row["at"], row["showsKm"])

    def sign_in(self, email: str) -> garage.Account | None:
        """Whose account this is. The documented sign-ins for errors come into being when they are first used."""
        account = self.accounts.get(email.strip()) or self.accounts.get(email.strip().lower())
        guest = None if account else magic.account(email)
        if guest and guest.email not in self.accounts:
            self.ledger.note_guest(guest.email)
            self._admit(guest)
        return account or guest

    def _admit(self, guest: garage.Account) -> None:
        car = magic.car(self.settings, guest.email)
        self.conditions[car.id] = Condition(self.settings.seed, self.ledger.epoch, car)
        # New tables, so that whoever walks through the old ones is not disturbed.
        self.accounts = self.accounts | {guest.email: guest}
        self.cars = self.cars | {car.id: car}

    def cars_of(self, account: str) -> list[garage.Car]:
        return [car for car in self.cars.values() if car.account == account]

    def measured_at(self) -> float:
        """The newest moment that a car may have reported by now."""
        return self.clock() - LAG

    def seen_at(self, vehicle_id: str) -> float:
        """The moment at which this car was last heard: now, unless it fell silent."""
        since = self.quiet.silent_since(vehicle_id)
        return self.measured_at() if since is None else min(since - LAG, self.measured_at())

    def look(self, row: dict, at: float, *, signals: tuple[Signal, ...] = SIGNALS) -> list[tuple[Signal, dict]]:
        """What a connection may see of its car; nothing of one that was never heard."""
        vehicle_id = row["vehicleId"]
        if self.quiet.is_unheard(vehicle_id):
            return []
        wrong = {"troubles": self.troubles.on_signals(vehicle_id), "odd": self.odd.get(vehicle_id)}
        return sight.look(self.conditions[vehicle_id], row["permissions"], at, signals=signals, **wrong)

    def carried(self) -> tuple[Signal, ...]:
        """The signals that the webhook is set up for."""
        return tuple(BY_CODE[code] for code in self.weather.webhook.signals)

    def service_done(self, vehicle_id: str, tasks: list[str], *, at_dealer: bool = False) -> None:
        at, by = self.measured_at(), DEALER if at_dealer else BY_COMMAND
        self.ledger.note_service(vehicle_id, at, tasks, by)
        self.conditions[vehicle_id].serviced(at, tasks, by)

    def throw_code(self, vehicle_id: str, code: str) -> None:
        at = self.measured_at()
        self.ledger.note_thrown(vehicle_id, at, code)
        self.conditions[vehicle_id].threw(at, code)

    def replace_meter(self, vehicle_id: str, shows_km: float) -> None:
        at = self.measured_at()
        self.ledger.note_meter(vehicle_id, at, shows_km)
        self.conditions[vehicle_id].got_meter(at, shows_km)

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
            "by": row.get("by", BY_COMMAND),
        }
