"""Proofs, questions, snoozes and visits on the pages, for each who may see them."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from fleet.owners import pulse
from fleet.owners.models import Role
from maintenance.models import Policy, Proof, Proposal, ServiceRecord, Snooze, Task
from maintenance.proving import proposals
from maintenance.review import review
from tests.maintenance.scenes import drive, item_of, last_done
from tests.scenes import a_car, a_fleet, a_member, codes, odometer, oil
from vehicles.models import Fault

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def fleet():
    return a_fleet()


@pytest.fixture
def car(fleet, now):
    car = a_car(fleet)
    for task in ("oil-change", "tyre-rotation", "brake-inspection"):
        item = last_done(car, task, km=40_000, days_ago=30)
        item.anchor_on = (now - timedelta(days=30)).date()
        item.save()
    for km, days in ((47_400, 3), (47_500, 2), (47_600, 0)):
        at = now - timedelta(days=days, minutes=10)
        drive(car, odometer(km, at=at), now=now - timedelta(days=days))
    at = now - timedelta(days=2)
    drive(car, oil(22, at=at), now=at)
    review([car.pk], now=now)
    return car


def sign_in(client, fleet, role=Role.TECHNICIAN):
    member = a_member(fleet, role)
    client.force_login(member.user)
    return member


def shown(client, where: str) -> str:
    answer = client.get(where)
    assert answer.status_code == 200
    return answer.content.decode()


def filled(client, where: str) -> dict:
    form = client.get(where).context["form"]
    return {name: form[name].value() or "" for name in ("done_on", "odometer_km", "notes", "parts", "key")}


def test_jobs_that_fall_due_soon_are_offered_and_done_in_one_form(client, fleet, car):
    sign_in(client, fleet)
    others = [item_of(car, "tyre-rotation"), item_of(car, "brake-inspection")]
    Policy.objects.create(fleet=fleet, visit_km=6_000)
    page = shown(client, f"/vehicles/{car.pk}/")
    assert "One visit, not 2" in page and "saves 1 visit" in page and f"also={others[0].pk}" in page

    where = f"/due/{item_of(car).pk}/complete/?also={others[0].pk}"
    page = shown(client, where)
    assert f'name="also" value="{others[0].pk}" checked' in page
    assert f'value="{others[1].pk}"' not in page  # it is too far ahead

    form = filled(client, where) | {"also": [others[0].pk, others[1].pk, 99]}
    assert client.post(where, form).status_code == 422  # what was not offered is not taken
    answer = client.post(where, form | {"also": [others[0].pk]}, follow=True)

    assert ServiceRecord.objects.count() == 2
    assert "Oil and filter change and Tyre rotation" in answer.content.decode()


def test_the_receipt_says_what_the_car_will_be_watched_for(client, fleet, car, now):
    sign_in(client, fleet)
    where = f"/due/{item_of(car).pk}/complete/"
    page = client.post(where, filled(client, where) | {"parts": "Filter W712"}, follow=True).content.decode()

    assert "The car is watched for its oil life to rise" in page
    past = shown(client, f"/vehicles/{car.pk}/history/")
    assert "Watching the car" in past and "parts: Filter W712" in past

    later = now + timedelta(hours=5)
    drive(car, oil(100, at=later), now=later)
    assert "Oil life went up from 22 % to 100 %" in shown(client, f"/vehicles/{car.pk}/history/")


def test_the_checklist_is_asked_and_kept(client, fleet, car):
    Task.objects.filter(key="brake-inspection").update(checklist=[{"text": "Front pads", "unit": "mm"}])
    sign_in(client, fleet)
    where = f"/due/{item_of(car, 'brake-inspection').pk}/complete/"
    assert "Front pads" in shown(client, where)

    client.post(where, filled(client, where) | {"step_0": "on", "value_0": "6.5"})

    assert ServiceRecord.objects.get().checklist == [{"text": "Front pads", "unit": "mm", "done": True, "value": 6.5}]
    assert "Front pads: done, 6.5 mm" in shown(client, f"/vehicles/{car.pk}/history/")


def test_an_old_prefilled_odometer_is_asked_again(client, fleet, now):
    car = a_car(fleet)
    at = now - timedelta(days=3)
    drive(car, odometer(48_200, at=at), now=now)
    sign_in(client, fleet)
    where = f"/due/{item_of(car).pk}/complete/"
    form = filled(client, where)

    answer = client.post(where, form)
    assert answer.status_code == 422
    assert "What does the dash say now?" in answer.content.decode()
    assert 'name="confirm" value="old"' in answer.content.decode()

    assert client.post(where, form | {"confirm": "old"}).status_code == 302
    assert ServiceRecord.objects.get().odometer_km == 48_200


def test_a_doubtful_odometer_is_taken_with_a_yes(client, fleet, car):
    sign_in(client, fleet)
    where = f"/due/{item_of(car).pk}/complete/"
    form = filled(client, where) | {"odometer_km": "99000"}
    assert 'name="confirm" value="doubted"' in client.post(where, form).content.decode()

    client.post(where, form | {"confirm": "doubted"})

    assert "which does not fit the car’s readings" in shown(client, f"/vehicles/{car.pk}/history/")


def contradict(client, car, now) -> Proof:
    where = f"/due/{item_of(car).pk}/complete/"
    client.post(where, filled(client, where))
    for hours in (3, 20):
        later = now + timedelta(hours=hours)
        drive(car, oil(21, at=later), now=later)
    return Proof.objects.get()


def test_what_the_car_denies_stands_on_the_page_of_proofs_until_settled(client, fleet, car, now):
    member = sign_in(client, fleet)
    proof = contradict(client, car, now)
    page = shown(client, "/proofs/")
    assert "Oil life still says 21 %" in page and f"/proofs/{proof.pk}/settle/" in page

    assert client.post(f"/proofs/{proof.pk}/settle/", {"why": ""}).status_code == 422
    client.post(f"/proofs/{proof.pk}/settle/", {"why": "The dash was not reset"})

    proof.refresh_from_db()
    assert (proof.answered_why, proof.answered_by) == ("The dash was not reset", str(member.user))
    assert "No car says otherwise" in shown(client, "/proofs/")
    assert not car.alerts.open().filter(kind="proof").exists()


def test_a_viewer_reads_and_is_offered_nothing_to_press(client, fleet, car, now):
    sign_in(client, fleet)
    contradict(client, car, now)
    drive(car, codes("P0420", at=now), now=now)
    sign_in(client, fleet, Role.VIEWER)

    assert "The car says otherwise: oil and filter change" in shown(client, f"/vehicles/{car.pk}/")
    said = "Oil life still says 21 %"
    for where, words in (("proofs/", said), (f"vehicles/{car.pk}/history/", said), (f"vehicles/{car.pk}/", "P0420")):
        page = shown(client, f"/{where}")
        assert words in page
        for act in ("/settle/", "/fixed/", "/snooze/", "/wake/", "/log/"):
            assert act not in page


def test_a_service_that_nobody_logged_is_logged_in_one_tap(client, fleet, car, now):
    at = now - timedelta(days=1)
    drive(car, oil(100, at=at), now=at)
    proposals.sweep(now=now)
    sign_in(client, fleet)
    asked = Proposal.objects.get()
    for where in ("/proofs/", f"/vehicles/{car.pk}/history/"):
        page = shown(client, where)
        assert "was it done around" in page and "Oil life rose from 22 % to 100 %" in page
    assert "It seems to be done already" in shown(client, f"/vehicles/{car.pk}/")

    for _ in range(2):
        answer = client.post(f"/proposals/{asked.pk}/log/", follow=True)
    assert "logged for" in answer.content.decode()
    assert ServiceRecord.objects.get().done_on == fleet.day(at)
    assert "was it done around" not in shown(client, "/proofs/")
    assert "It seems to be done already" not in shown(client, f"/vehicles/{car.pk}/")


def test_not_so_asks_why(client, fleet, car, now):
    at = now - timedelta(days=1)
    drive(car, oil(100, at=at), now=at)
    proposals.sweep(now=now)
    sign_in(client, fleet)
    where = f"/proposals/{Proposal.objects.get().pk}/refuse/"
    assert "What it was instead" in shown(client, where)

    client.post(where, {"why": "The battery was changed"})

    assert Proposal.objects.get().state == "refused"
    assert "was it done around" not in shown(client, f"/vehicles/{car.pk}/history/")


def test_a_fixed_fault_is_watched(client, fleet, car, now):
    drive(car, codes("P0420", at=now), now=now)
    sign_in(client, fleet)
    fault = Fault.objects.get()
    assert f"/faults/{fault.pk}/fixed/" in shown(client, f"/vehicles/{car.pk}/")

    page = client.post(f"/faults/{fault.pk}/fixed/", follow=True).content.decode()

    assert "P0420 to be gone in two reads" in page
    assert f"/faults/{fault.pk}/fixed/" not in page  # while it is watched nobody says it twice
    assert "P0420 fixed" in shown(client, "/proofs/?show=watching")


def test_snooze_and_wake(client, fleet, car, now):
    sign_in(client, fleet)
    item = item_of(car)
    assert item.status == "soon"
    where = f"/due/{item.pk}/snooze/"
    assert "At the latest" in shown(client, where)
    assert client.post(where, {"reason": ""}).status_code == 422
    assert "At most 30 days" in client.post(where, {"reason": "x", "until_on": "2999-01-01"}).content.decode()

    client.post(where, {"reason": "Waits for the filter", "for_km": "300"})

    for page in (shown(client, f"/vehicles/{car.pk}/"), shown(client, "/")):
        assert "47,900 km" in page and f'formaction="/due/{item.pk}/wake/"' in page
    assert "Waits for the filter" in shown(client, f"/vehicles/{car.pk}/")
    client.post(f"/due/{item.pk}/wake/")
    assert not Snooze.objects.filter(ended_at=None).exists()
    assert "/wake/" not in shown(client, "/")


def test_a_live_part_does_not_change_by_itself(client, fleet, car, now):
    """What renews itself must be the same twice, or the browser would swap it under the reader’s hands."""
    at = now - timedelta(days=1)
    drive(car, oil(100, at=at), now=at)
    proposals.sweep(now=now)
    sign_in(client, fleet)
    page = client.get("/proofs/")
    pulse.move_on([fleet.pk])

    again = client.get(page.context["again"], json.loads(page.context["stamp"]), headers={"HX-Request": "true"})

    assert again.status_code == 204 and again["X-Stamp"]


def test_the_page_of_proofs_costs_the_same_for_many(client, fleet, car, now, django_assert_max_num_queries):
    sign_in(client, fleet)
    for n in range(30):
        record = ServiceRecord.objects.create(
            fleet=fleet, vehicle=car, task=item_of(car).task, done_on=now.date(), done_at=now, key=f"many-{n}"
        )
        Proof.objects.create(
            fleet=fleet,
            vehicle=car,
            record=record,
            watches="oil",
            facts={"signal": "oil_life", "value": 18.0},
            state="contradicted",
            claimed_at=now,
            until=now,
            settled_at=now,
        )
    with django_assert_max_num_queries(12):
        assert "Oil life still says 18 %" in shown(client, "/proofs/")
