"""The broker made of files: every ring is taken once, whole, by one of many."""

import threading

import pytest
from kombu import Connection
from kombu.transport import TRANSPORT_ALIASES

RINGS = 300


@pytest.fixture
def link(tmp_path):
    TRANSPORT_ALIASES["bells"] = "fleet.kit.bells:Transport"
    folders = {"data_folder_in": str(tmp_path), "data_folder_out": str(tmp_path)}
    return lambda: Connection("bells://localhost//", transport_options=folders)


def test_many_ringers_and_takers_see_every_ring_once(link, tmp_path):
    taken, lock = [], threading.Lock()

    def ring(first: int) -> None:
        with link() as connection:
            queue = connection.SimpleQueue("ingest")
            for number in range(first, RINGS, 3):
                queue.put({"number": number})

    def take() -> None:
        with link() as connection:
            queue = connection.SimpleQueue("ingest")
            while True:
                try:
                    message = queue.get(timeout=1)
                except queue.Empty:
                    return
                with lock:
                    taken.append(message.payload["number"])
                message.ack()

    threads = [threading.Thread(target=take) for _ in range(3)]
    threads += [threading.Thread(target=ring, args=(first,)) for first in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(taken) == list(range(RINGS))
    assert list(tmp_path.iterdir()) == []


def test_a_queue_hears_only_its_own_ring(link):
    with link() as connection:
        ingest, care = connection.SimpleQueue("ingest"), connection.SimpleQueue("care")
        ingest.put({"for": "ingest"})

        with pytest.raises(care.Empty):
            care.get(timeout=0.5)
        assert ingest.get(timeout=1).payload == {"for": "ingest"}
