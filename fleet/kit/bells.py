"""A broker made of files, for an installation without Redis: each ring is a small file that one worker takes.

Kombu's own file transport writes under the final name, so that a worker can read half a message and die of it, and
carries every message through the machine's common temporary folder. Here a message appears whole, by rename, and is
taken by rename. Every queue has an exchange of its own name and no other, so no table of bindings is kept.
"""

import os
import time
import uuid
from pathlib import Path
from queue import Empty

from kombu.transport import filesystem
from kombu.utils.json import dumps, loads

SUFFIX = ".msg"


class Channel(filesystem.Channel):
    supports_fanout = False

    @property
    def folder(self) -> Path:
        return Path(self.data_folder_in)

    def get_table(self, exchange):
        return [filesystem.exchange_queue_t(exchange, "", exchange)]

    def _queue_bind(self, exchange, routing_key, pattern, queue):
        pass

    def _delete(self, queue, *args, **kwargs):
        self._purge(queue)

    def _put(self, queue, payload, **kwargs):
        name = f"{time.time_ns():020d}-{uuid.uuid4().hex}.{queue}"
        part = self.folder / f"{name}.part"
        part.write_text(dumps(payload))
        part.rename(self.folder / f"{name}{SUFFIX}")

    def _get(self, queue):
        for path in self.waiting(queue):
            taken = path.with_suffix(f".{os.getpid()}")
            try:
                path.rename(taken)
            except FileNotFoundError:  # another worker was quicker
                continue
            payload = taken.read_text()
            taken.unlink()
            return loads(payload)
        raise Empty

    def waiting(self, queue) -> list[Path]:
        return sorted(self.folder.glob(f"*.{queue}{SUFFIX}"))

    def _size(self, queue):
        return len(self.waiting(queue))

    def _purge(self, queue):
        paths = self.waiting(queue)
        for path in paths:
            path.unlink(missing_ok=True)
        return len(paths)


class Transport(filesystem.Transport):
    Channel = Channel
    driver_type = driver_name = "bells"
