"""A fleet begins, says how it reckons, and shows its wall; a person chooses light or dark."""

import pytest

from fleet.owners import wall
from fleet.owners.models import Fleet, Role, User
from maintenance.models import Recheck
from tests.scenes import PASSWORD, a_car, a_fleet, a_member

pytestmark = pytest.mark.django_db
SAID = {"name": "Harbour Vans", "units": "imperial", "time_zone": "Europe/Oslo"}


@pytest.fixture
def fleet():
    return a_fleet()


@pytest.fixture
def manager(client, fleet):
    member = a_member(fleet)
    client.force_login(member.user)
    return member


def test_somebody_without_a_fleet_begins_one_and_manages_it(client):
    user = User.objects.create_user("new@fleet.example", PASSWORD)
    client.force_login(user)
    assert 'href="/fleets/new/"' in client.get("/").content.decode()

    answers = [client.post("/fleets/new/", SAID) for _ in range(2)]

    fleet = Fleet.objects.get()
    assert [answer["Location"] for answer in answers] == ["/start/", "/start/"]
    assert (fleet.name, fleet.units, fleet.time_zone) == tuple(SAID.values())
    assert user.memberships.get().role == Role.MANAGER
    assert "2 of 7 done" in client.get("/start/").content.decode()


def test_a_manager_begins_another_and_is_in_it_at_once(client, manager):
    client.post("/fleets/new/", SAID)

    assert "<small>Harbour Vans</small>" in client.get("/").content.decode()


def test_two_fleets_of_one_name_would_be_mistaken_for_each_other(client, manager, fleet):
    Fleet.objects.update(created_at="2026-01-01T00:00Z")

    answer = client.post("/fleets/new/", SAID | {"name": "northgate"})

    assert answer.status_code == 422 and "manage a fleet called Northgate" in answer.content.decode()


@pytest.mark.parametrize("role", [Role.TECHNICIAN, Role.VIEWER])
def test_who_was_asked_to_help_opens_no_fleet(client, fleet, role):
    client.force_login(a_member(fleet, role).user)

    assert client.post("/fleets/new/", SAID).status_code == 403


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"time_zone": "Mars/Olympus"}, "is not a time zone"),
        ({"units": "furlongs"}, "valid choice"),
        ({"name": ""}, "required"),
    ],
)
def test_nonsense_is_told_beside_its_field_and_changes_nothing(client, manager, fleet, typed, words):
    answer = client.post("/settings/save/", SAID | typed)

    fleet.refresh_from_db()
    assert answer.status_code == 422 and words in answer.content.decode() and fleet.name == "Northgate"


def test_a_zone_is_found_however_it_is_written(client, manager, fleet):
    client.post("/settings/save/", SAID | {"time_zone": " america/new york "})

    fleet.refresh_from_db()
    assert fleet.time_zone == "America/New_York"


def test_with_another_zone_and_with_nothing_else_the_fleet_is_reviewed_anew(client, manager, fleet):
    a_car(fleet)
    client.post("/settings/save/", SAID | {"time_zone": fleet.time_zone})
    assert not Recheck.objects.exists()

    client.post("/settings/save/", SAID)

    assert Recheck.objects.get().why == "another time zone"


def test_others_read_what_a_manager_has_set(client, fleet):
    client.force_login(a_member(fleet, Role.VIEWER).user)

    page = client.get("/settings/").content.decode()

    assert "A manager can change them" in page and 'name="time_zone"' not in page and "screen" not in page


@pytest.mark.parametrize(("chosen", "tag"), [("dark", '<html lang="en" data-theme="dark">'), ("", '<html lang="en">')])
def test_light_or_dark_is_kept_with_the_person(client, manager, chosen, tag):
    client.post("/settings/yours/", {"name": "Ana Berg", "theme": chosen})

    page = client.get("/vehicles/").content.decode()
    assert tag in page and "Ana Berg" in page
    assert client.post("/settings/yours/", {"name": "Ana", "theme": "pink"}).status_code == 422


def test_the_wall_has_an_address_until_it_is_taken_back(client, manager, fleet):
    a_car(fleet, name="Van 07")
    client.post("/settings/wall/make/")
    fleet.refresh_from_db()
    first = f"/wall/{wall.token(fleet)}/"
    assert first in client.get("/settings/").content.decode()
    client.logout()

    shown = client.get(first)
    page = shown.content.decode()
    assert shown.status_code == 200 and "Northgate" in page and "/orders/" not in page
    assert shown["Referrer-Policy"] == "no-referrer" and "no-store" in shown["Cache-Control"]
    assert client.get("/wall/").status_code == 302 and client.get("/vehicles/").status_code == 302

    client.force_login(manager.user)
    client.post("/settings/wall/make/")
    fleet.refresh_from_db()
    second = f"/wall/{wall.token(fleet)}/"
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)
    client.post("/settings/wall/take-back/")
    assert client.get(second).status_code == 404


def test_the_wall_of_an_address_renews_itself_by_that_address(client, manager, fleet):
    client.post("/settings/wall/make/")
    fleet.refresh_from_db()
    address = f"/wall/{wall.token(fleet)}/"
    client.logout()

    page = client.get(address).content.decode()
    assert f'hx-get="{address}"' in page
    stamp = page.split('hx-vals="')[1].split('"')[0].replace("&quot;", '"').split('"')[3]
    assert client.get(address, {"stamp": stamp}, headers={"HX-Request": "true"}).status_code in (200, 204)


@pytest.mark.parametrize("rubbish", ["x", "1-1:forged", "1-0:x", "0"])
def test_no_rubbish_opens_a_wall(client, fleet, rubbish):
    assert client.get(f"/wall/{rubbish}/").status_code == 404


def test_the_second_step_can_be_turned_on_by_whoever_was_given_an_account(client, fleet):
    """An admin made it, so no letter ever proved the address; to look at the address changes nothing about that."""
    client.force_login(a_member(fleet).user)
    client.get("/accounts/email/")

    answer = client.get("/accounts/2fa/totp/activate/", follow=True)

    assert 'id="authenticator_secret"' in answer.content.decode()
