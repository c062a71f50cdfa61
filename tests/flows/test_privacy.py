"""No VIN, token, body or coordinate in a log, a list of the admin or an error page, whatever happens."""

import io
import logging
from contextlib import contextmanager

import pytest
from django.conf import settings as portal
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fleet.kit.logs import Discreet
from fleet.owners.models import Owner, User
from maintenance import review
from tests.flows.makers import sandbox, until
from tests.flows.test_from_consent_to_verdict import account_of, walk
from tests.scenes import NOON, a_delivery, a_fleet, a_member, a_signal, post, unique
from vehicles.asking import polling
from vehicles.consent import subscribing
from vehicles.line import gateway
from vehicles.models import Delivery, Gauge, Terms, Vehicle
from vehicles.post import inbox, rereading

pytestmark = pytest.mark.django_db(transaction=True)
PLACE = {"latitude": 44.648812, "longitude": -63.575239}
SANDBOX = ("werkzeug", "vehicles.smartcar.sandbox")  # the other side, which runs in this process


@contextmanager
def log():
    """Everything that is logged here, from DEBUG on."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(Discreet("%(levelname)s %(name)s %(message)s"))
    handler.addFilter(lambda record: not record.name.startswith(SANDBOX))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield out
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


@pytest.fixture
def lived(tmp_path, settings, live_server):
    """A fleet that keeps locations, whose cars were connected, delivered, polled and read again, and some trouble."""
    manager = a_member(a_fleet())
    owner = Owner.objects.create(fleet=manager.fleet, name="Halifax Leasing")
    Terms.objects.create(fleet=manager.fleet, keeps_location=True)
    with sandbox(tmp_path, settings, door=live_server.url) as makers, log() as out:
        walk(owner, manager, account_of(makers))
        subscribing.sweep(now=timezone.now())
        until(lambda: Delivery.objects.filter(kind__contains="STATE").count() >= Vehicle.objects.count())
        car = Vehicle.objects.first()
        client = Client()
        place = a_delivery(car.smartcar_id, [a_signal("location-preciselocation", PLACE, at=NOON)], at=NOON)
        answers = [post(client, place)]
        answers += [post(client, body) for body in (b'{"vin": "1FTBW2CM5KKA00001"', b"\xff", place[:-9])]
        answers.append(post(client, place.replace(b"44.6", b"45.6"), signed=False, **{"SC-Signature": "0" * 64}))
        while inbox.sweep(now=timezone.now()):
            pass
        Vehicle.objects.update(poll_after=timezone.now())
        polling.sweep(now=timezone.now())
        while review.sweep(now=timezone.now()):
            pass
        rereading.reread(Delivery.objects.all(), now=timezone.now())
        bearer = gateway.smartcar()._token.bearer()
        yield out, client, manager, answers, bearer


def secrets(bearer: str) -> dict[str, str]:
    vins = Vehicle.objects.exclude(vin="").values_list("vin", flat=True)
    assert len(vins) > 3
    found = {"the VIN of a car": vins[0], "another VIN": vins[1], "a VIN in a broken body": "1FTBW2CM5KKA00001"}
    found |= {"where a car is": "44.6488", "where it is, the other way": "63.5752", "a body": "oemUpdatedAt"}
    found |= {"the application's token": bearer, "a management token": portal.SMARTCAR_MANAGEMENT_TOKENS[0]}
    found |= {
        "the client's secret": portal.SMARTCAR_CLIENT_SECRET,
        "the v2 secret": portal.SMARTCAR_LEGACY_CLIENT_SECRET,
    }
    return found


def leaks(text: str, bearer: str) -> list[str]:
    return [name for name, secret in secrets(bearer).items() if secret in text]


def test_nothing_of_a_car_or_a_secret_leaves_where_it_belongs(lived):
    out, client, manager, answers, bearer = lived
    assert Gauge.objects.get(signal="location").value["latitude"] == PLACE["latitude"], "or nothing would be proved"
    assert "urllib3" in out.getvalue(), "the log was heard down to DEBUG"

    client.force_login(User.objects.create_superuser("operator@fleet.example", unique("phrase")))
    for model in admin.site._registry:
        place = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        page = client.get(place)
        assert page.status_code == 200, place
        assert not leaks(page.content.decode(), bearer), place
    delivery = Delivery.objects.filter(state="quarantined").first()
    page = client.get(reverse("admin:vehicles_delivery_change", args=[delivery.pk]))
    assert page.status_code == 200 and not leaks(page.content.decode(), bearer)

    client.force_login(manager.user)
    client.raise_request_exception = False
    wrong = [
        client.get(path) for path in ("/vehicles/999999/", "/nowhere/?vin=1FTBW2CM5KKA00001", "/connect/back/?state=x")
    ]
    wrong.append(client.post("/vehicles/1/edit/", {"name": ""}))
    for answer in [*answers, *wrong]:
        assert not leaks(answer.content.decode(), bearer), answer.status_code
    assert not leaks(out.getvalue(), bearer)
