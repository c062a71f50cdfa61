"""Forecasts over the counter: the range on the lists, and the page that says how often ranges held."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fleet.owners.models import Role
from maintenance import review
from maintenance.domain.forecast import Pace as PurePace
from maintenance.domain.forecast import Range, account
from maintenance.models import DueItem, Foretold, HitRate, Pace
from tests.scenes import a_car, a_fleet, a_member
from vehicles.models import Vehicle

pytestmark = pytest.mark.django_db


def signed_in(client, fleet, role=Role.MANAGER):
    member = a_member(fleet, role)
    client.force_login(member.user)
    return member


def expects(car, *, days: tuple[int, int] | None, pace: PurePace, status="ok") -> DueItem:
    """An item as review would store it."""
    now = timezone.now()
    review.review([car.pk], now=now)
    item = DueItem.objects.get(vehicle=car, task__key="oil-change")
    today = car.fleet.day(now)
    found = Range(*(today + timedelta(days=n) for n in days)) if days else None
    item.likely_from, item.likely_to = (found.early, found.late) if found else (None, None)
    item.forecast, item.status = account({"distance": pace}, {"distance": found}), status
    item.rank = {"ok": 0, "soon": 2, "overdue": 4}[status]
    item.save()
    return item


def a_rate(fleet, month: date, axis="distance", **counts) -> HitRate:
    return HitRate.objects.create(fleet=fleet, axis=axis, month=month, at=timezone.now(), **counts)


def a_pace(car, why="", shift=None, **rates) -> Pace:
    return Pace.objects.create(vehicle=car, axis="distance", why=why, shift=shift, at=timezone.now(), **rates)


def this_month() -> date:
    return timezone.now().date().replace(day=1)


def test_the_range_stands_on_the_due_list_and_on_the_panel_with_what_it_rests_on(client):
    fleet = a_fleet()
    car = a_car(fleet)
    item = expects(car, days=(400, 406), pace=PurePace(40, 44, 52, 120), status="soon")
    a_rate(fleet, this_month(), hit=30, early=6, late=4)
    signed_in(client, fleet)
    early, late = item.likely_from, item.likely_to
    words = f"{early.day}–{late:%-d %b %Y}" if early.month == late.month else f"{early:%-d %b}"

    listed, shown = (client.get(where).content.decode() for where in ("/", f"/vehicles/{car.pk}/"))

    assert f"expected {words}" in listed
    assert "held in 30 of the last 40 cases" in listed
    assert f"Expected {words}" in shown
    assert "40 to 52 km a day, over 120 days" in shown
    assert "such ranges held in 30 of 40 cases (75 %)" in shown


@pytest.mark.parametrize(
    ("why", "words"),
    [("stands", "not at current usage; the time axis rules"), ("short", "less than a week of driving is known")],
)
def test_without_a_range_the_panel_says_why(client, why, words):
    fleet = a_fleet()
    car = a_car(fleet)
    expects(car, days=None, pace=PurePace(None, None, None, 3, why))
    signed_in(client, fleet, Role.VIEWER)

    assert f"No day can be told: {words}" in client.get(f"/vehicles/{car.pk}/").content.decode()


def test_the_pace_of_others_is_called_that_and_few_outcomes_are_no_share(client):
    fleet = a_fleet(units="imperial")
    car = a_car(fleet)
    expects(car, days=(5, 9), pace=PurePace(40, 44, 52, 120, "similar", 6))
    a_rate(fleet, this_month(), hit=3, late=1)
    signed_in(client, fleet)

    page = client.get(f"/vehicles/{car.pk}/").content.decode()

    assert "25 to 32 mi a day, the median of 6 similar vehicles" in page
    assert "too few outcomes yet to say how often such ranges hold (4)" in page


def test_what_is_overdue_expects_nothing(client):
    fleet = a_fleet()
    car = a_car(fleet)
    expects(car, days=(5, 9), pace=PurePace(40, 44, 52, 120), status="overdue")
    signed_in(client, fleet)

    assert "xpected " not in client.get("/").content.decode()


def test_the_page_of_forecasts_tells_months_changes_and_cars_without_one(client):
    fleet, theirs = a_fleet(), a_fleet("Theirs")
    a_rate(fleet, this_month(), hit=31, early=5, late=4, void=7)
    a_rate(fleet, this_month(), axis="oil", hit=2, late=1)
    a_rate(theirs, this_month(), axis="hours", hit=99)
    shift = {"since": "2026-05-04", "before": 80.0, "now": 160.0, "found": "2026-05-09T00:00:00+00:00"}
    a_pace(a_car(fleet, name="Van 12"), shift=shift, slow=150, usual=160, fast=170)
    a_pace(a_car(fleet, name="Pickup 07"), why="stands")
    a_pace(a_car(fleet, name="Ranger 3"), why="short")
    a_pace(a_car(theirs, name="Not ours"), why="short")
    signed_in(client, fleet)

    page = client.get("/forecast/").content.decode()
    assert "<b>78 %</b> of 40 held" in page and "5 early, 4 late, 7 not counted" in page
    assert "2 of 3 held" in page and "too few to tell a share" in page
    assert "Daily use doubled since Monday 4 May: 160 km a day instead of 80 km" in page
    assert "Pickup 07" in page and "Ranger 3" in page
    assert "Not ours" not in page and "of 99" not in page and "Engine hours" not in page

    page = client.get("/forecast/?why=stands").content.decode()
    assert "Pickup 07" in page and "Ranger 3" not in page


def test_a_change_of_use_stands_on_the_page_of_the_car_until_it_is_usual(client):
    fleet = a_fleet()
    car = a_car(fleet)
    shift = {"since": "2026-05-04", "before": 80.0, "now": 30.0, "found": "2026-05-19T00:00:00+00:00"}
    pace = a_pace(car, shift=shift, slow=25, usual=30, fast=33)
    signed_in(client, fleet)
    assert (
        "Daily use fell since Monday 4 May: 30 km a day instead of 80 km."
        in client.get(f"/vehicles/{car.pk}/").content.decode()
    )

    Pace.objects.filter(pk=pace.pk).update(shift=shift | {"usual": True})
    assert "Daily use" not in client.get(f"/vehicles/{car.pk}/").content.decode()
    assert "Use has changed" not in client.get("/forecast/").content.decode()


def test_a_fleet_without_a_past_is_told_what_will_stand_here(client):
    fleet = a_fleet()
    signed_in(client, fleet)
    page = client.get("/forecast/").content.decode()
    assert "Nothing to hold against yet" in page and "Every car has one" in page


def test_the_page_takes_few_queries_however_large_the_fleet_is(client):
    fleet = a_fleet()
    signed_in(client, fleet)

    def queries() -> int:
        client.get("/forecast/")
        with CaptureQueriesContext(connection) as caught:
            assert client.get("/forecast/").status_code == 200
        return len(caught)

    a_pace(a_car(fleet), why="short")
    few = queries()
    for car in [a_car(fleet) for _ in range(20)]:
        a_pace(car, why="stands")
    assert queries() == few <= 12
    assert Vehicle.objects.count() == 21 and not Foretold.objects.exists()
