"""The application's allowance of calls: a bucket that refills slowly, shared by vehicle and management calls."""

import threading
from collections.abc import Callable


class Bucket:
    def __init__(self, size: float, per_minute: float, clock: Callable[[], float]):
        self._clock = clock
        self._lock = threading.Lock()
        self.is_on = True
        self.fill(size, per_minute)

    def fill(self, size: float, per_minute: float) -> None:
        """A full bucket of this size from now on."""
        with self._lock:
            self.size = size
            self.per_minute = per_minute
            self._level = size
            self._seen = self._clock()

    def take(self) -> bool:
        """True if there was a call left."""
        with self._lock:
            now = self._clock()
            self._level = min(self.size, self._level + max(0.0, now - self._seen) * self.per_minute / 60)
            self._seen = now
            if not self.is_on:
                return True
            if self._level < 1:
                return False
            self._level -= 1
            return True

    def standing(self) -> dict:
        return {"on": self.is_on, "size": self.size, "perMinute": self.per_minute, "left": round(self._level, 2)}


class Turnstile:
    """How often each car may be asked: so many calls in so many seconds, counted anew for every call."""

    def __init__(self, clock: Callable[[], float]):
        self._clock = clock
        self._lock = threading.Lock()
        self._asked: dict[str, list[float]] = {}

    def wait_seconds(self, vehicle_id: str, *, calls: int, within: float) -> float:
        """0 and counted, or how long until the next call is let through."""
        with self._lock:
            now = self._clock()
            asked = [at for at in self._asked.get(vehicle_id, []) if at > now - within]
            is_free = len(asked) < calls
            self._asked[vehicle_id] = [*asked, now] if is_free else asked
            return 0.0 if is_free else asked[len(asked) - calls] + within - now
