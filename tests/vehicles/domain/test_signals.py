import pytest

from vehicles.domain.acceptance import refusal
from vehicles.domain.measurements import Measurement
from vehicles.domain.signals import CATALOGUE, Shape, Signal

TRUE = {
    Signal.ODOMETER: 84_210.3,
    Signal.TYRE_PRESSURE: {"0.0": 241.0},
    Signal.TROUBLE_CODES: [],
    Signal.SYSTEM_ABS: {"status": "OK", "description": None},
    Signal.VIN: "1FTTW8CG0NKA00001",
    Signal.IS_CHARGING: False,
    Signal.BATTERY_12V_STATUS: "WARN",
    Signal.LOCATION: {"latitude": 44.6, "longitude": -63.6, "heading": None, "parked": True},
    Signal.SERVICE_RECORDS: [],
}
FALSE = {
    Signal.ODOMETER: [True, "5", None, -1, 2_000_001, float("nan")],
    Signal.TYRE_PRESSURE: [{}, [], {"0.0": 5}, {"0.0": "241"}],
    Signal.TROUBLE_CODES: [{}, None],
    Signal.SYSTEM_ABS: [{"status": "MAYBE"}, "OK", None],
    Signal.VIN: ["", None],
    Signal.IS_CHARGING: [0, 1, "true", None],
    Signal.BATTERY_12V_STATUS: ["CHARGING", "", None, []],
    Signal.LOCATION: [{}, None, {"latitude": 91, "longitude": 0}, {"latitude": True, "longitude": 0}],
    Signal.SERVICE_RECORDS: [{}, None],
}


def test_every_signal_has_a_line_and_a_name_of_its_own():
    assert set(CATALOGUE) == set(Signal)
    labels = [signal.label for signal in Signal]
    assert all(labels) and len(set(labels)) == len(labels)
    assert max(map(len, Signal)) <= 40  # what the columns hold


def test_every_shape_is_tried():
    assert {CATALOGUE[signal].shape for signal in TRUE} == {CATALOGUE[signal].shape for signal in FALSE} == set(Shape)


@pytest.mark.parametrize("signal", TRUE)
def test_what_can_be_true_comes_in(signal):
    assert refusal(Measurement(signal, TRUE[signal])) is None


@pytest.mark.parametrize(("signal", "value"), [(signal, value) for signal in FALSE for value in FALSE[signal]])
def test_what_cannot_be_true_is_refused_with_a_reason(signal, value):
    assert refusal(Measurement(signal, value))
