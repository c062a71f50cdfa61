"""The library of tasks, the decisions of a fleet, and its groups."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fleet.owners.models import Role
from maintenance import grouping, review
from maintenance.models import DueItem, Policy, Program, ProgramVersion, Recheck, Task
from tests.maintenance.scenes import item_of
from tests.scenes import a_car, a_fleet, a_member
from vehicles.models import Belonging, Group, Vehicle

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def fleet():
    return a_fleet()


@pytest.fixture
def manager(client, fleet):
    member = a_member(fleet, Role.MANAGER)
    client.force_login(member.user)
    return member


def the(fleet, key: str) -> Task:
    return Task.objects.get(fleet=fleet, key=key)


def sent(**changes) -> dict:
    return {"name": "Big service", "instructions": "All of it.", "checklist": "", "parts": "", "weight": "1"} | changes


def test_a_new_task_begins_without_a_step(client, manager):
    assert client.get("/plans/tasks/new/").context["form"]["checklist"].value() == ""


def test_a_task_is_made_with_its_checklist(client, manager, fleet):
    steps = "Look under it\nThinnest pad, front [mm]\n\nTorque the wheels [Nm]"
    answer = client.post("/plans/tasks/new/", sent(checklist=steps, weight="2.5"), follow=True)
    task = the(fleet, "big-service")
    assert task.checklist == [
        {"text": "Look under it"},
        {"text": "Thinnest pad, front", "unit": "mm"},
        {"text": "Torque the wheels", "unit": "Nm"},
    ]
    assert (task.weight, task.edited_by) == (2.5, str(manager.user))
    assert "Big service is saved." in answer.content.decode()
    form = client.get(f"/plans/tasks/{task.pk}/edit/").content.decode()
    assert "Thinnest pad, front [mm]" in form and str(manager.user) in form
    client.post("/plans/tasks/new/", sent(name="Big  service!"))
    assert the(fleet, "big-service-2").name == "Big service!"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": ""}, "This field is required."),
        ({"name": "oil AND filter change"}, "Another task has this name."),
        ({"weight": "0"}, "Choose 0.1 to 10."),
        ({"weight": "heavy"}, "Enter a number."),
        ({"checklist": "x" * 300}, "at most 200 characters"),
        ({"checklist": "x\n" * 50}, "At most 40 steps."),
    ],
)
def test_a_task_that_cannot_be(client, manager, fleet, changes, said):
    answer = client.post("/plans/tasks/new/", sent(**changes))
    assert answer.status_code == 422 and said in answer.content.decode()
    assert Task.objects.for_fleet(fleet).count() == 5


def test_a_job_includes_others_and_never_itself(client, manager, fleet):
    oil, brakes = the(fleet, "oil-change"), the(fleet, "brake-inspection")
    client.post("/plans/tasks/new/", sent(includes=[oil.pk]))
    big = the(fleet, "big-service")
    assert list(big.includes.all()) == [oil]
    client.post(f"/plans/tasks/{brakes.pk}/edit/", sent(name=brakes.name, includes=[big.pk]))
    answer = client.post(f"/plans/tasks/{oil.pk}/edit/", sent(name=oil.name, includes=[brakes.pk]))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "would include itself: it includes Brake inspection, which includes Big service, which includes" in page
    assert not oil.includes.exists()
    assert "includes big service" in client.get("/plans/tasks/").content.decode()


def test_a_task_in_a_program_is_not_retired_and_any_other_is(client, manager, fleet):
    oil = the(fleet, "oil-change")
    refused = client.post(f"/plans/tasks/{oil.pk}/retire/", follow=True).content.decode()
    assert "is in Engine, standard. Take it out there first." in refused
    client.post("/plans/tasks/new/", sent())
    big = the(fleet, "big-service")
    client.post(f"/plans/tasks/{big.pk}/retire/")
    assert f'value="{big.pk}"' not in client.get(f"/plans/tasks/{oil.pk}/edit/").content.decode(), "not offered"
    assert "Offer again" in client.get("/plans/tasks/").content.decode()
    client.post(f"/plans/tasks/{big.pk}/restore/")
    big.refresh_from_db()
    assert big.retired_at is None


@pytest.mark.parametrize("role", [Role.VIEWER, Role.TECHNICIAN])
def test_whoever_does_a_job_reads_what_it_takes(client, fleet, now, role):
    oil = the(fleet, "oil-change")
    oil.instructions, oil.parts = "Warm up,\nthen drain.", "Filter W712"
    oil.checklist = [{"text": "Drain plug torque", "unit": "Nm"}]
    oil.save()
    the(fleet, "brake-inspection").includes.add(oil)
    car = a_car(fleet)
    review.review([car.pk], now=now)
    client.force_login(a_member(fleet, role).user)

    page = client.get(f"/plans/tasks/{oil.pk}/").content.decode()
    for words in ("then drain.", "Filter W712", "Drain plug torque", "in Nm", "Engine, standard", "5,000 mi"):
        assert words in page, words
    assert "Done with" in page and "/edit/" not in page
    outer = client.get(f"/plans/tasks/{the(fleet, 'brake-inspection').pk}/").content.decode()
    assert "Includes:" in outer and "Drain plug torque" in outer
    assert client.get(f"/plans/tasks/{oil.pk}/edit/").status_code == 403


def test_a_technician_comes_to_the_sheet_from_where_the_job_stands(client, fleet, now):
    car = a_car(fleet)
    review.review([car.pk], now=now)
    item = item_of(car)
    client.force_login(a_member(fleet, Role.TECHNICIAN).user)

    for where in ("/?show=all", f"/vehicles/{car.pk}/", f"/due/{item.pk}/complete/", "/plans/tasks/"):
        assert f'href="/plans/tasks/{item.task_id}/"' in client.get(where).content.decode(), where


def test_a_retired_task_stays_inside_the_jobs_that_include_it(client, manager, fleet):
    client.post("/plans/tasks/new/", sent(name="Wash"))
    wash = the(fleet, "wash")
    client.post("/plans/tasks/new/", sent(includes=[wash.pk]))
    client.post(f"/plans/tasks/{wash.pk}/retire/")
    big = the(fleet, "big-service")
    assert f'value="{wash.pk}" ' in client.get(f"/plans/tasks/{big.pk}/edit/").content.decode()
    client.post(f"/plans/tasks/{big.pk}/edit/", sent(includes=[wash.pk], parts="Soap"))
    assert list(big.includes.all()) == [wash]


def decided(**changes) -> dict:
    first = {"soon_share": "10", "soon_days": "14", "every": "5,000 mi", "oil_below_pct": "20", "snooze_days": "30"}
    first |= {"clean_apart_hours": "6", "recurs_within_days": "7"}
    return first | {"snooze_km": "1,000", "proof_days": "14", "visit_days": "30", "visit_km": "2,000"} | changes


def test_the_fleets_interval_moves_the_lines_that_follow_it(client, manager, fleet, now):
    car = a_car(fleet)
    program = Program.objects.get(fleet=fleet, name="Engine, standard")
    line = program.lines.get(task__key="oil-change")
    line.as_policy = True
    line.save()
    review.review([car.pk], now=now)

    client.post("/plans/policy/", decided(every="6,000 mi", oil_below_pct="30"))

    line.refresh_from_db()
    program.refresh_from_db()
    assert (line.distance_typed, round(line.every_km), line.oil_below_pct, program.version) == (
        "6,000 mi",
        9_656,
        30,
        2,
    )
    assert program.lines.get(task__key="tyre-rotation").distance_typed == "7,500 mi"
    assert ProgramVersion.objects.filter(program=program).count() == 2
    assert Recheck.objects.get(fleet=fleet).by_name == str(manager.user)
    form = client.get(f"/plans/programs/{program.pk}/edit/").content.decode()
    assert "Distance and oil life as the fleet has them: 9,656 km and oil life 30 %" in form


@pytest.mark.parametrize(("units", "shown"), [("metric", "8,047 km"), ("imperial", "5,000 mi")])
def test_distances_stand_in_the_fleets_own_unit_and_saving_loses_nothing(client, units, shown):
    fleet = a_fleet(units=units)
    client.force_login(a_member(fleet).user)
    Policy.objects.create(fleet=fleet, visit_km=2_345.6, snooze_km=777.7)
    form = client.get("/plans/policy/").context["form"]
    assert form["every"].value() == shown and f"Smartcar suggests {shown}." in form["every"].help_text

    as_shown = {name: form[name].value() or "" for name in form.fields} | {"soon_share": "10"}
    client.post("/plans/policy/", as_shown | {"proof_days": "20"})
    client.post("/plans/policy/", as_shown | {"every": shown.split()[0].replace(",", "")})  # the same without its unit

    held = Policy.objects.get(fleet=fleet)
    assert (held.every_km, held.distance_typed) == (8_046.7, "5,000 mi")
    assert (held.visit_km, held.snooze_km) == (2_345.6, 777.7)
    assert not Recheck.objects.exists()


def test_what_no_verdict_rests_on_reviews_nobody(client, manager, fleet):
    client.post("/plans/policy/", decided(snooze_days="7", proof_days="21", visit_km="500"))
    held = Policy.objects.get(fleet=fleet)
    assert (held.snooze_days, held.proof_days, held.visit_km, held.snooze_km) == (7, 21, 500, 1_000)
    assert (held.every_km, held.edited_by) == (8_046.7, str(manager.user))
    assert not Recheck.objects.exists()
    assert str(manager.user) in client.get("/plans/policy/").content.decode()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"soon_share": "0"}, "Choose 1 to 50 %."),
        ({"every": ""}, "This field is required."),
        ({"oil_below_pct": "95"}, "less than or equal to 90"),
        ({"snooze_days": "31"}, "less than or equal to 30"),
        ({"snooze_km": "2,000"}, "Choose a distance of at most"),
        ({"clean_apart_hours": "0"}, "greater than or equal to 1"),
        ({"proof_days": "0"}, "greater than or equal to 1"),
    ],
)
def test_a_decision_that_cannot_be(client, manager, fleet, changes, said):
    answer = client.post("/plans/policy/", decided(**changes))
    assert answer.status_code == 422 and said in answer.content.decode()
    assert not Policy.objects.filter(fleet=fleet).exists()


def test_a_group_brings_its_program_and_takes_it_away(client, manager, fleet, now):
    van, other = a_car(fleet, name="Van 07", plate="BK 12 345"), a_car(fleet, name="Van 08")
    review.review([van.pk, other.pk], now=now)
    client.post("/plans/groups/new/", {"name": "Depot"})
    group = Group.objects.get(fleet=fleet)
    program = Program.objects.create(fleet=fleet, name="Of the depot", place=1)
    program.groups.add(group)
    program.lines.create(task=the(fleet, "cabin-filter"), every_months=12)

    where = f"/plans/groups/{group.pk}/edit/"
    page = client.post(where, {"act": "add", "lines": "bk12345\nVan 99\n"}).content.decode()
    assert "1 put into Depot." in page and "1 stay in the field" in page and "Van 99</textarea>" in page
    assert item_of(van, "cabin-filter").line.program == program
    assert not DueItem.objects.filter(vehicle=other, task__key="cabin-filter").exists()

    refused = client.post(f"/plans/groups/{group.pk}/delete/", follow=True).content.decode()
    assert "is asked for by Of the depot" in refused
    client.post(where, {"act": "out", "car": van.pk})
    assert item_of(van, "oil-change") and not DueItem.objects.filter(vehicle=van, task__key="cabin-filter").exists()
    client.post(where, {"act": "name", "name": "Yard"})
    assert "Yard" in client.get("/plans/groups/").content.decode()
    program.groups.clear()
    client.post(f"/plans/groups/{group.pk}/delete/")
    assert not Group.objects.exists()


def test_vehicles_are_found_ticked_and_put_in_and_it_stays_written_by_whom(client, manager, fleet, now):
    van, other, gone = a_car(fleet, name="Van 07"), a_car(fleet, name="Van 08"), a_car(fleet, name="Van 09")
    foreign = a_car(a_fleet("Theirs"), name="Van 10")
    Vehicle.objects.filter(pk=gone.pk).update(retired_at=now)
    group = Group.objects.create(fleet=fleet, name="Depot")
    where = f"/plans/groups/{group.pk}/edit/"

    page = client.get(where, {"find": "van"}).content.decode()
    assert [f'name="car" value="{one.pk}"' in page for one in (van, other, gone, foreign)] == [True, True, False, False]
    assert "2 not in it yet that fit “van”." in page

    sent = {"act": "put", "car": [van.pk, gone.pk, foreign.pk]}
    page = client.post(f"{where}?find=van", sent, follow=True).content.decode()
    assert "1 put into Depot." in page and "1 not in it yet" in page
    assert f"put in by {manager.user} on {fleet.day(now):%-d %b %Y}" in page
    client.force_login(a_member(fleet, Role.MANAGER).user)
    client.post(where, {"act": "add", "lines": "Van 07"})
    assert Belonging.objects.get().by_name == str(manager.user), "the first is kept"


def test_ticks_stay_while_somebody_looks_for_the_next_one(client, manager, fleet):
    van, bus = a_car(fleet, name="Van 07"), a_car(fleet, name="Bus 01")
    group = Group.objects.create(fleet=fleet, name="Depot")

    part = client.get(f"/plans/groups/{group.pk}/edit/", {"find": "bus", "car": van.pk}, headers={"HX-Request": "true"})

    part = part.content.decode()
    assert "<html" not in part and f'value="{van.pk}" checked' in part and f'value="{bus.pk}">' in part


def test_a_long_list_of_candidates_says_that_there_are_more(client, manager, fleet):
    for n in range(32):
        a_car(fleet, name=f"Van {n:02d}", connected=False)
    group = Group.objects.create(fleet=fleet, name="Depot")

    assert "30 and more not in it yet." in client.get(f"/plans/groups/{group.pk}/edit/").content.decode()


def test_a_paste_that_is_too_long_is_refused_whole(client, manager, fleet):
    group = Group.objects.create(fleet=fleet, name="Depot")
    answer = client.post(f"/plans/groups/{group.pk}/edit/", {"act": "add", "lines": "Van 1\n" * 5_001})
    assert answer.status_code == 422 and "These are 5,001 lines." in answer.content.decode()


@pytest.mark.parametrize("role", [Role.VIEWER, Role.TECHNICIAN])
def test_everybody_reads_the_groups_and_managers_alone_change_them(client, fleet, role):
    van, other = a_car(fleet, name="Van 07", plate="BK 12 345"), a_car(fleet, name="Bus 01")
    group = Group.objects.create(fleet=fleet, name="Depot")
    grouping.put_in(group, [van.pk, other.pk], by=a_member(fleet, Role.MANAGER).user, now=timezone.now())
    client.force_login(a_member(fleet, role).user)

    page = client.get("/plans/groups/").content.decode()
    assert "Depot" in page and "2 vehicles" in page and "New group" not in page
    page = client.get(f"/plans/groups/{group.pk}/").content.decode()
    assert "Van 07" in page and "BK 12 345" in page and "put in by Manager Person" in page
    assert "/edit/" not in page and "Take the ticked ones out" not in page and "Delete this group" not in page
    assert "Bus 01" not in client.get(f"/plans/groups/{group.pk}/?q=van").content.decode()
    for address in ("new/", f"{group.pk}/edit/", f"{group.pk}/delete/"):
        assert client.post(f"/plans/groups/{address}", {}).status_code == 403


def test_names_of_groups_are_each_one(client, manager, fleet):
    client.post("/plans/groups/new/", {"name": "Depot"})
    answer = client.post("/plans/groups/new/", {"name": " depot "})
    assert answer.status_code == 422 and "Another group has this name." in answer.content.decode()


def test_the_pages_ask_the_same_for_many(client, manager, fleet, now):
    group = Group.objects.create(fleet=fleet, name="Depot")
    pages = [
        "/plans/tasks/",
        "/plans/groups/",
        f"/plans/groups/{group.pk}/",
        f"/plans/groups/{group.pk}/edit/",
        "/plans/policy/",
    ]

    def asked() -> list[int]:
        counts = []
        for page in pages:
            with CaptureQueriesContext(connection) as seen:
                assert client.get(page).status_code == 200
            counts.append(len(seen))
        return counts

    client.get("/")
    few = asked()
    cars = [a_car(fleet, name=f"Van {n}") for n in range(12)]
    group.vehicles.add(*cars)
    review.review([car.pk for car in cars], now=now)
    assert asked() == few and max(few) <= 12
