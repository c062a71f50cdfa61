"""Who is told, once, of what is still true."""

from datetime import timedelta

import pytest
from django.core import mail

from fleet.owners.models import Membership, Role, User
from maintenance import anchors, metering, notices, workshop
from maintenance.domain.plan import AnchorKind
from maintenance.metering import Said
from maintenance.models import Notice
from tests.maintenance.scenes import at_km, drive, item_of, last_done
from tests.scenes import NOON, a_car, a_fleet, a_member, codes, odometer, oil
from vehicles.models import Reading

pytestmark = pytest.mark.django_db


@pytest.fixture
def car():
    fleet = a_fleet()
    a_member(fleet, Role.MANAGER, "manager@fleet.example")
    a_member(fleet, Role.TECHNICIAN, "technician@fleet.example")
    a_member(fleet, Role.VIEWER, "viewer@fleet.example")
    car = a_car(fleet, name="Van 07", plate="BT 61 204")
    last_done(car, km=40_000, days_ago=60)
    at_km(car, 41_000)
    return car


def send(now=NOON) -> list:
    mail.outbox.clear()
    while notices.sweep(now=now):
        pass
    return mail.outbox


def test_a_fresh_change_is_told_to_managers_and_technicians_once(car):
    at_km(car, 48_500)
    sent = send()

    assert sorted(letter.to[0] for letter in sent) == ["manager@fleet.example", "technician@fleet.example"]
    assert "Van 07" in sent[0].subject
    assert "Oil and filter change is overdue" in sent[0].body
    assert f"/vehicles/{car.pk}/?fleet={car.fleet_id}" in sent[0].body

    at_km(car, 48_600, now=NOON + timedelta(hours=1))
    assert send(NOON + timedelta(hours=1)) == []


def test_a_rise_of_level_is_told_again(car):
    at_km(car, 47_500)
    assert len(send()) == 2
    at_km(car, 48_500, now=NOON + timedelta(hours=5))
    assert len(send(NOON + timedelta(hours=5))) == 2


def test_what_was_measured_long_ago_comes_in_one_digest(car):
    old = NOON - timedelta(days=3)
    drive(car, odometer(48_500, at=old), codes("P0420", "P0171", at=old))
    assert send() == []

    sent = send(NOON + notices.GATHER)
    assert len(sent) == 2
    assert "P0420" in sent[0].body and "P0171" in sent[0].body and "Oil and filter change" in sent[0].body


def test_an_enrolment_gives_one_digest_and_no_storm(car):
    for number in range(4):
        newcomer = a_car(car.fleet)
        drive(newcomer, odometer(60_000 + number, at=NOON), codes("C0035", at=NOON - timedelta(days=2)))

    sent = send(NOON + notices.GATHER)
    assert sorted(letter.to[0] for letter in sent) == ["manager@fleet.example", "technician@fleet.example"]


def test_codes_found_at_the_first_read_are_no_news(car):
    newcomer = a_car(car.fleet)
    drive(newcomer, codes("P0420", at=NOON))
    assert send() == []

    later = NOON + timedelta(hours=2)
    drive(newcomer, codes("P0420", "C0035", at=later), now=later)
    sent = send(later)
    told = sorted(letter.to[0] for letter in sent if "C0035" in letter.subject)  # of one moment, in any order
    assert told == ["manager@fleet.example", "technician@fleet.example"]


def test_history_that_comes_late_tells_nobody_again(car):
    long_ago = NOON - timedelta(days=300)
    drive(car, codes(at=long_ago), now=long_ago)
    drive(car, codes("P0420", at=NOON))
    assert len(send()) == 2

    for days, found in ((200, ["P0420"]), (190, []), (189, [])):
        drive(car, codes(*found, at=NOON - timedelta(days=days)))

    assert send() == []


def test_what_is_mended_meanwhile_is_not_told(car):
    at_km(car, 48_500)
    technician = car.fleet.memberships.get(role=Role.TECHNICIAN).user
    workshop.complete(
        item_of(car),
        by=technician,
        done_on=NOON.date(),
        odometer_km=48_500,
        notes="",
        key="k",
        now=NOON,
    )

    assert send() == []
    assert set(Notice.objects.values_list("state", flat=True)) == {"dropped"}


def test_who_lost_access_hears_nothing(car):
    at_km(car, 48_500)
    car.fleet.memberships.filter(role=Role.MANAGER).delete()

    assert [letter.to[0] for letter in send()] == ["technician@fleet.example"]


def test_who_may_not_sign_in_any_more_hears_nothing(car):
    at_km(car, 48_500)
    User.objects.filter(email="technician@fleet.example").update(is_active=False)

    assert [letter.to for letter in send()] == [["manager@fleet.example"]]


def test_the_same_notice_always_has_the_same_message_id(car):
    at_km(car, 48_500)
    send()
    first = {letter.extra_headers["Message-ID"] for letter in mail.outbox}
    Notice.objects.update(state="waiting", send_after=NOON, sent_at=None)

    assert {letter.extra_headers["Message-ID"] for letter in send()} == first


def test_a_hostile_name_stays_one_line_of_a_subject(car):
    car.name = "Van\r\nBcc: everybody@else.example"
    car.save()
    at_km(car, 48_500)

    letter = send()[0]
    assert "\n" not in letter.subject
    assert letter.message()["Bcc"] is None


@pytest.fixture
def mail_server(settings):
    """A real SMTP conversation whose answer to RCPT the test chooses."""
    import socketserver
    import threading

    answers = {"rcpt": "250 ok", "seen": []}

    class Conversation(socketserver.StreamRequestHandler):
        def handle(self):
            self.wfile.write(b"220 tests\r\n")
            body = False
            for raw in self.rfile:
                line = raw.decode().strip()
                if body:
                    body = line != "."
                    if not body:
                        self.wfile.write(b"250 kept\r\n")
                    continue
                word = line.split(":")[0].split(" ")[0].upper()
                if word == "RCPT":
                    answers["seen"].append(line)
                reply = {"RCPT": answers["rcpt"], "DATA": "354 go on", "QUIT": "221 bye"}.get(word, "250 ok")
                body = word == "DATA"
                self.wfile.write(f"{reply}\r\n".encode())

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
    yield answers
    server.shutdown()
    server.server_close()


def test_an_address_that_does_not_exist_is_not_tried_again(car, mail_server):
    mail_server["rcpt"] = "550 no such user"
    at_km(car, 48_500)
    notices.sweep(now=NOON)

    assert set(Notice.objects.values_list("state", "send_after")) == {("failed", None)}
    assert "550" in Notice.objects.first().error


def test_a_busy_server_is_tried_later_on_the_ladder(car, mail_server):
    mail_server["rcpt"] = "451 later"
    at_km(car, 48_500)
    notices.sweep(now=NOON)
    assert set(Notice.objects.values_list("state", "send_after")) == {("waiting", NOON + notices.LADDER[0])}

    mail_server["rcpt"] = "250 ok"
    notices.sweep(now=NOON + notices.LADDER[0])
    assert set(Notice.objects.values_list("state", flat=True)) == {"sent"}


def test_a_server_that_is_away_loses_nothing(car, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    at_km(car, 48_500)
    for _ in range(3):
        notices.sweep(now=NOON + timedelta(days=1))

    assert set(Notice.objects.values_list("state", flat=True)) == {"waiting"}


def test_one_that_cannot_be_written_holds_up_nobody(car):
    at_km(car, 48_500)
    broken = Notice.objects.order_by("pk").first()
    Notice.objects.filter(pk=broken.pk).update(level="nonsense")

    assert len(send()) == 1
    broken.refresh_from_db()
    assert (broken.state, broken.send_after) == ("waiting", NOON + notices.LADDER[0])


def test_what_rises_while_a_digest_is_on_its_way_is_told_in_the_next(car):
    drive(car, odometer(48_500, at=NOON - timedelta(days=3)))
    Notice.objects.update(attempts=1, send_after=NOON + notices.LEASE)  # claimed, and at the mail server now
    drive(car, codes("P0171", at=NOON - timedelta(days=2)))

    assert Notice.objects.filter(form="digest", state="waiting", attempts=0).count() == 2


def test_the_same_trouble_is_told_each_time_it_comes_back(car):
    """At the same level too: it was over in between, and nobody had serviced anything."""
    for turn in range(3):
        at = NOON + timedelta(hours=2 * turn)
        drive(car, oil(8, at=at), now=at)
        assert len(send(at)) == 2
        at += timedelta(hours=1)
        drive(car, oil(100, at=at), now=at)
        assert len(send(at)) == 0


def test_a_false_alarm_does_not_swallow_the_real_one(car):
    """A wrong odometer, taken back by a person; months later it is so."""
    for km, day in ((43_400, 1), (48_500, 4)):
        at_km(car, km, now=NOON + timedelta(days=day))
    assert "is overdue" in send(NOON + timedelta(days=4))[0].body
    boss = a_member(car.fleet, Role.MANAGER).user
    metering.void(Reading.objects.get(number=48_500), Said(boss, "typo", NOON + timedelta(days=5)))

    at_km(car, 47_500, now=NOON + timedelta(days=60))
    send(NOON + timedelta(days=60))
    at_km(car, 48_500, now=NOON + timedelta(days=66))

    assert "is overdue" in send(NOON + timedelta(days=66))[0].body


@pytest.mark.parametrize(("sent_between", "said"), [(True, [2, 0]), (False, [0, 2])])
def test_what_fell_back_before_it_was_sent_is_said_once(car, sent_between, said):
    """Soon, then due by a wrong odometer that somebody takes back before the second letter leaves."""
    at_km(car, 47_300, now=NOON)
    first = len(send(NOON)) if sent_between else 0
    at_km(car, 48_046.7, now=NOON + timedelta(minutes=1))
    boss = Membership.objects.get(fleet=car.fleet, role=Role.MANAGER).user
    metering.void(Reading.objects.get(number=48_046.7), Said(boss, "typo", NOON + timedelta(minutes=2)))

    assert [first, len(send(NOON + timedelta(minutes=3)))] == said


def test_whoever_did_it_is_not_told_of_it(car):
    """A manager states a last service that makes the item overdue: the technician hears, the manager knows."""
    at_km(car, 43_000, now=NOON)
    boss = Membership.objects.get(fleet=car.fleet, role=Role.MANAGER).user
    long_ago = NOON.date() - timedelta(days=400)
    start = anchors.Start(car, item_of(car).task, AnchorKind.KNOWN, long_ago, 30_000)
    anchors.set_starts([start], by=boss, now=NOON)

    assert item_of(car).status == "overdue"
    assert {letter.to[0] for letter in send()} == {"technician@fleet.example"}


def test_an_old_job_logged_late_does_not_tell_everybody_again(car):
    at_km(car, 48_500, now=NOON)
    assert len(send()) == 2
    by = a_member(car.fleet, Role.TECHNICIAN).user
    said = {"odometer_km": None, "notes": "", "key": "late", "now": NOON + timedelta(hours=1)}
    workshop.complete(item_of(car), by=by, done_on=NOON.date() - timedelta(days=300), **said)

    assert item_of(car).status == "overdue"
    assert send(NOON + timedelta(hours=1)) == []


def test_trouble_that_comes_back_unserviced_is_news_again(car):
    drive(car, oil(8, at=NOON))
    assert len(send()) == 2
    drive(car, oil(100, at=NOON + timedelta(hours=1)), now=NOON + timedelta(hours=1))
    drive(car, oil(19, at=NOON + timedelta(hours=2)), now=NOON + timedelta(hours=2))

    sent = send(NOON + timedelta(hours=2))
    assert len(sent) == 2
    assert "is due" in sent[0].body
