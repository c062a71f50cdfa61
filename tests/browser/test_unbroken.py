"""Parts of the house are killed while somebody looks."""

import os
import signal
from datetime import UTC, datetime

import pytest

pytest.importorskip("playwright")

from tests.browser.house import until
from tests.browser.people import newest
from vehicles.smartcar.sandbox.world import LAG


def test_a_killed_worker_comes_back_and_live_data_goes_on(window, house, keys):
    first = until(lambda: house.part("main@%h"), 10)
    page = window(state=keys("manager")).page
    page.goto("/vehicles/?q=Colorado")
    os.kill(first, signal.SIGKILL)
    killed_at = datetime.now(UTC).replace(microsecond=0)

    def is_another() -> bool:
        return house.part("main@%h") not in (0, first)

    until(is_another, 20)
    # A reading is a little older than its delivery: let the clock pass, so that this one is from after the kill.
    page.wait_for_timeout((LAG + 1) * 1_000)
    house.command("deliver", vehicleId=house.car("gm@northgate.example", "Colorado"))

    def is_newer() -> bool:
        page.wait_for_timeout(1_000)
        return (told := newest(page)) != "" and datetime.fromisoformat(told) >= killed_at

    until(is_newer, 90)
    assert "worker-main was killed by signal 9; starting it again" in house.out.read_text()


def test_health_names_beat_while_it_stands_still(house):
    until(lambda: house.health()[0] == 200, 60, lambda: house.health())
    beat = until(lambda: house.part("beat"), 10)
    os.kill(beat, signal.SIGSTOP)
    try:
        until(lambda: house.health()[0] == 503, 100)
        status, parts = house.health()
        assert not parts["beat"]["ok"]
        assert parts["beat"]["trouble"] == "no heartbeat through beat, broker and worker"
        assert parts["database"]["ok"]
        assert house.answers("/readyz")
        assert house.answers("/livez")
    finally:
        os.kill(beat, signal.SIGCONT)
    until(lambda: house.health()[0] == 200, 60, lambda: house.health())
