"""Delivers letters: a few threads, four attempts each at 0, 25, 75 and 175 seconds, then never again."""

import heapq
import hmac
import itertools
import json
import logging
import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable
from contextlib import closing

from vehicles.smartcar.sandbox.letters import Letter, sign
from vehicles.smartcar.sandbox.line import Line
from vehicles.smartcar.sandbox.settings import Settings

THREADS = 8
WAITS = (25, 50, 100)
ONE_IN = 50

logger = logging.getLogger("sandbox")


class Postman:
    def __init__(self, settings: Settings, clock: Callable[[], float]):
        self._settings = settings
        self._clock = clock
        self._queue: list[tuple[float, int, Letter, int]] = []
        self._numbers = itertools.count()
        self._changed = threading.Condition()
        self._stopped = False
        self.tally = Counter(accepted=0, failed=0, dropped=0)

    def start(self) -> None:
        if self._settings.webhook_url:
            for number in range(THREADS):
                threading.Thread(target=self._work, name=f"postman-{number}", daemon=True).start()

    def stop(self) -> None:
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def post(self, letter: Letter) -> None:
        """Send soon. About one in fifty goes twice, as at-least-once delivery will."""
        self._put(letter, 0.0, attempt=0)
        if zlib.crc32(letter.event_id.encode()) % ONE_IN == 0:
            self._put(letter, 0.5 / self._settings.time_scale, attempt=0)

    def _put(self, letter: Letter, wait_seconds: float, *, attempt: int) -> None:
        if not self._settings.webhook_url:
            return
        with self._changed:
            heapq.heappush(self._queue, (time.monotonic() + wait_seconds, next(self._numbers), letter, attempt))
            self._changed.notify()

    def _work(self) -> None:
        with closing(Line(self._settings.webhook_url)) as line:
            while (taken := self._take()) is not None:
                letter, attempt = taken
                if not self.deliver(line, letter):
                    self._again(letter, attempt)

    def _take(self) -> tuple[Letter, int] | None:
        with self._changed:
            while not self._stopped:
                left = self._queue[0][0] - time.monotonic() if self._queue else None
                if left is not None and left <= 0:
                    _, _, letter, attempt = heapq.heappop(self._queue)
                    return letter, attempt
                self._changed.wait(left)
        return None

    def _again(self, letter: Letter, attempt: int) -> None:
        if attempt < len(WAITS):
            self._put(letter, WAITS[attempt] / self._settings.time_scale, attempt=attempt + 1)
            return
        self.count("dropped")
        logger.info("delivery dropped after %d attempts", attempt + 1)

    def deliver(self, line: Line, letter: Letter) -> bool:
        """One attempt; any 2xx counts."""
        status, _ = line.post(*self._addressed(letter))
        accepted = 200 <= status < 300
        self.count("accepted" if accepted else "failed")
        return accepted

    def count(self, what: str) -> None:
        with self._changed:
            self.tally[what] += 1

    def verifies(self, line: Line, letter: Letter) -> bool:
        """True if the other side proves that it knows the management token."""
        status, answer = line.post(*self._addressed(letter))
        try:
            said = json.loads(answer)
        except ValueError:
            return False
        proof = str(said.get("challenge", "")) if isinstance(said, dict) else ""
        wanted = sign(self._settings.management_tokens[0], letter.event["data"]["challenge"].encode())
        return status == 200 and hmac.compare_digest(proof.encode(), wanted.encode())

    def _addressed(self, letter: Letter) -> tuple[bytes, dict[str, str]]:
        body = letter.sealed(self._clock())
        return body, {
            "Content-Type": "application/json",
            "User-Agent": "Smartcar/4.0",
            "SC-Signature": sign(self._settings.management_tokens[0], body),
        }
