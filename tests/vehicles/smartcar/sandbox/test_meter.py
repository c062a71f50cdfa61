"""A cluster that is replaced by command: the dash counts on from another figure."""

import pytest

ODOMETER = "odometer-traveleddistance"


@pytest.fixture
def car(delivered):
    _, (vehicle_id, *_) = delivered.consent()
    return delivered, vehicle_id


def shown(guest, vehicle_id: str) -> float:
    (row,) = [row for row in guest.get("/control/truth").json()["vehicles"] if row["vehicleId"] == vehicle_id]
    return row["signals"][ODOMETER]["body"]["value"]


def test_a_new_meter_counts_on_from_its_figure(car):
    guest, vehicle_id = car
    assert shown(guest, vehicle_id) > 1_000

    assert guest.post("/control/meter", json={"vehicleId": vehicle_id, "showsKm": 12}).status_code == 200

    assert shown(guest, vehicle_id) == pytest.approx(12, abs=5)
    guest.post("/control/meter", json={"vehicleId": vehicle_id})
    assert shown(guest, vehicle_id) == pytest.approx(0, abs=5)


@pytest.mark.parametrize("figure", ["many", -1, 10**7])
def test_a_figure_that_no_meter_shows_is_refused(car, figure):
    guest, vehicle_id = car
    assert guest.post("/control/meter", json={"vehicleId": vehicle_id, "showsKm": figure}).status_code == 400
