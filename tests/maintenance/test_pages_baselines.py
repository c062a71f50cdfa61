"""The list of unknown starts, worked off in rows, many at once, and pasted from a spreadsheet."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fleet.owners.models import Role
from maintenance import review
from maintenance.models import DueItem, KeptStart, Program, Task
from tests.maintenance.scenes import item_of
from tests.scenes import a_car, a_fleet, a_member, odometer
from vehicles.models import Segment, Source, Vehicle
from vehicles.waist import ingest

pytestmark = pytest.mark.django_db
LIST, PASTE = "/plans/baselines/", "/plans/baselines/paste/"


@pytest.fixture
def fleet():
    return a_fleet()


@pytest.fixture
def manager(client, fleet):
    member = a_member(fleet, Role.MANAGER)
    client.force_login(member.user)
    return member


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def car(fleet, now):
    found = a_car(fleet, name="Van 07", plate="BK 12 345")
    ingest.record(found, [odometer(50_000, at=now - timedelta(hours=1))], source=Source.WEBHOOK, now=now)
    review.review([found.pk], now=now)
    return found


def filled(item, **answers) -> dict:
    told = {"kind": "unknown", "on": "", "odometer_km": ""} | answers
    return {"row": item.pk, "act": "save"} | {f"i{item.pk}-{name}": value for name, value in told.items()}


def test_the_list_shows_what_is_unknown_and_can_be_narrowed(client, manager, car, now):
    oil = item_of(car, "oil-change")
    page = client.get(LIST).content.decode()
    assert "3 of 3 starts are unknown" in page and "Van 07" in page
    one = client.get(f"{LIST}?task={oil.task_id}").content.decode()
    assert "1 found" in one and f'value="{oil.pk}"' in one
    assert "Nothing unknown here" in client.get(f"{LIST}?q=zeppelin").content.decode()
    assert "3 found" in client.get(f"{LIST}?program={oil.line.program_id}").content.decode()
    assert client.get(f"{LIST}?program=x&task=-1&page=99").status_code == 200


def test_a_row_is_told_with_who_and_when(client, manager, car, now):
    item = item_of(car, "oil-change")
    day = (now - timedelta(days=60)).date()
    answer = client.post(LIST, filled(item, kind="known", on=day.isoformat(), odometer_km="45,000"), follow=True)

    item.refresh_from_db()
    assert (item.anchor, item.anchor_on, item.anchor_km, item.anchor_by) == ("known", day, 45_000, str(manager.user))
    assert item.anchor_at >= now
    assert item.due_km == pytest.approx(45_000 + 8_046.7), "it was judged at once"
    assert "1 start set" in answer.content.decode() and "2 of 3 starts are unknown" in answer.content.decode()


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"kind": "known"}, "A known service needs its day."),
        ({"kind": "known", "on": "2999-01-01"}, "This day is still to come."),
        ({"kind": "known", "on": "2026-01-05", "odometer_km": "lots"}, "Enter a number."),
        ({"kind": "known", "on": "2026-01-05", "odometer_km": "99,000,000"}, "No odometer stands there."),
        ({"kind": "nonsense"}, "not one of the available choices"),
    ],
)
def test_what_cannot_be_is_said_beside_its_row(client, manager, car, answers, said):
    item = item_of(car, "oil-change")
    answer = client.post(LIST, filled(item, **answers))
    assert answer.status_code == 422 and said in answer.content.decode()
    item.refresh_from_db()
    assert item.anchor == "unknown"


def test_many_at_once(client, manager, car, fleet, now):
    other = a_car(fleet, name="Van 08")
    review.review([other.pk], now=now)
    ticked = [item_of(car, "oil-change").pk, item_of(other, "oil-change").pk]

    client.post(LIST, {"act": "today", "item": ticked})
    told = DueItem.objects.filter(anchor="today")
    assert {item.pk for item in told} == set(ticked)
    assert item_of(car, "oil-change").anchor_km == 50_000

    client.post(f"{LIST}?q=Van+07", {"act": "new", "all": "1"})
    assert {item.anchor for item in DueItem.objects.filter(vehicle=car)} == {"today", "new"}
    assert set(DueItem.objects.filter(vehicle=other).values_list("anchor", flat=True)) == {"today", "unknown"}
    assert "Nothing was ticked." in client.post(LIST, {"act": "new"}, follow=True).content.decode()


def test_what_is_typed_is_the_dash_of_that_day(client, manager, car, now):
    begins = now - timedelta(days=100)
    Segment.objects.create(
        fleet=car.fleet, vehicle=car, begins_at=begins, offset_km=40_000, reason="cluster", by_name="A", created_at=now
    )
    day = (now - timedelta(days=60)).date()
    client.post(LIST, filled(item_of(car), kind="known", on=day.isoformat(), odometer_km="5,000"))
    assert item_of(car).anchor_km == 45_000

    page = client.get(f"/vehicles/{car.pk}/baselines/").content.decode()
    assert 'value="5000"' in page, "and it is shown as it was typed"


def test_pasted_lines_are_looked_through_and_then_written(client, manager, car, fleet, now):
    Task.objects.create(fleet=fleet, key="wipers", name="Wiper blades")
    a_car(fleet, name="Twin"), a_car(fleet, name="Twin")
    lines = [
        "Vehicle\tTask\tDay\tOdometer",
        "Van 07\tOil and filter change\t2026-05-12\t48,210",
        "bk12345; tyre-rotation; 3 March 2026; 28,000 mi",
        "Van 07\tWiper blades\t2026-06-01\t",
        "Van 99\tOil and filter change\t2026-05-12\t1",
        "Twin\tOil and filter change\t2026-05-12\t1",
        "Van 07\tFlux capacitor\t2026-05-12\t1",
        "Van 07\tBrake inspection\t5/12/2026\t1",
        "VAN 07\tOil and filter change\t2026-05-13\t1",
    ]
    sent = {"lines": "\n".join(lines)}
    page = client.post(PASTE, sent | {"act": "look"}).content.decode()
    assert "3 lines can be taken, 5 cannot." in page and "Write 3 starts" in page
    for said in (
        "No vehicle is called “Van 99”",
        "2 vehicles are called “Twin”",
        "There is no task “Flux capacitor”",
        "may be two days",
        "stand on a line above",
        "no program asks for it there",
    ):
        assert said in page
    assert item_of(car).anchor == "unknown", "nothing is written before it was looked at"

    page = client.post(PASTE, sent | {"act": "write"}).content.decode()
    item = item_of(car)
    assert (item.anchor_on, item.anchor_km, item.anchor_by) == (date(2026, 5, 12), 48_210, str(manager.user))
    assert item_of(car, "tyre-rotation").anchor_km == pytest.approx(45_061.6)
    assert KeptStart.objects.get().anchor_on == date(2026, 6, 1)
    assert "2 starts set" in page and "1 kept for the day" in page
    field = page.split("<textarea", 1)[1].split("</textarea>")[0]
    assert "Van 99" in field and "48,210" not in field, "what could not be taken stays, to be mended"


def test_a_kept_start_counts_once_a_program_asks(client, manager, car, fleet, now):
    wipers = Task.objects.create(fleet=fleet, key="wipers", name="Wiper blades")
    client.post(PASTE, {"lines": "Van 07\twipers\t2026-06-01\t49,000", "act": "write"})
    Program.objects.get(fleet=fleet, name="Engine, standard").lines.create(task=wipers, every_months=12)
    review.review([car.pk], now=now)
    assert (item_of(car, "wipers").anchor, item_of(car, "wipers").anchor_km) == ("known", 49_000)


def test_too_much_and_nothing_are_refused(client, manager):
    assert client.post(PASTE, {"lines": ""}).status_code == 422
    answer = client.post(PASTE, {"lines": "a\n" * 5_001})
    assert answer.status_code == 422 and "5,001 lines" in answer.content.decode()


def test_hundreds_are_told_in_few_queries_and_judged_in_the_background(client, manager, fleet, now):
    def asked(cars: int) -> tuple[int, int]:
        made = [a_car(fleet, name=f"Lot {cars} {n}") for n in range(cars)]
        for one in made:
            review.review([one.pk], now=now)
        Vehicle.objects.update(review_after=None)
        lines = "\n".join(f"{one.name}\toil-change\t2026-05-12\t48,210" for one in made)
        with CaptureQueriesContext(connection) as seen:
            client.post(PASTE, {"lines": lines, "act": "write"})
        return len(seen), Vehicle.objects.filter(review_after__isnull=False).count()

    client.get(LIST)
    (few, rung), (many, rung_more) = asked(60), asked(120)
    assert few == many and (rung, rung_more) == (60, 120)
    with CaptureQueriesContext(connection) as seen:
        client.get(LIST)
    assert len(seen) <= 12


def test_another_fleets_items_are_out_of_reach(client, manager, now):
    stranger = a_car(a_fleet(), name="Theirs")
    review.review([stranger.pk], now=now)
    item = item_of(stranger)
    client.post(LIST, filled(item, kind="today"))
    client.post(LIST, {"act": "today", "item": item.pk})
    client.post(PASTE, {"lines": "Theirs\toil-change\ttoday", "act": "write"})
    item.refresh_from_db()
    assert item.anchor == "unknown"
