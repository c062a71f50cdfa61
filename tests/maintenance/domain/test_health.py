"""One light, one sentence: the worst cause decides, and unknown is never green."""

from itertools import permutations

import pytest

from maintenance.domain.health import Cause, Kind, Light, Standing, judge

HOT = Cause(Light.CRITICAL, Kind.FAULT, "P0217, the engine is too hot")
LAMP = Cause(Light.CRITICAL, Kind.LAMP, "the brake fluid light is on")
OIL_LATE = Cause(Light.OVERDUE, Kind.ITEM, "oil and filter change")
TYRES_LATE = Cause(Light.OVERDUE, Kind.ITEM, "tyre rotation")
CLAIM = Cause(Light.CONTRADICTED, Kind.CLAIM, "oil and filter change")
FAULT = Cause(Light.WARNING, Kind.FAULT, "P0420, the catalytic converter is weak")
ABS = Cause(Light.WARNING, Kind.LAMP, "the ABS light is on")
WEAK = Cause(Light.WARNING, Kind.BREACH, "12 V battery weak")
DUE = Cause(Light.DUE, Kind.ITEM, "brake fluid")
SOON = Cause(Light.SOON, Kind.ITEM, "cabin air filter")
UNTOLD = Cause(Light.UNKNOWN, Kind.ITEM, "brake inspection")


@pytest.mark.parametrize(
    ("causes", "light", "sentence"),
    [
        ([HOT, OIL_LATE], Light.CRITICAL, "Needs the workshop: P0217, the engine is too hot."),
        ([LAMP, HOT], Light.CRITICAL, "Needs the workshop: P0217, the engine is too hot."),
        ([LAMP, FAULT], Light.CRITICAL, "Needs the workshop: the brake fluid light is on."),
        ([OIL_LATE, TYRES_LATE, CLAIM], Light.OVERDUE, "Needs the workshop: oil and filter change, tyre rotation."),
        ([CLAIM, FAULT, DUE], Light.CONTRADICTED, "The car says otherwise: oil and filter change was called done."),
        ([FAULT], Light.WARNING, "Nothing is due; the car reports a fault."),
        ([FAULT, FAULT, ABS], Light.WARNING, "Nothing is due; the car reports 2 faults."),
        ([ABS, WEAK], Light.WARNING, "Nothing is due; a system light is on."),
        ([WEAK], Light.WARNING, "Nothing is due; 12 V battery weak."),
        ([FAULT, DUE], Light.WARNING, "The car reports a fault."),
        ([FAULT, UNTOLD], Light.WARNING, "The car reports a fault."),
        ([DUE, SOON], Light.DUE, "Due now: brake fluid."),
        ([SOON, UNTOLD], Light.SOON, "Due soon: cabin air filter."),
        ([UNTOLD], Light.UNKNOWN, "Cannot tell: brake inspection."),
        ([], Light.OK, "Nothing is due, and no fault is reported."),
    ],
)
def test_the_worst_cause_decides_in_any_order(causes, light, sentence):
    for order in permutations(causes):
        assert judge(order, Standing())[0] is light
    assert judge(causes, Standing()) == (light, sentence)


@pytest.mark.parametrize(
    ("standing", "light", "sentence"),
    [
        (Standing(leant_on=False, silence="It reports no more."), Light.UNKNOWN, "It reports no more."),
        (Standing(has_plan=False), Light.UNKNOWN, "Nothing is known of this car yet."),
        (Standing(has_plan=False, leant_on=False), Light.UNKNOWN, "Nothing is known of this car yet."),
        (Standing(tells_faults=False), Light.OK, "Nothing is due. This car does not tell its faults."),
        (Standing(leant_on=False, tells_faults=False), Light.UNKNOWN, "Nothing was due when the car last reported."),
    ],
)
def test_without_a_cause_it_is_good_only_if_that_is_known(standing, light, sentence):
    assert judge([], standing) == (light, sentence)


@pytest.mark.parametrize("cause", [HOT, OIL_LATE, CLAIM, FAULT, DUE, SOON, UNTOLD])
def test_a_car_that_cannot_be_leant_on_keeps_what_is_known_against_it(cause):
    assert judge([cause], Standing(leant_on=False))[0] is cause.light


def test_the_order_of_the_lights_is_the_one_agreed():
    assert [light.value for light in sorted(Light, key=lambda light: light.place)] == [
        *("critical", "overdue", "contradicted", "warning", "due", "soon", "unknown", "ok")
    ]
