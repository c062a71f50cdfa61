"""An invitation from the form to the first sign-in: one link, good once."""

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.core import mail
from django.utils import timezone

from fleet.owners import inviting
from fleet.owners.models import Invitation, Membership, Role, User
from tests.scenes import PASSWORD, a_fleet, a_member

pytestmark = pytest.mark.django_db
NEW = {"name": "Per Berg", "password": "a long enough sentence"}


@pytest.fixture
def fleet():
    return a_fleet()


@pytest.fixture
def manager(client, fleet):
    member = a_member(fleet, email="ana@fleet.example")
    client.force_login(member.user)
    return member


def invite(client, email="per@fleet.example", role="technician"):
    return client.post("/settings/people/invite/", {"email": email, "role": role}, follow=True)


def deliver() -> list[str]:
    """The links of the letters that leave now."""
    begun = len(mail.outbox)
    inviting.sweep(now=timezone.now())
    return [re.search(r"https?://[^/]+(/invitations/\S+)", letter.body)[1] for letter in mail.outbox[begun:]]


@pytest.fixture
def link(client, manager):
    invite(client)
    (link,) = deliver()
    client.logout()
    return link


def test_a_letter_leaves_once_with_who_asks_for_what(client, manager):
    page = invite(client, "Per@Fleet.example").content.decode()
    deliver()

    (letter,) = mail.outbox
    assert "the letter leaves within seconds" in page and "per@fleet.example" in page
    assert letter.to == ["per@fleet.example"] and letter.reply_to == ["ana@fleet.example"]
    assert letter.subject == "Manager Person asks you to join Northgate"
    assert "as technician" in letter.body and letter.extra_headers["Message-ID"].startswith("<invitation-")
    assert deliver() == []


def test_somebody_new_sets_a_password_and_is_in(client, fleet, link):
    page = client.get(link).content.decode()
    assert "Manager Person asks you to join as technician" in page and "per@fleet.example" in page

    answer = client.post(link, NEW, follow=True)

    person = User.objects.get(email="per@fleet.example")
    assert answer.redirect_chain[-1][0] == "/" and answer.status_code == 200
    assert person.check_password(NEW["password"]) and person.name == "Per Berg"
    assert Membership.objects.get(user=person).role == Role.TECHNICIAN
    assert person.emailaddress_set.get().verified
    client.logout()
    signed_in = client.post("/accounts/login/", {"login": "per@fleet.example", "password": NEW["password"]})
    assert signed_in["Location"] == "/"


def test_looking_takes_nothing_and_joining_takes_the_link(client, link):
    for _ in range(3):
        assert client.get(link).status_code == 200
    client.post(link, NEW)
    client.logout()

    for answer in (client.get(link), client.post(link, NEW | {"name": "Another"})):
        assert answer.status_code == 410 and "This link is over" in answer.content.decode()
    assert User.objects.filter(email="per@fleet.example").count() == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"name": "", "password": NEW["password"]}, "required"),
        ({"name": "Per", "password": "short"}, "too short"),
        ({"name": "Per", "password": "per@fleet.example"}, "too similar"),
    ],
)
def test_a_poor_answer_keeps_what_was_typed_and_the_link(client, link, typed, words):
    answer = client.post(link, typed)

    page = answer.content.decode()
    assert answer.status_code == 422 and words in page and NEW["password"] not in page
    assert client.post(link, NEW).status_code == 302


def test_somebody_with_an_account_signs_in_and_joins(client, fleet, link):
    elsewhere = a_member(a_fleet("Elsewhere"), email="per@fleet.example", password=PASSWORD)

    assert f"/accounts/login/?next={quote(link)}" in client.get(link).content.decode()
    client.force_login(elsewhere.user)
    assert "Join as" in client.get(link).content.decode()
    page = client.post(link, follow=True).content.decode()

    assert "<small>Northgate</small>" in page
    assert {one.fleet.name for one in elsewhere.user.memberships.all()} == {"Elsewhere", "Northgate"}
    assert client.get(link)["Location"] == "/"  # whoever used it is let in, not told off


def test_somebody_else_is_told_for_whom_it_is_and_cannot_take_it(client, link):
    client.force_login(a_member(a_fleet("Elsewhere")).user)

    page = client.get(link).content.decode()
    client.post(link)

    assert "The letter went to per@fleet.example" in page
    assert Invitation.objects.get().ended_at is None


def test_written_again_only_the_newest_link_is_good(client, manager):
    invite(client)
    (first,) = deliver()
    Invitation.objects.update(sent_at=timezone.now() - timedelta(hours=1))
    one = Invitation.objects.get()
    page = client.post(f"/settings/invitations/{one.pk}/again/", follow=True).content.decode()
    (second,) = deliver()
    client.logout()

    assert "Another letter goes" in page and first != second
    assert (client.get(first).status_code, client.get(second).status_code) == (410, 200)


def test_a_second_click_writes_no_second_letter(client, manager):
    invite(client)
    deliver()
    one = Invitation.objects.get()

    page = client.post(f"/settings/invitations/{one.pk}/again/", follow=True).content.decode()
    invite(client)

    assert "a moment ago" in page and deliver() == [] and Invitation.objects.count() == 1


def test_withdrawn_or_out_of_date_a_link_is_worth_nothing(client, manager):
    for email in ("a@fleet.example", "b@fleet.example"):
        invite(client, email)
    first, second = deliver()
    one, other = Invitation.objects.order_by("pk")
    client.post(f"/settings/invitations/{one.pk}/withdraw/")
    Invitation.objects.filter(pk=other.pk).update(expires_at=timezone.now() - timedelta(minutes=1))
    client.logout()

    assert [client.post(link, NEW).status_code for link in (first, second)] == [410, 410]
    assert User.objects.count() == 1
    client.force_login(manager.user)
    assert "the link went out of date" in client.get("/settings/people/").content.decode()


@pytest.mark.parametrize("rubbish", ["x", "1-1:forged", "1-1:", "%00", "9" * 300])
def test_rubbish_is_told_as_no_link_of_ours(client, rubbish):
    answer = client.get(f"/invitations/{rubbish}/")

    assert answer.status_code == 410 and "not one of ours" in answer.content.decode()


def test_who_works_here_is_not_asked_and_nobody_is_with_nonsense(client, manager):
    for email, words in (("ANA@fleet.example", "works here already"), ("nonsense", "valid email")):
        answer = invite(client, email)
        assert answer.status_code == 422 and words in answer.content.decode()
    assert Invitation.objects.count() == 0
    assert client.post("/settings/people/invite/", {"email": "x@y.example", "role": "king"}).status_code == 422


def test_a_letter_that_cannot_leave_says_so_and_goes_later(client, manager, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 1, 1
    invite(client)
    now = timezone.now()
    inviting.sweep(now=now)

    one = Invitation.objects.get()
    page = client.get("/settings/people/").content.decode()
    assert one.sent_at is None and one.send_after == now + inviting.LADDER[0] and one.error
    assert "the letter did not leave" in page and "tried again at" in page

    for _ in inviting.LADDER:
        now = Invitation.objects.get().send_after
        inviting.sweep(now=now)
    assert Invitation.objects.get().send_after is None  # the page offers to write again


def test_the_page_of_the_link_tells_its_address_to_nobody(client, link):
    answer = client.get(link)

    assert answer["Referrer-Policy"] == "origin" and "no-store" in answer["Cache-Control"]


def test_a_name_full_of_tricks_stays_words(client, fleet, manager):
    manager.user.name = "Ana\r\nBcc: all@fleet.example"
    manager.user.save()
    fleet.name = "<script>alert(1)</script>"
    fleet.save()
    invite(client)
    (link,) = deliver()
    client.logout()

    assert "\n" not in mail.outbox[0].subject
    assert "<script>alert" not in client.get(link).content.decode()
