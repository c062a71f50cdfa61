"""Notices on the screens of phones: turned on, sent once, and given up when the phone is gone."""

import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core import mail
from django.utils import timezone

from fleet.kit import sealing
from fleet.owners.models import Role
from maintenance import alerts, devices, notices, storms
from maintenance.alerts import Wish
from maintenance.channels import push
from maintenance.models import Alert, Device, Notice
from tests.scenes import PASSWORD, a_car, a_fleet, a_member
from tests.vehicles.smartcar.sandbox import scene

pytestmark = pytest.mark.django_db
CHROME = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Mobile Safari/537.36"
)


@pytest.fixture
def service(tmp_path, settings):
    with scene.running(scene.told(tmp_path)) as guest:
        settings.PUSH_SINK = f"{guest.origin}/push"
        yield guest


@pytest.fixture
def fleet():
    return a_fleet()


@pytest.fixture
def ana(client, fleet):
    member = a_member(fleet, Role.TECHNICIAN, email="ana@fleet.example", password=PASSWORD)
    client.force_login(member.user)
    return member


def phone(service) -> dict:
    return service.post("/control/push/phone", json={}).json()


def turn_on(client, subscription):
    return client.post(
        "/settings/notices/on/",
        json.dumps(subscription),
        content_type="application/json",
        headers={"User-Agent": CHROME},
    )


def a_fault(fleet) -> Alert:
    now = timezone.now()
    car = a_car(fleet, name="Van 07")
    about = {"kind": "connection", "subject": "gone", "occurrence": "1", "level": "warning"}
    return Alert.objects.create(fleet=fleet, vehicle=car, opened_at=now, level_at=now, **about)


def written(member, alert=None) -> Notice:
    """One that waits to be pushed: a digest, which always has something to say while an alert is open."""
    alert = alert or a_due(member.fleet)
    return Notice.objects.create(
        fleet=member.fleet, user=member.user, channel="push", form="digest", send_after=timezone.now()
    )


def a_due(fleet) -> Alert:
    car = a_car(fleet, name="Van 07")
    car.meter_asked_at = timezone.now()
    car.save()
    now = timezone.now()
    about = {"kind": "meter", "subject": "odometer", "occurrence": "1", "level": "warning"}
    return Alert.objects.create(fleet=fleet, vehicle=car, opened_at=now, level_at=now, **about)


def shown(service) -> list[dict]:
    return [one["shown"] for one in service.get("/control/push").json()["messages"]]


def test_a_device_is_turned_on_named_and_tried(client, ana, service):
    assert "None is on" in client.get("/settings/notices/").content.decode()

    assert turn_on(client, phone(service)).json() == {"label": "Chrome on Android"}

    page = client.get("/settings/notices/").content.decode()
    assert "Chrome on Android (this one)" in page and "nothing sent yet" in page
    device = Device.objects.get()
    page = client.post(f"/settings/notices/{device.pk}/try/", follow=True).content.decode()
    assert "on its way to Chrome on Android" in page and "last reached" in page
    assert shown(service) == [
        {"title": "Fettle", "body": "Notices appear like this one.", "href": "/settings/notices/", "tag": "test"}
    ]
    assert "push" not in device.sealed and sealing.unseal(device.sealed)


def test_turned_on_twice_it_is_one_and_on_anothers_sign_in_it_is_theirs(client, ana, service):
    same = phone(service)
    for _ in range(2):
        turn_on(client, same)
    assert Device.objects.get().user == ana.user

    other = a_member(ana.fleet)
    client.force_login(other.user)
    turn_on(client, same)
    assert Device.objects.get().user == other.user


@pytest.mark.parametrize(
    "said",
    [
        "{",
        "[]",
        "null",
        '{"endpoint": "https://fcm.googleapis.com/x"}',
        '{"endpoint": 5, "keys": {"p256dh": "x", "auth": "y"}}',
        '{"endpoint": "https://fcm.googleapis.com/x", "keys": {"p256dh": "x", "auth": "y"}}',
        "[" * 100_000,
    ],
)
def test_rubbish_turns_nothing_on(client, ana, said):
    answer = client.post("/settings/notices/on/", said, content_type="application/json")

    assert answer.status_code == 422 and answer.json()["wrong"] and not Device.objects.exists()


@pytest.mark.parametrize(
    ("endpoint", "is_one"),
    [
        ("https://fcm.googleapis.com/fcm/send/abc", True),
        ("https://updates.push.services.mozilla.com/wpush/v2/abc", True),
        ("https://web.push.apple.com/abc", True),
        ("https://wns2-am3p.notify.windows.com/w/?token=abc", True),
        ("http://fcm.googleapis.com/fcm/send/abc", False),
        ("https://fcm.googleapis.com:8443/x", False),
        ("https://user@fcm.googleapis.com/x", False),
        ("https://fcm.googleapis.com.evil.example/x", False),
        ("https://evilfcm.googleapis.com.example/x", False),
        ("https://127.0.0.1/x", False),
        ("https://169.254.169.254/latest/", False),
        ("https://[::1]/x", False),
        ("https://fcm.googleapis.com:x/", False),
        ("file:///etc/passwd", False),
        ("http://localhost:8001/push/x", False),
    ],
)
def test_only_the_services_of_browsers_are_written_to(endpoint, is_one):
    assert push.is_allowed(endpoint) is is_one


def test_a_notice_stands_on_the_screen_once_with_where_to_go(client, ana, service):
    turn_on(client, phone(service))
    notice, now = written(ana), timezone.now()

    notices.sweep(now=now)
    Notice.objects.update(state="waiting", send_after=now, attempts=1)  # as after a crash between sending and marking
    notices.sweep(now=now)

    (one,) = shown(service)
    assert one["title"] == "1 thing needs somebody in Northgate" and "Van 07" in one["body"]
    assert one["href"] == f"/?fleet={ana.fleet_id}" and one["tag"] == f"fleet-{ana.fleet_id}"
    notice.refresh_from_db()
    assert notice.state == "sent" and notice.reached == [Device.objects.get().pk]
    assert "by push" in client_as_manager(client, ana.fleet).get("/outbox/").content.decode()


def client_as_manager(client, fleet):
    client.force_login(a_member(fleet).user)
    return client


def test_who_has_a_device_gets_a_letter_and_a_push_of_what_is_fresh_and_others_a_letter(client, ana, service):
    other = a_member(ana.fleet)
    turn_on(client, phone(service))
    now = timezone.now()
    alert = a_due(ana.fleet)

    alerts.tell([(alert, Wish("warning", now, False))], now=now)

    told = set(Notice.objects.values_list("user__email", "channel", "form"))
    assert told == {
        ("ana@fleet.example", "email", "single"), ("ana@fleet.example", "push", "single"),
        (other.user.email, "email", "single"),
    }  # fmt: skip
    notices.sweep(now=now)
    assert [one["title"] for one in shown(service)] == ["Van 07"]
    assert shown(service)[0]["href"] == f"/vehicles/{alert.vehicle_id}/?fleet={ana.fleet_id}"


def test_old_news_is_one_digest_a_channel(client, ana, service):
    turn_on(client, phone(service))
    now = timezone.now()
    told = [(a_due(ana.fleet), Wish("warning", now - timedelta(days=9), False)) for _ in range(3)]

    alerts.tell(told, now=now)

    assert sorted(Notice.objects.values_list("channel", "form")) == [("email", "digest"), ("push", "digest")]


@pytest.mark.parametrize("status", [404, 410])
def test_a_phone_that_is_gone_is_forgotten(client, ana, service, status):
    turn_on(client, phone(service))
    service.post("/control/push/fail", json={"status": status})
    notice = written(ana)

    notices.sweep(now=timezone.now())

    notice.refresh_from_db()
    assert not Device.objects.exists() and (notice.state, notice.error) == ("failed", "the device is gone")


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_service_that_is_away_is_asked_again_by_the_ladder(client, ana, service, status):
    turn_on(client, phone(service))
    service.post("/control/push/fail", json={"status": status})
    notice, now = written(ana), timezone.now()

    notices.sweep(now=now)
    notice.refresh_from_db()
    assert notice.state == "waiting" and notice.send_after == now + notices.LADDER[0]
    assert f"the push service said {status} as it was told to" in notice.error
    assert "Trouble" in client.get("/settings/notices/").content.decode()

    notices.sweep(now=notice.send_after)
    notice.refresh_from_db()
    assert notice.state == "sent" and len(shown(service)) == 1
    assert "Trouble" not in client.get("/settings/notices/").content.decode()


def test_of_two_devices_the_one_that_has_it_is_left_alone_while_the_other_is_tried_again(client, ana, service):
    turn_on(client, phone(service))
    turn_on(client, phone(service))
    service.post("/control/push/fail", json={"status": 503})
    notice, now = written(ana), timezone.now()

    notices.sweep(now=now)
    notice.refresh_from_db()
    assert (notice.state, len(notice.reached)) == ("waiting", 1)
    notices.sweep(now=notice.send_after)

    notice.refresh_from_db()
    phones = [one["phone"] for one in service.get("/control/push").json()["messages"]]
    assert notice.state == "sent" and len(phones) == len(set(phones)) == 2


def test_a_refusal_for_good_is_not_tried_again(client, ana, service):
    turn_on(client, phone(service))
    service.post("/control/push/fail", json={"status": 413})
    notice = written(ana)

    notices.sweep(now=timezone.now())

    notice.refresh_from_db()
    assert notice.state == "failed" and "413" in notice.error and notice.send_after is None


def test_a_service_that_cannot_be_reached_is_tried_later(ana, settings):
    settings.PUSH_SINK = "http://127.0.0.1:1/push"
    point = push.public_key()  # any point of the curve will do
    held = {"endpoint": "http://127.0.0.1:1/push/x", "keys": {"p256dh": point, "auth": "AAAAAAAAAAAAAAAAAAAAAA"}}
    devices.turn_on(ana.user, devices.Subscription.read(held), agent="", now=timezone.now())
    notice = written(ana)

    notices.sweep(now=timezone.now())

    notice.refresh_from_db()
    assert notice.state == "waiting" and notice.error == "ConnectionError"


def test_who_works_here_no_more_is_not_pushed_to(client, ana, service):
    turn_on(client, phone(service))
    notice = written(ana)
    ana.delete()

    notices.sweep(now=timezone.now())

    notice.refresh_from_db()
    assert notice.state == "dropped" and shown(service) == []


def test_signing_out_turns_this_device_off_and_no_other(client, ana, service):
    devices.turn_on(ana.user, devices.Subscription.read(phone(service)), agent="", now=timezone.now())
    turn_on(client, phone(service))
    client.post("/accounts/logout/")

    assert [one.label for one in Device.objects.all()] == ["A browser"]


def test_a_person_keeps_so_many_and_the_oldest_makes_room(ana, service):
    now = timezone.now()
    for n in range(devices.MOST + 2):
        devices.turn_on(ana.user, devices.Subscription.read(phone(service)), agent="", now=now + timedelta(minutes=n))

    kept = list(ana.user.devices.values_list("created_at", flat=True))
    assert len(kept) == devices.MOST and min(kept) == now + timedelta(minutes=2)


def test_turned_off_it_is_told_nothing(client, ana, service):
    turn_on(client, phone(service))
    device = Device.objects.get()

    assert "told nothing any more" in client.post(f"/settings/notices/{device.pk}/off/", follow=True).content.decode()
    assert not Device.objects.exists()


def test_without_a_key_the_page_says_so(client, ana, settings):
    settings.VAPID_KEY = ""

    assert "Push is not set up here" in client.get("/settings/notices/").content.decode()


def test_no_owner_is_named_on_a_locked_screen(client, ana, service):
    turn_on(client, phone(service))
    car, now = a_car(ana.fleet, name="Van 07"), timezone.now()
    car.connection.state, car.connection.reason = "needs_owner", "consent"
    car.connection.save()
    about = {"kind": "connection", "subject": storms.subject_of(car.connection), "occurrence": "1", "level": "warning"}
    alert = Alert.objects.create(fleet=ana.fleet, vehicle=car, opened_at=now, level_at=now, **about)
    told = {"alert": alert, "level": "warning", "send_after": now}
    for channel in ("push", "email"):
        Notice.objects.create(fleet=ana.fleet, user=ana.user, channel=channel, **told)

    notices.sweep(now=now)

    assert [one["body"] for one in shown(service)] == ["The car no longer reports. Its owner is needed."]
    assert "Halifax Leasing" in mail.outbox[0].body


def test_a_device_that_cannot_be_opened_holds_up_no_other(client, ana, service):
    turn_on(client, phone(service))
    about = {"label": "An old one", "created_at": timezone.now() + timedelta(hours=1), "digest": "x"}
    lost = Device.objects.create(user=ana.user, sealed="nonsense", **about)
    notice = written(ana)

    notices.sweep(now=timezone.now())

    notice.refresh_from_db()
    lost.refresh_from_db()
    assert notice.state == "sent" and len(shown(service)) == 1 and "turn it on again" in lost.error


@pytest.mark.parametrize(
    ("wait", "then"),
    [(3_600, timedelta(hours=1)), (999_999, notices.LADDER[-1]), (1, notices.LADDER[0])],
    ids=["an hour", "days are a day", "less than the ladder"],
)
def test_a_service_that_asks_for_time_gets_it_within_a_day(client, ana, service, wait, then):
    turn_on(client, phone(service))
    service.post("/control/push/fail", json={"status": 429, "wait": wait})
    notice, now = written(ana), timezone.now()

    notices.sweep(now=now)

    notice.refresh_from_db()
    assert notice.send_after == now + then


def test_without_a_key_a_push_is_given_up_and_says_why(client, ana, service, settings):
    turn_on(client, phone(service))
    settings.VAPID_KEY = ""
    notice = written(ana)

    notices.sweep(now=timezone.now())

    notice.refresh_from_db()
    assert (notice.state, notice.error) == ("failed", "push is not set up")


class Broken(BaseHTTPRequestHandler):
    """Takes the message, and then says so in bytes that are no gzip."""

    came = 0

    def do_POST(self):
        type(self).came += 1
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(201)
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", "7")
        self.end_headers()
        self.wfile.write(b"rubbish")

    def log_message(self, *words):
        pass


def test_what_was_taken_is_taken_however_the_answer_reads(ana, settings):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Broken)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        settings.PUSH_SINK = f"http://127.0.0.1:{server.server_port}"
        keys = {"p256dh": push.public_key(), "auth": "AAAAAAAAAAAAAAAAAAAAAA"}
        said = devices.Subscription.read({"endpoint": f"{settings.PUSH_SINK}/x", "keys": keys})
        devices.turn_on(ana.user, said, agent="", now=timezone.now())
        notice = written(ana)
        notices.sweep(now=timezone.now())
    finally:
        server.shutdown()
        server.server_close()

    notice.refresh_from_db()
    assert (notice.state, Broken.came) == ("sent", 1)
