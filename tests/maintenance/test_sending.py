"""A phone sends twice, or late: it counts once, and the second answer is the first."""

from datetime import timedelta

import pytest
from django.utils import timezone

from maintenance.models import OrderSend, OrderStep, ServiceRecord, WorkOrder
from maintenance.orders import sending
from tests.maintenance.scenes import at_km, last_done
from tests.maintenance.test_pages_orders import act, sign_in, typed, write
from tests.scenes import a_car, a_fleet

pytestmark = pytest.mark.django_db


@pytest.fixture
def fleet():
    return a_fleet()


@pytest.fixture
def order(client, fleet):
    now, car = timezone.now(), a_car(fleet)
    item = last_done(car, km=40_000, days_ago=30)
    item.anchor_on = (now - timedelta(days=30)).date()
    item.save()
    item.task.checklist = [{"text": "Drain plug torque", "unit": "Nm"}]
    item.task.save()
    at_km(car, 48_200, now=now)
    sign_in(client, fleet)
    write(client, car)
    return WorkOrder.objects.get()


def drawn(client, order, what: str, **more) -> dict:
    """What the sheet would send if this key was pressed on it now."""
    sheet = client.get(f"/orders/{order.pk}/")
    return typed(sheet, act=what, key=sheet.context["key"], **{"as": sheet.wsgi_request.user.pk}, **more)


def late(client, order, sent: dict):
    return client.post(f"/orders/{order.pk}/work/", sent, headers={"X-Late": "1"})


def toast(answer) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def test_done_sent_twice_is_one_record_and_one_receipt(client, order):
    act(client, order, "start")
    sent = drawn(client, order, "finish", **{f"o-{order.lines.get().pk}": "done"})
    told = [toast(client.post(f"/orders/{order.pk}/work/", sent, follow=True)) for _ in range(2)]

    assert told[0] == told[1]
    assert told[0][0].startswith("WO-1001: Done.")
    assert ServiceRecord.objects.count() == 1
    assert OrderStep.objects.filter(what="settled").count() == 1


def test_an_old_hold_that_comes_again_does_not_stop_what_was_resumed(client, order):
    act(client, order, "start")
    sent = drawn(client, order, "hold", hold="parts")
    client.post(f"/orders/{order.pk}/work/", sent)
    act(client, order, "resume")
    answer = client.post(f"/orders/{order.pk}/work/", sent, follow=True)

    assert toast(answer) == ["WO-1001 is on hold."]
    assert answer.context["order"].state == "working"
    assert list(OrderStep.objects.filter(what="held").values_list("what", flat=True)) == ["held"]


def test_what_came_again_does_not_write_over_what_was_typed_since(client, order):
    sent = drawn(client, order, "start", notes="Old words")
    client.post(f"/orders/{order.pk}/work/", sent)
    act(client, order, "keep", notes="New words")
    client.post(f"/orders/{order.pk}/work/", sent)
    order.refresh_from_db()
    assert order.notes == "New words"


def test_what_was_refused_counts_as_not_sent(client, order):
    act(client, order, "start")
    sent = drawn(client, order, "finish")
    assert client.post(f"/orders/{order.pk}/work/", sent).status_code == 422
    assert not OrderSend.objects.filter(act="finish").exists()
    answer = client.post(f"/orders/{order.pk}/work/", sent | {f"o-{order.lines.get().pk}": "done"}, follow=True)
    assert answer.context["order"].state == "done"


def test_a_late_send_is_told_in_words_a_machine_can_read(client, order):
    started = late(client, order, drawn(client, order, "start"))
    assert (started.status_code, started.json()) == (200, {"said": "WO-1001 started."})

    nothing = late(client, order, drawn(client, order, "finish"))
    assert (nothing.status_code, nothing.json()) == (
        422,
        {"wrong": "Say of at least one job what came of it."},
    )
    line = order.lines.get()
    wrong = late(client, order, drawn(client, order, "finish", **{f"v-{line.pk}-0": "a lot"}))
    assert wrong.status_code == 422
    assert "type a number in Nm" in wrong.json()["wrong"]

    sent = drawn(client, order, "finish", **{f"o-{line.pk}": "done"})
    answers = [late(client, order, sent) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["said"].startswith("WO-1001: Done.")
    assert ServiceRecord.objects.count() == 1


def test_one_does_not_send_what_another_typed(client, fleet, order):
    sent = drawn(client, order, "start")
    sign_in(client, fleet)
    answer = late(client, order, sent)
    assert answer.status_code == 422
    assert "Somebody else filled in this sheet" in answer.json()["wrong"]
    order.refresh_from_db()
    assert order.state == "open"


def test_the_sheet_names_what_was_received_of_it(client, order):
    act(client, order, "start")
    sent = drawn(client, order, "finish", **{f"o-{order.lines.get().pk}": "done"})
    answer = client.post(f"/orders/{order.pk}/work/", sent, follow=True)
    assert f'data-received="{sent["key"]}"' in answer.content.decode()


def test_receipts_are_kept_for_two_months(client, order):
    client.post(f"/orders/{order.pk}/work/", drawn(client, order, "start"))
    sending.forget(now=timezone.now() + timedelta(days=59))
    assert OrderSend.objects.count() == 1
    sending.forget(now=timezone.now() + timedelta(days=61))
    assert OrderSend.objects.count() == 0
