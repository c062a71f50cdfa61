"""The workshop's screen."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fleet.owners.models import Role
from maintenance.boards import wall
from maintenance.models import Alert, WorkOrder
from tests.maintenance.scenes import at_km, last_done
from tests.scenes import a_car, a_fleet, a_member, unique

pytestmark = pytest.mark.django_db


@pytest.fixture
def fleet():
    return a_fleet("Northgate")


def an_order(car, number, state, **fields):
    now = timezone.now()
    about = {"key": unique("o"), "created_by": "A", "created_at": now, "started_at": now - timedelta(hours=2)}
    return WorkOrder.objects.create(fleet=car.fleet, vehicle=car, number=number, state=state, **about | fields)


def fill(fleet, count: int) -> None:
    now = timezone.now()
    for n in range(count):
        car = a_car(fleet, name=f"Van {n:02d}", silent_since=now - timedelta(days=n + 1))
        last_done(car, km=40_000, days_ago=30)
        at_km(car, 48_200)
        about = {"kind": "fault", "subject": "P0524", "occurrence": unique("e")[:40], "level": "critical"}
        Alert.objects.create(fleet=fleet, vehicle=car, opened_at=now, level_at=now, **about)
        an_order(car, n * 2, "working", assignee=a_member(fleet, Role.TECHNICIAN).user)
        an_order(car, n * 2 + 1, "held", hold="parts")


def test_it_shows_what_is_due_at_work_waiting_critical_and_silent(client, fleet):
    fill(fleet, 2)
    client.force_login(a_member(fleet, Role.VIEWER).user)

    page = client.get("/wall/").content.decode()

    for words in ("153 km over", "WO-0", "Technician Person, 2 h", "Waiting for parts", "P0524", "tells nothing"):
        assert words in page, words
    assert "<form" not in page and "/complete/" not in page


def test_what_does_not_fit_is_counted(fleet):
    fill(fleet, 11)
    told = wall.board(a_member(fleet), timezone.now())
    columns = {column.name: (len(column.lines), column.more) for column in told["columns"] + told["grave"]}

    assert columns == {
        "Overdue and due": (9, 2),
        "In progress": (7, 4),
        "On hold": (7, 4),
        "Critical": (5, 6),
        "Silent": (4, 7),
    }


def test_an_empty_workshop_says_so_and_nothing_of_others_is_shown(client, fleet):
    fill(a_fleet("Theirs"), 1)
    client.force_login(a_member(fleet, Role.TECHNICIAN).user)

    page = client.get("/wall/").content.decode()

    assert "Nothing is due." in page and "Nobody is at work" in page and "Van 00" not in page


def test_it_renews_itself_for_little(client, fleet):
    fill(fleet, 3)
    client.force_login(a_member(fleet, Role.VIEWER).user)
    client.get("/wall/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/wall/")
    assert len(queries) <= 14
