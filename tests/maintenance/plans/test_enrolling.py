"""The items a car has, as programs come and go around it."""

from datetime import date

import pytest

from maintenance import review
from maintenance.domain.plan import AnchorKind
from maintenance.models import Care, DueItem, KeptStart, Program, Task
from tests.maintenance.scenes import item_of
from tests.plan import add_line
from tests.scenes import NOON, a_car, a_fleet
from vehicles.models import Group

pytestmark = pytest.mark.django_db


@pytest.fixture
def car():
    found = a_car(a_fleet())
    look(found)
    return found


def look(car):
    review.review([car.pk], now=NOON)


def tasks_of(car) -> set[str]:
    return set(DueItem.objects.filter(vehicle=car).values_list("task__key", flat=True))


def a_program(fleet, name, *tasks, **asks) -> Program:
    program = Program.objects.create(fleet=fleet, name=name, **asks)
    for key in tasks:
        add_line(program, Task.objects.get(fleet=fleet, key=key), every_months=24)
    return program


def test_the_lowest_place_wins(car):
    a_program(car.fleet, "Vans", "cabin-filter", kinds=["Transit"], place=10)
    look(car)
    assert tasks_of(car) == {"cabin-filter"}


def test_a_program_given_by_hand_comes_before_all(car):
    special = a_program(car.fleet, "Ambulances", "brake-fluid", by_hand=True)
    look(car)
    assert "brake-fluid" not in tasks_of(car)

    Care.objects.create(fleet=car.fleet, vehicle=car, program=special)
    look(car)
    assert tasks_of(car) == {"brake-fluid"}


def test_a_group_brings_its_program(car):
    group = Group.objects.create(fleet=car.fleet, name="Depot")
    a_program(car.fleet, "Of the depot", "brake-fluid", place=1).groups.add(group)
    look(car)
    assert "brake-fluid" not in tasks_of(car)

    group.vehicles.add(car)
    look(car)
    assert tasks_of(car) == {"brake-fluid"}


def test_what_was_said_of_a_last_service_outlives_the_program(car):
    item = item_of(car, "tyre-rotation")
    item.anchor, item.anchor_on, item.anchor_km, item.anchor_by = AnchorKind.KNOWN, date(2026, 1, 5), 30_000, "Ana"
    item.save()
    other = a_program(car.fleet, "Vans", "cabin-filter", place=10)
    look(car)
    assert tasks_of(car) == {"cabin-filter"}
    assert KeptStart.objects.get().anchor_by == "Ana"

    Program.objects.filter(pk=other.pk).update(retired_at=NOON)
    look(car)
    back = item_of(car, "tyre-rotation")
    assert (back.anchor, back.anchor_on, back.anchor_km) == (AnchorKind.KNOWN, date(2026, 1, 5), 30_000)
    assert item_of(car, "oil-change").anchor == AnchorKind.UNKNOWN


def test_a_line_that_was_taken_out_takes_its_items_along(car):
    line = item_of(car, "oil-change").line
    line.left_at = NOON
    line.save()
    look(car)
    assert tasks_of(car) == {"tyre-rotation", "brake-inspection"}


def test_a_car_that_no_program_matches_has_no_items(car):
    Program.objects.for_fleet(car.fleet).update(retired_at=NOON)
    look(car)
    assert tasks_of(car) == set()
    assert Program.objects.for_fleet(car.fleet).count() == 2  # and is not given the standard ones anew
