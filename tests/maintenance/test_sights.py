"""From the gauges of a vehicle to what its lines may go by."""

import pytest

from maintenance.sights import sight
from tests.maintenance.domain.scene import seen
from vehicles.models import Gauge


@pytest.mark.parametrize(
    ("source", "state", "ended"),
    [
        ("poll", "given", False),
        ("poll", "unsupported", True),
        ("webhook", "unsupported", True),
        ("bench", "unsupported", False),
        ("poll", "not_permitted", False),
        ("poll", None, False),
    ],
)
def test_what_a_person_typed_beats_what_the_car_cannot(source, state, ended):
    assert sight(Gauge(number=5_000, at=seen(1).at, source=source), state).ended is ended
