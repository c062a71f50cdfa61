"""The timeline of a vehicle: everything once, newest first, page by page."""

import re
from datetime import timedelta
from urllib.parse import parse_qs

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fleet.owners.models import Role
from maintenance import snoozing
from maintenance.boards import timeline
from maintenance.models import Alert, Proof, ServiceRecord, Task, Threshold
from maintenance.watching import alarms
from tests.maintenance.scenes import at_km, drive, item_of, last_done
from tests.scenes import NOON, a_car, a_fleet, a_member, codes, unique
from vehicles.models import ConnectAttempt, Fault, MeterNote, Reading, Standing, Vehicle

pytestmark = pytest.mark.django_db


@pytest.fixture
def fleet():
    return a_fleet()


@pytest.fixture
def member(fleet):
    return a_member(fleet, Role.MANAGER)


@pytest.fixture
def car(fleet):
    return a_car(fleet, name="Van 07")


def told(car, member, before="", now=NOON + timedelta(days=1)) -> list[str]:
    return [event.text for event in timeline.board(car, member, before=before, now=now)["events"]]


def a_record(car, hours: int, **fields) -> ServiceRecord:
    at = NOON - timedelta(hours=hours)
    task = Task.objects.for_fleet(car.fleet).first()
    more = {"done_on": at.date(), "done_at": at, "key": unique("r"), "by_name": "A. Hand"} | fields
    return ServiceRecord.objects.create(fleet=car.fleet, vehicle=car, task=task, **more)


def test_all_that_happens_stands_in_it_newest_first(car, member):
    last_done(car, km=40_000, days_ago=30)
    at_km(car, 48_200)
    drive(car, codes("P0420", at=NOON), now=NOON + timedelta(minutes=5))
    item = item_of(car)
    day = (NOON + timedelta(days=9)).date()
    snoozing.snooze(
        item, by=member.user, until_on=day, for_km=None, reason="part ordered", now=NOON + timedelta(hours=1)
    )
    record = a_record(car, hours=-4)
    record.voided_at, record.voided_by = NOON + timedelta(hours=5), member.user
    record.save()

    lines = told(car, member)

    for words in ("taken back", "snoozed", "P0420 reported", ": overdue"):
        assert any(words in line for line in lines), (words, lines)
    board = timeline.board(car, member, before="", now=NOON + timedelta(days=1))
    moments = [event.at for event in board["events"]]
    assert moments == sorted(moments, reverse=True)


def test_a_long_life_is_leafed_through_and_nothing_is_told_twice_or_left_out(client, car, member):
    for n in range(70):
        a_record(car, hours=n)
    for n in range(40):
        at = NOON - timedelta(hours=n, minutes=30)
        Fault.objects.create(
            fleet=car.fleet,
            vehicle=car,
            code=f"P{n:04d}",
            opened_at=at,
            last_seen_at=at,
            closed_at=at + timedelta(minutes=5),
        )
    client.force_login(member.user)

    where, found, pages = f"/vehicles/{car.pk}/timeline/", [], 0
    while where:
        page = client.get(where).content.decode()
        found += re.findall(r'<time datetime="([^"]+)"', page.split("</header>")[-1])
        older = re.search(r'<a href="(\?before=[^"]+)" rel="next"', page)
        where = f"/vehicles/{car.pk}/timeline/{older[1]}".replace("&amp;", "&") if older else ""
        pages += 1
        assert pages < 10

    assert len(found) == 70 + 80 + 1 and pages == 4  # the first of all is that it joined
    assert found == sorted(found, reverse=True)


def walked(car, member) -> list[int]:
    """How many events each page has, to the end; none is told twice. The last of all is that it joined."""
    car.enrolled_at = NOON - timedelta(days=400)
    sizes, seen, before = [], set(), ""
    while True:
        board = timeline.board(car, member, before=before, now=NOON + timedelta(days=1))
        sizes.append(len(board["events"]))
        keys = {(event.at, event.key, event.text) for event in board["events"]}
        assert not keys & seen
        seen |= keys
        if not board["older"]:
            return sizes
        before = parse_qs(board["older"].removeprefix("?"))["before"][0]


def test_none_of_many_events_of_one_moment_is_lost(car, member):
    for _ in range(120):
        a_record(car, hours=5)
    a_record(car, hours=6)

    assert walked(car, member) == [50, 50, 22]


def test_none_is_lost_where_many_things_begin_and_end_in_one_moment(car, member):
    for n in range(60):
        Fault.objects.create(
            fleet=car.fleet, vehicle=car, code=f"P{n:04d}", opened_at=NOON, last_seen_at=NOON, closed_at=NOON
        )
        Alert.objects.create(
            fleet=car.fleet, vehicle=car, kind="low", subject=f"s{n}", level="warning", opened_at=NOON, level_at=NOON
        )
    for _ in range(60):
        a_record(car, hours=5)

    assert sum(walked(car, member)) == 60 * 2 + 60 + 60 + 1


@pytest.mark.parametrize(
    "before",
    [
        "x",
        "2026-13-45T00:00:00Z",
        "2026-05-01",
        "0001-01-01T00:00:00+00:00",
        "%00",
        "2026-05-01T00:00:00Z~9.9.x",
        "2026-05-01T00:00:00Z~999.999.999999999999999999",
    ],
)
def test_a_strange_moment_shows_a_page(client, car, member, before):
    client.force_login(member.user)
    assert client.get(f"/vehicles/{car.pk}/timeline/", {"before": before}).status_code == 200


def test_what_a_code_says_is_not_told_twice_by_its_alert(car, member):
    drive(car, codes("P0420", at=NOON), now=NOON + timedelta(minutes=5))
    assert Alert.objects.filter(kind="fault").exists()

    assert [line for line in told(car, member) if "P0420" in line] == ["P0420 reported"]


def test_what_a_person_said_of_the_meter_and_a_doubted_reading(car, member):
    at_km(car, 50_000)
    Reading.objects.filter(vehicle=car).update(standing=Standing.SUSPECT)
    MeterNote.objects.create(fleet=car.fleet, vehicle=car, what="not_replaced", by_name="Ana", at=NOON)

    lines = told(car, member)

    assert "Meter not replaced" in lines
    assert any("doubted" in line for line in lines)


def test_the_questions_do_not_grow_with_its_life(client, car, member):
    client.force_login(member.user)
    where = f"/vehicles/{car.pk}/timeline/"
    client.get(where)
    counts = []
    for _ in range(2):
        a_record(car, hours=1)
        drive(car, codes(unique("P")[:5].upper(), at=NOON), now=NOON + timedelta(minutes=5))
        with CaptureQueriesContext(connection) as queries:
            client.get(where)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 17
    assert Vehicle.objects.count() == 1


def test_the_end_of_an_old_fault_stands_beside_what_is_new(car, member):
    Fault.objects.create(
        fleet=car.fleet, vehicle=car, code="P0001", opened_at=NOON - timedelta(days=90), last_seen_at=NOON,
        closed_at=NOON,
    )  # fmt: skip
    for n in range(timeline.SIZE + 5):
        at = NOON - timedelta(hours=n + 1)
        Fault.objects.create(fleet=car.fleet, vehicle=car, code=f"P1{n:03d}", opened_at=at, last_seen_at=at)

    assert told(car, member)[0] == "P0001 gone"
    assert "P0001 reported" not in told(car, member)


def test_work_says_what_the_car_says_of_it(car, member):
    record = a_record(car, hours=30)
    Proof.objects.create(
        fleet=car.fleet, vehicle=car, record=record, watches="oil", facts={"signal": "oil_life", "value": 98},
        claimed_at=record.done_at, until=NOON, state=Proof.State.CONFIRMED, settled_at=NOON - timedelta(hours=20),
    )  # fmt: skip
    Proof.objects.create(
        fleet=car.fleet, vehicle=car, watches="code", facts={"code": "P0420"}, claimed_by="Rosa", until=NOON,
        claimed_at=NOON - timedelta(hours=9), state=Proof.State.CONTRADICTED, settled_at=NOON - timedelta(hours=5),
        answered_by="Ana", answered_why="the sensor is broken", answered_at=NOON - timedelta(hours=2),
    )  # fmt: skip

    events = timeline.board(car, member, before="", now=NOON)["events"]

    name = record.task.name
    assert [event.text for event in events] == [
        "P0420: settled by hand",
        "P0420: the car says otherwise",
        "P0420 called fixed",
        f"{name}: confirmed by the car",
        f"{name} done",
    ]
    assert events[0].aside == "the sensor is broken, by Ana" and "confirmed by the car" in events[-1].aside


def test_an_alert_is_told_when_it_opens_when_it_rises_and_when_it_is_over(car, member):
    at = [NOON - timedelta(days=n) for n in (9, 5, 2)]
    Alert.objects.create(
        fleet=car.fleet, vehicle=car, kind="connection", subject="reconnect", occurrence="x", level="warning",
        opened_at=at[1], level_at=at[1], closed_at=at[2],
    )  # fmt: skip
    Alert.objects.create(
        fleet=car.fleet, vehicle=car, kind="due", subject="oil-change", occurrence="first", level="overdue",
        opened_at=at[0], level_at=at[2],
    )  # fmt: skip

    rule = Threshold.objects.create(
        fleet=car.fleet, name="Battery weak", signal="battery_12v", opens_at=40, closes_at=60
    )
    Alert.objects.create(
        fleet=car.fleet, vehicle=car, kind="threshold", subject=alarms.subject_of(rule.pk), occurrence="breach-1",
        level="warning", opened_at=NOON - timedelta(days=30), level_at=NOON - timedelta(days=30),
    )  # fmt: skip

    lines = told(car, member, now=NOON)

    assert lines.pop() == "Battery weak: warning"
    assert sorted(lines[:2]) == ["Oil and filter change: overdue", "Reconnect needed: over"]
    assert lines[2:] == ["Reconnect needed: warning", "Oil and filter change: alert opened"]


def test_how_a_car_came_to_the_fleet_is_where_it_begins(car, member):
    owner = car.connection.owner
    walk = ConnectAttempt.objects.create(
        fleet=car.fleet, owner=owner, by=member.user, state_hash=unique("state"), session_hash="", ends_at=NOON,
        began_at=NOON - timedelta(days=30), stage="done",
    )  # fmt: skip
    walk.vehicles.add(car)
    Vehicle.objects.filter(pk=car.pk).update(enrolled_at=NOON - timedelta(days=30, minutes=-5))
    car.refresh_from_db()
    at_km(car, 48_200)

    lines = [line for line in told(car, member) if ":" not in line or "First" in line]

    assert lines == ["First odometer: 48,200 km", "Joined the fleet", f"{owner} gave consent"]


def test_what_people_did_with_an_alert_names_the_alert_and_who(client, car, member):
    alert = Alert.objects.create(
        fleet=car.fleet, vehicle=car, kind="fault", subject="P0420", occurrence="1", level="warning",
        opened_at=NOON, level_at=NOON,
    )  # fmt: skip
    client.force_login(member.user)
    client.post(f"/alerts/{alert.pk}/act/", {"act": "say", "text": "Heard it rattle."})

    page = client.get(f"/vehicles/{car.pk}/timeline/").content.decode()

    assert f'href="/alerts/{alert.pk}/">P0420: a note on the alert</a>' in page
    assert "by Manager Person: Heard it rattle." in page
