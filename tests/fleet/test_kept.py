"""What is kept in a process while nothing moves, and who a session belongs to."""

import pytest
from django.contrib.auth import get_user

from fleet.owners import kept, pulse
from fleet.owners.models import Fleet
from maintenance.faulting.rulebook import Rulebook
from maintenance.models import FaultRule
from tests.scenes import a_fleet, a_member
from vehicles.models import Vehicle

pytestmark = pytest.mark.django_db


def told(fleet: Fleet, words: list[str]) -> list[str]:
    return kept.while_still("a test", Fleet.objects.select_related("pulse").get(pk=fleet.pk), lambda: list(words))


def test_what_is_kept_is_read_anew_when_the_pulse_has_moved():
    fleet, other = a_fleet(), a_fleet("Southgate")

    assert told(fleet, ["before"]) == ["before"]
    assert told(fleet, ["after"]) == ["before"]
    assert told(other, ["theirs"]) == ["theirs"]
    pulse.move_on([fleet.pk])
    assert told(fleet, ["after"]) == ["after"]
    assert told(other, ["no more"]) == ["theirs"]


def test_what_is_kept_is_read_anew_after_a_while_though_nothing_moved(monkeypatch):
    fleet = a_fleet()
    told(fleet, ["before"])
    monkeypatch.setattr(kept, "PATIENCE", 0)

    assert told(fleet, ["after"]) == ["after"]


def test_a_rule_of_one_fleet_is_none_of_another():
    fleet, other = a_fleet(), a_fleet("Southgate")
    FaultRule.objects.create(fleet=fleet, code="P0420", verdict="critical", by_name="Ana")

    for of_whom, severity in ((fleet, "critical"), (other, "warning"), (fleet, "critical")):
        car = Vehicle(fleet=of_whom, make="FORD", model="Transit")
        assert Rulebook.of(of_whom).read("P0420", car).severity == severity


def test_who_was_let_in_comes_with_their_fleets_until_they_are_barred(client, rf, django_assert_num_queries):
    member = a_member(a_fleet())
    Fleet.objects.create(name="Southgate").memberships.create(user=member.user, role="viewer")
    client.force_login(member.user)
    request = rf.get("/")
    request.session = client.session

    with django_assert_num_queries(2):  # the session, and all of them
        assert [one.fleet.name for one in get_user(request).held] == [member.fleet.name, "Southgate"]
    member.user.is_active = False
    member.user.save()
    assert get_user(request).is_anonymous


def test_who_belongs_to_no_fleet_is_known_as_well(client, rf):
    member = a_member(a_fleet())
    member.delete()
    client.force_login(member.user)
    request = rf.get("/")
    request.session = client.session

    assert get_user(request) == member.user
