"""The stand-in for push services takes what they take, and refuses what they refuse."""

import json
import os
import time

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02
from py_vapid.utils import b64urldecode

MESSAGE = {"title": "Van 07", "body": "Oil change is due.", "href": "/vehicles/7/", "tag": "alert-1"}


@pytest.fixture
def phone(guest):
    return guest.post("/control/push/phone", json={}).json()


@pytest.fixture
def sender():
    one = Vapid02()
    one.generate_keys()
    return one


def sealed(phone, words: bytes) -> bytes:
    keys = phone["keys"]
    return http_ece.encrypt(
        words,
        salt=os.urandom(16),
        private_key=ec.generate_private_key(ec.SECP256R1()),
        dh=b64urldecode(keys["p256dh"].encode()),
        auth_secret=b64urldecode(keys["auth"].encode()),
        version="aes128gcm",
    )


def send(guest, phone, sender, *, claims=None, body=None, **headers):
    claims = {"aud": guest.origin, "sub": "mailto:a@fleet.example"} | (claims or {})
    headers = {"TTL": "60", "Content-Encoding": "aes128gcm", "Topic": "n1", **sender.sign(claims)} | headers
    body = sealed(phone, json.dumps(MESSAGE).encode()) if body is None else body
    path = phone["endpoint"].removeprefix(guest.origin)
    return guest.post(path, data=body, headers={k: v for k, v in headers.items() if v is not None})


def test_what_is_rightly_sent_is_taken_and_stands_on_the_screen(guest, phone, sender):
    answer = send(guest, phone, sender)

    assert answer.status_code == 201 and "Location" in answer.headers
    (one,) = guest.get("/control/push").json()["messages"]
    assert (one["topic"], one["shown"]) == ("n1", MESSAGE)


@pytest.mark.parametrize(
    ("how", "status"),
    [
        ({"TTL": None}, 400),
        ({"Content-Encoding": "aesgcm"}, 400),
        ({"Topic": "x" * 33}, 400),
        ({"Authorization": None}, 403),
        ({"Authorization": "vapid t=a.b.c,k=BA"}, 403),
        ({"claims": {"aud": "https://elsewhere.example"}}, 403),
        ({"claims": {"exp": int(time.time()) - 10}}, 403),
        ({"claims": {"exp": int(time.time()) + 90_000}}, 403),
        ({"body": b"rubbish"}, 400),
        ({"body": b"x" * 5_000}, 413),
    ],
)
def test_what_is_wrongly_sent_is_refused(guest, phone, sender, how, status):
    assert send(guest, phone, sender, **how).status_code == status
    assert guest.get("/control/push").json()["messages"] == []


def test_another_sender_may_not_use_the_address(guest, phone, sender):
    send(guest, phone, sender)
    other = Vapid02()
    other.generate_keys()

    assert send(guest, phone, other).status_code == 403


def test_it_fails_as_it_is_told_to_and_a_phone_that_is_gone_stays_gone(guest, phone, sender):
    guest.post("/control/push/fail", json={"status": 503, "times": 2})
    assert [send(guest, phone, sender).status_code for _ in range(3)] == [503, 503, 201]

    guest.post("/control/push/fail", json={"status": 410})
    assert [send(guest, phone, sender).status_code for _ in range(2)] == [410, 410]
    assert guest.post("/control/push/fail", json={"status": 200}).status_code == 400
