"""How many questions a page asks the database: few, and as many for twenty of a thing as for two."""

import pytest
from django.utils import timezone

from fleet.owners import kept
from fleet.owners.models import Role
from maintenance.models import FaultRule, Program, ProgramLine, Task
from tests.maintenance.laden import a_talker, job, load
from tests.scenes import a_fleet, a_member, unique
from tests.vehicles import standing
from vehicles.boards.connect_words import State
from vehicles.models import Group

pytestmark = pytest.mark.django_db
MOST = 12
# What is read again some seconds later or when the pulse moves: groups and how forecasts held; that and fault rules.
KEPT = {"/": 2, "vehicle": 2}
LISTS = (
    "/ /?show=faults /faults/ /faults/?show=lights /orders/ /overdue/ /forecast/ /thresholds/ /proofs/ /outbox/ /plans/"
    " /plans/tasks/ /plans/groups/ /plans/policy/ /plans/baselines/ /plans/what-if/ /alerts/ /wall/ /find/?q=van"
    " /connect/ /connect/polling/ /connect/campaigns/ /start/ /settings/ /settings/people/ /settings/notices/"
).split()
FILTERS = ["", "?light=critical", "?light=due", "?light=unknown"]


@pytest.fixture
def fleet(client):
    """Of a person who works for two fleets."""
    fleet = a_fleet()
    member = a_member(fleet, Role.MANAGER)
    a_fleet("Southgate").memberships.create(user=member.user, role=Role.VIEWER)
    client.force_login(member.user)
    FaultRule.objects.create(fleet=fleet, code="P00", is_prefix=True, verdict="critical", by_name="Ana")
    return fleet


@pytest.fixture
def asked(client, monkeypatch, django_assert_max_num_queries):
    """Looks at an address and says how many questions that took; what lists keep for seconds is asked each time."""
    monkeypatch.setattr(kept, "PATIENCE", 0)

    def look(where: str, most: int) -> int:
        client.get(where)
        with django_assert_max_num_queries(most) as seen:
            answer = client.get(where)
        assert answer.status_code == 200
        return len(seen)

    return look


def test_a_vehicles_page_asks_once_for_each_kind_of_thing(fleet, asked):
    now = timezone.now()
    car = a_talker(fleet, now)
    load(car, 2, now)
    most = MOST + KEPT["vehicle"]
    few = asked(f"/vehicles/{car.pk}/", most)
    load(car, 18, now)

    assert asked(f"/vehicles/{car.pk}/", most) == few


def test_a_vehicles_history_asks_no_more_for_a_long_one(fleet, asked):
    now = timezone.now()
    car = a_talker(fleet, now)
    load(car, 2, now)
    few = asked(f"/vehicles/{car.pk}/history/", MOST)
    load(car, 18, now)

    assert asked(f"/vehicles/{car.pk}/history/", MOST) == few


def test_the_meter_page_asks_no_more_for_more_readings(fleet, asked):
    now = timezone.now()
    car = a_talker(fleet, now)
    load(car, 2, now)
    few = asked(f"/vehicles/{car.pk}/meter/", MOST)
    load(car, 18, now)

    assert asked(f"/vehicles/{car.pk}/meter/", MOST) == few


def test_a_programs_form_asks_no_more_for_more_lines_and_groups(fleet, asked):
    program = Program.objects.for_fleet(fleet).first()

    def grow(times: int) -> None:
        for _ in range(times):
            task = Task.objects.create(fleet=fleet, key=unique("task")[:40], name=unique("Task"))
            ProgramLine.objects.create(program=program, task=task, every_months=12)
            program.groups.add(Group.objects.create(fleet=fleet, name=unique("Depot")))

    grow(2)
    few = asked(f"/plans/programs/{program.pk}/edit/", MOST)
    grow(18)

    assert asked(f"/plans/programs/{program.pk}/edit/", MOST) == few


@pytest.mark.parametrize("query", FILTERS)
def test_the_vehicle_list_asks_no_more_for_more_cars(client, fleet, asked, query):
    now = timezone.now()

    def grow(*states: State) -> None:
        for state in states:
            load(standing.MAKE[state](fleet), 1, now)
            job(standing.MAKE[state](fleet), now)
            standing.MAKE[state](fleet)

    grow(State.NOT_PERMITTED, State.LOST)
    few = asked(f"/vehicles/{query}", MOST)
    grow(*State)

    assert asked(f"/vehicles/{query}", MOST) == few
    assert client.get(f"/vehicles/{query}").content.count(b'id="v-') > 10


@pytest.mark.parametrize("where", LISTS)
def test_every_list_asks_few_questions(fleet, asked, where):
    now = timezone.now()
    car = a_talker(fleet, now)
    load(car, 2, now)
    most = MOST + KEPT.get(where, 0)
    few = asked(where, most)
    load(car, 18, now)

    assert asked(where, most) == few
