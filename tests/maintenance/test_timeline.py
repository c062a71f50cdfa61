"""The timeline of a vehicle: everything once, newest first, page by page."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fleet.owners.models import Role
from maintenance import snoozing
from maintenance.boards import timeline
from maintenance.models import Alert, ServiceRecord, Task
from tests.maintenance.scenes import at_km, drive, item_of, last_done
from tests.scenes import NOON, a_car, a_fleet, a_member, codes, unique
from vehicles.models import Fault, MeterNote, Reading, Standing, Vehicle

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

    assert len(found) == 70 + 80 and pages == 3
    assert found == sorted(found, reverse=True)


def test_events_of_one_moment_are_not_torn_apart_by_the_end_of_a_page(car, member):
    for _ in range(timeline.SIZE + 1):
        a_record(car, hours=5)
    first = timeline.board(car, member, before="", now=NOON)

    assert len(first["events"]) == timeline.SIZE + 1


@pytest.mark.parametrize("before", ["x", "2026-13-45T00:00:00Z", "2026-05-01", "0001-01-01T00:00:00+00:00", "%00"])
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
    assert counts[0] == counts[1] <= 15
    assert Vehicle.objects.count() == 1
