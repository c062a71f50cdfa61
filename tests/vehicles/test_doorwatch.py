"""The door counts what it does, and the web tells the operator when every signature fails."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from werkzeug.test import Client

from fleet.owners.models import User
from fleet.watch import alarms
from fleet.watch.models import Alarm, Pulse
from tests.flows.makers import until
from tests.scenes import post, state_of
from vehicles import retention
from vehicles.models import Delivery, DoorTally, Parting
from vehicles.post import doorwatch
from vehicles.smartcar import webhooks
from vehicles.views import door

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_tally(monkeypatch):
    monkeypatch.setattr(doorwatch, "tally", doorwatch.Tally())


@pytest.fixture
def operator():
    return User.objects.create_superuser("operator@fettle.example", "x")


def knock(client, *, token: str = "", km: int = 1):
    body = state_of("car-1", km=km, at=timezone.now())
    return post(client, body, **({"SC-Signature": webhooks.sign(token, body)} if token else {}))


def at(minutes: int):
    return timezone.now() + timedelta(minutes=minutes)


def counted(**fields) -> DoorTally:
    minutes = fields.pop("minutes", 0)
    return DoorTally.objects.create(minute=at(minutes).replace(second=0, microsecond=0), **fields)


def test_what_happens_at_the_door_is_counted_by_the_minute(client, settings):
    settings.SMARTCAR_MANAGEMENT_TOKENS = ["new-token", "old-token"]
    verify = b'{"eventId":"e","eventType":"VERIFY","data":{"challenge":"3f1e9a70-2b4c"},"meta":{}}'
    knock(client, token="new-token", km=1)
    knock(client, token="old-token", km=2)
    knock(client, token="a-wrong-one")
    client.post("/webhooks/smartcar/", data=b"{}", content_type="application/json", headers={"SC-Signature": "0" * 64})
    client.post("/webhooks/smartcar/", data=verify, content_type="application/json")

    doorwatch.tally.flush()

    rows = DoorTally.objects.all()
    total = {name: sum(getattr(row, name) for row in rows) for name in doorwatch.COLUMNS}
    assert total == {"kept": 2, "refused": 1, "strange": 1, "verified": 1}
    signed = {mark for row in rows for mark in row.signers}
    assert signed == {doorwatch.mark("new-token"), doorwatch.mark("old-token")}
    assert "new-token" not in str([row.signers for row in rows])


def test_a_wrong_signature_writes_nothing_while_it_waits(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert knock(client, token="a-wrong-one").status_code == 401


def test_two_flushes_of_a_minute_add_up(client):
    now = timezone.now()
    for _ in range(2):
        doorwatch.tally.count("kept", now=now, token="t")
        doorwatch.tally.flush()

    row = DoorTally.objects.get()
    assert (row.kept, row.signers) == (2, {doorwatch.mark("t"): 2})
    assert doorwatch.tally.flush() == 0


@pytest.mark.parametrize(
    ("rows", "fails"),
    [
        ([], False),
        ([{"kept": 5}], False),
        ([{"minutes": -5, "kept": 5}, {"refused": 2}], False),
        ([{"minutes": -5, "kept": 5}, {"refused": 3}], True),
        ([{"minutes": -5, "refused": 9}, {"kept": 1}], False),
        ([{"kept": 1, "refused": 9}], False),
        ([{"minutes": -5, "kept": 5}, {"strange": 99}], False),
        ([{"strange": 3}], True),
        ([{"minutes": -1_500, "refused": 99}], False),
    ],
)
def test_only_a_door_that_refuses_everything_alarms(rows, fails):
    for row in rows:
        counted(**row)

    assert bool(doorwatch.failing(timezone.now())) is fails


def test_an_alarm_is_told_once_and_once_more_when_it_is_over(client, operator):
    for _ in range(4):
        knock(client, token="a-wrong-one")
    for minutes in range(3):
        doorwatch.round_trip(now=at(minutes))

    assert [letter.to for letter in mail.outbox] == [[operator.email]]
    assert "SMARTCAR_MANAGEMENT_TOKENS" in mail.outbox[0].body
    assert "VERIFY does not prove" in mail.outbox[0].body

    doorwatch.tally.count("kept", now=at(3))
    for minutes in (4, 5):
        doorwatch.round_trip(now=at(minutes))

    assert [letter.subject for letter in mail.outbox] == [
        "Fettle: webhook signatures fail",
        "Fettle: over, webhook signatures fail",
    ]


def test_health_says_that_every_signature_fails(client):
    counted(refused=5)

    answer = client.get("/healthz")

    assert answer.status_code == 503
    assert answer.json()["parts"]["webhook"] == {"ok": False, "trouble": "every signature fails"}
    Delivery.objects.all().delete()
    counted(minutes=1, kept=1)
    assert client.get("/healthz").json()["parts"]["webhook"] == {"ok": True}


def test_workers_that_fall_silent_are_told_of_by_the_web(operator):
    Pulse.beat("beat", at(-10))
    doorwatch.round_trip(now=timezone.now())
    assert mail.outbox[0].subject == "Fettle: the workers are silent"

    Pulse.beat("beat", at(0))
    doorwatch.round_trip(now=timezone.now())
    assert mail.outbox[1].subject == "Fettle: over, the workers are silent"


def test_what_is_over_before_it_was_told_is_not_told(operator):
    now = timezone.now()
    alarms.report("x", "something", now=now)
    alarms.report("x", "", now=now)

    assert alarms.tell(now=now) == 0
    assert mail.outbox == []


def test_a_mail_server_that_is_away_gets_it_later(operator, settings):
    now = timezone.now()
    alarms.report("x", "something", now=now)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert alarms.tell(now=now) == 0

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert alarms.tell(now=now + timedelta(minutes=2)) == 1
    assert Alarm.objects.get().told


def test_the_thread_of_a_process_is_one():
    watchman = doorwatch.Watchman(pause=60)
    began = []
    for _ in range(3):
        watchman.wake()
        began.append(watchman.thread)
    watchman.over.set()

    assert len(set(began)) == 1
    assert began[0].daemon


def test_old_minutes_and_old_partings_are_let_go():
    counted(minutes=-60 * 24 * 36)
    counted()
    about = {"what": "disconnect", "user_id": "u", "smartcar_id": "s"}
    for done_at in (at(-60 * 24 * 100), at(-60 * 24 * 10), None):
        Parting.objects.create(done_at=done_at, **about)

    retention.sweep(now=timezone.now())

    assert DoorTally.objects.count() == 1
    assert Parting.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_web_tells_by_itself_when_everything_is_refused(monkeypatch, operator):
    watchman = doorwatch.Watchman(pause=0.05)
    monkeypatch.setattr(doorwatch, "watchman", watchman)
    street = Client(door.Street(house=None))
    try:
        for _ in range(4):
            body = state_of("car-1", km=1, at=timezone.now())
            headers = {"SC-Signature": webhooks.sign("a-wrong-one", body)}
            assert street.post(door.PATH, data=body, headers=headers).status_code == 401
        until(lambda: mail.outbox)
    finally:
        watchman.over.set()
        watchman.thread.join(10)

    assert [letter.to for letter in mail.outbox] == [[operator.email]]
