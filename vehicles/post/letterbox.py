"""The slot in the door: one durable INSERT, and a bell that may fail."""

import atexit
import fcntl
import hashlib
import threading
import time
from contextlib import nullcontext
from datetime import datetime

from celery import current_app
from django.conf import settings
from django.db import connection

from vehicles.models import Delivery
from vehicles.smartcar import webhooks
from vehicles.waist import places

COLUMNS = (
    "source webhook_id event_id digest kind smartcar_id body received_at open_after attempts state error"
).split()
INSERT = (
    f"INSERT INTO {Delivery._meta.db_table} ({', '.join(COLUMNS)}) VALUES ({', '.join(['%s'] * len(COLUMNS))}) "
    "ON CONFLICT DO NOTHING"
)


def keep(body: bytes, *, now: datetime) -> bool:
    """Store one signed body. False if it was here already. Raises DatabaseError if it could not be kept.

    Written by hand, past the ORM: it is the one statement that a burst from the maker waits for.
    """
    keys = webhooks.read_keys(body)
    if keys is None:  # signed, so from Smartcar, yet not an event that we know how to read: kept all the same
        digest = hashlib.sha256(body).hexdigest()
        kept = places.cut(body)  # nobody will open it, so nobody would cut it then
        row = ("smartcar", "", digest, digest, "unreadable", "", kept, now, None, 0, "quarantined", "no event in it")
    else:
        row = ("smartcar", keys.webhook_id or "", keys.event_id, keys.data_digest, keys.kind[:20])
        row += (keys.vehicle_id or "", body, now, now, 0, "waiting", "")
    adapt = connection.ops.adapt_datetimefield_value
    values = [adapt(value) if isinstance(value, datetime) else value for value in row]
    with turn if connection.vendor == "sqlite" else nullcontext(), connection.cursor() as cursor:
        cursor.execute(INSERT, values)
        return cursor.rowcount == 1


class Turn:
    """Whose turn it is to write, among the threads and processes of the web.

    SQLite lets a writer that finds the file locked sleep and look again; under a burst most of the time goes by in
    such sleep. A queue in front of it wakes the next one at once.
    """

    def __init__(self):
        self.threads, self.file = threading.Lock(), None

    def __enter__(self) -> None:
        self.threads.acquire()
        try:
            if self.file is None:
                self.file = open(settings.DATA_DIR / "turn.lock", "w")  # noqa: SIM115, open as long as the process
                atexit.register(self.file.close)
            fcntl.flock(self.file, fcntl.LOCK_EX)
        except OSError:
            self.threads.release()
            raise

    def __exit__(self, *trouble) -> None:
        fcntl.flock(self.file, fcntl.LOCK_UN)
        self.threads.release()


turn = Turn()


class Bell:
    """Rings the workers from a thread of its own, at most twice a second: a slow broker never holds an answer."""

    def __init__(self, task: str, queue: str, pause: float = 0.5):
        self.task, self.queue, self.pause = task, queue, pause
        self.wanted, self.thread, self.lock = threading.Event(), None, threading.Lock()

    def __call__(self) -> None:
        if not self.wanted.is_set():  # setting it wakes a thread, which a burst should not do each time
            self.wanted.set()
        if self.thread is None or not self.thread.is_alive():
            with self.lock:
                if self.thread is None or not self.thread.is_alive():
                    self.thread = threading.Thread(target=self.run, daemon=True, name="bell")
                    self.thread.start()

    def run(self) -> None:
        while self.wanted.wait():
            self.wanted.clear()
            try:
                current_app.send_task(self.task, queue=self.queue, expires=10, retry=False)
            except Exception:  # beat rings too; a bell that hangs or breaks costs two seconds, never a delivery
                time.sleep(2)
            time.sleep(self.pause)


ring = Bell("vehicles.tasks.open_deliveries", "ingest")
ring_polling = Bell("vehicles.tasks.poll_vehicles", "poll")
