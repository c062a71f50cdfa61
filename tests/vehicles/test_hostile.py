"""What no maker should send: the door keeps it, and the inbox comes to an end with it."""

import random
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.hostile import Forge
from tests.scenes import a_car, a_fleet, post
from vehicles.models import Delivery
from vehicles.post import inbox, rebuilding
from vehicles.smartcar import webhooks

pytestmark = pytest.mark.django_db


def identity(body: bytes) -> tuple | bytes:
    keys = webhooks.read_keys(body)
    return body if keys is None else (keys.webhook_id, keys.event_id, keys.data_digest)


def drained() -> None:
    """Every try of the ladder, without the waits."""
    last = Delivery.objects.latest("received_at").received_at
    for hours in range(12):
        while inbox.sweep(now=last + timedelta(hours=hours)):
            pass


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def test_whatever_is_signed_is_kept_and_comes_to_an_end(client, seed):
    def scene() -> tuple:
        car = a_car(a_fleet())
        forge = Forge(random.Random(seed), [car.smartcar_id])
        bodies = [forge.body() for _ in range(12)]
        answers = {post(client, body).status_code for body in bodies}
        kept = {identity(body) for body in bodies if webhooks.read_challenge(body) is None}
        held = Delivery.objects.count()
        drained()
        stuck = Delivery.objects.filter(state="waiting").count()
        failed = Delivery.objects.filter(state="quarantined", attempts__gt=1).values_list("error", flat=True)
        return answers, held - len(kept), stuck, list(failed), rebuilding.rebuild(car, now=car.enrolled_at)

    with transaction.atomic():
        outcome = scene()
        transaction.set_rollback(True)
    assert outcome == ({200}, 0, 0, [], [])


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32), signature=st.one_of(st.none(), st.sampled_from(["", "0" * 64, "é", "x" * 5_000])))
def test_whatever_is_not_signed_leaves_nothing(client, seed, signature):
    body = Forge(random.Random(seed), ["car"]).body()
    headers = {} if signature is None else {"SC-Signature": signature}

    answer = post(client, body, signed=False, **headers)

    harmless = signature is None and webhooks.read_challenge(body) is not None
    assert answer.status_code in ((200, 429) if harmless else (401, 413))
    assert not Delivery.objects.exists()
