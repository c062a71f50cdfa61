"""What is wrong with which car at present, by command: every call for its data and its webhook tell of it."""

import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from vehicles.smartcar.sandbox import mishaps, paper

# How long a car is left alone when nobody said for how long.
THROTTLED_SECONDS = 1800


@dataclass(frozen=True, slots=True)
class Trouble:
    """`signal` is None where the whole car is meant; `until` is None where it lasts until it is cleared."""

    vehicle_id: str
    kind: str
    code: str | None
    since: float
    until: float | None = None
    signal: str | None = None

    def lasts(self, now: float) -> bool:
        return self.until is None or self.until > now

    @property
    def is_mended_by_owner(self) -> bool:
        return (self.kind, self.code) in mishaps.MENDED_BY_OWNER

    def wait_seconds(self, now: float) -> int | None:
        """For Retry-After, which only a throttled car has."""
        if (self.kind, self.code) != ("RATE_LIMIT", "VEHICLE"):
            return None
        return max(1, round(self.until - now)) if self.until else THROTTLED_SECONDS


Listener = Callable[[list[Trouble], list[Trouble]], None]


class Troubles:
    """At most one for a whole car, and one for each of its signals. Kept in a file beside the ledger's."""

    def __init__(self, folder: Path, clock: Callable[[], float]):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path = folder / "troubles.json"
        self._clock = clock
        self._lock = threading.RLock()
        self._listeners: list[Listener] = []
        self._rows = [Trouble(**row) for row in paper.read(self._path, {"troubles": []})["troubles"]]

    def listen(self, listener: Listener) -> None:
        """`listener` hears which troubles began and which ended, after it is written down."""
        self._listeners.append(listener)

    def put(
        self,
        vehicle_id: str,
        kind: str,
        code: str | None,
        *,
        until: float | None = None,
        signals: tuple[str, ...] | list[str] = (),
    ) -> None:
        """From now on this is wrong with the car, or with these signals of it; another trouble there is over."""
        code, now = code or None, self._clock()
        begun = [Trouble(vehicle_id, kind, code, now, until, signal) for signal in signals or (None,)]
        places = {trouble.signal for trouble in begun}
        self._change(begun, lambda row: row.vehicle_id == vehicle_id and row.signal in places)

    def clear(self, vehicle_id: str) -> None:
        self._change([], lambda row: row.vehicle_id == vehicle_id)

    def owner_came_back(self, vehicle_id: str) -> None:
        """A new consent, or a new sign-in with the maker, mends what only the owner can."""
        self._change([], lambda row: row.vehicle_id == vehicle_id and row.is_mended_by_owner)

    def sweep(self) -> None:
        """End what has an end that came."""
        now = self._clock()
        if any(not row.lasts(now) for row in self._rows):
            self._change([], lambda row: not row.lasts(now))

    def of(self, vehicle_id: str) -> tuple[str, str | None] | None:
        trouble = self.on(vehicle_id)
        return trouble and (trouble.kind, trouble.code)

    def on(self, vehicle_id: str) -> Trouble | None:
        """What is wrong with the whole car."""
        rows, now = self._rows, self._clock()
        return next((r for r in rows if r.vehicle_id == vehicle_id and r.signal is None and r.lasts(now)), None)

    def on_signals(self, vehicle_id: str) -> dict[str, Trouble]:
        rows, now = self._rows, self._clock()
        return {r.signal: r for r in rows if r.vehicle_id == vehicle_id and r.signal and r.lasts(now)}

    def present(self) -> list[Trouble]:
        now = self._clock()
        return [row for row in self._rows if row.lasts(now)]

    def _change(self, begun: list[Trouble], ends: Callable[[Trouble], bool]) -> None:
        with self._lock:
            over = [row for row in self._rows if ends(row)]
            if not begun and not over:
                return
            # A new list, so that readers need no lock.
            self._rows = [row for row in self._rows if row not in over] + begun
            paper.keep(self._path, {"troubles": [asdict(row) for row in self._rows]})
        for listener in self._listeners:
            listener(begun, over)
