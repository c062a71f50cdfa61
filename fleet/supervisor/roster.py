"""Which parts the house has, and the words that start each."""

import sys
from pathlib import Path

PYTHON = sys.executable
MANAGE = (PYTHON, "manage.py")
CELERY = (PYTHON, "-m", "celery", "-A", "fleet")
# They only talk to each other, and over files such talk costs a lot and says nothing.
QUIET = ("--without-gossip", "--without-mingle", "--without-heartbeat")


def web(*, port: int, threads: int) -> list[str]:
    """Loaded once and then forked: half the work between start and the first answer."""
    return [
        *(PYTHON, "-m", "gunicorn", "fleet.wsgi:application", "--bind", f"127.0.0.1:{port}"),
        *("--worker-class", "gthread", "--workers", "2", "--threads", str(threads)),
        *("--graceful-timeout", "5", "--preload", "--no-control-socket"),
    ]


def worker(name: str, *, queues: str, threads: int) -> list[str]:
    """Threads, so that a worker is one process and ends as one. Waiting for cars has threads of its own."""
    return [
        *(*CELERY, "worker", "--pool", "threads", "--concurrency", str(threads), "--queues", queues),
        *("--hostname", f"{name}@%h", "--prefetch-multiplier", "1", "--loglevel", "INFO", *QUIET),
    ]


def workers(*, many_write: bool) -> dict[str, list[str]]:
    """By name. Where many may write, a second one has a core of its own: while a large fleet is judged anew, what comes
    in is taken in all the same."""
    found = {name: worker(name, queues="ingest,care", threads=4) for name in ("main", "second")[: 1 + many_write]}
    return found | {"poll": worker("poll", queues="poll", threads=8)}


def beat(data_dir: Path) -> list[str]:
    return [*CELERY, "beat", "--schedule", str(data_dir / "beat-schedule"), "--pidfile", "", "--loglevel", "WARNING"]


def sandbox() -> list[str]:
    return [*MANAGE, "sandbox"]


def furnish() -> list[str]:
    return [*MANAGE, "furnish"]


def migrate() -> list[str]:
    return [*MANAGE, "migrate", "--noinput", "--verbosity", "1"]


def collectstatic() -> list[str]:
    return [*MANAGE, "collectstatic", "--noinput", "--verbosity", "0"]
