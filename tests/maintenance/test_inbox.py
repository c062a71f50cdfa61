"""The alerts: what is new to whom, and what people do with it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fleet.owners.models import Role
from maintenance import inbox
from maintenance.boards import inbox as board
from maintenance.models import Alert, AlertNote, Notice, OrderLine, WorkOrder
from maintenance.refusals import Refused
from tests.maintenance.scenes import at_km, drive, item_of, last_done
from tests.scenes import NOON, a_car, a_fleet, a_member, codes, unique

pytestmark = pytest.mark.django_db


@pytest.fixture
def fleet():
    return a_fleet()


@pytest.fixture
def hand(fleet):
    return a_member(fleet, Role.TECHNICIAN)


@pytest.fixture
def manager(fleet):
    return a_member(fleet, Role.MANAGER)


def an_alert(fleet, level="warning", car=None, **fields) -> Alert:
    about = {"kind": "fault", "subject": "P0420", "occurrence": unique("e")[:40]}
    about |= {"opened_at": NOON, "level_at": NOON} | fields
    return Alert.objects.create(fleet=fleet, vehicle=car or a_car(fleet), level=level, **about)


def seen(alert) -> tuple:
    return alert.pk, alert.level, alert.times


def shown(member, show="") -> list[int]:
    cars = board.board(member, show=show, kind="", page="", now=NOON)["cars"]
    return [row.alert.pk for car in cars for row in car.rows]


def test_what_is_acknowledged_is_new_no_more_until_it_rises_or_comes_back(fleet, hand):
    alert = an_alert(fleet)
    assert shown(hand) == [alert.pk]

    assert inbox.acknowledge([seen(alert)], member=hand, now=NOON) == 1
    assert (shown(hand), shown(hand, "acknowledged")) == ([], [alert.pk])

    Alert.objects.update(level="critical")
    assert (shown(hand), shown(hand, "acknowledged")) == ([alert.pk], [])
    alert.refresh_from_db()
    inbox.acknowledge([seen(alert)], member=hand, now=NOON)
    Alert.objects.update(times=2)
    assert shown(hand) == [alert.pk]


def test_what_rose_since_it_was_on_the_screen_is_not_acknowledged_unseen(client, fleet, hand):
    alert, other = an_alert(fleet), an_alert(fleet)
    client.force_login(hand.user)
    sent = [f"{one.pk}:{one.level}:{one.times}" for one in (alert, other)]
    Alert.objects.filter(pk=alert.pk).update(level="critical")

    page = client.post("/alerts/acknowledge/", {"seen": sent, "next": "/alerts/"}, follow=True).content.decode()

    assert "1 alert acknowledged." in page and "1 alert changed meanwhile" in page
    assert shown(hand) == [alert.pk]


def test_acknowledging_twice_is_once_and_is_written_down(fleet, hand):
    alert = an_alert(fleet)
    for _ in range(2):
        assert inbox.acknowledge([seen(alert)], member=hand, now=NOON) == 1

    note = AlertNote.objects.get()
    assert (note.what, note.by_name, note.at) == ("acknowledged", str(hand.user), NOON)


def test_a_snooze_ends_by_itself_by_hand_and_when_it_gets_worse(fleet, hand):
    for end in ("time", "hand", "worse"):
        alert = an_alert(fleet)
        inbox.snooze(alert, 3, why="part ordered", member=hand, now=NOON)
        assert alert.pk in shown(hand, "snoozed") and alert.pk not in shown(hand)
        if end == "time":
            Alert.objects.filter(pk=alert.pk).update(muted_until=NOON - timedelta(seconds=1))
        elif end == "hand":
            inbox.wake(alert, member=hand, now=NOON)
        else:
            Alert.objects.filter(pk=alert.pk).update(level="critical")
        assert alert.pk in shown(hand) and alert.pk not in shown(hand, "snoozed")


@pytest.mark.parametrize(("days", "why", "field"), [(0, "x", "days"), (31, "x", "days"), (3, " ", "why")])
def test_a_snooze_wants_a_reason_and_an_end(fleet, hand, days, why, field):
    with pytest.raises(Refused) as refused:
        inbox.snooze(an_alert(fleet), days, why=why, member=hand, now=NOON)
    assert refused.value.field == field


def test_a_technician_takes_it_and_gives_it_back_and_a_manager_gives_it(client, fleet, hand, manager):
    alert, other = an_alert(fleet), a_member(fleet, Role.TECHNICIAN)
    client.force_login(hand.user)
    client.post(f"/alerts/{alert.pk}/act/", {"act": "take"})
    assert shown(hand, "mine") == [alert.pk]
    refused = client.post(f"/alerts/{alert.pk}/act/", {"act": "give", "to": other.user_id})
    assert refused.status_code == 422 and "Only a manager" in refused.content.decode()

    client.force_login(manager.user)
    client.post(f"/alerts/{alert.pk}/act/", {"act": "give", "to": other.user_id})
    assert (shown(hand, "mine"), shown(other, "mine")) == ([], [alert.pk])
    with pytest.raises(Refused, match="It is with"):
        inbox.assign(alert, hand.user, member=hand, now=NOON)


def test_what_people_say_stays_with_who_and_when(client, fleet, hand):
    alert = an_alert(fleet)
    client.force_login(hand.user)
    client.post(f"/alerts/{alert.pk}/act/", {"act": "say", "text": "<i>Called</i> the driver\0"})
    empty = client.post(f"/alerts/{alert.pk}/act/", {"act": "say", "text": " "})

    page = client.get(f"/alerts/{alert.pk}/").content.decode()

    assert "&lt;i&gt;Called&lt;/i&gt; the driver" in page and str(hand.user) in page
    assert empty.status_code == 422 and AlertNote.objects.count() == 1


def test_vehicles_come_with_their_worst_first_and_what_is_over_is_struck_through_for_a_day(client, fleet, manager):
    mild, grave = a_car(fleet, name="Van 01"), a_car(fleet, name="Van 02")
    now = timezone.now()
    an_alert(fleet, "soon", mild, kind="due", subject="oil-change")
    an_alert(fleet, "warning", grave, subject="P0300")
    an_alert(fleet, "critical", grave, subject="P0524")
    an_alert(fleet, "warning", mild, subject="P0171", closed_at=now - timedelta(hours=3))
    an_alert(fleet, "warning", mild, subject="P0172", closed_at=now - timedelta(hours=30))
    client.force_login(manager.user)

    page = client.get("/alerts/").content.decode()

    assert page.index("Van 02") < page.index("P0524") < page.index("P0300") < page.index("Van 01")
    assert "<s>Van 01: P0171" in page and "P0172" not in page
    assert "P0172" in client.get("/alerts/?show=closed").content.decode()
    assert "P0524" not in client.get("/alerts/?kind=due").content.decode()


def test_an_alert_says_why_what_next_and_who_was_told(client, fleet, manager):
    car = a_car(fleet, name="Van 07")
    last_done(car, km=40_000, days_ago=30)
    at_km(car, 48_200)
    drive(car, codes("P0420", at=NOON), now=NOON + timedelta(minutes=5))
    client.force_login(manager.user)
    due = Alert.objects.get(kind="due", subject="oil-change")

    page = client.get("/alerts/").content.decode()
    assert "153 km over" in page and "P0420: " in page and "Next:" in page
    assert f'href="/orders/new/?alert={due.pk}"' in page
    sheet = client.get(f"/alerts/{due.pk}/").content.decode()
    assert "153 km" in sheet
    if notice := Notice.objects.filter(alert=due).first():
        assert str(notice.user) in sheet


def test_an_order_of_the_job_is_the_order_of_its_alert(client, fleet, manager):
    car = a_car(fleet, name="Van 07")
    last_done(car, km=40_000, days_ago=30)
    at_km(car, 48_200)
    about = {"key": unique("o"), "created_by": "A", "created_at": NOON}
    order = WorkOrder.objects.create(fleet=fleet, vehicle=car, number=77, **about)
    OrderLine.objects.create(order=order, title="Oil", item=item_of(car), task=item_of(car).task)
    client.force_login(manager.user)

    page = client.get("/alerts/?kind=due").content.decode()

    assert "WO-77" in page and "/orders/new/" not in page


def test_another_fleets_alerts_are_not_there_and_cannot_be_touched(client, fleet, manager):
    theirs = an_alert(a_fleet("Theirs"))
    client.force_login(manager.user)

    assert client.get(f"/alerts/{theirs.pk}/").status_code == 404
    assert client.post(f"/alerts/{theirs.pk}/act/", {"act": "say", "text": "x"}).status_code == 404
    client.post("/alerts/acknowledge/", {"seen": f"{theirs.pk}:warning:1"})
    theirs.refresh_from_db()
    assert theirs.acked_level == "" and not AlertNote.objects.exists()


@pytest.mark.parametrize("text", ["", "x", "1:2", "1:warning:x", "::", "9" * 40 + ":a:1"])
def test_a_strange_tick_is_none(text):
    assert inbox.seen_of(text) is None


def test_a_viewer_reads_and_does_nothing(client, fleet):
    alert = an_alert(fleet)
    client.force_login(a_member(fleet, Role.VIEWER).user)

    for where in ("/alerts/", f"/alerts/{alert.pk}/", "/alerts/?show=mine"):
        page = client.get(where).content.decode()
        assert "P0420" in page and "Acknowledge</button>" not in page and 'name="act"' not in page


def test_it_asks_as_many_questions_for_many_as_for_few(client, fleet, manager):
    client.force_login(manager.user)
    counts = []
    for _ in range(2):
        for _ in range(6):
            car = a_car(fleet)
            an_alert(fleet, "critical", car)
            an_alert(fleet, "due", car, kind="due", subject="oil-change")
            for kind in ("light", "proof", "silence", "usage", "meter", "connection", "threshold"):
                an_alert(fleet, "warning", car, kind=kind, subject="odd")
        client.get("/alerts/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/alerts/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 16


def test_a_long_list_is_leafed_by_whole_vehicles(fleet, manager):
    cars = [a_car(fleet) for _ in range(board.CARS_A_PAGE + 2)]
    for car in cars:
        an_alert(fleet, "warning", car)
        an_alert(fleet, "critical", car)

    first = board.board(manager, show="", kind="", page="", now=NOON)
    second = board.board(manager, show="", kind="", page="2", now=NOON)

    assert [len(one["cars"]) for one in (first, second)] == [board.CARS_A_PAGE, 2]
    assert all(len(car.rows) == 2 for car in first["cars"] + second["cars"])
