"""The operator's page: for superusers alone, with what is wrong and what to do about it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from fleet.owners.models import User
from fleet.watch import alarms
from tests.scenes import a_car, a_fleet, a_member, post, state_of, unique
from vehicles.boards import line as line_board
from vehicles.consent import parting
from vehicles.models import Delivery, DoorTally, OddAnswer, Outage, Parting, Round, Vehicle

pytestmark = pytest.mark.django_db
PAGE = "/admin/watch/line/"


@pytest.fixture
def operator(client):
    user = User.objects.create_superuser("operator@fettle.example", "x")
    client.force_login(user)
    return user


def held(error: str, *, received_at=None) -> Delivery:
    now = received_at or timezone.now()
    return Delivery.objects.create(
        event_id=unique("event"), digest=unique("digest"), body=b"{", state="quarantined", error=error, received_at=now
    )


def test_it_is_for_superusers_alone(client):
    assert client.get(PAGE).status_code == 302
    client.force_login(a_member(a_fleet()).user)
    assert client.get(PAGE).status_code == 302
    client.force_login(User.objects.create_user("staff@fettle.example", "x", is_staff=True))
    assert client.get(PAGE).status_code == 403
    assert "Line to Smartcar" not in client.get("/admin/").content.decode()


def test_it_hangs_in_the_admin(client, operator):
    assert PAGE in client.get("/admin/").content.decode()
    page = client.get(PAGE).content.decode()
    assert "No delivery has come yet" in page
    assert "No breaker stands open" in page


def test_it_tells_what_came_and_what_is_wrong(client, operator, settings):
    now = timezone.now()
    car = a_car(a_fleet(), name="Van 07")
    post(client, state_of(car.smartcar_id, km=1, at=now))
    DoorTally.objects.create(minute=now.replace(second=0, microsecond=0), kept=7, refused=2)
    OddAnswer.objects.create(kind="error", name="VEHICLE_STATE.FLYING", count=3, first_at=now, last_at=now)
    Outage.objects.create(began_at=now - timedelta(hours=2), ended_at=now - timedelta(hours=1), cars=12)
    Round.objects.create(name="connections v3", after=now, ended_at=now, found={"listed": 5, "gone": 1})
    Vehicle.objects.update(lost_since=now - timedelta(hours=30))
    parting.part(a_car(car.fleet).connection, now=now)
    alarms.report("webhook signatures fail", "All of them.", now=now)

    page = client.get(PAGE).content.decode()

    told = (
        "7 kept, 2 refused",
        "VEHICLE_STATE.FLYING",
        "12 cars asked",
        "5 listed",
        "1 gone",
        "Van 07",
        "All of them.",
    )
    assert [words for words in (*told, "Give the consent back", "1 of 1, the newest") if words not in page] == []
    assert settings.SMARTCAR_MANAGEMENT_TOKENS[0] not in page


def test_a_class_of_the_quarantine_is_opened_again_together(client, operator):
    ours, other = held("KeyError"), held("not a body we can read")

    client.post(PAGE, {"act": "class", "error": "KeyError"})

    ours.refresh_from_db()
    other.refresh_from_db()
    assert (ours.state, other.state) == ("waiting", "quarantined")


def test_a_time_is_opened_again(client, operator):
    now = timezone.now()
    early, late = held("x", received_at=now - timedelta(days=2)), held("x", received_at=now)
    begin, end = (moment.strftime("%Y-%m-%dT%H:%M") for moment in (now - timedelta(days=3), now - timedelta(days=1)))

    client.post(PAGE, {"act": "time", "begin": begin, "end": end})
    client.post(PAGE, {"act": "time", "begin": end, "end": begin})
    client.post(PAGE, {"act": "time", "begin": "yesterday"})

    early.refresh_from_db()
    late.refresh_from_db()
    assert (early.state, late.state) == ("waiting", "quarantined")


def test_an_odd_answer_is_gone_once_seen_and_back_when_it_returns(client, operator):
    now = timezone.now()
    odd = OddAnswer.objects.create(kind="signal", name="roof-rack", count=1, first_at=now, last_at=now)

    client.post(PAGE, {"act": "seen", "odd": odd.pk})
    assert not line_board.board(timezone.now())["odd"]

    OddAnswer.objects.update(last_at=timezone.now() + timedelta(minutes=1))
    assert list(line_board.board(timezone.now())["odd"]) == [odd]


def test_partings_that_were_given_up_are_rung_again(client, operator):
    parting.part(a_car(a_fleet()).connection, now=timezone.now())
    Parting.objects.update(after=None, attempts=40)

    client.post(PAGE, {"act": "part"})

    assert set(Parting.objects.values_list("attempts", flat=True)) == {0}
    assert not Parting.objects.filter(after=None).exists()


@pytest.mark.parametrize("said", [{}, {"act": "burn"}, {"act": "seen", "odd": "x"}, {"act": "seen", "odd": "9" * 30}])
def test_nonsense_does_nothing(client, operator, said):
    assert client.post(PAGE, said).status_code == 302


def test_the_lag_is_measured_from_smartcars_stamp_and_from_the_door(client):
    now = timezone.now()
    post(client, state_of("car-1", km=1, at=now - timedelta(seconds=30)))
    delivery = Delivery.objects.get()
    Delivery.objects.update(opened_at=delivery.received_at + timedelta(seconds=4))

    lag = line_board.lag()

    assert lag.in_the_inbox == (4.0, 4.0)
    assert 29 <= lag.on_the_way[0] <= 60
