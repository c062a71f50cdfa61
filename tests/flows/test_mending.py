"""An owner mends a known connection: the same car, and only once Smartcar tells of it again."""

from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.utils import timezone

from fleet.owners.models import Owner
from tests.flows.makers import consent, sandbox, sign_in_again
from tests.flows.walking import account_of, beginning, command, ended, walk
from tests.scenes import a_fleet, a_member
from vehicles.consent import connect
from vehicles.models import ConnectAttempt, Connection, Grant, Terms, Vehicle

pytestmark = pytest.mark.django_db(transaction=True)

FAILED = ("CONNECTED_SERVICES_ACCOUNT", "AUTHENTICATION_FAILED")


@pytest.fixture(params=["v2", "v3"])
def manager(request):
    member = a_member(a_fleet())
    Terms.objects.create(fleet=member.fleet, generation=request.param)
    return member


@pytest.fixture
def makers(tmp_path, settings):
    with sandbox(tmp_path, settings) as origin:
        yield origin


@pytest.fixture
def car(makers, manager):
    """Connected, and then its owner changed the password at the maker."""
    owner = Owner.objects.create(fleet=manager.fleet, name="Halifax Leasing")
    walk(owner, manager, account_of(makers))
    car = Vehicle.objects.select_related("connection__grant", "connection__owner").first()
    command(makers, "trouble", vehicleId=car.smartcar_id, type=FAILED[0], code=FAILED[1])
    car.connection.turn("needs_owner", ".".join(FAILED), timezone.now())
    Vehicle.objects.filter(pk=car.pk).update(poll_after=None, subscribe_after=None)
    return car


def test_signing_in_again_mends_the_known_car(makers, manager, car, client):
    cars, rows = Vehicle.objects.count(), Connection.objects.count()
    began = beginning(manager)

    back = sign_in_again(connect.mend(car.connection, **began))
    assert back["vehicle_id"] == car.smartcar_id
    attempt = connect.come_back(back, **began)
    car.connection.refresh_from_db()
    assert car.connection.state == "needs_owner"  # the browser's word alone changes nothing

    assert ended(attempt).stage == "done"
    car.refresh_from_db()
    assert (car.connection.state, car.connection.reason, car.connection.mend_url) == ("connected", "", "")
    assert car.connection.consented_at >= began["now"]
    assert car.poll_after is not None and car.subscribe_after is not None
    assert (Vehicle.objects.count(), Connection.objects.count()) == (cars, rows)
    client.force_login(manager.user)
    assert "1 car connected again" in client.get(f"/connect/{attempt.pk}/").content.decode()


def test_a_no_changes_nothing(makers, manager, car):
    began = beginning(manager)

    attempt = connect.come_back(sign_in_again(connect.mend(car.connection, **began), "access_denied"), **began)

    car.connection.refresh_from_db()
    assert (attempt.stage, attempt.error) == ("failed", "access_denied")
    assert car.connection.state == "needs_owner"


def test_a_yes_for_another_car_is_refused(makers, manager, car):
    began = beginning(manager)
    another = Vehicle.objects.exclude(pk=car.pk).first()
    back = sign_in_again(connect.mend(car.connection, **began)) | {"vehicle_id": another.smartcar_id}

    attempt = connect.come_back(back, **began)

    assert (attempt.stage, attempt.error) == ("failed", "another_car")


def test_a_yes_that_smartcar_does_not_confirm_is_none(makers, manager, car):
    began = beginning(manager)
    state = dict(parse_qsl(urlsplit(connect.mend(car.connection, **began)).query))["state"]

    attempt = ended(connect.come_back({"state": state, "vehicle_id": car.smartcar_id}, **began))

    car.connection.refresh_from_db()
    assert (attempt.stage, attempt.error) == ("failed", "not_mended")
    assert car.connection.state == "needs_owner"


def test_a_state_for_mending_opens_no_door_to_connecting(makers, manager, car):
    began = beginning(manager)
    state = dict(parse_qsl(urlsplit(connect.mend(car.connection, **began)).query))["state"]
    before = Grant.objects.count()

    attempt = ended(connect.come_back({"state": state, "code": "smuggled", "user_id": "x"}, **began))

    assert (attempt.stage, attempt.code) == ("failed", "")
    assert Grant.objects.count() == before


def test_a_consent_that_was_withdrawn_is_asked_for_anew(makers, manager, car):
    car.connection.turn("needs_owner", "PERMISSION", timezone.now())

    assert "/oauth/authorize?" in connect.mend(car.connection, **beginning(manager))


def test_a_dead_grant_is_followed_by_a_new_consent_for_the_same_rows(makers, manager, car):
    if car.connection.generation == "v3":
        pytest.skip("v3 has no grants")
    Grant.objects.update(dead_at=timezone.now())
    command(makers, "clear", vehicleId=car.smartcar_id)
    rows, began = Connection.objects.count(), beginning(manager)

    address = connect.mend(Connection.objects.get(pk=car.connection_id), **began)
    attempt = ended(connect.come_back(consent(address, account_of(makers)), **began))

    car.refresh_from_db()
    assert attempt.stage == "done"
    assert (car.connection.state, car.connection.grant.dead_at) == ("connected", None)
    assert Connection.objects.count() == rows


def test_the_page_sends_the_owner_out_and_offers_another_try(client, makers, manager, car):
    client.force_login(manager.user)

    out = client.post(f"/connect/{car.connection_id}/mend/")
    assert out.status_code == 302 and "/oauth/reauthenticate?" in out["Location"]
    state = dict(parse_qsl(urlsplit(out["Location"]).query))["state"]
    page = client.get("/connect/back/", {"state": state, "error": "access_denied"}, follow=True).content.decode()

    assert f'action="/connect/{car.connection_id}/mend/"' in page


def test_an_hour_later_the_way_back_is_closed(makers, manager, car):
    began = beginning(manager)
    back = sign_in_again(connect.mend(car.connection, **began))

    attempt = connect.come_back(back, **began | {"now": timezone.now() + timedelta(hours=1)})

    assert (attempt.stage, attempt.error) == ("failed", "expired")
    assert ConnectAttempt.objects.filter(purpose="mend").count() == 1
