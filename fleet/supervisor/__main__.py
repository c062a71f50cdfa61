"""`./run`: lock the data folder, make up what is missing, prepare the database, start the parts, keep them."""

import fcntl
import hashlib
import http.client
import os
import socket
import sys
import time
from pathlib import Path

import parts
import roster
import secrets_file
import surroundings

ROOT = Path(__file__).resolve().parents[2]
ROLES = {
    "manager": "manager@northgate.example",
    "technician": "technician@northgate.example",
    "viewer": "viewer@northgate.example",
    "administrator": "admin@fettle.example",
}


class Refused(Exception):
    """We do not start, and this line says what to do."""


def say(text: str) -> None:
    print(f"fettle: {text}", flush=True)


def main() -> int:
    # Nothing here is for the machine's other users: not the database, not the mails, not the logs.
    os.umask(0o077)
    try:
        place = surroundings.survey(os.environ, ROOT)
        log_dir = open_data_dir(place.data_dir)
        lock = take_lock(place.data_dir / "run.lock")  # held while this name lives
        refuse_taken_ports(place)
        made_up = secrets_file.ensure(place.data_dir / "secrets.env", wanted_secrets(place))
        env = surroundings.furnish(os.environ, made_up, place)
        door = Door(place)
        keeper = parts.Keeper(the_parts(place, door), env=env, cwd=ROOT, log_dir=log_dir, say=say)
        keeper.listen()
        prepare(keeper, place)
    except (surroundings.Unreadable, Refused) as refusal:
        print(f"run: {refusal}", file=sys.stderr)
        return 2

    if not keeper.told_to_stop:
        announce(env, place)
        keeper.keep(each_round=door.look)
    lock.close()
    return 0


def open_data_dir(data_dir: Path) -> Path:
    log_dir = data_dir / "log"
    try:
        log_dir.mkdir(parents=True, exist_ok=True)
        data_dir.chmod(0o700)
    except OSError as error:
        raise Refused(f"cannot use {data_dir} ({error.strerror}): set DATA_DIR to a folder of your own.") from error
    return log_dir


def take_lock(path: Path):
    """Two supervisors on one folder would run two beats and two sets of workers over one database."""
    lock = open(path, "a+", encoding="utf-8")  # noqa: SIM115 - open as long as we run
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        raise Refused(
            f"already running on {path.parent} (process {lock.read().strip() or 'unknown'}): "
            "stop it, or set DATA_DIR, PORT and SANDBOX_PORT for a second house."
        ) from None
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def refuse_taken_ports(place: surroundings.Place) -> None:
    wanted = [("web", "PORT", place.port)]
    if place.demo:
        wanted.append(("sandbox", "SANDBOX_PORT", place.sandbox_port))
        if place.port == place.sandbox_port:
            raise Refused(f"web and sandbox both want port {place.port}: set SANDBOX_PORT to another one.")
    for part, setting, port in wanted:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                raise Refused(f"port {port} for {part} cannot be had ({error.strerror}): set {setting}.") from error


def wanted_secrets(place: surroundings.Place) -> dict:
    if place.real_smartcar:
        return secrets_file.KEYS
    return secrets_file.KEYS | secrets_file.SMARTCAR | secrets_file.DEMO


def the_parts(place: surroundings.Place, door: "Door") -> list[parts.Part]:
    # The web first and alone: what Smartcar delivers meanwhile is lost after four tries, what waits in rows is not.
    def once_open() -> bool:
        return door.open or door.waited_s() > 15

    def both_ends_answer() -> bool:
        return door.open and answers(place.sandbox_port, "/control/status")

    # On SQLite more threads only queue for the one write lock.
    workers = roster.workers(many_write=not place.on_sqlite)
    house = [
        parts.Part("web", roster.web(port=place.port, threads=4 if place.on_sqlite else 8)),
        *(parts.Part(f"worker-{name}", worker, ready_to_start=once_open) for name, worker in workers.items()),
        parts.Part("beat", roster.beat(place.data_dir), ready_to_start=once_open),
    ]
    if place.demo:
        house.append(parts.Part("sandbox", roster.sandbox(), ready_to_start=once_open))
        house.append(parts.Part("furnish", roster.furnish(), once=True, ready_to_start=both_ends_answer))
    return house


def prepare(keeper: parts.Keeper, place: surroundings.Place) -> None:
    """The schema every time, since a restored database may be any age; the static files when their sources changed."""
    run_to_end("migrate", roster.migrate(), keeper)
    stamp = place.data_dir / "static.stamp"
    print_of_sources = fingerprint([*sorted((ROOT / "static").rglob("*")), ROOT / "requirements.txt"])
    if not (stamp.exists() and stamp.read_text() == print_of_sources and (place.data_dir / "static").is_dir()):
        run_to_end("collectstatic", roster.collectstatic(), keeper)
        stamp.write_text(print_of_sources)


def run_to_end(name: str, command: list[str], keeper: parts.Keeper) -> None:
    if keeper.told_to_stop:
        return
    step = parts.Part(name, command, once=True)
    step.start(env=keeper.env, cwd=keeper.cwd, log_dir=keeper.log_dir)
    while (status := step.died()) is None:
        if keeper.told_to_stop:
            parts.stop_all([step], patience_s=parts.STOP_PATIENCE_S)
            return
        time.sleep(0.02)
    if status != 0:
        log = keeper.log_dir / f"{name}.log"
        last = log.read_text(errors="replace").strip().splitlines()[-1:] or ["it said nothing"]
        raise Refused(f"{name} failed: {last[0]} (more in {log})")


def fingerprint(files: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in files:
        if path.is_file():
            digest.update(f"{path.relative_to(ROOT)}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def announce(env: dict[str, str], place: surroundings.Place) -> None:
    say(f"portal   http://localhost:{place.port}")
    if place.demo:
        say(f"sandbox  http://localhost:{place.sandbox_port}   (stands in for Smartcar)")
        for role, address in ROLES.items():
            say(f"sign in  {address:<32} as {role}")
        say(f"password {env['DEMO_PASSWORD']}   (for all of them)")
    say(f"logs     {place.data_dir / 'log'}   Ctrl-C stops everything")


class Door:
    """Looks at the portal's door until it opens, and says so; says as well if it stays shut for long."""

    def __init__(self, place: surroundings.Place):
        self.place, self.began = place, time.monotonic()
        self.open = self.worried = False

    def waited_s(self) -> float:
        return time.monotonic() - self.began

    def look(self) -> None:
        if self.open:
            return
        if answers(self.place.port, "/readyz"):
            self.open = True
            say(f"ready after {self.waited_s():.1f} s")
        elif self.waited_s() > 60 and not self.worried:
            self.worried = True
            say(f"not ready after {self.waited_s():.0f} s: read {self.place.data_dir / 'log' / 'web.log'}")


if __name__ == "__main__":
    sys.exit(main())
