"""The present: verifies the webhook, then lets subscribed cars report as they drive."""

import itertools
import logging
import threading
from contextlib import closing

from vehicles.smartcar.sandbox.catalogue import BY_CODE, CODES, FIRST_DELIVERY, LIGHTS, ODOMETER
from vehicles.smartcar.sandbox.letters import Writer
from vehicles.smartcar.sandbox.line import Line
from vehicles.smartcar.sandbox.mishaps import TOLD_BY_LETTER
from vehicles.smartcar.sandbox.postman import Postman
from vehicles.smartcar.sandbox.replay import Replay, subscribed_connections
from vehicles.smartcar.sandbox.troubles import Trouble
from vehicles.smartcar.sandbox.world import World

EVERY_SECONDS = 3
QUICK = {CODES.code, *(light.code for light in LIGHTS)}

logger = logging.getLogger("sandbox")


class Live:
    def __init__(self, world: World, writer: Writer, postman: Postman, replay: Replay):
        self._world = world
        self._writer = writer
        self._postman = postman
        self._replay = replay
        self._stopped = threading.Event()
        self._turns = itertools.count()
        self._told: dict[str, dict] = {}
        self.is_verified = False
        world.troubles.listen(self._tell)

    def start(self) -> None:
        if self._world.settings.webhook_url:
            threading.Thread(target=self._verify, name="verify", daemon=True).start()
            threading.Thread(target=self._end_troubles, name="troubles", daemon=True).start()
        if self._world.settings.live and self._world.settings.webhook_url:
            threading.Thread(target=self._drive, name="live", daemon=True).start()

    def stop(self) -> None:
        self._stopped.set()

    def _end_troubles(self) -> None:
        while not self._stopped.wait(1.0):
            self._world.troubles.sweep()

    def _verify(self) -> None:
        """The portal may still be starting: ask again quietly until it answers."""
        wait = 0.5
        while not self._stopped.is_set():
            if self.verify():
                return
            self._stopped.wait(wait / self._world.settings.time_scale)
            wait = min(wait * 1.5, 10)

    def verify(self) -> bool:
        with closing(Line(self._world.settings.webhook_url)) as line:
            self.is_verified = self._postman.verifies(line, self._writer.verify())
        if self.is_verified:
            logger.info("webhook verified")
        return self.is_verified

    def _drive(self) -> None:
        while not self._stopped.wait(EVERY_SECONDS):
            # Until the webhook is verified nothing is sent; a replay has the road to itself.
            if self.is_verified and not self._replay.is_running:
                self.turn()

    def turn(self) -> None:
        """The next car on the road reports; a car whose lights or codes changed does so at once."""
        rows, at = self._talking(), self._world.measured_at()
        for row in rows:
            if QUICK & set(self._changes(row, at)):
                self.report(row, at)
        moving = [row for row in rows if self._world.conditions[row["vehicleId"]].road.is_moving(at)]
        for _ in moving:
            row = moving[next(self._turns) % len(moving)]
            if self._changes(row, at):
                self.report(row, at)
                return

    def _talking(self) -> list[dict]:
        """Subscribed cars that neither fell silent nor are in a trouble that keeps their maker from reading them."""
        world = self._world
        rows = subscribed_connections(world)
        return [r for r in rows if not world.quiet.is_quiet(r["vehicleId"]) and not world.troubles.on(r["vehicleId"])]

    def _bodies(self, row: dict, at: float) -> dict[str, dict]:
        return self._world.conditions[row["vehicleId"]].bodies(at, self._world.weather.webhook.signals)

    def _changes(self, row: dict, at: float) -> list[str]:
        """Signals that differ from what we told last; the first look since the start only takes note."""
        bodies = self._bodies(row, at)
        told = self._told.setdefault(row["vehicleId"], bodies)
        return [code for code, body in bodies.items() if told.get(code) != body]

    def report(self, row: dict, at: float) -> None:
        changes = self._changes(row, at) or [ODOMETER.code]
        self._told[row["vehicleId"]] = self._bodies(row, at)
        self._postman.post(self._writer.state(row, at, [code for code in changes if code in BY_CODE]))

    def report_now(self, vehicle_id: str) -> int:
        """Every subscription of this car gets a delivery, unless the car is quiet; how many there were."""
        rows = [row for row in self._talking() if row["vehicleId"] == vehicle_id]
        for row in rows:
            self.report(row, self._world.measured_at())
        return len(rows)

    def first_delivery(self, subscription: dict) -> None:
        """Where the car stands; of a car in trouble there is only the trouble to tell."""
        vehicle_id = subscription["vehicleId"]
        row = self._world.ledger.connection_between(subscription["userId"], vehicle_id)
        trouble = self._world.troubles.on(vehicle_id)
        if row is None or self._world.quiet.is_unheard(vehicle_id):
            return
        if trouble:
            self._tell([trouble], [])
        else:
            self._postman.post(self._writer.state(row, self._world.seen_at(vehicle_id), [FIRST_DELIVERY]))

    def enabled_again(self) -> None:
        """What happened while the webhook was off is gone; the state of now is told once."""
        for subscription in self._world.ledger.subscriptions():
            self.first_delivery(subscription)

    def _tell(self, begun: list[Trouble], over: list[Trouble]) -> None:
        """Troubles that began or ended go out as errors, those of several signals of a car in one letter."""
        rows = subscribed_connections(self._world)
        for state, troubles in (("RESOLVED", over), ("ERROR", begun)):
            signals: dict[tuple, list[str]] = {}
            for trouble in troubles:
                said = signals.setdefault((trouble.vehicle_id, trouble.kind, trouble.code, trouble.signal is None), [])
                said += [trouble.signal] if trouble.signal else []
            for (vehicle_id, kind, code, _), codes in signals.items():
                for row in rows:
                    if row["vehicleId"] == vehicle_id and kind in TOLD_BY_LETTER:
                        letter = self._writer.error(row, kind=kind, code=code, state=state, codes=codes)
                        self._postman.post(letter)
