"""The year of a vehicle: what is drawn, what is said beneath, and the same as a table."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from fleet.owners.models import Role
from maintenance.boards import curves
from maintenance.boards.curves import Ahead, Day, Done
from maintenance.models import DueItem
from tests.maintenance.scenes import drive, item_of, last_done
from tests.scenes import a_car, a_fleet, a_member, odometer, oil
from vehicles.models import Segment

FIRST = date(2026, 1, 1)


def days(*told: tuple) -> list[Day]:
    """(day, value) or (day, low, high)."""
    return [Day(FIRST + timedelta(days=one[0]), one[1], one[-1]) for one in told]


def drawn(told: list[Day], **more):
    return curves.draw(told, **{"today": told[-1].on, "falls": False} | more)


def test_a_silence_is_a_gap_and_a_day_alone_a_point():
    curve = drawn(days((0, 100), (5, 150), (16, 200), (40, 300), (41, 310)))

    assert len(curve.lines) == 2 and len(curve.dots) == 1
    assert [len(line.split()) for line in curve.lines] == [2, 2]


def test_a_measure_that_came_back_goes_down_first_and_then_up():
    curve = drawn(days((0, 30), (1, 20, 100), (2, 97, 98)), falls=True, ticks=[0, 50, 100])

    heights = [float(point.split(",")[1]) for point in curve.lines[0].split()]
    thirty, twenty, hundred, ninety_eight, ninety_seven = heights
    assert twenty > thirty > ninety_seven > ninety_eight > hundred  # downwards is more


def test_a_range_begins_where_the_reading_ended_and_widens():
    end = FIRST + timedelta(days=40)
    curve = drawn(days((0, 100), (10, 200), (20, 300)), ahead=Ahead(end, 350, 400, 450))

    (x0, y0), (x1, fast), (x2, slow) = (map(float, point.split(",")) for point in curve.band.split())
    line = curve.lines[0].split()[-1]
    assert f"{x0},{y0}" == line
    assert x1 == x2 == curves.RIGHT > x0 == curve.today and fast < slow < y0


def test_a_mark_far_away_is_left_out_and_does_not_flatten_the_line():
    told = days((0, 100), (10, 200), (20, 300))

    assert drawn(told, due=390).due is not None
    far = drawn(told, due=9_000)
    assert far.due is None and far.lines == drawn(told).lines != []


def test_names_of_services_do_not_cover_each_other_and_none_is_lost():
    done = [Done(FIRST + timedelta(days=n), "Oil") for n in (1, 2, 60)] + [Done(FIRST - timedelta(days=9), "Old")]
    curve = drawn(days((0, 100), (100, 300)), done=done)

    assert [bool(one.word) for one in curve.services] == [True, False, True]
    assert all("2026" in one.told for one in curve.services)


@given(
    st.lists(st.tuples(st.integers(0, 365), st.floats(0, 10_000_000), st.floats(0, 500)), min_size=2, max_size=60),
    st.one_of(st.none(), st.floats(0, 10_000_000)),
    st.booleans(),
)
def test_whatever_was_read_stays_inside_of_the_drawing(told, due, falls):
    by_day = {on: (low, low + more) for on, low, more in told}
    if len(by_day) < 2:
        return
    curve = drawn(days(*((on, *by_day[on]) for on in sorted(by_day))), due=due, falls=falls)

    places = [tuple(map(float, point.split(","))) for line in curve.lines for point in line.split()] + curve.dots
    assert all(curves.LEFT <= x <= curves.RIGHT and curves.TOP <= y <= curves.BOTTOM for x, y in places)
    assert len({y for y, _ in curve.grid}) == len(curve.grid) <= 12


@pytest.fixture
def fleet(db):
    return a_fleet()


def noon_of_yesterday():
    """Far from both midnights, whenever the tests run."""
    return (timezone.now() - timedelta(days=1)).replace(hour=12, minute=0)


@pytest.fixture
def car(fleet):
    """Driven 40 km a day for a hundred days, oil changed in the middle of them."""
    now, car = noon_of_yesterday(), a_car(fleet, name="Van 07")
    for n in range(100):
        at = now - timedelta(days=99 - n)
        drive(car, odometer(40_000 + 40 * n, at=at), oil(60 - n if n < 50 else 100 - (n - 50), at=at), now=at)
    last_done(car, km=38_000, days_ago=120)
    drive(car, now=now)
    return car


def year(client, fleet, car, **headers) -> str:
    client.force_login(a_member(fleet, Role.VIEWER).user)
    answer = client.get(f"/vehicles/{car.pk}/year/", headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_year_says_its_finding_and_holds_the_same_as_a_table(client, fleet, car):
    DueItem.objects.filter(pk=item_of(car).pk).update(
        due_km=46_046.7,
        status="ok",
        forecast={"distance": told("2027-01-03", "2027-01-09", 38, 40, 44)},
    )
    page = year(client, fleet, car)

    assert "38 to 44 km a day, over 100 days." in page.replace("38 km to", "38 to")
    assert "The mark of oil and filter change at 46,047 km is expected" in page
    assert page.count('role="img"') == 2 and page.count("<polyline") >= 3 and "c-band" in page
    assert "43,960 km" in page and "nothing logged" in page
    assert "It rose by 89 points" not in page  # of two days: none rose by fifty within one


def told(early, late, slow, usual, fast) -> dict:
    return {"early": early, "late": late, "slow": slow, "usual": usual, "fast": fast, "days": 100, "why": "", "cars": 0}


def test_htmx_gets_the_drawings_alone_and_the_page_of_the_vehicle_leads_there(client, fleet, car):
    assert "<html" not in year(client, fleet, car, HX_Request="true")
    page = client.get(f"/vehicles/{car.pk}/").content.decode()
    assert f'hx-get="/vehicles/{car.pk}/year/"' in page and f'href="/vehicles/{car.pk}/year/"' in page


def test_a_car_with_one_day_is_told_so(client, fleet):
    car = a_car(fleet)
    drive(car, odometer(40_000, at=timezone.now()), now=timezone.now())

    assert "once they were read on two days" in year(client, fleet, car)


def test_a_fleet_that_reads_miles_has_a_chart_in_miles(client, fleet, car):
    fleet.units = "imperial"
    fleet.save()

    page = year(client, fleet, car)

    assert "27,315 mi" in page and "43,960" not in page


def test_where_the_meter_was_replaced_the_line_is_of_true_distance(client, fleet, car):
    now = noon_of_yesterday()
    Segment.objects.create(
        fleet=fleet, vehicle=car, begins_at=now + timedelta(minutes=30), offset_km=43_960, reason="cluster",
        by_name="A", created_at=now,
    )  # fmt: skip
    page = year(client, fleet, car)

    assert "43,920" in page and "87," not in page


def test_a_year_of_readings_is_a_handful_of_questions(client, fleet, car):
    client.force_login(a_member(fleet, Role.VIEWER).user)
    client.get("/vehicles/")
    with CaptureQueriesContext(connection) as queries:
        client.get(f"/vehicles/{car.pk}/year/")
    assert len(queries) <= 12
