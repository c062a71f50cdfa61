"""What every benchmark stands on: a scratch database, a server of its own, a load from this same machine."""

import contextlib
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def database(kind: str):
    """The environment of a fresh, migrated database: `sqlite` or `postgres`."""
    from tests import servers  # its import lays the tests' environment, which must not happen in our children

    with tempfile.TemporaryDirectory(prefix="fettle-bench-") as folder:
        env = os.environ | servers.SETTINGS | {"DATA_DIR": folder, "PYTHONPATH": str(ROOT), "LOG_LEVEL": "ERROR"}
        env |= {"PLAIN_STATIC": "1", "REDIS_URL": "", "DJANGO_SETTINGS_MODULE": "fleet.settings"}
        env["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        if kind == "postgres":
            # With its durability on: what is acknowledged must be on the disk.
            env["DATABASE_URL"] = servers.start_postgres(Path(folder), durable=True)
        manage(env, "migrate", "--verbosity", "0")
        yield env


def manage(env: dict, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *words], cwd=ROOT, env=env, check=True, capture_output=True, text=True
    )
    return done.stdout


@contextlib.contextmanager
def web(env: dict, application: str, *, workers: int = 2, threads: int = 4):
    """A gunicorn with the same numbers that ./run uses. Yields its port."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "-k", "gthread", "-w", str(workers), "--threads", str(threads)]
    command += [
        "-b",
        f"127.0.0.1:{port}",
        "--log-level",
        "error",
        "--keep-alive",
        "30",
        "--preload",
        "--no-control-socket",
        application,
    ]
    process = subprocess.Popen(command, cwd=ROOT, env=env)
    try:
        wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def wait_for(port: int) -> None:
    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise RuntimeError(f"nothing listens on {port}")


def post_all(port: int, bodies: list[tuple[bytes, str]], *, senders: int = 8) -> tuple[float, list[float], int]:
    """Send all bodies over kept connections. Returns deliveries a second, each one's seconds, and the non-2xx."""
    requests = [request(port, body, signature) for body, signature in bodies]
    seconds: list[float] = []
    bad = [0]

    def send(mine: list[bytes]) -> None:
        line = socket.create_connection(("127.0.0.1", port), 30)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for one in mine:
            began = time.perf_counter()
            line.sendall(one)
            answer = whole(line)
            seconds.append(time.perf_counter() - began)
            if not answer.startswith(b"HTTP/1.1 2"):
                bad[0] += 1
            if b"onnection: close" in answer:
                line.close()
                line = socket.create_connection(("127.0.0.1", port), 30)
        line.close()

    threads = [threading.Thread(target=send, args=(requests[start::senders],)) for start in range(senders)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(requests) / (time.perf_counter() - began), seconds, bad[0]


def whole(line: socket.socket) -> bytes:
    """One answer to its last byte, whether its length is told or it comes in chunks."""
    answer = line.recv(4096)
    while b"\r\n\r\n" not in answer:
        answer += line.recv(4096)
    head, _, body = answer.partition(b"\r\n\r\n")
    if b"chunked" in head:
        while not answer.endswith(b"0\r\n\r\n"):
            answer += line.recv(4096)
        return answer
    length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
    while len(body) < length:
        body += line.recv(4096)
    return head + body


def request(port: int, body: bytes, signature: str) -> bytes:
    head = f"POST /webhooks/smartcar/ HTTP/1.1\r\nHost: localhost:{port}\r\nContent-Type: application/json\r\n"
    head += f"SC-Signature: {signature}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def spread(values: list[float]) -> str:
    return f"{statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f})"


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]
