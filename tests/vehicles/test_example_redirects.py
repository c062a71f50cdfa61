"""Redirects out of Connect that Smartcar published, at our own door."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from fleet.owners.models import Owner, Role
from tests.scenes import a_car, a_fleet, a_member
from tests.vehicles.smartcar.published import body, needs_examples
from vehicles.consent import connect
from vehicles.models import ConnectAttempt

pytestmark = [needs_examples, pytest.mark.django_db]

STATE = "0facda3319"  # the same in all examples that have one


@pytest.fixture
def walk(client):
    member = a_member(a_fleet(), Role.MANAGER)
    client.force_login(member.user)
    owner = Owner.objects.create(fleet=member.fleet, name="Halifax Leasing")

    def begin(generation):
        return ConnectAttempt.objects.create(
            fleet=member.fleet,
            owner=owner,
            by=member.user,
            state_hash=connect.digest(STATE),
            session_hash=connect.digest(client.session.session_key),
            ends_at=timezone.now() + timedelta(minutes=15),
            generation=generation,
        )

    return begin


def come_back(client, name):
    return client.get("/connect/back/?" + urlsplit(body(name)["location"]).query)


@pytest.mark.parametrize(
    ("name", "generation", "stage", "error"),
    [
        ("connect_success_v2_code", "v2", "looking", ""),
        ("connect_success_v3_user_id", "v3", "looking", ""),
        ("connect_access_denied", "v3", "failed", "access_denied"),
        ("connect_access_denied", "v2", "failed", "access_denied"),
    ],
)
def test_the_end_of_a_walk(client, walk, name, generation, stage, error):
    attempt = walk(generation)

    assert come_back(client, name).status_code == 302
    attempt.refresh_from_db()
    assert (attempt.stage, attempt.error) == (stage, error)


@pytest.mark.parametrize("name", ["connect_no_vehicles", "connect_server_error"])
def test_an_end_without_a_state_belongs_to_nobody(client, walk, name):
    attempt = walk("v3")

    assert come_back(client, name).status_code == 400
    attempt.refresh_from_db()
    assert attempt.stage == "away"


@pytest.mark.parametrize(
    ("car", "stage", "error"),
    [
        ("sc4a1b01e5-0497-417c-a30e-6df6ba33ba46", "looking", ""),
        ("36ab27d0-fd9d-4455-823a-ce30af709ffc", "failed", "another_car"),
    ],
)
def test_a_consent_that_was_mended(client, walk, car, stage, error):
    attempt = walk("v3")
    attempt.connection = a_car(attempt.fleet, smartcar_id=car).connection
    attempt.purpose = ConnectAttempt.Purpose.MEND
    attempt.save()

    assert come_back(client, "connect_reauth_success").status_code == 302
    attempt.refresh_from_db()
    assert (attempt.stage, attempt.error) == (stage, error)
