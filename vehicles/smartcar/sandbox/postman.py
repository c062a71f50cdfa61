"""Delivers letters: a few threads, four attempts each at 0, 25, 75 and 175 seconds, then never again.

What goes wrong on the way is for the weather to say; a replay goes its own way, and only its signatures hear of it.
"""

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
from vehicles.smartcar.sandbox.weather import Post, Weather

THREADS = 8
WAITS = (25, 50, 100)
AGAIN_SECONDS = 0.5
BETWEEN_SECONDS = 2.0

logger = logging.getLogger("sandbox")


class Postman:
    def __init__(self, settings: Settings, clock: Callable[[], float], weather: Weather):
        self._settings = settings
        self._clock = clock
        self._weather = weather
        self._queue: list[tuple[float, int, Letter, int]] = []
        self._numbers = itertools.count()
        self._changed = threading.Condition()
        self._stopped = False
        self._posted = itertools.count()
        self.tally = Counter(accepted=0, failed=0, dropped=0, lost=0)

    def start(self) -> None:
        if self._settings.webhook_url:
            for number in range(THREADS):
                threading.Thread(target=self._work, name=f"postman-{number}", daemon=True).start()

    def stop(self) -> None:
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def post(self, letter: Letter) -> None:
        """Send soon, or as the weather wants. A few go twice, as at-least-once delivery will."""
        post = self._weather.post
        if not self._weather.webhook.enabled:
            return
        if falls_to(letter, "lost", post.lost):
            self.count("lost")
            return
        now = time.monotonic() * self._settings.time_scale
        wait = self._scaled(held_seconds(post, now, next(self._posted)))
        self._put(letter, wait, attempt=0)
        if falls_to(letter, "twice", post.duplicate):
            gap = 0.0 if post.copies_at_once else AGAIN_SECONDS
            for copy in range(1, post.copies):
                self._put(letter, wait + self._scaled(gap * copy), attempt=0)

    def _scaled(self, seconds: float) -> float:
        return seconds / self._settings.time_scale

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
            self._put(letter, self._scaled(WAITS[attempt]), attempt=attempt + 1)
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
        """True if the other side proves that it knows the management token. The weather has no part in it."""
        body = letter.sealed(self._clock())
        token = self._settings.management_tokens[0]
        status, answer = line.post(body, _headers() | {"SC-Signature": sign(token, body)})
        try:
            said = json.loads(answer)
        except ValueError:
            return False
        proof = str(said.get("challenge", "")) if isinstance(said, dict) else ""
        wanted = sign(token, (letter.event.get("data") or letter.event["payload"])["challenge"].encode())
        return status == 200 and hmac.compare_digest(proof.encode(), wanted.encode())

    def _addressed(self, letter: Letter) -> tuple[bytes, dict[str, str]]:
        post = self._weather.post
        body = letter.sealed(self._clock(), oversized=post.oversized)
        if post.token == "missing":
            return body, _headers()
        signature = sign(self._token(post.token), body)
        if falls_to(letter, "signature", post.bad_signature):
            signature = signature[:-1] + ("0" if signature[-1] != "0" else "1")
        return body, _headers() | {"SC-Signature": signature}

    def _token(self, which: str) -> str:
        """The older one is the last of those we were told; if there is but one, the portal cannot know the older."""
        tokens = self._settings.management_tokens
        if which == "newest" or (which == "older" and len(tokens) > 1):
            return tokens[0 if which == "newest" else -1]
        return f"{which} than {tokens[0]}"


def _headers() -> dict[str, str]:
    return {"Content-Type": "application/json", "User-Agent": "Smartcar/4.0"}


def held_seconds(post: Post, now: float, number: int) -> float:
    """How long the letter of this number waits. All in Smartcar's seconds, `now` since any moment."""
    wait = post.late_seconds
    if post.burst_seconds:
        wait += post.burst_seconds - now % post.burst_seconds
    if post.reversed_by:
        # The first of so many waits longest, and the last not at all.
        wait += BETWEEN_SECONDS * (post.reversed_by - 1 - number % post.reversed_by)
    return wait


def falls_to(letter: Letter, what: str, share: float) -> bool:
    """Whether this event is among the share of those to which `what` happens: always the same ones."""
    return zlib.crc32(f"{what}:{letter.event_id}".encode()) < share * 2**32
