"""The due list narrowed, ordered, by week, as a file, and many of its rows at once."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.utils import timezone

from fleet.owners.models import Role
from maintenance import review
from maintenance.boards import tally, workload
from maintenance.boards.due_asked import Asked, monday_of
from maintenance.models import DueItem, OrderLine, Policy, Snooze, Task, WorkOrder
from tests.maintenance.scenes import at_km, drive, item_of, last_done
from tests.scenes import NOON, a_car, a_fleet, a_member, odometer, oil, unique
from vehicles.models import Belonging, Group

pytestmark = pytest.mark.django_db
TODAY = NOON.date()


@pytest.fixture
def fleet():
    return a_fleet()


def sign_in(client, fleet, role=Role.MANAGER):
    member = a_member(fleet, role)
    client.force_login(member.user)
    return member


def an_overdue_car(fleet, km=48_200, **fields):
    car = a_car(fleet, **fields)
    last_done(car, km=40_000, days_ago=30)
    at_km(car, km)
    return car


def shown(client, **query) -> str:
    answer = client.get("/", query)
    assert answer.status_code == 200
    return answer.content.decode()


def an_order(car, number=1, **fields) -> WorkOrder:
    order = WorkOrder.objects.create(
        fleet=car.fleet, vehicle=car, number=number, key=unique("o"), created_by="A", created_at=NOON, **fields
    )
    OrderLine.objects.create(order=order, title="Oil change", item=item_of(car), task=item_of(car).task)
    return order


def test_a_group_narrows_the_list_and_a_foreign_group_shows_nothing(client, fleet):
    ours, other = an_overdue_car(fleet, name="Van 01"), an_overdue_car(fleet, name="Van 02")
    depot = Group.objects.create(fleet=fleet, name="Depot West")
    foreign = Group.objects.create(fleet=a_fleet("Theirs"), name="Theirs")
    Belonging.objects.create(group=depot, vehicle=ours)
    Belonging.objects.create(group=foreign, vehicle=other)
    sign_in(client, fleet)

    page = shown(client, group=depot.pk)
    assert "Van 01" in page and "Van 02" not in page
    assert f'<option value="{depot.pk}" selected>Depot West</option>' in page and "Theirs" not in page
    assert "Nothing here" in shown(client, group=foreign.pk)


def test_mine_are_the_jobs_of_open_orders_that_are_with_me(client, fleet):
    mine, theirs = an_overdue_car(fleet, name="Van 01"), an_overdue_car(fleet, name="Van 02")
    me = sign_in(client, fleet, Role.TECHNICIAN)
    an_order(mine, assignee=me.user)
    an_order(theirs, 2, assignee=a_member(fleet, Role.TECHNICIAN).user)

    page = shown(client, mine=1)
    assert "Van 01" in page and "Van 02" not in page
    OrderLine.objects.update(outcome="done")
    assert "is in an order of yours" in shown(client, mine=1)


def test_by_vehicle_a_page_holds_whole_vehicles(client, fleet):
    for n in (3, 1, 2):
        car = an_overdue_car(fleet, name=f"Van 0{n}")
        drive(car, oil(12, at=NOON))
    sign_in(client, fleet)

    answer = client.get("/", {"by": "vehicle", "show": "all"})

    groups = answer.context["groups"]
    assert [group.title for group in groups] == ["Van 01", "Van 02", "Van 03"]
    assert all(group.status == "overdue" and "1 overdue" in group.aside for group in groups)
    assert sum(len(group.rows) for group in groups) == DueItem.objects.count()


def test_by_week_what_is_past_stands_in_this_week_and_no_day_comes_last(client, fleet):
    now = timezone.now()
    car = an_overdue_car(fleet, name="Van 01")
    review.review([car.pk], now=now)
    a, b, c = DueItem.objects.order_by("pk")[:3]
    monday = monday_of(now.date())
    for item, day in ((a, monday - timedelta(days=40)), (b, monday + timedelta(days=15)), (c, None)):
        DueItem.objects.filter(pk=item.pk).update(sort_on=day)
    sign_in(client, fleet)

    groups = client.get("/", {"by": "week", "show": "all"}).context["groups"]

    titles = [group.title for group in groups]
    assert f"from {monday:%-d %B}" in titles[0] and a.pk in [row.item.pk for row in groups[0].rows]
    assert any(f"from {monday + timedelta(days=14):%-d %B}" in title for title in titles)
    assert titles[-1] == "No day"


@pytest.mark.parametrize(
    ("text", "week"),
    [
        ("2026-05-14", date(2026, 5, 11)),
        ("2026-05-11", date(2026, 5, 11)),
        ("", None),
        ("x", None),
        ("0001-01-01", date.min),
    ],
)
def test_a_week_is_asked_for_by_any_of_its_days(text, week):
    from django.http import QueryDict

    assert Asked.read(QueryDict(f"week={text}"), "").week == week


def test_the_tally_counts_each_job_once_booked_or_expected(fleet):
    member = a_member(fleet)
    overdue, later = an_overdue_car(fleet), an_overdue_car(fleet, km=41_000)
    DueItem.objects.exclude(pk__in=[item_of(overdue).pk, item_of(later).pk]).update(sort_on=None)
    DueItem.objects.filter(pk=item_of(later).pk).update(sort_on=TODAY + timedelta(days=15))
    first, third = monday_of(TODAY), monday_of(TODAY) + timedelta(days=14)

    told = tally.count(member, first)
    assert (told.expected[first], told.expected[third], told.booked.total()) == (1, 1, 0)

    an_order(overdue, planned_on=TODAY + timedelta(days=14))
    unplanned = an_order(later, 2)
    told = tally.count(member, first)
    assert (told.expected[first], told.expected[third], told.booked[third]) == (0, 1, 1)

    unplanned.state = WorkOrder.State.WORKING
    unplanned.save()
    told = tally.count(member, first)
    assert (told.expected[third], told.booked[first], told.booked[third]) == (0, 1, 1)
    assert told.ranks.total() == DueItem.objects.count()


def test_neither_a_retired_car_nor_a_one_off_that_is_done_is_counted(fleet):
    member = a_member(fleet)
    gone, car = an_overdue_car(fleet), an_overdue_car(fleet)
    gone.retired_at = NOON
    gone.save()
    once = item_of(car)
    DueItem.objects.filter(pk=once.pk).update(line=None, left_at=NOON)

    told = tally.count(member, monday_of(TODAY))

    assert +told.expected == {}
    assert told.ranks.total() == DueItem.objects.standing().count() == DueItem.objects.filter(vehicle=car).count() - 1


def test_a_week_shows_its_own_work(client, fleet):
    now = timezone.now()
    today = now.date()
    car, later = an_overdue_car(fleet, name="Van 01"), an_overdue_car(fleet, name="Van 02", km=41_000)
    DueItem.objects.exclude(vehicle=car, rank__gte=3).update(sort_on=None, rank=0, status="ok")
    DueItem.objects.filter(pk=item_of(later).pk).update(sort_on=today + timedelta(days=15))
    sign_in(client, fleet)

    now_week, later_week = (shown(client, week=day.isoformat()) for day in (today, today + timedelta(days=15)))
    past = shown(client, week=(today - timedelta(days=30)).isoformat())

    assert "Van 01" in now_week and "Van 02" not in now_week
    assert "Van 02" in later_week and "Van 01" not in later_week
    assert "Nothing falls into this week" in past


def test_one_visit_is_offered_at_the_first_due_row_of_a_vehicle(client, fleet):
    car = an_overdue_car(fleet, name="Van 01")
    near = DueItem.objects.filter(vehicle=car).exclude(pk=item_of(car).pk).first()
    DueItem.objects.filter(pk=near.pk).update(due_on=timezone.now().date() + timedelta(days=3))
    sign_in(client, fleet)

    page = shown(client)

    assert "1 more on Van 01 soon" in page and near.task.name.lower() in page
    assert f"item={item_of(car).pk}&amp;also={near.pk}" in page


def test_the_file_holds_all_pages_in_the_order_of_the_list_and_no_formula(client, fleet):
    cars = [an_overdue_car(fleet, name=f"Van {n:02d}") for n in range(55)]
    cars[0].name = '=HYPERLINK("http://evil.example")'
    cars[0].save()
    sign_in(client, fleet, Role.VIEWER)

    answer = client.get("/due.csv", {"show": "overdue"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))

    assert answer["Content-Type"].startswith("text/csv") and "attachment" in answer["Content-Disposition"]
    assert len(rows) == 55 and {row["status"] for row in rows} == {"Overdue"}
    assert {row["vehicle"] for row in rows} == {"'" + cars[0].name} | {car.name for car in cars[1:]}
    assert rows[0]["remaining"] == "153 km over" and rows[0]["data from"].startswith("2026-05-12T11:50")


def test_the_file_is_of_this_fleet_alone_and_narrowed_like_the_list(client, fleet):
    an_overdue_car(fleet, name="Van 01"), an_overdue_car(fleet, name="Bus 02")
    an_overdue_car(a_fleet("Theirs"), name="Van 99")
    sign_in(client, fleet)

    text = b"".join(client.get("/due.csv", {"q": "van"}).streaming_content).decode()

    assert "Van 01" in text and "Bus 02" not in text and "Van 99" not in text


def many(client, act, items, **said):
    """Tick, press, and send the form as it was shown."""
    asked = client.get("/due/many/", {"act": act, "item": items, "next": "/?by=week"})
    assert asked.status_code == 200, asked
    form = asked.context["form"]
    first = {name: field.value() or "" for name, field in ((name, form[name]) for name in form.fields)}
    return client.post("/due/many/", first | {"act": act, "item": items, "next": "/?by=week"} | said)


def test_ticked_rows_become_an_order_for_each_vehicle_however_often_it_is_sent(client, fleet):
    cars = [an_overdue_car(fleet, name=f"Van 0{n}") for n in range(3)]
    items = [item_of(car).pk for car in cars]
    hand = a_member(fleet, Role.TECHNICIAN)
    sign_in(client, fleet)
    an_order(cars[2], 77)

    sent = {"assignee": str(hand.user_id), "planned_on": "2027-01-04", "key": "k" * 32}
    first = many(client, "order", items, **sent)
    again = many(client, "order", items, **sent)

    assert first.status_code == again.status_code == 302 and first["Location"] == "/?by=week"
    written = WorkOrder.objects.exclude(number=77)
    assert {(order.vehicle.name, order.assignee, str(order.planned_on)) for order in written} == {
        ("Van 00", hand.user, "2027-01-04"),
        ("Van 01", hand.user, "2027-01-04"),
    }
    assert OrderLine.objects.filter(item__in=items).count() == 3
    assert "WO-77 is open for the rest already" in client.get("/").content.decode()


def test_ticked_rows_are_snoozed_all_or_none(client, fleet):
    items = [item_of(an_overdue_car(fleet)).pk for _ in range(2)]
    sign_in(client, fleet, Role.TECHNICIAN)
    day = (timezone.now() + timedelta(days=5)).date().isoformat()

    refused = many(client, "snooze", items, reason="waits for the part", until_on="2099-01-01")
    assert refused.status_code == 422 and not Snooze.objects.exists()

    done = many(client, "snooze", items, reason="waits for the part", until_on=day)
    assert done.status_code == 302
    assert sorted(Snooze.objects.values_list("item", flat=True)) == sorted(items)


def test_only_what_stands_in_this_fleet_can_be_ticked(client, fleet):
    theirs = item_of(an_overdue_car(a_fleet("Theirs"), name="Foreign 01")).pk
    sign_in(client, fleet)

    for sent in ({"item": [theirs]}, {"item": ["x", "-1", "9" * 30]}, {}):
        answer = client.get("/due/many/", {"act": "order"} | sent, follow=True)
        assert "Tick at least one job first." in answer.content.decode()
    sent = client.post("/due/many/", {"act": "order", "item": [theirs], "key": "k"})
    assert sent.status_code == 302 and not WorkOrder.objects.exists()


def test_a_viewer_sees_filters_and_file_and_can_tick_nothing(client, fleet):
    an_overdue_car(fleet)
    sign_in(client, fleet, Role.VIEWER)

    page = shown(client)

    assert "/due.csv" in page and 'name="item"' not in page and "/due/many/" not in page
    assert client.get("/due/many/").status_code == 403


def test_a_new_reading_is_shown_under_every_order(client, fleet):
    car = an_overdue_car(fleet)
    drive(car, odometer(49_000, at=NOON + timedelta(hours=1)), now=NOON + timedelta(hours=2))
    sign_in(client, fleet)

    for by in ("", "vehicle", "week"):
        assert "953 km over" in shown(client, by=by)


def test_a_file_of_faults_is_of_the_urgent_items(client, fleet):
    car = an_overdue_car(fleet)
    sign_in(client, fleet)

    text = b"".join(client.get("/due.csv", {"show": "faults"}).streaming_content).decode()

    assert text.count(car.name) == 1


def test_the_weeks_are_held_against_the_workshops_hours(fleet):
    member = a_member(fleet)
    car, other = an_overdue_car(fleet), an_overdue_car(fleet, km=48_300)
    DueItem.objects.exclude(pk__in=[item_of(car).pk, item_of(other).pk]).update(sort_on=None, rank=0)
    Task.objects.update(minutes=90)
    first = monday_of(TODAY)

    told = tally.count(member, first)
    assert (told.expected_minutes[first], told.vague[first], told.workshop_hours) == (180, 0, None)
    an_order(car, planned_on=TODAY)
    Policy.objects.update_or_create(fleet=fleet, defaults={"workshop_hours": 2})
    told = tally.count(member, first)
    assert (told.booked_minutes[first], told.expected_minutes[first], told.workshop_hours) == (90, 90, 2)

    full = workload.board(told, Asked(), TODAY).weeks[0]
    assert full.is_over and full.spoken.endswith("3 h of 2 h, over capacity")
    assert full.expected_top + full.over_height == full.mark
    told.workshop_hours = 3
    assert not workload.board(told, Asked(), TODAY).weeks[0].is_over

    Task.objects.update(minutes=None)
    load = workload.board(tally.count(member, first), Asked(), TODAY)
    assert (load.capacity, load.aside, load.weeks[0].hours) == ("", "", "")


def test_what_no_task_estimates_is_counted_and_said(fleet):
    told = tally.Tally()
    first = monday_of(TODAY)
    told.expected[first], told.expected_minutes[first], told.vague[first] = 3, 45, 2
    load = workload.board(told, Asked(), TODAY)
    assert load.aside == "2 jobs without an estimate"
    assert load.weeks[0].spoken.endswith("; 45 min; 2 without an estimate")
    told.vague[first + timedelta(days=7)] = 1
    assert [week.figure for week in workload.board(told, Asked(), TODAY).weeks[:3]] == ["45 min", "? h", "0 h"]


def test_a_key_of_the_rail_says_how_much_waits_behind_it(client, fleet):
    member = a_member(fleet)
    client.force_login(member.user)
    car = an_overdue_car(fleet)
    page = client.get("/vehicles/").content.decode()
    assert '<span class="n">1<span class="vh"> overdue</span></span>' in page
    assert '<span class="vh"> mine</span>' not in page

    order = an_order(car)
    order.assignee = member.user
    order.save()
    assert '<span class="n">1<span class="vh"> mine</span></span>' in client.get("/vehicles/").content.decode()
