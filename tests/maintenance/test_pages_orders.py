"""Work orders as people see and work them, from a due item to the car's own word on it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from fleet.owners.models import Role
from maintenance import review
from maintenance.domain.orders import Move
from maintenance.models import OrderLine, OrderStep, Proof, ServiceRecord, WorkOrder
from maintenance.orders import moving
from tests.maintenance.scenes import at_km, drive, item_of, last_done
from tests.scenes import a_car, a_fleet, a_member, codes, oil, unique
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
    car = a_car(fleet, plate="BT 61 204")
    item = last_done(car, km=40_000, days_ago=30)
    item.anchor_on = (now - timedelta(days=30)).date()
    item.save()
    for km, days in ((47_900, 3), (48_000, 2), (48_200, 0)):
        at_km(car, km, now=now - timedelta(days=days))
    task = item.task
    task.checklist = [{"text": "New filter; drain plug torque", "unit": "Nm"}, {"text": "Reset oil life on the dash"}]
    task.instructions, task.parts = "Warm up and drain.", "5W-30, filter"
    task.save()
    return car


def sign_in(client, fleet, role=Role.TECHNICIAN):
    member = a_member(fleet, role)
    client.force_login(member.user)
    return member


def write(client, car, follow=True, **fields):
    """Open the form as the due list does and send it as it came."""
    fields = {"item": [item_of(car).pk]} | fields
    asked = client.get("/orders/new/", {"item": fields["item"]})
    assert asked.status_code == 200, asked
    form = asked.context["form"]
    sent = {"key": form["key"].value(), "vehicle": car.pk, "typed": "", "assignee": "", "planned_on": "", "notes": ""}
    return client.post("/orders/new/", sent | fields, follow=follow)


def typed(answer, **more) -> dict:
    """What a browser would send of a sheet as it was shown."""
    context = answer.context
    sent = {"line": [], "notes": context["order"].notes} | {
        name: context["form"][name].value() or "" for name in ("done_on", "odometer_km")
    }
    for shown in context["lines"]:
        if shown.line.outcome:
            continue
        sent["line"].append(shown.line.pk)
        sent |= {f"o-{shown.line.pk}": shown.line.meant, f"n-{shown.line.pk}": shown.line.note}
        sent |= {step.tick: "on" for step in shown.steps if step.done}
        sent |= {step.box: step.value for step in shown.steps if step.unit}
    return sent | more


def act(client, order, what, **more):
    where = f"/orders/{order.pk}/"
    return client.post(f"{where}work/", typed(client.get(where), act=what, **more), follow=True)


def test_from_a_due_item_to_the_cars_own_word(client, fleet, car, now):
    drive(car, oil(12, at=now - timedelta(hours=2)), now=now - timedelta(hours=2))
    hand = sign_in(client, fleet)

    sheet = write(client, car, assignee=str(hand.user_id))
    order = WorkOrder.objects.get()
    line = order.lines.get()
    assert sheet.redirect_chain == [(f"/orders/{order.pk}/", 302)]
    for words in (
        "WO-1001",
        car.name,
        "BT 61 204",
        "Warm up and drain.",
        "5W-30, filter",
        "Reset oil life on the dash",
    ):
        assert words in sheet.content.decode()

    act(client, order, "start")
    ticks = {f"t-{line.pk}-0": "on", f"t-{line.pk}-1": "on", f"v-{line.pk}-0": "26,5"}
    done = act(client, order, "finish", **ticks, **{f"o-{line.pk}": "done", f"n-{line.pk}": "Slight weep"})

    record = ServiceRecord.objects.get()
    assert (done.context["order"].state, record.odometer_km, record.by) == ("done", 48_200, hand.user)
    assert record.notes == "Slight weep · WO-1001"
    assert [(step["done"], step["value"]) for step in record.checklist] == [(True, 26.5), (True, None)]
    assert "watched for its oil life to rise" in done.content.decode()
    assert item_of(car).due_km > 50_000

    later = now + timedelta(hours=3)
    drive(car, oil(100, at=later), now=later)
    assert Proof.objects.get().state == "confirmed"
    assert "Oil life went up from 12 % to 100 %" in client.get(f"/orders/{order.pk}/").content.decode()


def test_what_is_typed_is_kept_while_a_phone_is_online(client, fleet, car):
    sign_in(client, fleet)
    write(client, car)
    order = WorkOrder.objects.get()
    line = order.lines.get()
    where = f"/orders/{order.pk}/"
    sent = typed(
        client.get(where), act="keep", **{f"t-{line.pk}-0": "on", f"v-{line.pk}-0": "26", f"o-{line.pk}": "fine"}
    )

    answer = client.post(f"{where}work/", sent, headers={"HX-Request": "true"})

    assert b"kept" in answer.content
    assert b"<html" not in answer.content
    shown = client.get(where).context["lines"][0]
    assert (shown.steps[0].done, shown.steps[0].value, shown.line.meant) == (True, "26", "fine")
    assert order.lines.get().outcome == ""


def test_a_number_that_is_none_is_asked_again_and_the_rest_is_kept(client, fleet, car):
    sign_in(client, fleet)
    write(client, car)
    order = WorkOrder.objects.get()
    line = order.lines.get()
    act(client, order, "start")

    for nonsense in ("tight", "nan", "1e99"):
        answer = act(
            client, order, "finish", **{f"v-{line.pk}-0": nonsense, f"t-{line.pk}-1": "on", f"o-{line.pk}": "done"}
        )
        assert answer.status_code == 422
        assert "New filter; drain plug torque: type a number in Nm." in answer.content.decode()

    assert [step["done"] for step in order.lines.get().checklist] == [False, True]
    assert not ServiceRecord.objects.exists()


def test_an_odometer_that_cannot_be_is_asked_for_again_with_the_form_as_it_was(client, fleet, car):
    sign_in(client, fleet)
    write(client, car)
    order = WorkOrder.objects.get()
    act(client, order, "start")
    job = {f"o-{order.lines.get().pk}": "done"}

    answer = act(client, order, "finish", odometer_km="88200", **job)

    assert answer.status_code == 422
    assert answer.context["form"]["odometer_km"].value() == "88200"
    assert "does not fit the readings" in answer.content.decode()
    assert WorkOrder.objects.get().state == "working"
    act(client, order, "finish", odometer_km="48205", **job)
    assert WorkOrder.objects.get().state == "done"


def test_an_old_reading_is_asked_for_again(client, fleet, now):
    car = a_car(fleet)
    last_done(car, km=40_000, days_ago=200)
    at_km(car, 48_000, now=now - timedelta(days=4))
    sign_in(client, fleet)
    write(client, car)
    order = WorkOrder.objects.get()
    act(client, order, "start")
    job = {f"o-{order.lines.get().pk}": "done"}

    asked = act(client, order, "finish", **job)
    assert asked.status_code == 422
    assert "This is the reading of 4 days ago" in asked.content.decode()
    assert 'name="confirm" value="old"' in asked.content.decode()

    assert act(client, order, "finish", confirm="old", **job).context["order"].state == "done"


def test_part_of_the_jobs_leaves_the_rest_open(client, fleet, car):
    sign_in(client, fleet)
    write(client, car, typed="Look at the left wiper")
    order = WorkOrder.objects.get()
    act(client, order, "start")
    first, second = order.lines.all()

    answer = act(client, order, "finish", **{f"o-{first.pk}": "done"})
    assert "WO-1001: 1 job is still to do." in answer.content.decode()

    answer = act(client, order, "finish", **{f"o-{second.pk}": "dropped"})
    assert answer.context["order"].state == "done"
    assert OrderStep.objects.filter(what="settled").count() == 2


def test_finishing_nothing_is_refused_with_a_sentence(client, fleet, car):
    sign_in(client, fleet)
    write(client, car)
    order = WorkOrder.objects.get()
    act(client, order, "start")

    answer = act(client, order, "finish")

    assert answer.status_code == 422
    assert "Say of at least one job what came of it." in answer.content.decode()


def test_the_same_sheet_sent_again_is_one_completion(client, fleet, car):
    sign_in(client, fleet)
    write(client, car)
    order = WorkOrder.objects.get()
    act(client, order, "start")
    where = f"/orders/{order.pk}/"
    sent = typed(client.get(where), act="finish", **{f"o-{order.lines.get().pk}": "done"})

    for _ in range(2):
        assert client.post(f"{where}work/", sent).status_code == 302

    assert ServiceRecord.objects.count() == 1
    assert OrderStep.objects.filter(what="done").count() == 1


def test_on_hold_with_a_reason_and_back(client, fleet, car):
    sign_in(client, fleet)
    write(client, car)
    order = WorkOrder.objects.get()

    held = act(client, order, "hold", hold="parts", hold_note="Seal from Oslo")
    assert "Waiting for parts: Seal from Oslo" in held.content.decode()
    refused = act(client, order, "start")
    assert "The order is on hold, so it cannot be started." in refused.content.decode()
    assert act(client, order, "resume").context["order"].state == "working"


def test_the_same_form_of_a_new_order_twice_is_one(client, fleet, car):
    sign_in(client, fleet)
    key = unique("form")

    for _ in range(2):
        answer = write_again(client, car, key)
        assert answer["Location"] == f"/orders/{WorkOrder.objects.get().pk}/"


def write_again(client, car, key):
    sent = {"key": key, "vehicle": car.pk, "item": item_of(car).pk}
    return client.post("/orders/new/", sent)


def test_a_second_order_shows_the_first(client, fleet, car):
    sign_in(client, fleet)
    write(client, car)
    order = WorkOrder.objects.get()

    asked = client.get("/orders/new/", {"item": item_of(car).pk}, follow=True)
    sent = client.post("/orders/new/", {"key": unique("form"), "item": item_of(car).pk}, follow=True)

    for answer in (asked, sent):
        assert answer.redirect_chain == [(f"/orders/{order.pk}/", 302)]
        assert "WO-1001 is open for this already." in answer.content.decode()
    assert WorkOrder.objects.count() == 1


def test_an_order_from_a_fault_claims_it_fixed(client, fleet, car, now):
    drive(car, codes("P0301", at=now - timedelta(hours=1)), now=now)
    fault = Fault.objects.get()
    sign_in(client, fleet)

    form = client.get("/orders/new/", {"fault": fault.pk})
    assert [choice.title[:5] for choice in form.context["choices"] if choice.is_chosen] == ["P0301"]
    client.post("/orders/new/", {"key": unique("form"), "fault": fault.pk})
    order = WorkOrder.objects.get()
    act(client, order, "start")
    done = act(client, order, "finish", **{f"o-{order.lines.get().pk}": "done"})

    assert Proof.objects.get().fault == fault
    assert "watched for P0301 to be gone" in done.content.decode()


def test_an_order_from_an_alert_ticks_its_item(client, fleet, car):
    sign_in(client, fleet)
    alert = car.alerts.get(kind="due", subject="oil-change")

    form = client.get("/orders/new/", {"alert": alert.pk})

    assert [choice.pk for choice in form.context["choices"] if choice.is_chosen] == [item_of(car).pk]


def test_a_foreign_item_gives_no_form_and_no_order(client, fleet):
    other = a_car(a_fleet("Southgate"))
    review.review([other.pk], now=timezone.now())
    sign_in(client, fleet)

    assert "vehicle" not in client.get("/orders/new/", {"item": item_of(other).pk}).context
    assert client.post("/orders/new/", {"key": "k", "item": item_of(other).pk}).status_code == 422
    assert not WorkOrder.objects.exists()


def test_an_item_of_another_vehicle_does_not_slip_in(client, fleet, car):
    other = a_car(fleet)
    review.review([other.pk], now=timezone.now())
    sign_in(client, fleet)

    sent = {"key": "k", "vehicle": car.pk, "item": [item_of(car).pk, item_of(other).pk]}
    assert client.post("/orders/new/", sent).status_code == 422
    assert not WorkOrder.objects.exists()


def test_a_technician_sees_own_and_free_orders_only(client, fleet, car, now):
    manager, other = a_member(fleet, Role.MANAGER), a_member(fleet, Role.TECHNICIAN)
    hand = sign_in(client, fleet)
    write(client, car)
    order = WorkOrder.objects.get()
    where = f"/orders/{order.pk}/"
    assert client.get(where).status_code == 200

    moving.assign(order, other.user, member=manager, now=now)

    assert client.get(where).status_code == 404
    assert client.post(f"{where}work/", {"act": "start"}).status_code == 404
    assert client.get("/orders/").context["rows"] == []
    asked = client.get("/orders/new/", {"item": item_of(car).pk}, follow=True)
    assert asked.redirect_chain == [("/orders/", 302)]
    assert "WO-1001 is open for this already." in asked.content.decode()
    assert not order.steps.filter(by_name=str(hand.user), what="started").exists()


def test_taking_giving_back_and_being_given(client, fleet, car):
    hand = sign_in(client, fleet)
    write(client, car)
    order = WorkOrder.objects.get()
    where = f"/orders/{order.pk}/"

    assert "Take this order" in client.get(where).content.decode()
    client.post(f"{where}assign/", {"to": hand.user_id})
    assert "Give it back" in client.get(where).content.decode()
    client.post(f"{where}assign/", {"to": ""})
    assert WorkOrder.objects.get().assignee is None

    stranger = a_member(a_fleet("Southgate"), Role.TECHNICIAN)
    sign_in(client, fleet, Role.MANAGER)
    assert f'<option value="{hand.user_id}"' in client.get(where).content.decode()
    client.post(f"{where}assign/", {"to": stranger.user_id})
    assert WorkOrder.objects.get().assignee is None
    client.post(f"{where}assign/", {"to": hand.user_id})
    assert WorkOrder.objects.get().assignee == hand.user


def test_cancelling_asks_why_and_is_for_managers(client, fleet, car):
    sign_in(client, fleet)
    write(client, car)
    order = WorkOrder.objects.get()
    where = f"/orders/{order.pk}/"
    assert "Cancel this order" not in client.get(where).content.decode()

    sign_in(client, fleet, Role.MANAGER)
    refused = client.post(f"{where}cancel/", {"why": " "}, follow=True)
    assert "Say why it is cancelled." in refused.content.decode()
    gone = client.post(f"{where}cancel/", {"why": "Sold"}, follow=True)

    assert "Cancelled by Manager Person: Sold" in gone.content.decode()
    assert 'name="act"' not in gone.content.decode()


def test_a_viewer_sees_the_sheet_and_nothing_to_press(client, fleet, car):
    sign_in(client, fleet)
    write(client, car)
    order = WorkOrder.objects.get()
    sign_in(client, fleet, Role.VIEWER)

    page = client.get(f"/orders/{order.pk}/").content.decode()

    assert "Reset oil life on the dash" in page
    assert 'name="act"' not in page
    assert "<button" not in page.replace('<button class="linkish">', "")
    assert client.post(f"/orders/{order.pk}/work/", {"act": "start"}).status_code == 403


def test_a_completion_taken_back_is_shown_on_its_line(client, fleet, car):
    sign_in(client, fleet)
    write(client, car)
    order = WorkOrder.objects.get()
    act(client, order, "start")
    act(client, order, "finish", **{f"o-{order.lines.get().pk}": "done"})

    client.post(f"/records/{ServiceRecord.objects.get().pk}/void/", {})

    page = client.get(f"/orders/{order.pk}/")
    assert page.context["order"].state == "done"
    assert "Taken back on" in page.content.decode()


def log(client, car, **more):
    where = f"/due/{item_of(car).pk}/complete/"
    form = client.get(where).context["form"]
    sent = {name: form[name].value() or "" for name in ("done_on", "odometer_km", "notes", "key")}
    return client.post(where, sent | more, follow=True)


def test_what_another_technician_has_is_not_logged_past_their_order(client, fleet, car, now):
    hand = a_member(fleet, Role.TECHNICIAN)
    sign_in(client, fleet, Role.MANAGER)
    write(client, car, assignee=hand.user_id)
    sign_in(client, fleet)

    answer = log(client, car)

    assert answer.status_code == 422
    assert f"is on WO-1001, which {hand.user} has" in answer.content.decode()
    assert not ServiceRecord.objects.exists()
    long_ago = (now - timedelta(days=200)).date()  # that was not what the order asks for
    assert log(client, car, done_on=long_ago, odometer_km="").status_code == 200
    assert not OrderLine.objects.get().outcome


@pytest.mark.parametrize("role", [Role.TECHNICIAN, Role.MANAGER])
def test_a_job_of_an_open_order_that_is_logged_directly_is_done_on_the_order(client, fleet, car, role):
    """By the technician for whom it is free, and by a manager whoever has it."""
    sign_in(client, fleet, Role.MANAGER)
    hand = a_member(fleet, Role.TECHNICIAN)
    write(client, car, typed="Wash", assignee="" if role == Role.TECHNICIAN else hand.user_id)
    order = WorkOrder.objects.get()
    me = sign_in(client, fleet, role)

    log(client, car)

    done, wash = order.lines.get(task__isnull=False), order.lines.get(task=None)
    order.refresh_from_db()
    assert (done.outcome, done.record, done.settled_by) == ("done", ServiceRecord.objects.get(), str(me.user))
    assert (wash.outcome, order.state) == ("", "open")


def test_an_order_whose_last_job_is_logged_directly_is_done(client, fleet, car):
    sign_in(client, fleet)
    write(client, car)

    log(client, car)

    order = WorkOrder.objects.get()
    assert order.state == "done"
    assert [step.what for step in order.steps.all()] == ["written", "settled", "done"]
    page = client.get(f"/orders/{order.pk}/").content.decode()
    assert "Logged for" in page and "outside" not in page


def test_work_logged_outside_of_the_order_is_told(client, fleet, car):
    hand = sign_in(client, fleet)
    write(client, car)
    order = WorkOrder.objects.get()
    now = timezone.now()
    done = {"done_on": now.date(), "done_at": now, "by_name": str(hand.user), "key": "outside"}
    ServiceRecord.objects.create(fleet=fleet, vehicle=car, task=item_of(car).task, **done)

    said = client.get(f"/orders/{order.pk}/").content.decode()

    assert "Logged outside of this order" in said


def test_the_list_shows_each_under_its_tab(client, fleet, car, now):
    manager = sign_in(client, fleet, Role.MANAGER)
    write(client, car, typed="Wash", item=[item_of(car).pk])
    order = WorkOrder.objects.get()
    other = a_car(fleet)
    review.review([other.pk], now=now)
    write(client, other, item=[item_of(other).pk], assignee=str(manager.user_id))

    def numbers(show):
        return [row.order.number for row in client.get("/orders/", {"show": show}).context["rows"]]

    assert (numbers(""), numbers("mine"), numbers("free"), numbers("nonsense")) == (
        [1001, 1002],
        [1002],
        [1001],
        [1001, 1002],
    )
    moving.move(order, Move.CANCEL, member=manager, now=now, reason="Sold")
    assert (numbers(""), numbers("cancelled"), numbers("done")) == ([1002], [1001], [])


def test_the_list_and_the_sheet_ask_the_same_number_of_queries_however_long(
    client, fleet, car, now, django_assert_max_num_queries
):
    sign_in(client, fleet, Role.MANAGER)
    for n in range(30):
        one = a_car(fleet, connected=False) if n else car
        review.review([one.pk], now=now)
        items = [item_of(one, task).pk for task in ("oil-change", "tyre-rotation", "brake-inspection")]
        write_line = {"key": unique("form"), "vehicle": one.pk, "item": items}
        assert client.post("/orders/new/", write_line).status_code == 302

    with django_assert_max_num_queries(12):
        assert len(client.get("/orders/").context["rows"]) == 30
    with django_assert_max_num_queries(12):
        client.get(f"/orders/{WorkOrder.objects.first().pk}/")


def test_the_due_list_and_the_vehicle_offer_an_order_and_show_the_open_one(client, fleet, car, now):
    drive(car, codes("P0301", at=now - timedelta(hours=1)), now=now)
    fault, item = Fault.objects.get(), item_of(car)
    sign_in(client, fleet)
    pages = {"/": "item", "/?show=faults": "fault", f"/vehicles/{car.pk}/": "item"}
    offered = {"item": f'href="/orders/new/?item={item.pk}"', "fault": f'href="/orders/new/?fault={fault.pk}"'}
    for where, what in pages.items():
        assert offered[what] in client.get(where).content.decode(), where

    write(client, car, fault=[fault.pk])

    order = WorkOrder.objects.get()
    for where, what in pages.items():
        page = client.get(where).content.decode()
        assert offered[what] not in page
        assert f'href="/orders/{order.pk}/"' in page
    for role, is_link in ((Role.VIEWER, True), (Role.TECHNICIAN, False)):
        order.assignee = a_member(fleet).user
        order.save()
        sign_in(client, fleet, role)
        page = client.get("/").content.decode()
        assert "WO-1001" in page
        assert (f'href="/orders/{order.pk}/"' in page) == is_link


def test_a_bundle_of_one_vehicle_becomes_one_order(client, fleet, car):
    sign_in(client, fleet)
    both = {"item": item_of(car).pk, "also": item_of(car, "tyre-rotation").pk}

    form = client.get("/orders/new/", both)

    assert {choice.pk for choice in form.context["choices"] if choice.is_chosen} == set(both.values())
