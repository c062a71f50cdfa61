"""The part of a page that renews itself: what it costs while nothing happens, and that what happens is seen."""

import html
import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fleet.owners import pulse
from fleet.owners.models import Fleet, Pulse, Role
from maintenance.models import Alert
from tests.maintenance.scenes import at_km, drive, last_done
from tests.scenes import NOON, a_car, a_fleet, a_member, odometer
from vehicles.models import Vehicle

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def fleet(client):
    fleet = a_fleet()
    client.force_login(a_member(fleet, Role.MANAGER).user)
    return fleet


def an_overdue_car(fleet, **fields):
    car = a_car(fleet, **fields)
    last_done(car, km=40_000, days_ago=30)
    at_km(car, 48_200)
    return car


def stamp_of(part) -> dict:
    """What the browser sends back with the next look."""
    return json.loads(html.unescape(re.search(r'hx-vals="([^"]+)"', part.content.decode())[1]))


def test_a_part_that_nobody_changed_is_neither_asked_for_nor_drawn(client, fleet):
    an_overdue_car(fleet)
    part = client.get("/", headers=HTMX)
    with CaptureQueriesContext(connection) as queries:
        same = client.get("/", stamp_of(part), headers=HTMX)

    assert "<html" not in part.content.decode() and "153 km over" in part.content.decode()
    assert same.status_code == 204 and not same.content
    told = [query["sql"].split(" FROM ")[1].split()[0].strip('"') for query in queries]
    assert told == ["django_session", "owners_membership"]


def test_a_pulse_that_moved_for_nothing_moves_nothing_and_hands_out_the_new_stamp(client, fleet):
    an_overdue_car(fleet)
    old = stamp_of(client.get("/", headers=HTMX))
    pulse.move_on([fleet.pk])

    same = client.get("/", old, headers=HTMX)
    new = json.loads(same["X-Stamp"])
    with CaptureQueriesContext(connection) as queries:
        again = client.get("/", new, headers=HTMX)

    assert same.status_code == again.status_code == 204
    assert new["stamp"].partition(".")[2] == old["stamp"].partition(".")[2] and new != old
    assert len(queries) == 2


@pytest.mark.parametrize("path", ["/alerts/", "/vehicles/{pk}/", "/vehicles/", "/orders/", "/faults/"])
def test_every_part_is_the_same_as_long_as_nothing_is_new(client, fleet, path):
    car = an_overdue_car(fleet)
    Alert.objects.create(
        fleet=fleet, vehicle=car, kind="connection", subject="x", level="warning", opened_at=NOON, level_at=NOON
    )
    where = path.format(pk=car.pk)
    old = stamp_of(client.get(where, headers=HTMX))
    pulse.move_on([fleet.pk])

    assert client.get(where, old, headers=HTMX).status_code == 204


def test_what_a_car_tells_and_what_a_person_does_is_seen_with_the_next_look(
    client, fleet, django_capture_on_commit_callbacks
):
    car = an_overdue_car(fleet, name="Van 07")
    stamp = stamp_of(client.get("/", headers=HTMX))

    with django_capture_on_commit_callbacks(execute=True):
        drive(car, odometer(48_900, at=NOON))
    told = client.get("/", stamp, headers=HTMX)
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post(f"/vehicles/{car.pk}/edit/", {"name": "Van 08", "plate": "", "registered_on": ""})
    named = client.get("/", stamp_of(told), headers=HTMX)

    assert told.status_code == 200 and "853 km over" in told.content.decode()
    assert done.status_code == 302
    assert named.status_code == 200 and "Van 08" in named.content.decode()


def test_another_fleets_life_does_not_move_this_ones_pulse(client, fleet, django_capture_on_commit_callbacks):
    theirs = a_car(a_fleet("Theirs"))
    stamp = stamp_of(client.get("/", headers=HTMX))

    with django_capture_on_commit_callbacks(execute=True):
        drive(theirs, odometer(1_000, at=NOON))

    assert client.get("/", stamp, headers=HTMX).status_code == 204
    assert Pulse.objects.get().fleet == theirs.fleet


def test_what_no_pulse_told_of_is_seen_a_minute_later(client, fleet):
    an_overdue_car(fleet)
    stamp = stamp_of(client.get("/", headers=HTMX))["stamp"]
    beat, _, rest = stamp.partition("-")
    minute, _, digest = rest.partition(".")
    Vehicle.objects.update(name="Renamed")

    later = client.get("/", {"stamp": f"{beat}-{int(minute) - 1}.{digest}"}, headers=HTMX)

    assert later.status_code == 200 and "Renamed" in later.content.decode()


@pytest.mark.parametrize("stamp", ["", ".", "x", "0-0.", "-1", "%00", "0" * 5_000])
def test_a_strange_stamp_gets_the_part(client, fleet, stamp):
    assert client.get("/", {"stamp": stamp}, headers=HTMX).status_code == 200


def test_the_stamp_is_of_no_use_to_somebody_from_elsewhere(client, fleet):
    car = an_overdue_car(fleet)
    stamp = stamp_of(client.get(f"/vehicles/{car.pk}/", headers=HTMX))
    client.logout()

    assert client.get(f"/vehicles/{car.pk}/", stamp, headers=HTMX).headers["HX-Redirect"]


def test_many_fleets_beat_at_once_each_by_itself():
    fleets = [a_fleet(f"Fleet {n}") for n in range(3)]
    pulse.move_on([fleet.pk for fleet in fleets])
    pulse.move_on([fleets[0].pk])

    beats = [pulse.of(Fleet.objects.select_related("pulse").get(pk=fleet.pk)) for fleet in fleets]

    assert beats == [2, 1, 1]
    assert pulse.of(a_fleet("New")) == 0
