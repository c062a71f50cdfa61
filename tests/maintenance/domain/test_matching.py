"""Which program a car follows."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maintenance.domain.matching import Asking, Car, begins, choose, fits

TRANSIT = Car(make="FORD", model="Transit Connect", year=2021, powertrain="ICE", groups=frozenset({3}))


@pytest.mark.parametrize(
    ("asking", "matches"),
    [
        (Asking(1), True),
        (Asking(1, makes=("Ford",)), True),
        (Asking(1, makes=("Kia", "ford ")), True),
        (Asking(1, makes=("Kia",)), False),
        (Asking(1, models=("transit",)), True),
        (Asking(1, models=("E-Transit",)), False),
        (Asking(1, powertrains=("BEV",)), False),
        (Asking(1, powertrains=("BEV", "ICE")), True),
        (Asking(1, year_from=2021), True),
        (Asking(1, year_from=2022), False),
        (Asking(1, year_to=2021), True),
        (Asking(1, year_to=2020), False),
        (Asking(1, groups=frozenset({3, 4})), True),
        (Asking(1, groups=frozenset({4})), False),
        (Asking(1, by_hand=True), False),
    ],
)
def test_a_program_asks_and_the_car_answers(asking, matches):
    assert fits(asking, TRANSIT) is matches


@pytest.mark.parametrize(
    "asking", [Asking(1, year_from=1900), Asking(1, makes=("Ford",)), Asking(1, models=("F-150",))]
)
def test_a_car_that_does_not_say_fits_no_program_that_asks(asking):
    assert not fits(asking, Car())


def test_a_car_that_does_not_say_its_powertrain_can_be_asked_for():
    assert fits(Asking(1, powertrains=("ICE", "")), Car())
    assert not fits(Asking(1, powertrains=("ICE",)), Car())


@pytest.mark.parametrize(
    ("model", "asked", "matches"),
    [
        ("Transit", "Transit", True),
        ("Transit  Connect", "transit connect", True),
        ("Transiter", "Transit", False),
        ("Transit", "Transit Connect", False),
        ("", "Transit", False),
        ("Transit", " ", False),
    ],
)
def test_a_model_is_asked_for_by_its_first_whole_words(model, asked, matches):
    assert begins(model, asked) is matches


askings = st.builds(
    Asking,
    pk=st.integers(1, 9),
    place=st.integers(1, 3),
    makes=st.lists(st.sampled_from(["FORD", "KIA"]), max_size=1).map(tuple),
    powertrains=st.lists(st.sampled_from(["ICE", "BEV", ""]), max_size=2).map(tuple),
    year_from=st.none() | st.integers(2019, 2023),
    groups=st.frozensets(st.integers(1, 3), max_size=2),
    by_hand=st.booleans(),
)
cars = st.builds(
    Car,
    make=st.sampled_from(["FORD", "KIA", ""]),
    year=st.none() | st.integers(2018, 2024),
    powertrain=st.sampled_from(["ICE", "BEV", ""]),
    groups=st.frozensets(st.integers(1, 3), max_size=2),
)
several = st.lists(askings, max_size=5, unique_by=lambda asking: asking.pk)


@settings(max_examples=200)
@given(several, cars)
def test_the_order_in_which_programs_are_listed_changes_nothing(programs, car):
    assert choose(programs, car) == choose(programs[::-1], car)


@settings(max_examples=200)
@given(several, cars)
def test_the_chosen_one_fits_and_none_before_it_does(programs, car):
    chosen = choose(programs, car)
    fitting = [(asking.place, asking.pk) for asking in programs if fits(asking, car)]
    assert chosen == (min(fitting)[1] if fitting else None)


@settings(max_examples=200)
@given(several, cars)
def test_asking_for_more_never_gains_a_car(programs, car):
    for asking in programs:
        stricter = replace(asking, models=("Niro",))
        assert not fits(stricter, car) or fits(asking, car)


def test_what_was_given_by_hand_comes_before_all():
    first, other = Asking(1, place=1), Asking(2, place=9, by_hand=True)
    assert choose([first, other], TRANSIT, by_hand=2) == 2
    assert choose([first, other], TRANSIT, by_hand=7) == 1  # it was retired meanwhile
    assert choose([first, other], TRANSIT) == 1
