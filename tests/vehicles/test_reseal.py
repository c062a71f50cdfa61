"""Keys are rotated: everything sealed goes under the newest, and the older ones can go."""

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.utils import timezone

from fleet.kit import sealing
from maintenance.models import Device
from tests.scenes import a_member
from tests.vehicles.grants import a_grant
from vehicles.models import ConnectAttempt, Grant

pytestmark = pytest.mark.django_db


def an_attempt(grant, code: str) -> ConnectAttempt:
    user = a_member(grant.fleet).user
    about = {"fleet": grant.fleet, "owner": grant.owner, "by": user, "state_hash": code[:60], "session_hash": ""}
    return ConnectAttempt.objects.create(**about, ends_at=timezone.now(), code=code)


def test_after_resealing_the_old_key_is_not_needed(settings, capsys):
    old, new = settings.FIELD_KEYS[0], Fernet.generate_key().decode()
    grant = a_grant()
    attempt = an_attempt(grant, sealing.seal("a-code"))

    about = {"user": a_member(grant.fleet).user, "label": "A browser", "digest": "x", "created_at": timezone.now()}
    device = Device.objects.create(sealed=sealing.seal("an address"), **about)

    settings.FIELD_KEYS = [new, old]
    call_command("reseal")
    call_command("reseal")
    settings.FIELD_KEYS = [new]

    assert capsys.readouterr().out == "3 resealed.\n0 resealed.\n"
    kept = Grant.objects.get(pk=grant.pk)
    assert (sealing.unseal(kept.access), sealing.unseal(kept.refresh)) == ("access-0", "refresh-0")
    assert (kept.version, kept.renew_after) == (grant.version, grant.renew_after)
    assert sealing.unseal(ConnectAttempt.objects.get(pk=attempt.pk).code) == "a-code"
    assert sealing.unseal(Device.objects.get(pk=device.pk).sealed) == "an address"


def test_what_no_key_opens_is_counted_and_left_as_it_is(settings, capsys):
    grant = a_grant()
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]

    call_command("reseal")

    assert "1 cannot be opened" in capsys.readouterr().err
    assert Grant.objects.get(pk=grant.pk).access == grant.access
