"""The webhook door: keep what was signed, refuse the rest, never fall over."""

import json

import pytest
from django.conf import settings
from django.test import RequestFactory
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from tests.scenes import NOON, a_delivery, post, signature, state_of
from vehicles.models import Delivery
from vehicles.post import doorwatch
from vehicles.smartcar import webhooks

pytestmark = pytest.mark.django_db
VERIFY = b'{"eventId":"e-1","eventType":"VERIFY","data":{"challenge":"3f1e9a70-2b4c"},"meta":{"version":"4.0"}}'


def test_a_signed_delivery_is_kept_as_it_came(client):
    body = state_of("car-1", km=84_300, at=NOON)

    assert post(client, body).status_code == 200

    kept = Delivery.objects.get()
    assert (bytes(kept.body), kept.state, kept.smartcar_id) == (body, "waiting", "car-1")


def test_a_retry_is_the_same_event(client):
    body = json.loads(state_of("car-1", km=84_300, at=NOON))
    retry = json.loads(json.dumps(body))
    retry["meta"] |= {"deliveryId": "another", "deliveredAt": 1_790_000_000_000}

    for content in (body, retry):
        assert post(client, json.dumps(content).encode()).status_code == 200

    assert Delivery.objects.count() == 1


def test_other_content_under_a_known_event_is_kept_beside_it(client):
    post(client, state_of("car-1", km=84_300, at=NOON, event_id="same"))
    post(client, state_of("car-1", km=91_000, at=NOON, event_id="same"))

    assert Delivery.objects.count() == 2


@pytest.mark.parametrize("signature", ["", "0" * 64, "not hex", "é" * 64, None])
def test_a_wrong_or_missing_signature_is_401_and_leaves_nothing(client, signature):
    headers = {} if signature is None else {"SC-Signature": signature}

    assert post(client, state_of("car-1", km=1, at=NOON), signed=False, **headers).status_code == 401
    assert not Delivery.objects.exists()


def test_every_active_token_opens_the_door(client, settings):
    settings.SMARTCAR_MANAGEMENT_TOKENS = ["new-token", "old-token"]
    for number, token in enumerate(settings.SMARTCAR_MANAGEMENT_TOKENS):
        body = state_of(f"car-{number}", km=1, at=NOON)
        assert post(client, body, **{"SC-Signature": webhooks.sign(token, body)}).status_code == 200


def test_the_challenge_is_answered_with_the_newest_token(client):
    answer = post(client, VERIFY, signed=False)

    expected = webhooks.sign(settings.SMARTCAR_MANAGEMENT_TOKENS[0], b"3f1e9a70-2b4c")
    assert (answer.status_code, answer.json()) == (200, {"challenge": expected})
    assert not Delivery.objects.exists()


def test_a_challenge_with_a_wrong_signature_is_not_answered(client):
    assert post(client, VERIFY, signed=False, **{"SC-Signature": "0" * 64}).status_code == 401


@pytest.mark.parametrize("challenge", ['{"eventId":"x"}', "short", "with space in it", 'quo"ted-challenge', "x" * 300])
def test_nobody_has_a_body_signed_by_calling_it_a_challenge(client, challenge):
    body = json.dumps({"eventId": "e", "eventType": "VERIFY", "data": {"challenge": challenge}}).encode()

    assert post(client, body, signed=False).status_code == 401


def test_only_post_comes_in(client):
    assert client.get("/webhooks/smartcar/").status_code == 405
    assert client.put("/webhooks/smartcar/").status_code == 405


def test_a_megabyte_is_the_most(client):
    body = b"x" * (1024 * 1024 + 1)
    assert post(client, body).status_code == 413


def test_compressed_bodies_are_refused(client):
    assert post(client, VERIFY, **{"Content-Encoding": "gzip"}).status_code == 415


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"not json", b'{"eventType":"VEHICLE_STATE"}', b"\xff\xfe"])
def test_what_was_signed_and_cannot_be_read_is_kept_and_quarantined(client, body):
    assert post(client, body).status_code == 200

    kept = Delivery.objects.get()
    assert (kept.state, bytes(kept.body)) == ("quarantined", body)


@pytest.mark.parametrize("hostile", ["a" * 5_000, "\x00", "\ud800", 12, None, ["x"], {"a": 1}])
def test_odd_ids_never_break_the_door(client, hostile):
    body = json.dumps({"eventId": hostile, "eventType": hostile, "vehicleId": hostile, "data": {}, "meta": hostile})

    assert post(client, body.encode()).status_code == 200
    assert Delivery.objects.count() == 1


@effort(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.one_of(
        st.binary(max_size=300),
        st.recursive(
            st.one_of(st.none(), st.booleans(), st.floats(), st.integers(), st.text()),
            lambda inner: st.one_of(
                st.lists(inner, max_size=4),
                st.dictionaries(
                    st.sampled_from(["eventId", "eventType", "data", "meta", "vehicleId", "signals"]), inner
                ),
            ),
        ).map(lambda content: json.dumps(content).encode()),
    )
)
def test_any_signed_body_is_kept(client, body):
    before = Delivery.objects.count()
    answer = post(client, body)

    assert answer.status_code == 200
    if webhooks.read_challenge(body) is None:
        assert Delivery.objects.count() >= before
        assert Delivery.objects.exists()


def test_a_delivery_is_acknowledged_without_asking_who_it_is_for(client, django_assert_num_queries):
    body = a_delivery("nobody-knows-this-car", [], at=NOON)
    with django_assert_num_queries(1):
        post(client, body, **{"SC-Signature": signature(body)})


def through_the_street(body: bytes, path: str = "/webhooks/smartcar/", method: str = "POST", **headers):
    """Ask the application as the web server does."""
    from fleet.wsgi import application

    told = []
    environ = RequestFactory().generic(method, path, body, content_type="application/json").environ | headers
    content = b"".join(application(environ, lambda status, head: told.append((status, dict(head)))))
    return told[0][0], told[0][1], content


@pytest.fixture
def watchman():
    """The one that the street wakes: it must not look on at the tests that follow."""
    yield doorwatch.watchman
    doorwatch.watchman.over.set()
    doorwatch.watchman.thread.join(10)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("watchman")
def test_the_web_server_meets_the_same_door():
    body = state_of("car-1", km=84_300, at=NOON)

    assert through_the_street(body, HTTP_SC_SIGNATURE=signature(body))[0] == "200 OK"
    assert through_the_street(body, HTTP_SC_SIGNATURE="0" * 64)[0] == "401 Unauthorized"
    assert through_the_street(b"", method="GET")[0] == "405 Method Not Allowed"
    status, head, content = through_the_street(VERIFY)
    assert (status, head["Content-Type"], b"challenge" in content) == ("200 OK", "application/json", True)
    assert through_the_street(b"", path="/livez", method="GET")[0] == "200 OK"
    assert Delivery.objects.count() == 1
