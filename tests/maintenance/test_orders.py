"""Work orders in the database: numbers, one open line each, settled in one visit."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, connections, transaction

from fleet.owners.models import Role
from maintenance import review, workshop
from maintenance.boards import order_sheet
from maintenance.domain.orders import Move
from maintenance.models import Alert, OrderLine, Proof, ServiceRecord, WorkOrder
from maintenance.orders import finding, moving, numbering, settling, subjects, writing
from maintenance.refusals import Refused
from tests.maintenance.scenes import at_km, drive, item_of, last_done
from tests.scenes import NOON, a_car, a_fleet, a_member, codes, oil, unique
from vehicles.models import Fault, Vehicle

pytestmark = pytest.mark.django_db


@pytest.fixture
def fleet():
    return a_fleet()


@pytest.fixture
def manager(fleet):
    return a_member(fleet, Role.MANAGER)


@pytest.fixture
def hand(fleet):
    return a_member(fleet, Role.TECHNICIAN)


@pytest.fixture
def car(fleet):
    car = a_car(fleet)
    last_done(car, km=40_000, days_ago=200)
    at_km(car, 47_900, now=NOON - timedelta(days=3))
    at_km(car, 48_000, now=NOON - timedelta(days=2))
    at_km(car, 48_200, now=NOON)
    return car


def an_order(car, member, *, items=(), faults=(), alerts=(), typed="", key=None, assignee=None, now=NOON):
    found = subjects.gather(car.fleet, items=items, faults=faults, alerts=alerts, typed=typed, now=now)
    return writing.write(
        car.fleet,
        car,
        found,
        by=member.user,
        assignee=assignee,
        planned_on=None,
        notes="",
        key=key or unique("form"),
        now=now,
    )


def settle(order, outcomes, member, *, km=48_210, now=NOON, **more):
    return settling.finish(order, outcomes, member=member, done_on=now.date(), odometer_km=km, now=now, **more)


def outcomes(order, outcome="done"):
    return {line.pk: outcome for line in order.lines.all()}


def a_fault(car, code="P0301", *, now=NOON):
    drive(car, codes(code, at=now - timedelta(hours=1)), now=now)
    return Fault.objects.get(vehicle=car, code=code)


def test_a_fleet_counts_from_1001_and_each_fleet_for_itself(fleet, car, manager):
    other = a_car(a_fleet("Southgate"))
    boss = a_member(other.fleet)

    numbers = [an_order(car, manager, typed=f"Job {n}").order.called for n in range(3)]

    assert numbers == ["WO-1001", "WO-1002", "WO-1003"]
    assert an_order(other, boss, typed="Wash").order.called == "WO-1001"


def test_a_number_that_was_rolled_back_is_given_again(fleet):
    with pytest.raises(RuntimeError), transaction.atomic():
        numbering.next_number(fleet.pk)
        raise RuntimeError

    assert numbering.next_number(fleet.pk) == 1001


def test_a_line_inherits_what_the_task_says(car, manager):
    task = item_of(car).task
    task.instructions, task.parts, task.checklist = "Warm up first.", "5W-30", [{"text": "Drain plug", "unit": "Nm"}]
    task.save()

    line = an_order(car, manager, items=[item_of(car).pk]).order.lines.get()
    task.checklist = []
    task.save()

    line.refresh_from_db()
    assert (line.title, line.instructions, line.parts) == (task.name, "Warm up first.", "5W-30")
    assert line.checklist == [{"text": "Drain plug", "unit": "Nm", "done": False, "value": None}]


def test_the_same_form_twice_is_one_order(car, manager):
    first = an_order(car, manager, items=[item_of(car).pk], key="form")
    again = an_order(car, manager, items=[item_of(car).pk], key="form")

    assert again.order == first.order
    assert WorkOrder.objects.count() == 1


def test_a_second_order_for_an_item_leads_to_the_first(car, manager):
    first = an_order(car, manager, items=[item_of(car).pk]).order

    second = an_order(car, manager, items=[item_of(car).pk])

    assert second.order is None
    assert second.others == [first]


def test_a_bundle_leaves_to_an_open_order_what_it_holds(car, manager):
    first = an_order(car, manager, items=[item_of(car).pk]).order
    both = [item_of(car).pk, item_of(car, "tyre-rotation").pk]

    second = an_order(car, manager, items=both)

    assert [line.item.task.key for line in second.order.lines.all()] == ["tyre-rotation"]
    assert second.others == [first]


def test_the_database_holds_one_open_line_an_item_and_a_fault(car, manager):
    order = an_order(car, manager, typed="Look around").order
    fault, item = a_fault(car), item_of(car)
    for subject in ({"item": item}, {"fault": fault}):
        OrderLine.objects.create(order=order, title="One", **subject)
        with pytest.raises(IntegrityError), transaction.atomic():
            OrderLine.objects.create(order=order, title="Two", **subject)
        OrderLine.objects.create(order=order, title="Three", outcome="dropped", **subject)


def test_an_alert_leads_to_what_it_speaks_of(car, manager):
    fault = a_fault(car)
    due = car.alerts.get(kind="due", subject="oil-change")

    order = an_order(car, manager, alerts=[due.pk, car.alerts.get(kind="fault").pk]).order

    assert {(line.item, line.fault) for line in order.lines.all()} == {(item_of(car), None), (None, fault)}
    assert an_order(car, manager, items=[item_of(car).pk]).others == [order]


def test_one_order_is_about_one_vehicle(fleet, car, manager):
    other = a_car(fleet)
    review.review([other.pk], now=NOON)

    with pytest.raises(Refused, match="one vehicle"):
        an_order(car, manager, items=[item_of(car).pk, item_of(other).pk])


def test_finishing_completes_each_item_in_one_visit(car, hand):
    items = [item_of(car).pk, item_of(car, "tyre-rotation").pk]
    order = an_order(car, hand, items=items).order
    moving.move(order, Move.START, member=hand, now=NOON)

    left = settle(order, outcomes(order), hand)

    order.refresh_from_db()
    records = list(ServiceRecord.objects.all())
    assert (left, order.state, order.assignee) == (0, "done", hand.user)
    assert {(record.odometer_km, record.done_on, record.reading_id) for record in records} == {
        (48_210, NOON.date(), records[0].reading_id)
    }
    assert {line.record for line in order.lines.all()} == set(records)
    assert item_of(car).due_km > 50_000


def test_a_car_whose_order_is_done_hears_its_alerts_that_waited(car, hand, django_capture_on_commit_callbacks):
    order = an_order(car, hand, typed="Noise from the front").order
    moving.move(order, Move.START, member=hand, now=NOON)
    a_fault(car)
    assert not Alert.objects.open().filter(kind=Alert.Kind.FAULT).exists()
    Vehicle.objects.update(review_after=None)

    with django_capture_on_commit_callbacks(execute=True):
        settle(order, outcomes(order), hand)
    review.sweep(now=NOON)

    assert Alert.objects.open().get(kind=Alert.Kind.FAULT).subject == "P0301"


@pytest.mark.parametrize(("hours", "state"), [(-1, "confirmed"), (-10, "untellable")])
def test_oil_that_rose_while_an_order_was_worked_on_proves_its_job(
    car, hand, hours, state, django_capture_on_commit_callbacks
):
    """Begun three hours ago and finished now: the dash was reset, and told of it, in between."""
    order = an_order(car, hand, items=[item_of(car).pk], now=NOON - timedelta(hours=12)).order
    moving.move(order, Move.START, member=hand, now=NOON - timedelta(hours=3))
    before, rose = NOON - timedelta(days=1), NOON + timedelta(hours=hours)
    drive(car, oil(30, at=before), now=before)
    drive(car, oil(100, at=rose), now=rose)

    with django_capture_on_commit_callbacks(execute=True):
        settle(order, outcomes(order), hand)
    review.sweep(now=NOON)
    review.sweep(now=NOON + timedelta(days=15))

    assert Proof.objects.get().state == state


def test_finishing_twice_is_finishing_once(car, hand):
    order = an_order(car, hand, items=[item_of(car).pk]).order
    moving.move(order, Move.START, member=hand, now=NOON)
    chosen = outcomes(order)

    for _ in range(2):
        settle(order, chosen, hand)

    assert ServiceRecord.objects.count() == 1
    assert list(order.steps.values_list("what", flat=True)) == ["written", "started", "taken", "settled", "done"]


def test_what_has_no_outcome_stays_in_the_order(car, hand):
    items = [item_of(car).pk, item_of(car, "tyre-rotation").pk]
    order = an_order(car, hand, items=items).order
    moving.move(order, Move.START, member=hand, now=NOON)
    first, second = order.lines.all()

    assert settle(order, {first.pk: "done", second.pk: ""}, hand) == 1

    order.refresh_from_db()
    assert order.state == "working"
    assert ServiceRecord.objects.get().task == first.task
    assert finding.open_lines(items=items) == [second]


def test_a_refusal_settles_nothing(car, hand):
    items = [item_of(car).pk, item_of(car, "tyre-rotation").pk]
    last_done(car, "tyre-rotation", km=48_000, days_ago=3)
    order = an_order(car, hand, items=items).order
    moving.move(order, Move.START, member=hand, now=NOON)

    with pytest.raises(Refused):
        settle(order, outcomes(order), hand, km=9_000_000)

    assert not ServiceRecord.objects.exists()
    assert not order.lines.exclude(outcome="").exists()


def test_nothing_is_finished_before_it_is_started(car, hand):
    order = an_order(car, hand, items=[item_of(car).pk]).order

    with pytest.raises(Refused, match="not started yet"):
        settle(order, outcomes(order), hand)


@pytest.mark.parametrize(("outcome", "records"), [("fine", 1), ("dropped", 0)])
def test_no_correction_needed_is_done_and_not_done_is_not(car, hand, outcome, records):
    order = an_order(car, hand, items=[item_of(car).pk]).order
    moving.move(order, Move.START, member=hand, now=NOON)

    settle(order, outcomes(order, outcome), hand)

    order.refresh_from_db()
    assert (order.state, ServiceRecord.objects.count()) == ("done", records)
    assert (item_of(car).due_km > 50_000) == bool(records)


@pytest.mark.parametrize(("outcome", "claims"), [("done", 1), ("fine", 0), ("dropped", 0)])
def test_a_fault_called_fixed_is_watched(car, hand, outcome, claims):
    order = an_order(car, hand, faults=[a_fault(car).pk]).order
    moving.move(order, Move.START, member=hand, now=NOON)

    settle(order, outcomes(order, outcome), hand)

    assert Proof.objects.filter(fault__code="P0301", state="watching").count() == claims
    assert Fault.objects.open().count() == 1


def test_a_line_follows_its_item_through_a_change_of_plan(car, manager):
    gone = item_of(car)
    order = an_order(car, manager, items=[gone.pk]).order
    gone.delete()
    review.review([car.pk], now=NOON)
    new = item_of(car)
    assert new.pk != gone.pk

    assert an_order(car, manager, items=[new.pk]).others == [order]
    assert order.lines.get().item == new


def test_a_line_follows_its_code_when_late_history_makes_its_episode_an_older_one(car, manager):
    fault = a_fault(car)
    order = an_order(car, manager, faults=[fault.pk]).order
    march = NOON - timedelta(days=60)
    for hours, found in ((0, ["P0301"]), (7, []), (14, [])):
        drive(car, codes(*found, at=march + timedelta(hours=hours)))
    fault.refresh_from_db()
    now_open = Fault.objects.open().get(vehicle=car)
    assert fault.closed_at is not None and now_open != fault

    [shown] = order_sheet.board(order, manager, NOON)["lines"]
    assert (shown.status, shown.chip) == ("warning", "Still reported")
    again = an_order(car, manager, faults=[now_open.pk])
    assert (again.order, again.others) == (None, [order])
    assert order.lines.get().fault == now_open


def test_work_on_a_task_that_left_the_plan_is_written_down(car, hand):
    item = item_of(car)
    order = an_order(car, hand, items=[item.pk]).order
    moving.move(order, Move.START, member=hand, now=NOON)
    item.delete()

    settle(order, outcomes(order), hand)

    assert ServiceRecord.objects.get().task.key == "oil-change"


def test_taking_a_completion_back_leaves_the_order_done(car, hand):
    order = an_order(car, hand, items=[item_of(car).pk]).order
    moving.move(order, Move.START, member=hand, now=NOON)
    settle(order, outcomes(order), hand)

    workshop.void(order.lines.get().record, by=hand.user, now=NOON)

    order.refresh_from_db()
    assert order.state == "done"
    assert order.lines.get().record.voided_at == NOON
    assert an_order(car, hand, items=[item_of(car).pk]).order.called == "WO-1002"


def test_a_cancelled_order_frees_its_items(car, manager):
    order = an_order(car, manager, items=[item_of(car).pk]).order

    moving.move(order, Move.CANCEL, member=manager, now=NOON, reason="Sold next week")

    order.refresh_from_db()
    assert (order.state, order.cancel_why) == ("cancelled", "Sold next week")
    assert an_order(car, manager, items=[item_of(car).pk]).order.called == "WO-1002"


def test_another_reason_wants_words(car, hand):
    order = an_order(car, hand, typed="Look around").order

    with pytest.raises(Refused, match="few words"):
        moving.move(order, Move.HOLD, member=hand, now=NOON, reason="other")
    moving.move(order, Move.HOLD, member=hand, now=NOON, reason="parts", note="Seal from Oslo")

    assert order.steps.last().note == "Waiting for parts: Seal from Oslo"


def test_who_may_take_and_give(fleet, car, manager, hand):
    other, viewer = a_member(fleet, Role.TECHNICIAN), a_member(fleet, Role.VIEWER)
    order = an_order(car, manager, typed="Look around").order

    moving.assign(order, hand.user, member=hand, now=NOON)
    with pytest.raises(Refused, match="is with Technician Person now"):
        moving.assign(order, other.user, member=other, now=NOON)
    with pytest.raises(Refused, match="Only a manager"):
        moving.assign(order, other.user, member=hand, now=NOON)
    with pytest.raises(Refused, match="somebody who works"):
        moving.assign(order, viewer.user, member=manager, now=NOON)
    moving.assign(order, other.user, member=manager, now=NOON)
    moving.move(order, Move.START, member=other, now=NOON)
    with pytest.raises(Refused, match="on hold first"):
        moving.assign(order, None, member=other, now=NOON)
    moving.move(order, Move.HOLD, member=other, now=NOON, reason="vehicle")
    moving.assign(order, None, member=other, now=NOON)

    steps = ["written", "taken", "assigned", "started", "held", "given back"]
    assert list(order.steps.values_list("what", flat=True)) == steps


needs_postgres = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")


def at_once(work, times=8) -> list:
    """What each of several threads brings back that begin in the same moment."""
    gate, answers = threading.Barrier(times), []

    def run():
        gate.wait()
        try:
            answers.append(work())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(answers) == times
    return answers


@needs_postgres
@pytest.mark.django_db(transaction=True)
def test_numbers_hold_when_many_write_at_once(car, manager):
    def write():
        return [an_order(car, manager, typed="Job").order.number for _ in range(5)]

    numbers = sorted(number for some in at_once(write) for number in some)

    assert numbers == list(range(1001, 1041))


@needs_postgres
@pytest.mark.django_db(transaction=True)
def test_one_of_many_gets_the_item_and_the_others_are_shown_it(car, manager):
    item = item_of(car)

    written = at_once(lambda: an_order(car, manager, items=[item.pk]))

    order = WorkOrder.objects.get()
    assert [one.order for one in written if one.order] == [order]
    assert [one.others for one in written if not one.order] == [[order]] * 7


@needs_postgres
@pytest.mark.django_db(transaction=True)
def test_a_form_sent_many_times_at_once_is_one_order_and_one_completion(car, hand):
    item = item_of(car)
    order = {one.order for one in at_once(lambda: an_order(car, hand, items=[item.pk], key="form"))}.pop()
    moving.move(order, Move.START, member=hand, now=NOON)
    chosen = outcomes(order)

    assert at_once(lambda: settle(order, chosen, hand)) == [0] * 8

    assert (WorkOrder.objects.count(), ServiceRecord.objects.count()) == (1, 1)
