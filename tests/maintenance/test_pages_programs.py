"""The pages of programs: in which order they match, whom an edit would move, and what every version said."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fleet.owners.models import Role
from maintenance import review
from maintenance.models import Care, DueItem, Program, ProgramLine, ProgramVersion, Recheck, Task
from maintenance.plans import rechecks
from tests import plan
from tests.maintenance.scenes import item_of
from tests.scenes import NOON, a_car, a_fleet, a_member
from vehicles.models import Group

pytestmark = pytest.mark.django_db


@pytest.fixture
def fleet():
    return a_fleet()


@pytest.fixture
def manager(client, fleet):
    member = a_member(fleet, Role.MANAGER)
    client.force_login(member.user)
    return member


def engine(fleet) -> Program:
    return Program.objects.get(fleet=fleet, name="Engine, standard")


def form_of(program: Program, **changes) -> dict:
    """What a browser would send of an untouched form, with some answers changed."""
    lines = list(program.lines.standing()) if program.pk else []
    sent = {
        "seen": program.version,
        "name": program.name,
        "place": program.place,
        "powertrains": [one or "none" for one in program.powertrains],
        "line-TOTAL_FORMS": len(lines) + 2,
        "line-INITIAL_FORMS": len(lines),
    }
    for place, line in enumerate(lines):
        sent |= {
            f"line-{place}-task": line.task_id,
            f"line-{place}-every": line.distance_typed,
            f"line-{place}-every_months": line.every_months or "",
            f"line-{place}-oil_below_pct": "" if line.oil_below_pct is None else f"{line.oil_below_pct:g}",
            f"line-{place}-distance_recurs": line.distance_recurs,
            f"line-{place}-time_recurs": line.time_recurs,
            f"line-{place}-hours_recur": line.hours_recur,
        }
    return sent | changes


def place_of(program: Program, task: str) -> int:
    return [line.task.key for line in program.lines.standing()].index(task)


def address(program: Program) -> str:
    return f"/plans/programs/{program.pk}/"


def edit_of(program: Program) -> str:
    return f"{address(program)}edit/"


def test_the_list_says_who_follows_what_in_the_order_of_matching(client, fleet, manager):
    for name, powertrain in (("Van 1", "ICE"), ("Van 2", "ICE"), ("EV 1", "BEV"), ("Odd 1", "FUEL_CELL")):
        a_car(fleet, name=name, powertrain=powertrain)
    Program.objects.create(fleet=fleet, name="First of all", place=1, makes=["NOBODY"])

    page = client.get("/plans/").content.decode()

    assert page.index("First of all") < page.index("Electric, standard")
    assert "0 vehicles" in page and "2 vehicles" in page and "1 vehicle<" in page
    assert "1 vehicle matches no program." in page


def test_a_saved_program_is_a_new_version_and_reviews_the_fleet(client, fleet, manager):
    car = a_car(fleet)
    review.review([car.pk], now=NOON)
    program = engine(fleet)
    at = place_of(program, "tyre-rotation")
    sent = form_of(program, **{f"line-{at}-every": "10,000 mi", f"line-{at}-time_recurs": "fixed"})

    answer = client.post(edit_of(program), sent, follow=True)

    assert program.lines.standing().count() == 3, "those that nobody touched stay"
    line = ProgramLine.objects.get(program=program, task__key="tyre-rotation")
    assert (line.distance_typed, round(line.every_km), line.time_recurs) == ("10,000 mi", 16_093, "fixed")
    program.refresh_from_db()
    assert program.version == 2
    assert "Engine, standard v2 is saved" in answer.content.decode()
    running = Recheck.objects.get(fleet=fleet)
    assert (running.why, running.by_name) == ("Engine, standard v2", str(manager.user))
    assert "0 of 1 vehicles reviewed anew" in answer.content.decode()
    before, after = ProgramVersion.objects.filter(program=program).order_by("version")
    assert (before.version, before.at, after.by_name) == (1, None, str(manager.user))
    assert {"task": "Tyre rotation", "terms": "7,500 mi or 12 months"} in before.lines
    assert {"task": "Tyre rotation", "terms": "10,000 mi or 12 months, fixed grid"} in after.lines
    assert "10,000 mi or 12 months, fixed grid" in client.get(address(program)).content.decode()


def test_the_bar_goes_on_and_ends(client, fleet, manager):
    a_car(fleet)
    now = timezone.now()
    rechecks.begin(fleet, "Engine v2", by_name="Ana", now=now)
    running = client.get("/plans/recheck/").content.decode()
    assert 'hx-trigger="every 2s"' in running and "Engine v2 by Ana" in running
    Recheck.objects.update(over_at=now, left=0)
    over = client.get("/plans/recheck/").content.decode()
    assert "hx-trigger" not in over and "1 vehicle reviewed anew" in over


def test_a_manager_stops_it_and_the_page_says_how_far_it_came(client, fleet, manager):
    for _ in range(3):
        a_car(fleet)
    rechecks.begin(fleet, "Engine v2", by_name="Ana", now=timezone.now())
    Recheck.objects.update(left=2)
    assert 'action="/plans/recheck/stop/"' in client.get("/plans/").content.decode()

    client.post("/plans/recheck/stop/")

    page = client.get("/plans/").content.decode()
    assert f"Stopped by {manager.user} after 1 of 3 vehicles" in page and "/plans/recheck/stop/" not in page
    again = client.post("/plans/recheck/stop/", follow=True)
    assert "It is over already" in again.content.decode()


def test_a_new_line_and_one_taken_out(client, fleet, manager):
    car = a_car(fleet)
    review.review([car.pk], now=NOON)
    program, wipers = engine(fleet), Task.objects.create(fleet=fleet, key="wipers", name="Wiper blades")
    count = program.lines.count()
    sent = form_of(program, **{f"line-{place_of(program, 'oil-change')}-out": "on"})
    sent |= {f"line-{count}-task": wipers.pk, f"line-{count}-every_months": "12"}

    client.post(edit_of(program), sent)
    review.review([car.pk], now=NOON)

    tasks = set(DueItem.objects.filter(vehicle=car).values_list("task__key", flat=True))
    assert tasks == {"wipers", "tyre-rotation", "brake-inspection"}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": ""}, "This field is required."),
        ({"name": "electric, STANDARD"}, "Another program has this name."),
        ({"year_from": "2024", "year_to": "2020"}, "The last year is before the first."),
        ({"line-0-every": "soon"}, "Type a distance such as"),
        ({"line-0-every": "9,000,000"}, "Choose a distance of at most"),
        ({"line-0-every_months": "0"}, "greater than or equal to 1"),
        ({"line-0-oil_below_pct": "99"}, "less than or equal to 90"),
        ({"line-0-every": "", "line-0-every_months": "", "line-0-oil_below_pct": ""}, "Say how often"),
        ({"line-0-task": "999999"}, "not one of the available choices"),
        ({"line-3-every_months": "12"}, "Choose a task, or empty the line."),
        ({"line-0-out": "on", "line-1-out": "on", "line-2-out": "on"}, "A program needs a task at least."),
    ],
)
def test_what_cannot_be_is_said_beside_itself_and_nothing_is_saved(client, fleet, manager, changes, said):
    review.review([a_car(fleet).pk], now=NOON)
    program = engine(fleet)

    answer = client.post(edit_of(program), form_of(program, **changes))

    assert answer.status_code == 422
    assert said in answer.content.decode()
    program.refresh_from_db()
    assert program.version == 1 and not Recheck.objects.exists()


def test_a_task_has_one_line(client, fleet, manager):
    program = engine(fleet)
    first = program.lines.standing()[0]
    sent = form_of(program, **{"line-3-task": first.task_id, "line-3-every_months": "6"})
    assert "This task has a line already." in client.post(edit_of(program), sent).content.decode()


def test_of_two_who_edit_at_once_the_second_is_told(client, fleet, manager):
    program = engine(fleet)
    first, second = form_of(program, place="50"), form_of(program, place="60")
    client.post(edit_of(program), first)
    answer = client.post(edit_of(program), second)

    assert answer.status_code == 422
    assert "Somebody else has saved Engine, standard meanwhile." in answer.content.decode()
    program.refresh_from_db()
    assert (program.place, program.version) == (50, 2)


def test_more_empty_lines_without_a_script(client, fleet, manager):
    program = engine(fleet)
    sent = form_of(program, act="more", **{"line-0-every": "6,000 mi"})

    answer = client.post(edit_of(program), sent)

    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'name="line-TOTAL_FORMS" value="8"' in page and 'name="line-7-task"' in page
    assert 'value="6,000 mi"' in page, "what was typed is kept"
    assert not Recheck.objects.exists()


def test_who_matches_is_shown_and_nothing_is_saved(client, fleet, manager):
    a_car(fleet, name="Van 1", powertrain="ICE", make="FORD", model="Transit 250")
    a_car(fleet, name="Van 2", powertrain="ICE", make="FORD", model="Transit Connect")
    a_car(fleet, name="Car 1", powertrain="ICE", make="KIA", model="Ceed")
    task = Task.objects.get(fleet=fleet, key="oil-change")
    sent = form_of(Program(fleet=fleet, name="Vans", place=10), kinds="transit", act="preview")
    sent |= {"line-0-task": task.pk, "line-0-every_months": "6"}

    page = client.post("/plans/programs/new/", sent).content.decode()

    assert "2 vehicles would follow it" in page
    assert "2 come from Engine, standard" in page and "Van 1" in page and "Car 1" not in page
    assert not Program.objects.filter(name="Vans").exists()
    program = engine(fleet)
    page = client.post(edit_of(program), form_of(program, makes="Ford", act="preview")).content.decode()
    assert "1 goes away, and no other program matches" in page and "Car 1" in page


def test_the_census_knows_groups_and_hands(client, fleet, manager):
    cars = [a_car(fleet, name=f"Van {n}", powertrain="ICE") for n in range(4)]
    depot = Group.objects.create(fleet=fleet, name="Depot")
    depot.vehicles.add(*cars[:2])
    Program.objects.create(fleet=fleet, name="Of the depot", place=1).groups.add(depot)
    special = Program.objects.create(fleet=fleet, name="Special", by_hand=True)
    Care.objects.create(fleet=fleet, vehicle=cars[0], program=special)
    review.review([car.pk for car in cars], now=NOON)

    page = client.get("/plans/").content.decode()
    told = [row.split("</span>")[0] for row in page.split('<span class="left nowrap">')[1:]]

    assert sorted(told) == ["0 vehicles", "1 vehicle", "1 vehicle", "2 vehicles"]
    assert "in Depot" in page and "By hand only" in page


def test_a_retired_program_gives_its_vehicles_to_the_next(client, fleet, manager):
    car = a_car(fleet)
    special = Program.objects.create(fleet=fleet, name="Special", place=1)
    plan.add_line(special, Task.objects.get(fleet=fleet, key="cabin-filter"), every_months=12)
    review.review([car.pk], now=NOON)
    assert item_of(car, "cabin-filter").line.program == special

    client.post(f"/plans/programs/{special.pk}/retire/")
    review.review([car.pk], now=NOON)
    assert item_of(car, "oil-change").line.program == engine(fleet)
    assert "Take up again" in client.get(address(special)).content.decode()
    assert client.post(edit_of(special), form_of(special)).status_code == 404

    client.post(f"/plans/programs/{special.pk}/restore/")
    review.review([car.pk], now=NOON)
    assert item_of(car, "cabin-filter").line.program == special


@pytest.mark.parametrize("role", [Role.TECHNICIAN, Role.VIEWER])
def test_others_read_a_program_and_change_nothing(client, fleet, role):
    client.force_login(a_member(fleet, role).user)
    program = engine(fleet)
    page = client.get(address(program)).content.decode()
    assert "7,500 mi or 12 months" in page and "Save as version" not in page
    assert client.post(edit_of(program), form_of(program)).status_code == 403


def test_the_pages_ask_the_same_for_many_vehicles(client, fleet, manager):
    program = engine(fleet)

    def asked(path: str, sent: dict | None = None) -> int:
        with CaptureQueriesContext(connection) as seen:
            answer = client.post(path, sent) if sent else client.get(path)
        assert answer.status_code == 200
        return len(seen)

    looks = [("/plans/", None), (address(program), None), (edit_of(program), None)]
    looks.append((edit_of(program), form_of(program, act="preview")))
    client.get("/plans/")
    few = [asked(*look) for look in looks]
    for n in range(30):
        a_car(fleet, name=f"Van {n}", model=f"Model {n}", powertrain="ICE")
    assert [asked(*look) for look in looks] == few
    assert max(few[:3]) <= 12
