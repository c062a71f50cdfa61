"""The parts of the house: each a process with its own group and log, started again when it dies."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 10.0
SETTLED_S = 30.0
STOP_PATIENCE_S = 8.0
LOG_CAP_BYTES = 5 * 1024 * 1024
PR_SET_PDEATHSIG = 1
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass
class Part:
    """A `once` part has a job and an end, and is tried a few times. `ready_to_start` holds it back."""

    name: str
    command: Sequence[str]
    once: bool = False
    tries: int = 3
    ready_to_start: Callable[[], bool] = lambda: True

    process: subprocess.Popen | None = field(default=None, init=False)
    started_at: float = field(default=0.0, init=False)
    start_after: float = field(default=0.0, init=False)
    deaths: int = field(default=0, init=False)
    finished: bool = field(default=False, init=False)

    def start(self, *, env: Mapping[str, str], cwd: Path, log_dir: Path) -> None:
        with open_log(log_dir / f"{self.name}.log") as log:
            self.process = subprocess.Popen(
                self.command,
                env=env,
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=dies_with(os.getpid()),
            )
        self.started_at = time.monotonic()

    def died(self) -> int | None:
        """The exit status, once; None while it runs or rests."""
        if self.process is None or (status := self.process.poll()) is None:
            return None
        # What it left behind holds its port and its place: the next one could not start.
        self.signal(signal.SIGKILL)
        self.process = None
        return status

    def rest(self) -> float:
        """Wind the next start forward and say by how much: doubling, forgiven after a while of good work."""
        if time.monotonic() - self.started_at > SETTLED_S:
            self.deaths = 0
        pause_s = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2**self.deaths)
        self.deaths += 1
        self.start_after = time.monotonic() + pause_s
        return pause_s

    def signal(self, number: int) -> None:
        """To the whole group: a part answers for what it started."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)


def dies_with(parent_pid: int) -> Callable[[], None]:
    """The kernel ends the part when its supervisor is gone, however it went. Linux only; elsewhere we trust `keep`."""

    def tie() -> None:
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() != parent_pid:  # it went between fork and prctl
                os._exit(1)

    return tie


def open_log(path: Path):
    """Append, but begin anew once it has grown too long: a demo left running must not fill the disk."""
    too_long = path.exists() and path.stat().st_size > LOG_CAP_BYTES
    return open(path, "wb" if too_long else "ab")  # noqa: SIM115 - the caller closes it


def stop_all(parts: Sequence[Part], *, patience_s: float, hurry: Callable[[], bool] = lambda: False) -> list[str]:
    """Ask every group to end, wait, then insist. Returns the names of those that had to be killed."""
    running = [part for part in parts if part.process is not None]
    for part in running:
        part.signal(signal.SIGTERM)

    until = time.monotonic() + patience_s
    while any(part.process.poll() is None for part in running) and time.monotonic() < until and not hurry():
        time.sleep(0.05)

    killed = [part.name for part in running if part.process.poll() is None]
    for part in running:
        part.signal(signal.SIGKILL)
        part.process.wait()
        part.process = None
    return killed


class Keeper:
    """Starts what may start, notices what died, stops everything when told."""

    def __init__(
        self, parts: list[Part], *, env: Mapping[str, str], cwd: Path, log_dir: Path, say: Callable[[str], None]
    ):
        self.parts, self.env, self.cwd, self.log_dir, self.say = parts, env, cwd, log_dir, say
        self.told_to_stop = 0

    def listen(self) -> None:
        """From here on a signal is a wish to stop; the second one is a wish to stop now."""
        for number in STOPPING:
            signal.signal(number, self._heard)

    def _heard(self, number: int, frame: object) -> None:
        self.told_to_stop += 1

    def keep(self, *, each_round: Callable[[], None] = lambda: None, pause_s: float = 0.1) -> None:
        """Until told to stop; then nothing of ours is left running, whatever went wrong here."""
        try:
            while not self.told_to_stop:
                for part in self.parts:
                    self.look_after(part)
                each_round()
                time.sleep(pause_s)
        finally:
            self.say("stopping")
            for name in stop_all(self.parts, patience_s=STOP_PATIENCE_S, hurry=lambda: self.told_to_stop > 1):
                self.say(f"{name} did not stop by itself and was killed")

    def look_after(self, part: Part) -> None:
        if (status := part.died()) is not None:
            self._bury(part, status)
        if part.finished or part.process is not None or time.monotonic() < part.start_after:
            return
        if part.ready_to_start():
            part.start(env=self.env, cwd=self.cwd, log_dir=self.log_dir)

    def _bury(self, part: Part, status: int) -> None:
        log = self.log_dir / f"{part.name}.log"
        how = f"was killed by signal {-status}" if status < 0 else f"ended with status {status}"
        if part.once and status == 0:
            part.finished = True
            self.say(f"{part.name} is done")
            return
        pause_s = part.rest()
        if part.once and part.deaths >= part.tries:
            part.finished = True
            self.say(f"{part.name} {how}; given up after {part.tries} tries. Its log: {log}")
            return
        self.say(f"{part.name} {how}; starting it again in {pause_s:g} s. Its log: {log}")
