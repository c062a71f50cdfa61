"""The meter page, by role, and its forms as people send them."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from fleet.owners.models import Role
from tests.maintenance.scenes import drive
from tests.scenes import a_car, a_fleet, a_member, odometer
from vehicles.models import Gauge, MeterNote, Reading, Segment, Standing

pytestmark = pytest.mark.django_db


@pytest.fixture
def car():
    return a_car(a_fleet())


def sign_in(client, car, role=Role.MANAGER):
    member = a_member(car.fleet, role)
    client.force_login(member.user)
    return member


def told(car, *kms: float):
    """One reading a day, the last one today."""
    now = timezone.now()
    days = [odometer(km, at=now - timedelta(days=len(kms) - n, hours=1)) for n, km in enumerate(kms)]
    drive(car, *days, now=now)
    car.refresh_from_db()


def page(client, car, name="meter", query=""):
    return client.get(reverse(f"maintenance:{name}", args=[car.pk]) + query)


def send(client, car, name, **fields):
    return client.post(reverse(f"maintenance:{name}", args=[car.pk]), fields)


REPLACED = (90_000, 90_100, 90_200, 20, 120, 220)


def test_a_viewer_sees_the_history_and_may_say_nothing(client, car):
    sign_in(client, car, Role.VIEWER)
    told(car, 50_000, 80_000, 50_200)

    seen = page(client, car).content.decode()

    assert "50,000.0 km" in seen
    assert "more within a day" in seen
    assert "<svg viewBox" in seen
    assert "Type a reading" not in seen
    assert "Correct" not in seen
    assert send(client, car, "meter-type", odometer_km="5").status_code == 403


def test_a_technician_types_what_the_dash_shows(client, car):
    sign_in(client, car, Role.TECHNICIAN)
    told(car, 50_000)

    sent = send(client, car, "meter-type", odometer_km="50,120", on=car.fleet.day(timezone.now()), reason="walk-round")

    assert sent.status_code == 302
    assert Gauge.objects.get(vehicle=car).number == 50_120
    seen = page(client, car).content.decode()
    assert "Technician Person" in seen
    assert "walk-round" in seen
    assert "Type a reading" in seen
    assert send(client, car, "meter-replace").status_code == 403


def test_a_day_to_come_is_asked_again_and_nothing_is_kept(client, car):
    sign_in(client, car)

    sent = send(client, car, "meter-type", odometer_km="50120", on="2099-01-01")

    assert sent.status_code == 422
    assert "still to come" in sent.content.decode()
    assert not Reading.objects.exists()


def test_the_question_is_asked_answered_and_gone(client, car):
    sign_in(client, car)
    told(car, *REPLACED)
    assert "Was the meter replaced?" in page(client, car).content.decode()
    form = page(client, car, "meter-answer").context["form"]

    first = form.initial | {"at": form.initial["at"].strftime("%H:%M")}
    sent = send(client, car, "meter-answer", **first, answer="yes", reason="new cluster")

    assert sent.status_code == 302
    assert (Segment.objects.get().offset_km, Gauge.objects.get(vehicle=car).number) == (90_180, 90_400)
    seen = page(client, car).content.decode()
    assert "Was the meter replaced?" not in seen
    assert "the dash shows 220 km" in seen
    assert "meter replaced" in seen
    assert "new cluster" in seen


def test_a_technician_says_yes_and_is_led_back_and_takes_no_reading_back(client, car):
    sign_in(client, car, Role.TECHNICIAN)
    told(car, *REPLACED)
    where = reverse("maintenance:meter-answer", args=[car.pk])
    first = client.get(where).context["form"].initial
    first |= {"at": first["at"].strftime("%H:%M"), "reason": "new cluster"}

    assert client.post(where, first | {"answer": "low"}).status_code == 422
    assert not Reading.objects.filter(standing=Standing.VOID).exists()
    sent = client.post(f"{where}?next=/due/7/complete/", first | {"answer": "yes"})

    assert sent["Location"] == "/due/7/complete/"
    assert Gauge.objects.get(vehicle=car).number == 90_400


def test_an_answer_with_no_takes_the_lower_ones_back(client, car):
    sign_in(client, car)
    told(car, *REPLACED)
    form = page(client, car, "meter-answer").context["form"]

    send(client, car, "meter-answer", answer="low", reason="wrong car", on=form.initial["on"], dash_km="20")

    assert Gauge.objects.get(vehicle=car).number == 90_200
    assert Reading.objects.filter(standing=Standing.VOID).count() == 3
    assert "wrong car" in page(client, car, query="?show=void").content.decode()


def test_a_replacement_in_the_past_by_what_the_new_dash_showed_and_back(client, car):
    member = sign_in(client, car)
    told(car, 90_000, 90_100)
    today = car.fleet.day(timezone.now())

    assert send(client, car, "meter-replace", on=today, reason="x").status_code == 422
    moment = timezone.now().astimezone(car.fleet.zone).strftime("%H:%M")
    sent = send(client, car, "meter-replace", on=today, at=moment, dash_km="0", reason=f"by {member.user}")
    assert sent.status_code == 302
    segment = Segment.objects.get()
    assert segment.offset_km == 90_100

    assert client.post(reverse("maintenance:meter-rescind", args=[segment.pk]), {"reason": ""}).status_code == 422
    client.post(reverse("maintenance:meter-rescind", args=[segment.pk]), {"reason": "not this car"})
    segment.refresh_from_db()
    assert segment.voided_by == "Manager Person"


def test_a_manager_takes_a_reading_back_and_restores_it(client, car):
    sign_in(client, car)
    told(car, 50_000, 50_300)
    one = Reading.objects.get(number=50_300)
    where = reverse("maintenance:meter-reading", args=[one.pk])

    assert client.post(where, {"act": "restore", "reason": "x"}).status_code == 422
    client.post(where, {"act": "void", "reason": "another car’s"})
    assert Gauge.objects.get(vehicle=car).number == 50_000
    client.post(where, {"act": "restore", "reason": "no, ours"})
    assert Gauge.objects.get(vehicle=car).number == 50_300
    assert [note.what for note in MeterNote.objects.all()] == ["voided", "restored"]


def test_the_page_takes_as_many_queries_for_a_long_history(client, car, django_assert_max_num_queries):
    sign_in(client, car)
    told(car, *range(50_000, 50_700, 10))
    with django_assert_max_num_queries(16):
        seen = page(client, car).content.decode()
    assert 'rel="next"' in seen
    assert page(client, car, query="?page=2").context["rows"][-1].reading.number == 50_000


def test_a_suspect_beyond_the_drawing_stays_at_its_edge(client, car):
    told(car, 50_000, 1_500_000, 50_200, 50_400)
    sign_in(client, car)

    chart = page(client, car).context["chart"]

    assert [(mark.kind, mark.edge) for mark in chart.marks] == [("suspect", "above")]
    assert chart.table[0][1] == "50,400 km"


def test_nothing_asked_leads_back(client, car):
    sign_in(client, car)
    assert page(client, car, "meter-answer").status_code == 302


def test_a_reading_of_another_fleet_is_absent(client, car):
    told(car, 50_000)
    sign_in(client, a_car(a_fleet("Theirs")))
    one = Reading.objects.get()
    assert client.get(reverse("maintenance:meter-reading", args=[one.pk])).status_code == 404
