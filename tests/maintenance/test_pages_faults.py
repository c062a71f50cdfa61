"""The pages of faults, and the rules that a manager lays for them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fleet.owners.models import Role
from maintenance import review
from maintenance.models import Alert, FaultRule
from maintenance.orders import subjects
from tests.maintenance.scenes import drive
from tests.scenes import a_car, a_fleet, a_member, codes
from vehicles.domain.measurements import Measurement
from vehicles.domain.signals import Signal
from vehicles.models import Capability, Fault, Vehicle

pytestmark = pytest.mark.django_db
GOOD = {"code": "p0171", "make": "", "model": "", "verdict": "ignore", "name": "", "reason": "Known of this engine"}


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def fleet():
    return a_fleet()


def sign_in(client, fleet, role=Role.MANAGER):
    member = a_member(fleet, role)
    client.force_login(member.user)
    return member


def report(car, *found, now, hours_ago=1):
    drive(car, codes(*found, at=now - timedelta(hours=hours_ago)), now=now)


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_an_open_fault_says_what_it_is_what_is_behind_it_and_what_to_do_first(client, fleet, now):
    car = a_car(fleet)
    report(car, "P0171", now=now)
    sign_in(client, fleet, Role.VIEWER)

    page = text(client.get("/faults/"))
    assert "The mixture is too lean on the first bank." in page
    assert "Air that is drawn in unmeasured" in page and "Look for a split hose" in page
    assert "There in the last read." in page and car.name in page


def test_one_good_read_is_said_to_be_one_and_two_move_it_to_the_past(client, fleet, now):
    car = a_car(fleet)
    report(car, "P0171", now=now, hours_ago=30)
    report(car, now=now, hours_ago=20)
    sign_in(client, fleet)
    assert "one more good read closes it" in text(client.get("/faults/"))

    report(car, now=now, hours_ago=2)
    assert "P0171" not in text(client.get("/faults/"))
    assert "Gone since" in text(client.get("/faults/?show=past"))


def test_a_capability_that_was_lost_leaves_open_no_longer_reported(client, fleet, now):
    car = a_car(fleet)
    report(car, "P0171", now=now)
    Capability.objects.filter(vehicle=car, signal=Signal.TROUBLE_CODES).update(state="unsupported")
    sign_in(client, fleet)

    assert "Open, no longer reported" in text(client.get("/faults/"))


def test_lights_are_listed_as_episodes(client, fleet, now):
    car = a_car(fleet)
    on = {"status": "ALERT", "description": None}
    drive(car, Measurement(Signal.SYSTEM_ABS, on, measured_at=now - timedelta(hours=1)), now=now)
    sign_in(client, fleet)

    page = text(client.get("/faults/?show=lights"))
    assert "ABS warning" in page and car.name in page


def test_a_campaign_lists_its_vehicles(client, fleet, now):
    vans = [a_car(fleet) for _ in range(3)]
    for van in vans:
        report(van, "P0171", now=now)
    sign_in(client, fleet)

    page = text(client.get("/faults/?show=campaigns"))
    assert all(van.name in page for van in vans)
    assert "On 3 cars of this model" in text(client.get("/faults/"))


def test_another_fleets_faults_are_not_seen(client, fleet, now):
    theirs = a_fleet("Southgate")
    for _ in range(3):
        report(a_car(theirs), "P0171", now=now)
    sign_in(client, fleet)

    for show in ("", "past", "lights", "campaigns"):
        assert "P0171" not in text(client.get(f"/faults/?show={show}"))


def test_a_preview_counts_what_a_rule_would_touch_and_saves_nothing(client, fleet, now):
    for _ in range(2):
        report(a_car(fleet), "P0171", "P0174", now=now)
    report(a_car(a_fleet("Southgate")), "P0171", now=now)
    sign_in(client, fleet)

    page = text(client.post("/faults/rules/", GOOD | {"code": "P017", "is_prefix": "on", "act": "preview"}))
    assert "4 open faults on 2 vehicles would follow this rule" in page
    assert "4 from warning to ignored" in page
    assert not FaultRule.objects.exists()


def test_a_preview_leaves_out_what_a_more_exact_rule_decides(client, fleet, now):
    report(a_car(fleet), "P0171", "P0174", now=now)
    FaultRule.objects.create(fleet=fleet, code="P0174", verdict="critical", by_name="A manager")
    sign_in(client, fleet)

    page = text(client.post("/faults/rules/", GOOD | {"code": "P017", "is_prefix": "on", "act": "preview"}))
    assert "1 open fault on 1 vehicle would follow this rule" in page


def test_a_saved_rule_applies_to_open_faults_and_a_removed_one_no_more(client, fleet, now):
    car = a_car(fleet)
    report(car, "P0171", now=now)
    member = sign_in(client, fleet)
    Vehicle.objects.update(review_after=None)

    assert client.post("/faults/rules/", GOOD).status_code == 302
    rule = FaultRule.objects.get()
    assert (rule.code, rule.by_name, rule.reason) == ("P0171", str(member.user), "Known of this engine")
    review.sweep(now=timezone.now())
    assert not Alert.objects.open().filter(vehicle=car, kind="fault").exists()
    assert "Ignored" in text(client.get("/faults/"))

    client.post(f"/faults/rules/{rule.pk}/remove/")
    review.sweep(now=timezone.now())
    assert Alert.objects.open().filter(vehicle=car, kind="fault").exists()


def test_a_rule_that_is_changed_keeps_who_and_when_and_lowers_a_standing_alert(client, fleet, now):
    car = a_car(fleet)
    report(car, "P0300", now=now)
    assert Alert.objects.get(vehicle=car, kind="fault").level == "critical"
    rule = FaultRule.objects.create(fleet=fleet, code="P0300", verdict="critical", by_name="Somebody")
    member = sign_in(client, fleet)

    client.post(f"/faults/rules/{rule.pk}/", GOOD | {"code": "P0300", "verdict": "warning"})
    rule.refresh_from_db()
    assert (rule.verdict, rule.by_name, rule.edited_by) == ("warning", "Somebody", str(member.user))
    review.sweep(now=timezone.now())
    assert Alert.objects.get(vehicle=car, kind="fault").level == "warning"


@pytest.mark.parametrize(
    "wrong",
    [{"code": "P 0?"}, {"code": ""}, {"verdict": "keep"}, {"model": "Transit"}, {"verdict": "urgent"}],
)
def test_a_rule_that_cannot_be_is_refused_beside_its_field(client, fleet, wrong):
    sign_in(client, fleet)

    assert client.post("/faults/rules/", GOOD | wrong).status_code == 422
    assert not FaultRule.objects.exists()


def test_the_same_rule_twice_is_refused(client, fleet):
    sign_in(client, fleet)
    client.post("/faults/rules/", GOOD)

    answer = client.post("/faults/rules/", GOOD)
    assert answer.status_code == 422 and "already" in text(answer)


@pytest.mark.parametrize("where", ["/faults/", "/faults/?show=past", "/faults/?show=lights", "/faults/?show=campaigns"])
def test_a_large_fleet_costs_no_more_queries(client, fleet, now, where, django_assert_max_num_queries):
    sign_in(client, fleet)
    on = Measurement(Signal.SYSTEM_ABS, {"status": "ALERT", "description": None}, measured_at=now - timedelta(hours=1))

    def three_more():
        for _ in range(3):
            car = a_car(fleet)
            report(car, "P0171", "P0420", now=now, hours_ago=30)
            drive(car, on, codes("P0171", at=now - timedelta(hours=20)), now=now)
            report(car, "P0171", now=now, hours_ago=2)

    three_more()
    client.get(where)
    with CaptureQueriesContext(connection) as few:
        client.get(where)
    three_more()
    assert len(few) <= 12
    with django_assert_max_num_queries(len(few)):
        client.get(where)


def test_the_page_of_a_vehicle_shows_faults_and_lights_as_episodes(client, fleet, now):
    car = a_car(fleet)
    on = {"status": "ALERT", "description": None}
    drive(car, Measurement(Signal.SYSTEM_ABS, on, measured_at=now - timedelta(hours=30)), now=now)
    report(car, "P0171", "P0420", now=now, hours_ago=30)
    report(car, "P0171", now=now, hours_ago=20)
    FaultRule.objects.create(fleet=fleet, code="P0171", verdict="ignore", name="Known hose", by_name="A manager")
    sign_in(client, fleet)

    page = text(client.get(f"/vehicles/{car.pk}/"))
    assert "Known hose" in page and "Ignored by a rule" in page
    assert "A worn catalyst" in page and "one more good read closes it" in page
    assert 'id="light-episodes"' in page and "ABS warning" in page


def test_the_due_page_counts_faults_by_the_rules(client, fleet, now):
    report(a_car(fleet), "P0171", "P0420", "C0035", now=now)
    FaultRule.objects.create(fleet=fleet, code="P0171", verdict="ignore", by_name="A manager")
    FaultRule.objects.create(fleet=fleet, code="C", is_prefix=True, verdict="critical", by_name="A manager")
    sign_in(client, fleet)

    answer = client.get("/?show=faults")
    assert (answer.context["counts"].faults, answer.context["counts"].critical) == (2, 1)
    assert "Ignored by a rule" in text(answer)


def test_a_code_is_called_and_weighed_by_the_rule_everywhere(client, fleet, now):
    car = a_car(fleet)
    report(car, "P0171", now=now)
    FaultRule.objects.create(
        fleet=fleet, code="P0171", verdict="critical", name="Known hose of this van", by_name="Ana"
    )
    sign_in(client, fleet)
    fault = Fault.objects.get(vehicle=car)

    [event] = [one for one in client.get(f"/vehicles/{car.pk}/history/").context["history"] if "reported" in one.text]
    assert (event.status, event.aside) == ("critical", "Known hose of this van")
    page = client.get(f"/orders/new/?fault={fault.pk}")
    [choice] = [one for one in page.context["choices"] if one.name == "fault"]
    assert (choice.status, choice.title) == ("critical", "P0171: Known hose of this van")
    [line] = subjects.gather(fleet, faults=[fault.pk], now=now)
    assert line.title == "P0171: Known hose of this van"
