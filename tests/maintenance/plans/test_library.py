"""What every fleet begins with: whole, and matched by the cars it is meant for."""

import pytest

from fleet.owners.models import Fleet
from maintenance import review
from maintenance.domain.nesting import circle
from maintenance.models import DueItem, Program, ProgramLine, Task
from maintenance.plans import library
from tests.scenes import NOON, a_car

pytestmark = pytest.mark.django_db


@pytest.fixture
def fleet():
    made = Fleet.objects.create(name="Fresh")
    library.stock(made)
    return made


def test_every_line_says_how_often_and_no_task_includes_itself(fleet):
    for line in ProgramLine.objects.select_related("task", "program"):
        assert line.every_km or line.every_months, line
        assert bool(line.every_km) == bool(line.distance_typed), line
    includes = {task.pk: [one.pk for one in task.includes.all()] for task in Task.objects.for_fleet(fleet)}
    assert not any(circle(includes, pk) for pk in includes)
    assert [one.key for one in Task.objects.get(fleet=fleet, key="full-service").includes.order_by("key")] == [
        "brake-inspection",
        "oil-change",
    ]
    pads = Task.objects.get(fleet=fleet, key="brake-inspection").checklist
    assert {"text": "Thinnest pad, front", "unit": "mm"} in pads
    assert Task.objects.for_fleet(fleet).count() >= 15


@pytest.mark.parametrize(
    ("powertrain", "model", "program"),
    [
        ("ICE", "Transit 250", "Vans"),
        ("", "Transit Connect", "Vans"),
        ("BEV", "E-Transit", "Electric vans"),
        ("HEV", "F-150", "Pickups"),
        ("ICE", "Silverado 1500", "Pickups"),
        ("ICE", "Corolla", "Engine, standard"),
        ("", "", "Engine, standard"),
        ("HEV", "Prius", "Hybrid, standard"),
        ("PHEV", "Wrangler 4xe", "Hybrid, standard"),
        ("BEV", "Bolt EUV", "Electric, standard"),
    ],
)
def test_a_car_follows_the_program_of_its_kind(fleet, powertrain, model, program):
    car = a_car(fleet, powertrain=powertrain, model=model)
    review.review([car.pk], now=NOON)
    followed = set(DueItem.objects.filter(vehicle=car).values_list("line__program__name", flat=True))
    assert followed == {program}


def test_it_is_laid_once_and_never_over_what_a_fleet_has(fleet):
    Program.objects.for_fleet(fleet).exclude(name="Vans").delete()
    library.stock(fleet)
    assert [program.name for program in Program.objects.for_fleet(fleet)] == ["Vans"]
