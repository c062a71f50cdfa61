"""Who is asked next: fairly between fleets, the urgent first, and never beyond the calls."""

from datetime import timedelta
from itertools import count

import pytest
from django.db import connection

from fleet.owners.models import Fleet, Owner
from tests.scenes import NOON
from vehicles.domain.cadence import Rank, Why
from vehicles.line import budget, turns
from vehicles.models import CallBucket, Connection, Terms, Vehicle

pytestmark = pytest.mark.django_db

numbers = count()


def a_fleet_of(cars: int, *, rank: Rank = Rank.ROUTINE, since=NOON, apart=timedelta(), **fields) -> Fleet:
    fleet = Fleet.objects.create(name=f"Fleet of {cars}")
    owner = Owner.objects.create(fleet=fleet, name="Owner")
    consents = Connection.objects.bulk_create(
        [Connection(fleet=fleet, owner=owner, connection_id=f"turn-{next(numbers)}") for _ in range(cars)],
        batch_size=2_000,
    )
    Vehicle.objects.bulk_create(
        [
            Vehicle(fleet=fleet, name="Van", connection=consent, poll_after=since - n * apart, poll_rank=rank, **fields)
            for n, consent in enumerate(consents)
        ],
        batch_size=2_000,
    )
    with connection.cursor() as cursor:  # as the database does by itself once the rows are committed
        cursor.execute("ANALYZE")
    return fleet


def level(calls: float, at=NOON) -> None:
    CallBucket.objects.update_or_create(name=budget.NAME, defaults={"left": calls, "at": at})


def shares(cars: list[Vehicle]) -> dict[int, int]:
    found: dict[int, int] = {}
    for car in cars:
        found[car.fleet_id] = found.get(car.fleet_id, 0) + 1
    return found


def test_ten_thousand_cars_do_not_starve_twenty():
    large, small = a_fleet_of(10_000), a_fleet_of(20, since=NOON + timedelta(hours=1))
    now, asked = NOON + timedelta(hours=2), []
    level(21, now)
    for _ in range(45):
        claimed = turns.claim(50, now=now)
        Vehicle.objects.filter(pk__in=[car.pk for car in claimed]).update(poll_after=now + timedelta(days=1))
        asked += claimed
        now += timedelta(seconds=30)

    first = shares(asked[:30])
    assert abs(first[large.pk] - first[small.pk]) <= 1
    # Nobody waits beside an empty line: once the twenty are asked, the rest goes to the others.
    assert shares(asked)[small.pk] == 20
    assert len(asked) >= 44


def test_a_fleet_that_had_nothing_to_ask_does_not_save_up():
    busy, idle = a_fleet_of(200), a_fleet_of(60, since=NOON + timedelta(days=1))
    level(118)
    assert shares(turns.claim(90, now=NOON)) == {busy.pk: 90}

    later = NOON + timedelta(days=1)
    found = shares(turns.claim(60, now=later))

    assert abs(found[busy.pk] - found[idle.pk]) <= 1


def test_the_urgent_of_one_fleet_have_a_head_start_that_ends():
    calm, busy = a_fleet_of(100), a_fleet_of(100, rank=Rank.NEW)
    level(118)

    found = turns.claim(60, now=NOON)

    assert shares(found[:15]) == {busy.pk: 15}
    assert shares(found)[calm.pk] >= 15


def test_inside_a_fleet_the_more_urgent_goes_first_whatever_its_clock():
    fleet = a_fleet_of(3)
    Vehicle.objects.filter(fleet=fleet).update(poll_after=NOON - timedelta(days=2))
    routine = list(Vehicle.objects.filter(fleet=fleet).order_by("pk"))
    for car, rank in zip(routine, (Rank.ROUTINE, Rank.WANTED, Rank.ASKED), strict=True):
        Vehicle.objects.filter(pk=car.pk).update(poll_rank=rank, poll_after=NOON - timedelta(hours=rank))

    found = turns.claim(10, now=NOON)

    assert [car.pk for car in found] == [car.pk for car in reversed(routine)]


@pytest.mark.parametrize(("rank", "asked"), [(Rank.ASKED, 12), (Rank.NEW, 7), (Rank.OUTAGE, 2), (Rank.ROUTINE, 0)])
def test_the_last_calls_are_kept_for_those_who_wait_for_an_answer(rank, asked):
    a_fleet_of(30, rank=rank)
    level(12)

    assert len(turns.claim(30, now=NOON)) == asked


def test_calls_are_taken_with_the_cars_and_no_call_is_taken_twice():
    a_fleet_of(200)
    level(118)
    first = turns.claim(150, now=NOON)
    second = turns.claim(150, now=NOON)

    assert (len(first), second) == (98, [])
    assert budget.left(NOON) == pytest.approx(20)
    assert set(Vehicle.objects.exclude(month=None).values_list("month_calls", flat=True)) == {1}


def test_without_a_limit_all_are_asked(settings):
    settings.SMARTCAR_BUCKET = None
    a_fleet_of(500)

    assert len(turns.claim(1_000, now=NOON)) == 500


@pytest.mark.parametrize(("used", "rank", "asked"), [(7, 4, 1), (8, 4, 0), (8, 2, 1), (10, 0, 0)])
def test_a_car_whose_month_is_used_up_waits_for_the_next(used, rank, asked):
    fleet = a_fleet_of(1, rank=rank, month=NOON.date().replace(day=1), month_calls=used)
    Terms.objects.create(fleet=fleet, calls_a_month=10)

    assert len(turns.claim(5, now=NOON)) == asked

    car = Vehicle.objects.get(fleet=fleet)
    assert (car.hold == "budget") == (asked == 0)
    if not asked:
        assert (car.poll_why, car.hold_until.isoformat()) == ("month", "2026-06-01T00:00:00+00:00")
        assert car.poll_after >= car.hold_until


def test_a_new_month_begins_the_count_anew():
    fleet = a_fleet_of(1, month=NOON.date().replace(month=4, day=1), month_calls=500)

    assert len(turns.claim(5, now=NOON)) == 1
    assert Vehicle.objects.get(fleet=fleet).month_calls == 1


def test_a_car_on_hold_is_not_asked_before_the_hold_ends():
    until = NOON + timedelta(minutes=30)
    a_fleet_of(1, hold="throttled", hold_until=until)

    assert turns.claim(5, now=NOON) == []
    assert len(turns.claim(5, now=until)) == 1


def test_a_ring_puts_a_car_ahead_and_never_back():
    a_fleet_of(2, rank=Rank.ASKED, since=NOON - timedelta(minutes=1))
    calm = a_fleet_of(1, since=NOON + timedelta(days=1))

    assert turns.ring(Vehicle.objects.all(), Why.OUTAGE, now=NOON) == 1
    assert Vehicle.objects.get(fleet=calm).poll_rank == Rank.OUTAGE


def test_finding_who_is_next_uses_the_index():
    a_fleet_of(3_000, since=NOON - timedelta(days=9))  # all of them before the others in time
    fleet = a_fleet_of(3_000, apart=timedelta(minutes=1))

    plan = turns.due(Rank.ROUTINE, NOON).filter(fleet_id=fleet.pk).order_by("poll_after", "pk")[:5].explain()

    assert "vehicle_turn" in plan


@pytest.mark.parametrize(
    ("fields", "wish", "hours", "why"),
    [
        ({}, 5, 5, "wanted"),
        ({}, 30, 20, "usual"),
        ({}, -500, 0, "wanted"),
        ({"polled_at": NOON}, -500, 4, "wanted"),
        ({"poll_rank": Rank.NEW, "poll_why": "new"}, 5, 20, "new"),
        ({"poll_why": "month"}, 5, 20, "month"),
        ({"hold": "throttled"}, 5, 20, "usual"),
    ],
)
def test_a_verdict_that_wants_a_reading_brings_the_poll_forward(fields, wish, hours, why):
    fields = {"poll_why": "usual"} | fields
    fleet = a_fleet_of(1, since=NOON + timedelta(hours=20), **({"rank": fields.pop("poll_rank", 4)} | fields))
    at = NOON + timedelta(hours=wish)

    turns.want([(Vehicle.objects.get(fleet=fleet), at)], now=NOON)

    car = Vehicle.objects.get(fleet=fleet)
    assert (car.wanted_at, car.poll_after, car.poll_why) == (at, NOON + timedelta(hours=hours), why)
