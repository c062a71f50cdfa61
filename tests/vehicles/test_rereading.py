"""Kept bodies: read again without a trace, parked car by car, and gone when they are old."""

import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from tests.scenes import NOON, a_car, a_delivery, a_fleet, a_signal, state_of
from vehicles import retention
from vehicles.domain.measurements import Measurement
from vehicles.domain.signals import Signal
from vehicles.models import DealerRecord, Delivery, Fault, Gauge, Mention, OddAnswer, Reading, Source, Terms
from vehicles.post import inbox, letterbox, rereading
from vehicles.waist import dealers, ingest

pytestmark = pytest.mark.django_db
MORNING = NOON - timedelta(hours=4)
PLACE = {"latitude": 44.6488, "longitude": -63.5752}


@pytest.fixture
def car():
    return a_car(a_fleet())


def deliver(body: bytes, now=NOON) -> Delivery:
    letterbox.keep(body, now=now)
    sweep_all(now)
    return Delivery.objects.latest("pk")


def sweep_all(now=NOON) -> None:
    while inbox.sweep(now=now):
        pass


def legacy(*vehicles: tuple[str, float], name="schedule", mode="live") -> bytes:
    """A body of the first generation about these cars, each with its odometer."""
    told = [
        {
            "vehicleId": car_id,
            "requestId": "r",
            "timestamp": MORNING.isoformat(),
            "data": [
                {
                    "path": "/odometer",
                    "code": 200,
                    "body": {"distance": km},
                    "headers": {"sc-data-age": MORNING.isoformat(), "sc-unit-system": "metric"},
                },
                {"path": "/location", "code": 200, "body": PLACE, "headers": {}},
            ],
        }
        for car_id, km in vehicles
    ]
    content = {"version": "2.0", "webhookId": "w", "eventName": name, "mode": mode, "payload": {"vehicles": told}}
    return json.dumps(content).encode()


def km_of(vehicle) -> float | None:
    return Gauge.objects.filter(vehicle=vehicle, signal=Signal.ODOMETER).values_list("number", flat=True).first()


def test_each_car_of_a_legacy_body_is_served_when_it_is_known(car):
    kept = deliver(legacy((car.smartcar_id, 84_300), ("comes-later", 5_000), ("comes-last", 9)))
    assert (kept.state, km_of(car)) == ("parked", 84_300)

    later = a_car(car.fleet, smartcar_id="comes-later")
    inbox.unpark(["comes-later"], now=NOON)
    sweep_all()
    kept.refresh_from_db()
    assert (kept.state, km_of(later), km_of(car)) == ("parked", 5_000, 84_300)

    a_car(a_fleet("Southgate"), smartcar_id="comes-last")
    inbox.unpark_known(now=NOON)
    sweep_all()
    kept.refresh_from_db()
    assert kept.state == "done"
    assert Reading.objects.count() == 3


def test_a_legacy_body_keeps_no_place(car):
    kept = deliver(legacy((car.smartcar_id, 84_300), ("a-stranger", 5_000)))

    assert b"44.6488" not in bytes(kept.body) and b"63.5752" not in bytes(kept.body)
    assert not Gauge.objects.filter(signal=Signal.LOCATION).exists()


def test_a_legacy_test_has_no_effect(car):
    kept = deliver(legacy((car.smartcar_id, 84_300), mode="test"))

    assert (kept.state, km_of(car)) == ("idle", None)


def test_what_came_to_the_holder_before_is_never_read_for_us(car):
    alone = deliver(state_of("sold", km=5_000, at=MORNING))
    among = deliver(legacy((car.smartcar_id, 84_300), ("sold", 5_000)))
    inbox.forget_parked(["sold"], before=NOON + timedelta(hours=1))
    ours = a_car(car.fleet, smartcar_id="sold")

    inbox.unpark_known(now=NOON)
    inbox.replay(Delivery.objects.all(), now=NOON)
    sweep_all()

    alone.refresh_from_db()
    among.refresh_from_db()
    assert (alone.state, among.state, km_of(ours)) == ("idle", "done", None)


def test_a_body_is_read_again_for_the_fleet_that_took_it_in_and_for_no_other(car):
    kept = deliver(state_of(car.smartcar_id, km=84_300, at=MORNING))
    smartcar_id, car.smartcar_id = car.smartcar_id, None
    car.save()
    buyer = a_car(a_fleet("Southgate"), smartcar_id=smartcar_id)

    rereading.reread(rereading.chosen(states=["done"]), now=NOON)

    kept.refresh_from_db()
    assert (kept.state, km_of(buyer)) == ("idle", None)


def test_an_unknown_event_type_is_kept_without_effect(car):
    content = json.loads(state_of(car.smartcar_id, km=84_300, at=MORNING))
    kept = deliver(json.dumps(content | {"eventType": "VEHICLE_BIRTHDAY"}).encode())

    assert (kept.state, km_of(car)) == ("idle", None)


def test_signals_nobody_knows_are_told_to_the_operator(car, django_capture_on_commit_callbacks):
    strange = a_signal("fluxcapacitor-charge", {"value": 1}, at=MORNING)
    with django_capture_on_commit_callbacks(execute=True):
        for minute in range(2):
            deliver(a_delivery(car.smartcar_id, [strange], at=MORNING + timedelta(minutes=minute)))

    odd = OddAnswer.objects.get()
    assert (odd.kind, odd.name, odd.count) == ("signal", "fluxcapacitor-charge", 2)


def test_what_passes_by_the_minute_is_no_history(car):
    for minute in range(5):
        at = MORNING + timedelta(minutes=minute)
        online = a_signal("connectivitystatus-isonline", {"value": minute % 2 == 0}, at=at)
        deliver(a_delivery(car.smartcar_id, [online], at=at))

    assert Gauge.objects.get(vehicle=car).value is True
    assert not Reading.objects.exists()


def test_a_place_is_stored_where_the_fleet_keeps_it_and_forgotten_when_it_does_not_any_more(car):
    terms = Terms.objects.create(fleet=car.fleet, keeps_location=True)
    place = a_signal("location-preciselocation", PLACE, at=MORNING)
    kept = deliver(a_delivery(car.smartcar_id, [place], at=MORNING))
    assert Gauge.objects.get(vehicle=car).value["latitude"] == PLACE["latitude"]
    assert b"44.6488" in bytes(kept.body)
    assert not Reading.objects.exists(), "where it is, not where it has been"

    terms.keeps_location = False
    terms.save()
    retention.sweep(now=NOON)

    kept.refresh_from_db()
    assert not Gauge.objects.exists() and b"44.6488" not in bytes(kept.body)


@pytest.mark.parametrize(
    "body",
    [b'{"broken": {"latitude": 44.6488, "longitude": -63.5752', b'[{"coordinates": [44.6488, -63.5752]}]'],
)
def test_a_body_that_nobody_can_read_keeps_no_place_either(body):
    letterbox.keep(body, now=NOON)

    kept = Delivery.objects.get()
    assert kept.state == "quarantined"
    assert b"44.6488" not in bytes(kept.body) and b"63.5752" not in bytes(kept.body)


def test_a_mended_translator_replaces_what_it_had_misread(car):
    """As if the oil had been read as 3 and trouble as P0420, where the body says 31 and nothing of codes."""
    kept = deliver(state_of(car.smartcar_id, km=84_300, oil=31, at=MORNING))
    Reading.objects.filter(vehicle=car, signal=Signal.OIL_LIFE).delete()
    Gauge.objects.filter(vehicle=car, signal=Signal.OIL_LIFE).delete()
    wrong = [Measurement(Signal.OIL_LIFE, 3.0, measured_at=MORNING + timedelta(hours=1))]
    wrong.append(Measurement(Signal.TROUBLE_CODES, [{"code": "P0420", "since": None}], measured_at=MORNING))
    wrong.append(Measurement(Signal.ODOMETER, 84_555.0, measured_at=MORNING + timedelta(hours=2)))
    ingest.record(car, wrong, source=Source.WEBHOOK, now=kept.received_at)
    assert km_of(car) == 84_555 and Fault.objects.filter(vehicle=car).exists()

    report = rereading.reread(rereading.chosen(states=["done"]), now=NOON + timedelta(days=1))

    assert (report.new, report.unsaid) == (1, 3)
    assert Gauge.objects.get(vehicle=car, signal=Signal.OIL_LIFE).number == 31
    assert km_of(car) == 84_300 and not Fault.objects.exists()


def test_what_others_brought_at_the_same_moment_stays(car):
    first = deliver(state_of(car.smartcar_id, km=84_300, at=MORNING))
    deliver(state_of(car.smartcar_id, km=84_301, at=MORNING + timedelta(minutes=5)))

    report = rereading.reread(Delivery.objects.filter(pk=first.pk), now=NOON)

    assert (report.new, report.unsaid, km_of(car)) == (0, 0, 84_301)


def test_a_dry_run_tells_and_changes_nothing(car, capsys):
    kept = deliver(state_of("comes-later", km=5_000, at=MORNING))
    later = a_car(car.fleet, smartcar_id="comes-later")

    call_command("reread", state=["parked"], dry_run=True)

    kept.refresh_from_db()
    told = capsys.readouterr().out
    assert "1 parked → done" in told and "1 new readings" in told and "nothing was changed" in told
    assert (kept.state, km_of(later)) == ("parked", None)

    call_command("reread", since=NOON - timedelta(days=1), kind=["STATE"])
    kept.refresh_from_db()
    assert (kept.state, km_of(later)) == ("done", 5_000)


def test_reading_again_asks_which():
    with pytest.raises(CommandError, match="--since"):
        call_command("reread")


def test_the_class_of_a_delivery_is_all_that_ended_like_it(car):
    odd = [deliver(b'{"eventType":"VEHICLE_STATE","eventId":"%d"}' % number) for number in range(2)]
    deliver(state_of("a-stranger", km=5_000, at=MORNING))

    alike = rereading.of_the_class(Delivery.objects.filter(pk=odd[0].pk))

    assert set(alike) == set(odd)


def test_old_bodies_go_and_odd_ones_later(car, settings):
    settings.BODIES_KEPT_DAYS, settings.ODD_BODIES_KEPT_DAYS = 35, 90
    old = deliver(state_of(car.smartcar_id, km=84_300, at=MORNING))
    odd = deliver(state_of("a-stranger", km=5, at=MORNING))
    among = deliver(legacy((car.smartcar_id, 84_301), ("a-stranger", 5)))
    day = NOON + timedelta(days=36)
    young = deliver(state_of(car.smartcar_id, km=84_400, at=day), now=day)

    assert retention.sweep(now=day) == 1
    assert set(Delivery.objects.all()) == {odd, among, young}
    assert Reading.objects.filter(vehicle=car).count() == 3, "what it told stays"

    retention.sweep(now=NOON + timedelta(days=91))
    assert not Delivery.objects.filter(pk__in=[old.pk, odd.pk, among.pk]).exists() and not Mention.objects.exists()


def test_retention_goes_on_behind_what_it_keeps(car, monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 2)
    for number in range(3):
        deliver(state_of(f"stranger-{number}", km=5, at=MORNING))
    for number in range(5):
        deliver(state_of(car.smartcar_id, km=84_300 + number, at=MORNING + timedelta(minutes=number)))

    assert retention.sweep(now=NOON + timedelta(days=36)) == 5


def visit(number: int, **told) -> dict:
    tasks = [{"id": None, "description": "Oil and filter"}]
    return {"odometer": 40_000 + number, "time": f"2026-0{number}-03T10:00:00Z", "tasks": tasks} | told


def dealt(car, *visits: dict, at=MORNING) -> None:
    deliver(a_delivery(car.smartcar_id, [a_signal("service-records", {"values": list(visits)}, at=at)], at=at))


def test_each_visit_at_the_dealer_is_one_row_however_often_it_is_told(car):
    dealt(car, visit(1, id="d-1", cost={"amount": 89.9, "currency": "cad"}), visit(2))
    dealt(car, visit(1, id="d-1", cost={"amount": 95, "currency": "cad"}), visit(2, id=77), at=NOON)

    rows = sorted(dealers.visits(car), key=lambda row: row.odometer_km)
    assert [(row.their_id, row.cost, row.currency) for row in rows] == [("d-1", 95, "CAD"), ("77", None, "")]
    assert rows[0].tasks == [{"id": None, "name": "Oil and filter"}]


def test_an_older_telling_changes_no_visit(car):
    dealt(car, visit(1, id="d-1", details=["with filter"]), at=NOON)
    dealt(car, visit(1, id="d-1"), at=MORNING)

    assert DealerRecord.objects.get().details == ["with filter"]


@pytest.mark.parametrize(("action", "opened"), [("open_again", 1), ("open_alike_again", 2), ("open_later_again", 3)])
def test_the_operator_opens_one_again_or_its_class_or_all_since_then(admin_client, car, action, opened):
    first = deliver(state_of("stranger-1", km=5, at=MORNING), now=MORNING)
    deliver(state_of(car.smartcar_id, km=84_300, at=MORNING), now=NOON)
    deliver(state_of("stranger-2", km=5, at=MORNING), now=NOON)

    sent = {"action": action, "_selected_action": [first.pk]}
    assert admin_client.post("/admin/vehicles/delivery/", sent).status_code == 302

    assert Delivery.objects.filter(state="waiting").count() == opened
