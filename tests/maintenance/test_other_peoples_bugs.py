"""What other products get wrong about when a job is due, each once and by name (SEMANTICS.md, section 11)."""

import importlib
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core import mail

from fleet.kit.units import Units, km_from
from maintenance import alerts, letters, notices, review, workshop
from maintenance.domain.assessment import assess
from maintenance.domain.why import explain
from maintenance.forecasts import pacing
from maintenance.models import Alert, DueItem, Notice, OrderLine, Pace, Policy, ProgramLine, ServiceRecord
from tests.maintenance.domain import scene
from tests.maintenance.scenes import at_km, drive, item_of, last_done
from tests.maintenance.test_orders import an_order
from tests.scenes import NOON, a_car, a_fleet, a_member, odometer, oil
from tests.vehicles.test_troubles import told
from vehicles.boards import reach
from vehicles.domain.measurements import Gap, Snapshot, Why
from vehicles.domain.signals import Signal
from vehicles.models import Gauge, Source, Vehicle
from vehicles.smartcar import values
from vehicles.smartcar.doubts import Doubt
from vehicles.waist import ingest, troubles

pytestmark = pytest.mark.django_db


@pytest.fixture
def car():
    return a_car(a_fleet())


def test_lubelogger_a_threshold_of_one_line_does_not_leak_into_the_next(car):
    last_done(car, "oil-change", km=40_000, days_ago=1)
    last_done(car, "tyre-rotation", km=40_000, days_ago=1)
    line = ProgramLine.objects.get(due_items__vehicle=car, task__key="oil-change")
    line.soon_share = 0.9
    line.save()
    at_km(car, 42_000)

    soon = {item.task.key: soon_from(item) for item in DueItem.objects.filter(vehicle=car).select_related("task")}
    mark = {key: km for key, km in soon.items() if km is not None}
    oil, tyres = item_of(car, "oil-change"), item_of(car, "tyre-rotation")
    assert mark["oil-change"] == pytest.approx(oil.due_km - 0.9 * (oil.due_km - 40_000), abs=0.1)
    assert mark["tyre-rotation"] == pytest.approx(tyres.due_km - 0.1 * (tyres.due_km - 40_000), abs=0.1)


def soon_from(item: DueItem) -> float | None:
    return next((axis["soon_from"] for axis in item.trace["axes"] if axis["axis"] == "distance"), None)


def test_lubelogger_a_restart_tells_nobody_again(car):
    a_member(car.fleet)
    last_done(car, km=40_000, days_ago=30)
    at_km(car, 48_500)
    told = Notice.objects.count()
    for minutes in range(1, 4):
        for module in (alerts, review):  # as a new process has them: whatever they held in memory is gone
            importlib.reload(module)
        review.review([car.pk], now=NOON + timedelta(minutes=minutes))

    assert told > 0
    assert Notice.objects.count() == told


def test_lubelogger_and_odoo_the_highest_odometer_ever_entered_does_not_rule(car):
    last_done(car, km=40_000, days_ago=30)
    for hours, km in ((30, 42_000), (20, 420_000), (10, 42_060), (5, 42_090)):
        drive(car, odometer(km, at=NOON - timedelta(hours=hours)), now=NOON)

    assert Gauge.objects.get(vehicle=car, signal="odometer").number == 42_090
    assert item_of(car).status not in ("due", "overdue")


def test_fleetio_a_fleet_that_reads_in_miles_moves_no_due_point(car):
    last_done(car, km=40_000, days_ago=30)
    at_km(car, 42_000)
    before = item_of(car)
    car.fleet.units = Units.IMPERIAL
    car.fleet.save()
    review.review([car.pk], now=NOON)

    after = item_of(car)
    assert (after.due_km, after.trace) == (before.due_km, before.trace)
    card = explain(after.trace, odometer=scene.seen(42_000), oil=scene.seen(80), today=NOON.date(), units="imperial")
    assert next(axis.due for axis in card.axes if axis.axis == "distance") == "29,855 mi"


def test_fleetbase_an_interval_in_miles_is_not_taken_for_kilometres():
    miles = scene.line(every_km=km_from(5_000, "mi"), distance_typed="5,000 mi", every_months=None, oil_below_pct=None)

    assert assess(miles, scene.known(km=40_000), [], scene.facts(45_001)).status == "ok"
    assert assess(miles, scene.known(km=40_000), [], scene.facts(48_046.7)).status == "due"


def test_fleetbase_metres_are_refused_and_not_written_into_kilometres(car):
    """A unit that nobody knows makes a gap that says so; the number of before stands."""
    at_km(car, 42_000)
    with pytest.raises(Doubt, match="a unit we do not know"):
        values.read_number(Signal.ODOMETER, {"value": 42_500_000, "unit": "m"}, NOON)
    assert Gauge.objects.get(vehicle=car, signal="odometer").number == 42_000


def test_fleetbase_numbers_of_orders_do_not_come_from_row_counts(car):
    boss = a_member(car.fleet)
    first, second = (an_order(car, boss, typed=job).order for job in ("Tow bar", "Dash camera"))
    OrderLine.objects.filter(order=first).delete()
    first.delete()

    assert an_order(car, boss, typed="Roof rack").order.number == second.number + 1


def test_fleetbase_a_completion_without_an_odometer_does_not_leave_the_item_due(car):
    last_done(car, km=40_000, days_ago=30)
    at_km(car, 49_000)
    assert item_of(car).status == "overdue"
    by = a_member(car.fleet).user

    workshop.complete(item_of(car), by=by, done_on=NOON.date(), odometer_km=None, now=NOON, notes="", key="one")
    assert item_of(car).due_km == pytest.approx(49_000 + 8_046.7, abs=0.1)
    assert item_of(car).status != "overdue"


def test_fleetbase_many_passed_marks_of_a_first_run_are_one_alert_an_item(car):
    a_member(car.fleet)
    last_done(car, km=10_000, days_ago=900)
    at_km(car, 60_000)  # soon, due and overdue were all passed, and several intervals with them

    assert Alert.objects.filter(vehicle=car, kind="due", subject="oil-change").count() == 1
    notices.sweep(now=NOON + timedelta(hours=1))
    assert [letter.body.count("Oil and filter change") for letter in mail.outbox] == [1]


def test_atlas_every_reading_past_the_mark_opens_nothing_new(car):
    boss = a_member(car.fleet)
    last_done(car, km=40_000, days_ago=30)
    for day in range(5):
        at_km(car, 48_500 + 80 * day, now=NOON + timedelta(days=day))
        an_order(car, boss, items=[item_of(car).pk])  # whoever asks again is led to the order that there is

    assert Alert.objects.filter(vehicle=car, kind="due", subject="oil-change").count() == 1
    assert OrderLine.objects.filter(item=item_of(car), order__state="open").count() == 1


def test_atlas_a_setting_that_is_stored_is_read(car):
    last_done(car, km=40_000, days_ago=30)
    at_km(car, 46_000)
    assert item_of(car).status == "unknown"  # oil life may still come
    Policy.objects.create(fleet=car.fleet, soon_share=0.5)
    review.review([car.pk], now=NOON)

    assert item_of(car).status == "soon"


def test_atlas_what_comes_before_it_was_expected_counts(car):
    last_done(car, km=40_000, days_ago=30)
    at_km(car, 48_500)
    at_km(car, 48_510, now=NOON + timedelta(minutes=1))

    assert Gauge.objects.get(vehicle=car, signal="odometer").number == 48_510


def test_atlas_no_schedule_falls_silent_by_itself(car):
    last_done(car, km=40_000, days_ago=300)
    at_km(car, 40_100)
    for _ in range(4):  # each review winds the clock to the next step of the calendar until overdue
        car.refresh_from_db()
        if car.review_after is None or item_of(car).status == "overdue":
            break
        review.sweep(now=car.review_after)

    assert item_of(car).status == "overdue"


def test_traccar_a_lost_message_loses_no_service(car):
    last_done(car, km=40_000, days_ago=30)
    at_km(car, 47_000)
    at_km(car, 51_000, now=NOON + timedelta(days=3))  # whatever was said at the mark never came

    assert item_of(car).status == "overdue"


def test_traccar_engine_hours_are_hours():
    hours = scene.line(every_hours=250, every_km=None, every_months=None, oil_below_pct=None)
    start = replace(scene.known(), hours=1_000)
    look = replace(scene.facts(), hours=scene.seen(1_100, source="bench"))

    verdict = assess(hours, start, [], look)
    assert (verdict.due_hours, verdict.standings[0].remaining) == (1_250, 150)


def test_traccar_milliseconds_are_not_taken_for_hours(car, client):
    """1,100 hours in milliseconds: no engine has run for 450,000 years."""
    ProgramLine.objects.filter(program__fleet=car.fleet, task__key="oil-change").update(every_hours=250)
    at_km(car, 42_000)
    client.force_login(a_member(car.fleet).user)
    where = f"/due/{item_of(car).pk}/complete/"
    form = client.get(where).context["form"]
    sent = {name: form[name].value() or "" for name in ("done_on", "odometer_km", "notes", "key")}

    answer = client.post(where, sent | {"hours": "3960000000"})

    assert answer.status_code == 422 and "200000" in answer.content.decode()
    assert not ServiceRecord.objects.exists()


def test_odoo_two_readings_in_a_day_divide_by_nothing(car):
    last_done(car, km=40_000, days_ago=0)
    drive(car, odometer(40_010, at=NOON), odometer(40_020, at=NOON + timedelta(minutes=1)), now=NOON)
    drive(car, odometer(40_030, at=NOON + timedelta(minutes=1)), now=NOON + timedelta(minutes=2))

    pacing.look([car.pk], now=NOON + timedelta(minutes=3))

    pace = Pace.objects.get(vehicle=car, axis="distance")
    assert (pace.usual, pace.why) == (None, "short")
    assert item_of(car).sort_on is not None


def test_home_assistant_a_missing_permission_is_no_expired_login(car):
    """One signal that the owner did not give leaves the car connected; a login that is over says so."""
    answer = Snapshot((odometer(42_000, at=NOON),), gaps=(Gap(Signal.OIL_LIFE, Why.NOT_PERMITTED),))
    ingest.record_all([ingest.Arrival(car.pk, answer, Source.POLL, NOON)], now=NOON)
    car.connection.refresh_from_db()
    assert car.connection.state == "connected"

    found = {}
    for status, name in ((403, "PERMISSION"), (400, "CONNECTED_SERVICES_ACCOUNT.AUTHENTICATION_FAILED")):
        other = a_car(car.fleet)
        troubles.take(other, told(status, name), now=NOON)
        review.review([other.pk], now=NOON)
        stands = reach.of_page(Vehicle.objects.select_related("connection").filter(pk=other.pk), NOON)[0][other.pk]
        alert = Alert.objects.get(vehicle=other, kind="connection")
        found[name] = (stands.state, stands.title, stands.act, alert.subject)
        said = letters.sentence(alert, NOON)
        assert ("goes through Connect once more and allows" in said) is (name == "PERMISSION")
    assert found == {
        "PERMISSION": ("no_consent", "Consent needed", "consent", "consent"),
        "CONNECTED_SERVICES_ACCOUNT.AUTHENTICATION_FAILED": ("reconnect", "Reconnect needed", "mend", "reconnect"),
    }


def test_a_car_bought_used_is_not_overdue_by_its_whole_life():
    new = scene.Anchor(scene.AnchorKind.NEW, date(2026, 1, 1), 75_000)
    verdict = assess(
        scene.line(every_km=10_000), new, [], scene.facts(75_100, 90, registered_on=date(2020, 3, 5), today=NOON.date())
    )

    assert verdict.due_km == 80_000
    assert verdict.due_on > date(2026, 1, 1)


def test_an_anchor_at_the_first_odometer_ever_seen_is_never_chosen(car):
    at_km(car, 11_500)

    assert item_of(car).anchor == "unknown"
    assert item_of(car).due_km is None
    assert Vehicle.objects.get(pk=car.pk).seen_at is not None


def test_atlas_the_dial_of_the_oil_shows_the_limit_of_the_fleet(car, client):
    """Not the limit that is usual."""
    ProgramLine.objects.filter(program__fleet=car.fleet, oil_below_pct__isnull=False).update(oil_below_pct=12.5)
    drive(car, oil(60, at=NOON))
    client.force_login(a_member(car.fleet).user)

    assert "limit 12.5 %" in client.get(f"/vehicles/{car.pk}/").content.decode()
