"""The whole house as a user starts it: the supervisor with a data folder and two ports of its own."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parents[2]
# The tests lay settings of their own into our environment; with those the house would not be a demo.
KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR")


class House:
    def __init__(self, folder: Path, days: int = 60):
        """`days`: a past long enough for forecasts; the whole 400 would only be waited for."""
        self.days = days
        self.data_dir = folder / "var"
        self.port, self.sandbox_port = free_ports(2)
        self.origin = f"http://localhost:{self.port}"
        self.makers = f"http://localhost:{self.sandbox_port}"
        self.out = folder / "supervisor.log"
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        env = {name: os.environ[name] for name in KEPT if name in os.environ}
        env |= {"PORT": str(self.port), "SANDBOX_PORT": str(self.sandbox_port), "DATA_DIR": str(self.data_dir)}
        env["FURNISH_DAYS"] = os.environ.get("FURNISH_DAYS") or str(self.days)
        with open(self.out, "wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "fleet/supervisor"], cwd=ROOT, env=env, stdout=log, stderr=log, start_new_session=True
            )
        until(lambda: self.answers("/readyz"), 90, lambda: self.out.read_text())
        until(self.is_furnished, 420, lambda: self.out.read_text() + self.log("furnish"))

    def stop(self) -> None:
        """As Ctrl-C and the end of a session do; then nothing of the house may be left."""
        self.process.send_signal(signal.SIGTERM)
        try:
            assert self.process.wait(40) == 0, self.out.read_text()
            left = [words_of(pid) for pid in self.pids()]
            assert not left, f"still running after the house was stopped: {left}"
        finally:
            for pid in self.pids():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    def answers(self, path: str) -> bool:
        with contextlib.suppress(requests.RequestException):
            return requests.get(f"{self.origin}{path}", timeout=5).status_code == 200
        return False

    def log(self, part: str) -> str:
        path = self.data_dir / "log" / f"{part}.log"
        return path.read_text() if path.exists() else ""

    def is_furnished(self) -> bool:
        assert self.process.poll() is None, self.out.read_text()
        return "furnished" in self.log("furnish").split()

    @property
    def password(self) -> str:
        lines = (self.data_dir / "secrets.env").read_text().splitlines()
        return next(line.partition("=")[2] for line in lines if line.startswith("DEMO_PASSWORD="))

    def pids(self) -> list[int]:
        """Every process that was told this data folder, wherever it hangs in the tree by now."""
        mark = f"DATA_DIR={self.data_dir}\0".encode()
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdecimal():
                with contextlib.suppress(OSError):
                    if mark in (entry / "environ").read_bytes():
                        found.append(int(entry.name))
        return found

    def part(self, sign: str) -> int:
        """The process of a part, by a word of the command that started it; 0 while there is none."""
        return next((pid for pid in children(self.process.pid) if sign in words_of(pid)), 0)

    def health(self) -> tuple[int, dict]:
        answer = requests.get(f"{self.origin}/healthz", timeout=10)
        return answer.status_code, answer.json()["parts"]

    def command(self, what: str, **said) -> dict:
        answer = requests.post(f"{self.makers}/control/{what}", json=said, timeout=20)
        answer.raise_for_status()
        return answer.json()

    def car(self, account: str, model: str) -> str:
        """The makers' id of the first car of this model in that account."""
        accounts = requests.get(f"{self.makers}/control/accounts", timeout=20).json()["accounts"]
        cars = next(entry["vehicles"] for entry in accounts if entry["account"] == account)
        return next(car["vehicleId"] for car in cars if car["model"] == model)


def free_ports(count: int) -> list[int]:
    """Held open together, so that they differ."""
    with contextlib.ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def words_of(pid: int) -> list[str]:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    return []


def until(true, seconds: float, told=lambda: ""):
    end = time.monotonic() + seconds
    while not (answer := true()):
        assert time.monotonic() < end, f"it did not come about within {seconds:g} s\n{told()}"
        time.sleep(0.2)
    return answer
