"""A maker moves its accounts: its owners are asked in one go, and whoever comes back is ticked off."""

import re
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from django.core import mail
from django.utils import timezone

from fleet.owners.models import Owner, Role
from tests.flows.makers import sandbox, until
from tests.flows.walking import accounts, command, connected
from tests.scenes import a_car, a_fleet, a_member
from vehicles.consent import campaigning
from vehicles.models import Appeal, Campaign, Connection, Delivery, Vehicle
from vehicles.post import inbox

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def manager(client):
    member = a_member(a_fleet())
    client.force_login(member.user)
    return member


def fail(cars, now=None) -> None:
    Connection.objects.filter(vehicles__in=cars).update(
        state="needs_owner",
        reason="CONNECTED_SERVICES_ACCOUNT.AUTHENTICATION_FAILED",
        state_since=now or timezone.now(),
    )


def owned(fleet, name, *, email="", cars=1, make="Ford"):
    owner = Owner.objects.create(fleet=fleet, name=name, email=email)
    made = [a_car(fleet, make=make) for _ in range(cars)]
    Connection.objects.filter(vehicles__in=made).update(owner=owner)
    fail(made)
    return made


def begun(client, make="FORD", reason="Ford closed its old accounts."):
    return client.post("/connect/campaigns/", {"act": "begin", "make": make, "reason": reason}, follow=True)


def test_every_owner_of_the_make_is_asked_once(client, manager):
    owned(manager.fleet, "Ada", email="ada@x.example", cars=2)
    owned(manager.fleet, "Bo")
    owned(manager.fleet, "Cy", email="cy@x.example", make="Volvo")
    a_car(manager.fleet, make="FORD")

    page = begun(client).content.decode()
    campaigning.sweep(now=timezone.now())
    campaigning.sweep(now=timezone.now())

    assert "0 of 3 cars reconnected" in page
    assert "1 owner has no e-mail and must be called" in page
    letter = mail.outbox[0]
    assert [sent.to for sent in mail.outbox] == [["ada@x.example"]]
    assert "Ford closed its old accounts." in letter.body
    assert letter.reply_to == [manager.user.email]


def test_it_survives_a_reload_and_counts_who_came_back(client, manager):
    cars = owned(manager.fleet, "Ada", email="ada@x.example", cars=3)
    begun(client)

    Connection.objects.filter(vehicles=cars[0]).update(state="connected", reason="")

    assert "1 of 3 cars reconnected" in client.get("/connect/campaigns/").content.decode()
    assert begun(client).status_code == 422, "the same make cannot be begun twice"
    assert Campaign.objects.count() == 1


def test_who_is_back_before_the_letter_leaves_gets_none(client, manager):
    cars = owned(manager.fleet, "Ada", email="ada@x.example")
    begun(client)
    Connection.objects.filter(vehicles__in=cars).update(state="connected")

    campaigning.sweep(now=timezone.now())

    assert mail.outbox == []
    assert not Appeal.objects.exclude(mail_after=None).exists()


@pytest.mark.parametrize(("act", "word"), [("end", "Ended"), ("cancel", "Cancelled")])
def test_an_ended_campaign_writes_no_more(client, manager, act, word):
    owned(manager.fleet, "Ada", email="ada@x.example")
    begun(client)

    page = client.post("/connect/campaigns/", {"act": act, "campaign": Campaign.objects.get().pk}, follow=True)
    campaigning.sweep(now=timezone.now())

    assert word in page.content.decode()
    assert mail.outbox == []


def test_an_owner_is_written_to_again_after_an_hour_at_the_soonest(client, manager):
    owned(manager.fleet, "Ada", email="ada@x.example")
    begun(client)
    now = timezone.now()
    campaigning.sweep(now=now)
    appeal = Appeal.objects.get()

    assert not campaigning.write_again(appeal, now=now + timedelta(minutes=10))
    assert campaigning.write_again(appeal, now=now + timedelta(hours=2))
    campaigning.sweep(now=now + timedelta(hours=2))

    assert len(mail.outbox) == 2


def test_many_of_one_make_within_a_day_are_suggested(client, manager):
    fleet, now = manager.fleet, timezone.now()
    cars = owned(fleet, "Ada", cars=2)
    assert campaigning.suggestions(fleet, now=now) == {}

    owned(fleet, "Bo", make="FORD")
    assert campaigning.suggestions(fleet, now=now) == {"FORD": 3}
    assert "3 Ford cars need their owner" in client.get("/connect/campaigns/").content.decode()
    fail(cars, now - timedelta(days=2))

    assert campaigning.suggestions(fleet, now=now) == {}


def test_another_fleets_campaign_is_not_there(client, manager):
    other = a_member(a_fleet("Theirs"))
    owned(other.fleet, "Secret Owner", email="s@x.example")
    theirs = campaigning.begin(other.fleet, make="Ford", reason="x", by=other.user, now=timezone.now())

    for said in ({"act": "end", "campaign": theirs.pk}, {"act": "write", "appeal": theirs.appeals.get().pk}):
        assert client.post("/connect/campaigns/", said).status_code == 404
    assert client.post("/connect/campaigns/", {"act": "end", "campaign": "x"}).status_code == 404
    assert "Secret Owner" not in client.get("/connect/campaigns/").content.decode()
    assert begun(client).status_code == 422


def test_a_viewer_may_not_begin_one(client, manager):
    client.force_login(a_member(manager.fleet, Role.TECHNICIAN).user)

    assert begun(client).status_code == 403


def test_an_owner_mends_it_alone_by_the_address_in_the_letter(client, tmp_path, settings, live_server, manager):
    with sandbox(tmp_path, settings, door=live_server.url) as makers:
        owner = Owner.objects.create(fleet=manager.fleet, name="Ada", email="ada@x.example")
        cars = connected(owner, manager, accounts(makers)[0]["account"])
        command(makers, "state", account=accounts(makers)[0]["account"], state="reconnect")
        opened(lambda: not Vehicle.objects.filter(connection__state="connected").exists())
        make = cars[0].make.upper()
        begun(client, make)
        campaigning.sweep(now=timezone.now())

        links = re.findall(r"http\S+", mail.outbox[0].body)
        assert len(links) == len(cars)
        for link in links:
            assert requests.get(link, timeout=10).status_code == 200
            answer = requests.post(
                link,
                data=dict(parse_qsl(urlsplit(link).query)) | {"answer": "allow"},
                timeout=10,
                allow_redirects=False,
            )
            assert answer.status_code < 400

        opened(lambda: Vehicle.objects.filter(connection__state="connected").count() == len(cars))
        page = client.get("/connect/campaigns/").content.decode()
        assert f"{len(cars)} of {len(cars)} cars reconnected" in page


def opened(true) -> None:
    """Wait for deliveries and open them until it is so."""

    def look():
        inbox.sweep(now=timezone.now())
        return Delivery.objects.exists() and true()

    until(look, seconds=15)
