"""The connect pages: who is asked, and what every ending says."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone

from fleet.owners.models import Owner, Role
from tests.scenes import a_car, a_fleet, a_member, unique
from vehicles.boards.connect_words import OUTCOMES
from vehicles.models import ConnectAttempt

pytestmark = pytest.mark.django_db


@pytest.fixture
def fleet():
    return a_fleet()


@pytest.fixture
def manager(client, fleet):
    member = a_member(fleet, Role.MANAGER)
    client.force_login(member.user)
    return member


def an_attempt(manager, **fields) -> ConnectAttempt:
    owner, _ = Owner.objects.get_or_create(fleet=manager.fleet, name="Halifax Leasing")
    now = timezone.now()
    fixed = {"state_hash": unique("state"), "session_hash": "", "ends_at": now + timedelta(minutes=15)}
    return ConnectAttempt.objects.create(fleet=manager.fleet, owner=owner, by=manager.user, **fixed | fields)


def begun(client, **sent) -> dict:
    answer = client.post("/connect/start/", sent)
    assert answer.status_code == 302
    return {name: values[0] for name, values in parse_qs(urlsplit(answer["Location"]).query).items()}


def test_a_new_owner_is_made_and_sent_to_connect(client, fleet, manager):
    query = begun(client, name="D. Marchetti", email="d@x.example")

    owner = Owner.objects.get(fleet=fleet)
    assert (owner.name, owner.email) == ("D. Marchetti", "d@x.example")
    assert query["external_id"] == owner.external_id
    assert query["redirect_uri"].endswith("/connect/back/")


def test_an_owner_of_that_name_is_used_again(client, fleet, manager):
    owner = Owner.objects.create(fleet=fleet, name="D. Marchetti")

    assert begun(client, name="d. marchetti")["external_id"] == owner.external_id
    assert begun(client, owner=owner.pk)["external_id"] == owner.external_id
    assert Owner.objects.count() == 1


@pytest.mark.parametrize("sent", [{}, {"name": ""}, {"name": "X" * 300}, {"name": "A", "email": "no"}, {"owner": "x"}])
def test_what_is_wrong_is_said_beside_the_field(client, manager, sent):
    answer = client.post("/connect/start/", sent)

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()


def test_another_fleets_owner_is_not_there(client, manager):
    theirs = Owner.objects.create(fleet=a_fleet("Theirs"), name="Secret Owner")

    assert client.post("/connect/start/", {"owner": theirs.pk}).status_code == 404
    assert "Secret Owner" not in client.get("/connect/").content.decode()


@pytest.mark.parametrize("error", [*OUTCOMES, "something_new"])
def test_every_ending_says_what_happened_and_what_to_do(client, manager, error):
    attempt = an_attempt(manager, stage="failed", error=error)

    page = client.get(f"/connect/{attempt.pk}/").content.decode()

    assert "<h2>" in page and "Back to the owners" in page
    assert ("Begin again</button>" in page) is (error != "held")


def test_a_no_comes_back_as_a_page_in_our_own_words(client, manager):
    state = begun(client, name="D. Marchetti")["state"]
    query = {"state": state, "error": "access_denied", "error_description": "<script>alert(1)</script>"}

    answer = client.get("/connect/back/", query, follow=True)

    page = answer.content.decode()
    assert "The owner said no" in page and "alert(1)" not in page


def test_a_yes_is_looked_into_until_the_cars_are_there(client, fleet, manager):
    state = begun(client, name="D. Marchetti")["state"]
    page = client.get("/connect/back/", {"state": state}, follow=True).content.decode()
    assert "Looking for the cars" in page and 'http-equiv="refresh"' in page

    attempt = ConnectAttempt.objects.get()
    attempt.stage = "done"
    attempt.save()
    attempt.vehicles.add(a_car(fleet, name="Van 31"))
    part = client.get(f"/connect/{attempt.pk}/", headers={"HX-Request": "true"}).content.decode()

    assert "Van 31" in part and "hx-trigger" not in part and "<html" not in part


@pytest.mark.parametrize("query", [{}, {"state": "made up"}, {"state": "", "error": "access_denied"}])
def test_an_answer_that_nobody_waits_for_is_refused_kindly(client, manager, query):
    answer = client.get("/connect/back/", query)

    assert answer.status_code == 400
    assert "This did not begin here" in answer.content.decode()


def test_an_answer_counts_once(client, manager):
    state = begun(client, name="D. Marchetti")["state"]

    first, second = (client.get("/connect/back/", {"state": state}) for _ in range(2))

    assert (first.status_code, second.status_code) == (302, 400)
