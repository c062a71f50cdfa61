"""Cars that say nothing new: silent ones, whose last state stays in the store, and ones nobody ever heard."""

import threading
from collections.abc import Callable
from pathlib import Path

from vehicles.smartcar.sandbox import paper


class Quiet:
    """Nothing is wrong with these cars as far as anybody is told. Kept over restarts."""

    def __init__(self, folder: Path, clock: Callable[[], float]):
        self._path = folder / "quiet.json"
        self._clock = clock
        self._lock = threading.Lock()
        self._state = paper.read(self._path, {"silent": {}, "unheard": []})

    def silence(self, vehicle_id: str, *, for_seconds: float = 0) -> None:
        """The car reports nothing any more, or has not for so long. Of two silences the longer stands."""
        since = self._clock() - for_seconds
        known = self._state["silent"].get(vehicle_id, since)
        self._keep({**self._state, "silent": self._state["silent"] | {vehicle_id: min(since, known)}})

    def unhear(self, vehicle_id: str) -> None:
        """The store stays empty, as between a consent and the first data."""
        self._keep({**self._state, "unheard": sorted({*self._state["unheard"], vehicle_id})})

    def wake(self, vehicle_id: str) -> None:
        silent = {key: since for key, since in self._state["silent"].items() if key != vehicle_id}
        unheard = [key for key in self._state["unheard"] if key != vehicle_id]
        self._keep({"silent": silent, "unheard": unheard})

    def is_quiet(self, vehicle_id: str) -> bool:
        return self.silent_since(vehicle_id) is not None or self.is_unheard(vehicle_id)

    def silent_since(self, vehicle_id: str) -> float | None:
        return self._state["silent"].get(vehicle_id)

    def is_unheard(self, vehicle_id: str) -> bool:
        return vehicle_id in self._state["unheard"]

    def _keep(self, state: dict) -> None:
        with self._lock:
            self._state = state
            paper.keep(self._path, state)
