"""The dealer's words, and the tasks of the library."""

import pytest

from maintenance.domain.dealt import match

TASKS = {
    "oil-change": "Oil and filter change",
    "tyre-rotation": "Tyre rotation",
    "brake-inspection": "Brake inspection",
    "cabin-filter": "Cabin air filter",
    "brake-fluid": "Brake fluid",
    "transmission": "Transmission fluid",
}


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("Oil change", ["oil-change"]),
        ("ENGINE OIL & FILTER REPLACED", ["oil-change"]),
        ("Lube, oil and filter", ["oil-change"]),
        ("Rotate tires", ["tyre-rotation"]),
        ("Tyres rotated and oil changed", ["oil-change", "tyre-rotation"]),
        ("Brakes inspected", ["brake-inspection"]),
        ("Brake pads inspected, front", ["brake-inspection"]),
        ("Brake fluid flush", ["brake-fluid"]),
        ("Transmission fluid service", ["transmission"]),
        ("Oils changed", ["oil-change"]),
        ("Transmission oil", []),  # in no task's words
        ("Cabin filter replaced", ["cabin-filter"]),
        ("Brakes", []),  # two tasks begin so
        ("Filter", []),
        ("Software update", []),
        ("Service performed", []),
        ("", []),
    ],
)
def test_a_clear_match_is_offered_and_nothing_else(said, wanted):
    assert match(said, TASKS) == wanted


@pytest.mark.parametrize(
    ("tasks", "wanted"),
    [
        ({"own": "Engine oil and filter", "pump": "Oil pump"}, ["own"]),
        ({"oil": "Oil and filter change", "engine": "Engine check"}, ["oil"]),
        ({"oil": "Oil and filter change", "pump": "Oil pump"}, ["oil"]),
    ],
)
def test_an_oil_change_is_that_of_the_engine_whatever_the_fleet_calls_it(tasks, wanted):
    assert match("Oil change", tasks) == wanted
