"""Sends the past once more: one letter per car and day, oldest first, always the same letters."""

import logging
import random
import threading
import uuid
from collections.abc import Iterator
from contextlib import closing

from vehicles.smartcar.sandbox.catalogue import ODOMETER
from vehicles.smartcar.sandbox.letters import Letter, Writer
from vehicles.smartcar.sandbox.line import Line
from vehicles.smartcar.sandbox.postman import WAITS, Postman
from vehicles.smartcar.sandbox.roads import DAY, HOUR, PAST_DAYS
from vehicles.smartcar.sandbox.world import World

SENDERS = 8

logger = logging.getLogger("sandbox")


class Replay:
    def __init__(self, world: World, writer: Writer, postman: Postman):
        self._world = world
        self._writer = writer
        self._postman = postman
        self._lock = threading.Lock()
        self._letters: Iterator[Letter] = iter(())
        self._senders = 0
        self._stopped = threading.Event()
        self.sent = 0
        self.total = 0

    @property
    def is_running(self) -> bool:
        return self._senders > 0

    def progress(self) -> dict:
        return {"sent": self.sent, "total": self.total, "done": not self.is_running}

    def begin(self, days: int) -> None:
        """Starts unless it runs already."""
        with self._lock:
            if self.is_running or not self._world.settings.webhook_url:
                return
            subscribed = subscribed_connections(self._world)
            today = int((self._world.clock() - self._world.ledger.epoch) // DAY)
            first = max(0, today - min(days, PAST_DAYS))
            self.sent, self.total = 0, (today - first) * len(subscribed)
            self._letters = self._write(range(first, today), subscribed)
            self._senders = SENDERS
        logger.info("replay of %d deliveries begins", self.total)
        for number in range(SENDERS):
            threading.Thread(target=self._send, name=f"replay-{number}", daemon=True).start()

    def stop(self) -> None:
        self._stopped.set()

    def _write(self, days: range, subscribed: list[dict]) -> Iterator[Letter]:
        settings = self._world.settings
        for day in days:
            # Around ten in the evening; every car at its own minute of every day.
            minutes = [random.Random(f"{settings.seed}:{row['vehicleId']}:{day}").uniform(0, 100) for row in subscribed]
            for minute, row in sorted(zip(minutes, subscribed, strict=True), key=lambda pair: pair[0]):
                at = self._world.ledger.epoch + day * DAY + 22 * HOUR + int(minute * 60)
                event_id = str(uuid.uuid5(settings.namespace, f"day:{row['vehicleId']}:{day}"))
                yield self._writer.state(row, at, [ODOMETER.code], event_id)

    def _send(self) -> None:
        with closing(Line(self._world.settings.webhook_url)) as line:
            while (letter := self._next()) is not None:
                self._deliver(line, letter)
                with self._lock:
                    self.sent += 1
        with self._lock:
            self._senders -= 1
            if not self._senders:
                logger.info("replay done: %d of %d", self.sent, self.total)

    def _next(self) -> Letter | None:
        with self._lock:
            return None if self._stopped.is_set() else next(self._letters, None)

    def _deliver(self, line: Line, letter: Letter) -> None:
        """The ladder of every delivery; the sender waits with it, so a busy portal slows the replay down."""
        for wait in (*WAITS, None):
            if self._postman.deliver(line, letter):
                return
            if wait is None or self._stopped.wait(wait / self._world.settings.time_scale):
                break
        self._postman.count("dropped")


def subscribed_connections(world: World) -> list[dict]:
    """Connections whose car is subscribed, in a steady order."""
    pairs = {(s["userId"], s["vehicleId"]) for s in world.ledger.subscriptions()}
    rows = [row for row in world.ledger.connections() if (row["userId"], row["vehicleId"]) in pairs]
    return sorted(rows, key=lambda row: row["vehicleId"])
