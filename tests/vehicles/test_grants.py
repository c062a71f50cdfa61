"""Renewing v2 tokens: one at a time, in time, and not lost by any death in between."""

import logging
import threading
from datetime import timedelta
from itertools import count

import pytest
from django.db import connections, transaction
from django.utils import timezone

from fleet.kit import sealing
from tests.flows.makers import until
from tests.vehicles.grants import a_grant, a_v2_car
from tests.vehicles.smartcar.far_end import far_end
from vehicles.line import grants
from vehicles.models import Connection, Generation, Grant
from vehicles.smartcar.errors import NeedsOwner, OurFault, TryLater
from vehicles.smartcar.v2 import tokens

pytestmark = pytest.mark.django_db(transaction=True)

TOKEN = "POST /auth/oauth/token"
DEAD = {"error": "invalid_grant", "error_description": "Invalid or expired refresh token."}


@pytest.fixture
def auth(settings):
    with far_end() as there:
        settings.SMARTCAR_ORIGINS = settings.SMARTCAR_ORIGINS | {"auth": f"{there.origin}/auth"}
        yield there


def pairs():
    numbers = count(1)

    def answer() -> dict:
        number = next(numbers)
        return {"access_token": f"access-{number}", "refresh_token": f"refresh-{number}", "expires_in": 7200}

    return answer


def sealed_pair(grant: Grant) -> tuple[str, str]:
    grant.refresh_from_db()
    return sealing.unseal(grant.access), sealing.unseal(grant.refresh)


def test_lease_and_timeouts_end_before_the_shortest_grace():
    longest_call, bell = timedelta(seconds=sum(tokens.TIMEOUT_SECONDS)), timedelta(seconds=5)

    assert grants.LEASE + longest_call < timedelta(seconds=60)
    assert 3 * timedelta(seconds=grants.DRAW_OUT_SECONDS) < grants.LEASE
    assert 4 * (grants.LEASE + bell) < timedelta(seconds=60)  # four holders may die, and the fifth is still in time


def test_the_bell_rings_often_enough_for_a_grace_of_a_minute(settings):
    bells = [b for b in settings.CELERY_BEAT_SCHEDULE.values() if b["task"] == "vehicles.tasks.keep_grants"]
    assert [bell["schedule"] <= 5 for bell in bells] == [True]


def test_a_good_token_is_handed_out_without_a_call(auth):
    assert grants.bearer(a_grant()) == "access-0"
    assert auth.asked == []


def test_a_token_that_has_run_out_is_renewed_and_both_are_kept(auth):
    auth.will(TOKEN, body=pairs())
    grant = a_grant(run_out=True)

    assert grants.bearer(grant) == "access-1"

    assert sealed_pair(grant) == ("access-1", "refresh-1")
    assert (grant.version, grant.leased_until, grant.failures) == (2, None, 0)
    assert "refresh_token=refresh-0" in auth.asked[0][2]
    assert grant.access_until > timezone.now() + timedelta(minutes=110)


def test_a_crowd_renews_once(auth):
    auth.will(TOKEN, body=pairs())
    grant = a_grant(run_out=True)
    got = []

    def ask() -> None:
        try:
            got.append(grants.bearer(grant))
        finally:
            connections.close_all()

    crowd = [threading.Thread(target=ask) for _ in range(12)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()

    assert got == ["access-1"] * 12
    assert len(auth.asked) == 1


def test_the_call_is_made_outside_of_any_transaction(auth):
    grant = a_grant(run_out=True)
    with pytest.raises(RuntimeError), transaction.atomic():
        grants.bearer(grant)
    assert auth.asked == []


def test_a_slow_call_keeps_its_lease(auth):
    grant = a_grant(run_out=True)

    def once_the_lease_is_drawn_out() -> dict:
        first = Grant.objects.get(pk=grant.pk).leased_until
        until(lambda: Grant.objects.get(pk=grant.pk).leased_until > first)
        connections.close_all()
        return {"access_token": "access-1", "refresh_token": "refresh-1", "expires_in": 7200}

    auth.will(TOKEN, 200, once_the_lease_is_drawn_out)

    assert grants.bearer(grant) == "access-1"
    assert sealed_pair(grant) == ("access-1", "refresh-1") and grant.leased_until is None


def test_who_dies_after_the_lease_leaves_a_clock_that_rings_within_the_grace(auth):
    auth.will(TOKEN, body=pairs())
    grant, now = a_grant(run_out=True), timezone.now()
    assert grants.take(grant, now)  # and here the process dies

    assert not grants.take(Grant.objects.get(pk=grant.pk), now + timedelta(seconds=5))
    assert grants.sweep(now=now + timedelta(seconds=5)) == 0
    Grant.objects.update(leased_until=timezone.now(), renew_after=timezone.now())  # the lease has run out

    assert grants.sweep(now=timezone.now()) == 1
    assert sealed_pair(grant) == ("access-1", "refresh-1")


def test_an_answer_that_is_lost_is_asked_for_again_with_the_same_token(auth):
    auth.will(TOKEN, 502, b"")
    auth.will(TOKEN, body=pairs())
    grant = a_grant(run_out=True)

    with pytest.raises(TryLater):
        grants.bearer(grant)
    with pytest.raises(TryLater):  # nobody hammers: the clock says when
        grants.bearer(grant)
    assert len(auth.asked) == 1
    grant.refresh_from_db()
    assert grant.leased_until is None
    assert grant.renew_after - timezone.now() <= grants.FIRST_REST

    Grant.objects.update(renew_after=timezone.now())
    grants.sweep(now=timezone.now())

    assert sealed_pair(grant) == ("access-1", "refresh-1")
    assert [body for _, _, body in auth.asked] == [auth.asked[0][2]] * 2


def test_a_refused_token_ends_the_grant_and_asks_the_owner(auth):
    auth.will(TOKEN, 400, DEAD)
    grant = a_grant(run_out=True)
    car = a_v2_car(grant, poll_after=timezone.now())
    moved = a_v2_car(grant)
    Connection.objects.filter(pk=moved.connection_id).update(generation=Generation.V3)

    with pytest.raises(NeedsOwner):
        grants.bearer(grant)
    with pytest.raises(NeedsOwner):
        grants.bearer(grant)

    grant.refresh_from_db()
    car.refresh_from_db()
    assert len(auth.asked) == 1
    assert grant.dead_at is not None and grant.renew_after is None
    assert (car.connection.state, car.connection.reason) == ("needs_owner", "GRANT_DEAD")
    assert car.poll_after is None and car.review_after is not None
    assert Connection.objects.get(pk=moved.connection_id).state == "connected"


def test_a_loser_whose_token_is_refused_takes_the_winners(auth):
    grant = a_grant(run_out=True)

    def renewed_elsewhere() -> dict:
        pair = tokens.TokenPair("access-9", "refresh-9", 7200)
        Grant.objects.filter(pk=grant.pk).update(**grants.columns(pair, timezone.now()), version=2)
        connections.close_all()
        return DEAD

    auth.will(TOKEN, 400, renewed_elsewhere)

    assert grants.bearer(grant) == "access-9"
    grant.refresh_from_db()
    assert grant.dead_at is None


def test_a_loser_whose_lease_has_run_out_declares_nobody_dead(auth):
    grant = a_grant(run_out=True)

    def taken_over() -> dict:
        Grant.objects.filter(pk=grant.pk).update(leased_until=timezone.now() + timedelta(seconds=7))
        connections.close_all()
        return DEAD

    auth.will(TOKEN, 400, taken_over)

    with pytest.raises(NeedsOwner):
        grants.bearer(grant)
    grant.refresh_from_db()
    assert grant.dead_at is None


def test_two_pairs_at_once_are_followed_by_a_third(auth):
    grant = a_grant(run_out=True)

    def another_was_faster() -> dict:
        pair = tokens.TokenPair("access-9", "refresh-9", 7200)
        Grant.objects.filter(pk=grant.pk).update(**grants.columns(pair, timezone.now()), version=2)
        connections.close_all()
        return {"access_token": "access-8", "refresh_token": "refresh-8", "expires_in": 7200}

    auth.will(TOKEN, 200, another_was_faster)

    assert grants.bearer(grant) == "access-8"
    assert sealed_pair(grant) == ("access-9", "refresh-9")
    assert grant.renew_after <= timezone.now()


def test_a_pair_that_nobody_used_is_renewed_on_day_45(auth):
    auth.will(TOKEN, body=pairs())
    grant = a_grant(access_until=timezone.now() - timedelta(days=44))
    a_v2_car(grant)

    assert grants.sweep(now=timezone.now() + timedelta(days=44)) == 0
    assert grants.sweep(now=timezone.now() + timedelta(days=45, minutes=1)) == 1

    assert sealed_pair(grant) == ("access-1", "refresh-1")


def test_wrong_credentials_of_ours_kill_no_grant(auth):
    auth.will(TOKEN, 401, {"error": "invalid_client"})
    grant = a_grant(run_out=True)

    with pytest.raises(OurFault):
        grants.bearer(grant)

    grant.refresh_from_db()
    assert grant.dead_at is None and grant.failures == 1


def test_a_token_that_was_not_taken_is_renewed_by_the_next_caller(auth):
    auth.will(TOKEN, body=pairs())
    grant = a_grant()

    grants.distrust(grant, "some-older-token")
    assert grants.bearer(grant) == "access-0"
    grants.distrust(grant, "access-0")
    assert grants.bearer(grant) == "access-1"


def test_tokens_that_nobody_needs_are_forgotten(auth):
    needed, unused = a_grant(), a_grant()
    a_v2_car(needed)

    grants.sweep(now=timezone.now())
    assert Grant.objects.count() == 2  # a walk may still be about to need it
    grants.sweep(now=timezone.now() + timedelta(days=2))

    assert list(Grant.objects.all()) == [needed] and unused.pk


def test_no_token_is_shown_or_written_down(auth, caplog, admin_client):
    caplog.set_level(logging.DEBUG)
    auth.will(TOKEN, 502, b"refresh-0 access-0")
    grant = a_grant(run_out=True)
    row = Grant.objects.filter(pk=grant.pk).values().get()

    with pytest.raises(TryLater):
        grants.bearer(grant)

    page = admin_client.get(f"/admin/vehicles/grant/{grant.pk}/change/").content.decode()
    assert "access-0" not in str(row) + repr(grant) + page + caplog.text
    assert "refresh-0" not in str(row) + repr(grant) + page + caplog.text
    assert row["access"] not in page and row["refresh"] not in page
