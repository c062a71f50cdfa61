"""One vehicle apart from its program: by hand, harder used, paused, and jobs that are due once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from fleet.owners.models import Role
from maintenance import review, workshop
from maintenance.models import Alert, Care, DueItem, Program, Task
from tests import plan
from tests.maintenance.scenes import item_of
from tests.scenes import a_car, a_fleet, a_member, odometer
from vehicles.models import Segment, Source
from vehicles.waist import ingest

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def fleet():
    return a_fleet()


@pytest.fixture
def manager(client, fleet):
    member = a_member(fleet, Role.MANAGER)
    client.force_login(member.user)
    return member


@pytest.fixture
def car(fleet, now):
    found = a_car(fleet, name="Van 07")
    review.review([found.pk], now=now - timedelta(days=40))
    item = item_of(found)
    item.anchor, item.anchor_on, item.anchor_km = "known", (now - timedelta(days=100)).date(), 41_000
    item.save()
    ingest.record(found, [odometer(50_000, at=now - timedelta(hours=1))], source=Source.WEBHOOK, now=now)
    review.review([found.pk], now=now)
    return found


def care(client, car, **sent):
    return client.post(f"/vehicles/{car.pk}/care/", sent)


def page_of(client, car) -> str:
    return client.get(f"/vehicles/{car.pk}/").content.decode()


def test_hard_use_shortens_distance_and_time_and_says_so(client, manager, car):
    assert item_of(car).due_km == pytest.approx(41_000 + 8_046.7)
    assert care(client, car, act="care", use="0.5", severe_why="Short trips").status_code == 302
    assert item_of(car).due_km == pytest.approx(41_000 + 4_023.35, abs=0.1)
    assert item_of(car).oil_limit_pct in (None, 20)
    page = page_of(client, car)
    assert "50 % of the program’s" in page and "Short trips" in page and str(manager.user) in page
    form = client.get(f"/vehicles/{car.pk}/care/").content.decode()
    assert "last set by" in form and 'value="0.5" selected' in form

    care(client, car, act="care", use="other", share="60", severe_why="Dust")
    assert item_of(car).due_km == pytest.approx(41_000 + 8_046.7 * 0.6, abs=0.1)
    care(client, car, act="care", use="1")
    assert item_of(car).due_km == pytest.approx(41_000 + 8_046.7)
    assert "of the program’s" not in page_of(client, car)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"act": "care", "use": "0.5"}, "Say why; whoever comes next will ask."),
        ({"act": "care", "use": "other", "severe_why": "x"}, "Say which share"),
        ({"act": "care", "use": "other", "share": "0", "severe_why": "x"}, "greater than or equal to 10"),
        ({"act": "care", "use": "2"}, "not one of the available choices"),
        ({"act": "care", "use": "1", "program": "999999"}, "not one of the available choices"),
        ({"act": "pause", "paused_until": "2020-01-01", "paused_why": "x"}, "Choose a day after today."),
        ({"act": "pause", "paused_until": "2999-01-01", "paused_why": "x"}, "At most 366 days."),
        ({"act": "pause", "paused_until": "", "paused_why": "x"}, "This field is required."),
    ],
)
def test_what_cannot_be_is_said_and_changes_nothing(client, manager, car, sent, said):
    answer = care(client, car, **sent)
    assert answer.status_code == 422 and said in answer.content.decode()
    assert not Care.objects.exists()


def test_a_program_by_hand_and_back(client, manager, car, fleet):
    special = Program.objects.create(fleet=fleet, name="Ambulances", by_hand=True)
    plan.add_line(special, Task.objects.get(fleet=fleet, key="brake-fluid"), every_months=6)
    form = client.get(f"/vehicles/{car.pk}/care/").content.decode()
    assert "The one that matches: Engine, standard" in form

    care(client, car, act="care", use="1", program=special.pk)
    assert set(DueItem.objects.filter(vehicle=car).values_list("task__key", flat=True)) == {"brake-fluid"}
    assert "Follows Ambulances by hand" in page_of(client, car)
    care(client, car, act="care", use="1", program="")
    assert item_of(car).anchor_km == 41_000, "what was said of its last service came back"


def test_a_pause_hides_alerts_and_moves_nothing(client, manager, car, now):
    assert Alert.objects.open().filter(vehicle=car, kind="due").exists()
    before = item_of(car)
    until = (now + timedelta(days=30)).date()

    care(client, car, act="pause", paused_until=until.isoformat(), paused_why="In Spain")
    after = item_of(car)
    assert not Alert.objects.open().filter(vehicle=car, kind="due").exists()
    assert (after.status, after.due_km) == (before.status, before.due_km) == ("overdue", before.due_km)
    page = page_of(client, car)
    assert "Paused until" in page and "In Spain" in page and str(manager.user) in page

    review.review([car.pk], now=now + timedelta(days=31))
    assert Alert.objects.open().filter(vehicle=car, kind="due").exists(), "it wakes on its day"
    care(client, car, act="pause", paused_until=until.isoformat(), paused_why="In Spain")
    care(client, car, act="go-on")
    assert Alert.objects.open().filter(vehicle=car, kind="due").exists()
    assert "Paused until" not in page_of(client, car)


def once(client, car, **sent):
    return client.post(f"/vehicles/{car.pk}/once/", sent)


def test_a_job_is_asked_for_once_done_once_and_comes_back_with_a_void(client, manager, car, now):
    assert once(client, car, called="Fit a tow bar", in_km="100 km").status_code == 302
    item = item_of(car, "fit-a-tow-bar")
    assert (item.once_km, item.status, item.once_by) == (50_100, "ok", str(manager.user))
    page = page_of(client, car)
    assert "Fit a tow bar" in page and "Asked for once" in page

    done = {"done_on": now.date(), "odometer_km": 50_000, "notes": "", "parts": "", "key": "k", "confirmed": ["old"]}
    record = workshop.complete(item, by=manager.user, now=now, **done)
    assert "Asked for once by" not in page_of(client, car)
    workshop.void(record, by=manager.user, now=now)
    assert "Asked for once by" in page_of(client, car)

    client.post(f"/due/{item.pk}/drop/")
    assert not DueItem.objects.filter(pk=item.pk).exists()


def test_a_day_makes_it_due_as_well(client, manager, car, now, fleet):
    once(client, car, task=Task.objects.get(fleet=fleet, key="brake-fluid").pk, on=now.date().isoformat())
    assert item_of(car, "brake-fluid").status in ("due", "overdue")


def test_what_the_dash_will_show_is_asked_of_the_dash(client, manager, car, now):
    Segment.objects.create(
        fleet=car.fleet, vehicle=car, begins_at=now - timedelta(days=9), offset_km=45_000, reason="cluster",
        by_name="A", created_at=now,
    )  # fmt: skip
    once(client, car, called="Tow bar", dash_km="6,000")
    assert item_of(car, "tow-bar").once_km == 51_000


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"called": "Tow bar"}, "Say a day or a distance."),
        ({"on": "2027-01-01"}, "Choose a task, or name a new one."),
        ({"called": "Tow bar", "on": "soon"}, "Enter a valid date."),
        ({"called": "Tow bar", "dash_km": "lots"}, "Enter a number."),
        ({"called": "Tow bar", "dash_km": "60,000", "in_km": "5"}, "Say one of the two distances."),
        ({"called": "oil and filter change", "on": "2027-01-01"}, "is in the program of this vehicle."),
    ],
)
def test_a_job_that_cannot_be_asked_for(client, manager, car, sent, said):
    before = Task.objects.count()
    answer = once(client, car, **sent)
    assert answer.status_code == 422 and said in answer.content.decode()
    assert Task.objects.count() == before and not DueItem.objects.filter(line=None).exists()


def test_what_a_program_asks_for_is_not_dropped(client, manager, car):
    item = item_of(car)
    assert "comes from a program" in client.post(f"/due/{item.pk}/drop/", follow=True).content.decode()
    assert DueItem.objects.filter(pk=item.pk).exists()
