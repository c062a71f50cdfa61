"""The application's allowance of calls: a bucket that refills slowly, shared by vehicle and management calls."""

import threading
from collections.abc import Callable


class Bucket:
    def __init__(self, size: float, per_minute: float, clock: Callable[[], float]):
        self._size = size
        self._per_second = per_minute / 60
        self._clock = clock
        self._level = size
        self._seen = clock()
        self._lock = threading.Lock()

    def take(self) -> bool:
        """True if there was a call left."""
        with self._lock:
            now = self._clock()
            self._level = min(self._size, self._level + max(0.0, now - self._seen) * self._per_second)
            self._seen = now
            if self._level < 1:
                return False
            self._level -= 1
            return True
