"""What ./run promises of its parts, tried with small parts that live and die on command."""

import fcntl
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from fleet.supervisor import parts, roster, secrets_file, surroundings

ROOT = Path(__file__).resolve().parent.parent
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="asks /proc and the kernel's parent-death signal")
SLEEPER = [sys.executable, "-c", "import time; time.sleep(600)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)",
]
# A part with a child of its own, whose number it writes down.
PARENT = [
    sys.executable,
    "-c",
    "import subprocess, sys, time; child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
    "print(child.pid, flush=True); time.sleep(600)",
]


def alive(pid: int) -> bool:
    """Running, and not merely waiting to be buried."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def until(true, patience_s: float = 10.0):
    end = time.monotonic() + patience_s
    while not (answer := true()):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
    return answer


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def keeper_of(tmp_path, said):
    keepers = []

    def make(*kept: parts.Part) -> parts.Keeper:
        keepers.append(parts.Keeper(list(kept), env=dict(os.environ), cwd=tmp_path, log_dir=tmp_path, say=said.append))
        return keepers[-1]

    yield make
    for keeper in keepers:
        parts.stop_all(keeper.parts, patience_s=0)


def test_a_part_that_dies_is_started_again(keeper_of, said):
    part = parts.Part("clerk", SLEEPER)
    keeper = keeper_of(part)
    keeper.look_after(part)
    first = part.process.pid
    os.kill(first, signal.SIGKILL)

    def again():
        keeper.look_after(part)
        return part.process is not None and part.process.pid != first

    until(again)
    assert "clerk was killed by signal 9; starting it again in 0.5 s" in said[0]


def test_a_part_that_keeps_dying_is_started_ever_more_slowly():
    part = parts.Part("clerk", SLEEPER)
    part.started_at = time.monotonic()

    assert [part.rest() for _ in range(7)] == [0.5, 1.0, 2.0, 4.0, 8.0, 10.0, 10.0]


def test_a_part_that_worked_for_a_while_is_forgiven():
    part = parts.Part("clerk", SLEEPER)
    part.deaths = 6
    part.started_at = time.monotonic() - parts.SETTLED_S - 1

    assert part.rest() == 0.5


def test_a_job_that_succeeds_is_not_done_twice(keeper_of, said):
    job = parts.Part("furnish", [sys.executable, "-c", "pass"], once=True)
    keeper = keeper_of(job)

    until(lambda: keeper.look_after(job) or job.finished)
    keeper.look_after(job)

    assert job.process is None
    assert said == ["furnish is done"]


def test_a_job_that_fails_is_tried_three_times_and_then_reported(keeper_of, said, monkeypatch):
    monkeypatch.setattr(parts, "FIRST_PAUSE_S", 0.01)
    job = parts.Part("furnish", [sys.executable, "-c", "raise SystemExit(4)"], once=True)
    keeper = keeper_of(job)

    until(lambda: keeper.look_after(job) or job.finished)

    assert len(said) == 3
    assert "ended with status 4; given up after 3 tries" in said[-1]


def test_a_part_waits_until_what_it_needs_is_there(keeper_of):
    there = []
    part = parts.Part("furnish", SLEEPER, ready_to_start=lambda: bool(there))
    keeper = keeper_of(part)

    keeper.look_after(part)
    assert part.process is None
    there.append("web")
    keeper.look_after(part)
    assert part.process is not None


@LINUX
def test_the_stop_takes_the_children_of_a_part_along(keeper_of, tmp_path):
    part = parts.Part("web", PARENT)
    keeper = keeper_of(part)
    keeper.look_after(part)
    pids = [part.process.pid, int(until((tmp_path / "web.log").read_text))]
    assert all(alive(pid) for pid in pids)

    assert parts.stop_all([part], patience_s=5) == []
    until(lambda: not any(alive(pid) for pid in pids))


@LINUX
def test_what_a_dead_part_left_behind_is_cleared_before_the_next_start(keeper_of, tmp_path):
    part = parts.Part("web", PARENT)
    keeper = keeper_of(part)
    keeper.look_after(part)
    child = int(until((tmp_path / "web.log").read_text))
    os.kill(part.process.pid, signal.SIGKILL)

    until(lambda: part.died() is not None)
    until(lambda: not alive(child))


def test_a_part_deaf_to_the_stop_is_killed_and_named(keeper_of, tmp_path):
    part = parts.Part("worker", STUBBORN)
    keeper = keeper_of(part)
    keeper.look_after(part)
    until(lambda: "deaf" in (tmp_path / "worker.log").read_text())

    assert parts.stop_all([part], patience_s=0.3) == ["worker"]


def test_a_second_wish_to_stop_does_not_wait(keeper_of, tmp_path):
    part = parts.Part("worker", STUBBORN)
    keeper = keeper_of(part)
    keeper.look_after(part)
    until(lambda: "deaf" in (tmp_path / "worker.log").read_text())
    began = time.monotonic()

    threading.Timer(0.2, lambda: setattr(keeper, "told_to_stop", 2)).start()
    keeper.told_to_stop = 1
    keeper.keep()

    assert time.monotonic() - began < parts.STOP_PATIENCE_S / 2


@LINUX
def test_a_killed_supervisor_leaves_no_orphan(tmp_path):
    script = (
        "import os, sys, pathlib; sys.path.insert(0, sys.argv[1]); import parts\n"
        "here = pathlib.Path(sys.argv[2])\n"
        "kept = [parts.Part(name, [sys.executable, '-c', 'import time; time.sleep(600)']) for name in ('a', 'b')]\n"
        "keeper = parts.Keeper(kept, env=os.environ, cwd=here, log_dir=here, say=print)\n"
        "keeper.keep(each_round=lambda: (here / 'pids').write_text(' '.join(str(p.process.pid) for p in kept)))\n"
    )
    command = [sys.executable, "-c", script, str(ROOT / "fleet" / "supervisor"), str(tmp_path)]
    supervisor = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    written = tmp_path / "pids"
    pids = [int(pid) for pid in until(lambda: written.exists() and written.read_text()).split()]
    assert len(pids) == 2 and all(alive(pid) for pid in pids)

    supervisor.kill()
    supervisor.wait()

    until(lambda: not any(alive(pid) for pid in pids))


def test_a_log_that_grew_too_long_begins_anew(tmp_path, monkeypatch):
    monkeypatch.setattr(parts, "LOG_CAP_BYTES", 10)
    log = tmp_path / "web.log"
    log.write_text("twenty letters or so")

    with parts.open_log(log) as opened:
        opened.write(b"new")

    assert log.read_text() == "new"


def test_secrets_are_for_our_eyes_and_made_once(tmp_path):
    path = tmp_path / "secrets.env"
    wanted = secrets_file.KEYS | secrets_file.SMARTCAR | secrets_file.DEMO

    first = secrets_file.ensure(path, wanted)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert secrets_file.ensure(path, wanted) == first
    assert set(first) == set(wanted) and all(first.values())


def test_a_later_version_adds_its_secrets_and_keeps_the_old(tmp_path):
    path = tmp_path / "secrets.env"
    first = secrets_file.ensure(path, secrets_file.KEYS)
    path.chmod(0o644)

    later = secrets_file.ensure(path, secrets_file.KEYS | secrets_file.DEMO)

    assert {name: later[name] for name in first} == first
    assert later["DEMO_PASSWORD"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_field_key_is_one_the_cipher_takes(tmp_path):
    Fernet(secrets_file.ensure(tmp_path / "secrets.env", secrets_file.KEYS)["FIELD_KEYS"])


def test_both_ends_of_the_demo_name_each_other():
    place = surroundings.survey({"PORT": "9000", "SANDBOX_PORT": "9001", "DATA_DIR": "/srv/fettle"}, ROOT)
    env = surroundings.furnish({}, {"SECRET_KEY": "made up"}, place)

    assert env["SMARTCAR_VEHICLE_ORIGIN"] == "http://localhost:9001/vehicle"
    assert env["SMARTCAR_MANAGEMENT_V3_ORIGIN"] == "http://localhost:9001/management-v3"
    assert env["SANDBOX_WEBHOOK_URL"] == "http://127.0.0.1:9000/webhooks/smartcar/"
    assert env["SANDBOX_REDIRECT_URIS"] == "http://localhost:9000/connect/back/"
    assert env["DATABASE_URL"] == "sqlite:////srv/fettle/fettle.sqlite3"


def test_what_the_operator_gives_wins_and_an_empty_value_is_no_gift():
    given = {"SECRET_KEY": "given", "EMAIL_URL": "", "PUBLIC_ORIGIN": "https://fettle.example/"}
    env = surroundings.furnish(given, {"SECRET_KEY": "made up"}, surroundings.survey(given, ROOT))

    assert env["SECRET_KEY"] == "given"
    assert env["EMAIL_URL"].startswith("filemail:////")
    assert env["ALLOWED_HOSTS"] == "localhost,127.0.0.1,fettle.example"


def test_with_a_real_application_there_is_no_demo():
    given = {"SMARTCAR_CLIENT_ID": "client_real"}
    place = surroundings.survey(given, ROOT)
    env = surroundings.furnish(given, {}, place)

    assert not place.demo
    assert not {"DEMO", "SANDBOX_WEBHOOK_URL", "SMARTCAR_VEHICLE_ORIGIN"} & set(env)


def test_a_port_that_is_none_is_refused_with_its_name():
    with pytest.raises(surroundings.Unreadable, match="PORT=http is not a port"):
        surroundings.survey({"PORT": "http"}, ROOT)


def start_house(tmp_path: Path, **env: str) -> subprocess.CompletedProcess:
    command = [sys.executable, str(ROOT / "fleet" / "supervisor")]
    clean = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path / "var"), **env}
    return subprocess.run(command, env=clean, capture_output=True, text=True, timeout=60)


def test_a_second_house_on_the_same_folder_is_refused(tmp_path):
    (tmp_path / "var").mkdir()
    with open(tmp_path / "var" / "run.lock", "w") as lock:
        lock.write("4711")
        lock.flush()
        fcntl.flock(lock, fcntl.LOCK_EX)
        refused = start_house(tmp_path)

    assert refused.returncode == 2
    assert "already running" in refused.stderr and "process 4711" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


def test_a_taken_port_is_named_with_its_setting(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        refused = start_house(tmp_path, PORT=port)

    assert refused.returncode == 2
    assert f"port {port} for web cannot be had" in refused.stderr and "set PORT" in refused.stderr
    assert stat.S_IMODE((tmp_path / "var").stat().st_mode) == 0o700


@pytest.mark.parametrize(("url", "count"), [("", 1), ("sqlite:///x", 1), ("postgres://a:b@127.0.0.1/c", 2)])
def test_a_second_worker_takes_in_and_judges_where_many_may_write(tmp_path, url, count):
    place = surroundings.survey({"DATABASE_URL": url}, tmp_path)
    commands = roster.workers(many_write=not place.on_sqlite)
    hosts = {command[command.index("--hostname") + 1] for command in commands.values()}

    assert len(hosts) == len(commands) == count + 1
    assert sum("ingest,care" in command for command in commands.values()) == count
