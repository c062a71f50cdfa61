"""What stands above the list of connections: the calls of the month, and what waits for a person."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from fleet.owners.models import Owner, Role
from tests.scenes import NOON, a_car, a_fleet, a_member
from tests.vehicles import standing
from tests.vehicles.standing import today, trouble
from vehicles.boards import cockpit, reach
from vehicles.boards.connect_words import STATUSES, WORDS, State
from vehicles.domain import allowance
from vehicles.models import Connection, Terms, Vehicle
from vehicles.models.connection import REVOKED

pytestmark = pytest.mark.django_db
TENTH = datetime(2026, 11, 10, tzinfo=UTC)  # 9 of 30 days have passed


@pytest.fixture
def fleet():
    return a_fleet()


@pytest.fixture
def manager(client, fleet):
    member = a_member(fleet, Role.MANAGER)
    client.force_login(member.user)
    return member


def look(fleet, now=NOON) -> cockpit.Above:
    cars = Vehicle.objects.for_fleet(fleet).active()
    return cockpit.above(fleet, reach.counts(cars, now), cockpit.census(cars, fleet, now), now)


def words(answer) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", answer.content.decode()).split())


# ── the calls of the month ──


def test_the_calls_of_all_cars_stand_against_an_even_pace(fleet):
    month = TENTH.date().replace(day=1)
    a_car(fleet, month=month, month_calls=200)
    a_car(fleet, month=month, month_calls=40)
    a_car(fleet, month=(month - timedelta(days=1)).replace(day=1), month_calls=400)  # of last month
    a_car(fleet, connected=False)
    a_car(a_fleet("Theirs"), month=month, month_calls=490)

    found = look(fleet, TENTH).month

    assert (found.used, found.limit, found.each) == ("240", "1,500", "500")
    assert (found.pace, found.against) == ("450", "210 under an even pace")
    assert (found.width, found.mark) == ("16.00%", "30.00%")
    assert found.again.isoformat() == "2026-12-01T00:00:00+00:00"


@pytest.mark.parametrize(
    ("calls", "told"),
    [(30, "As many as an even pace would be"), (31, "1 over an even pace"), (29, "1 under an even pace")],
)
def test_it_says_which_side_of_the_pace_they_are(fleet, calls, told):
    Terms.objects.create(fleet=fleet, calls_a_month=100)
    a_car(fleet, month=TENTH.date().replace(day=1), month_calls=calls)
    assert look(fleet, TENTH).month.against == told


def test_more_calls_than_there_are_fill_the_bar_and_no_more(fleet):
    Terms.objects.create(fleet=fleet, calls_a_month=10)
    a_car(fleet, month=TENTH.date().replace(day=1), month_calls=12)
    assert look(fleet, TENTH).month.width == "100.00%"


@pytest.mark.parametrize(("day", "anchor"), [(1, "start"), (15, "middle"), (30, "end")])
def test_the_word_at_the_mark_stays_inside_of_the_bar(fleet, day, anchor):
    a_car(fleet)
    assert look(fleet, TENTH.replace(day=day, hour=12)).month.anchor == anchor


def test_without_a_connected_car_there_are_no_calls_to_show(fleet):
    a_car(fleet, connected=False)
    assert look(fleet).month is None


def test_cars_that_have_none_left_are_counted(client, manager, fleet):
    soon = timezone.now() + timedelta(days=3)
    a_car(fleet, hold=Vehicle.Hold.BUDGET, hold_until=soon)
    a_car(fleet, hold=Vehicle.Hold.BUDGET, hold_until=timezone.now() - timedelta(days=1))
    assert "1 car has none left for routine this month" in words(client.get("/connect/"))


def test_the_month_passes_by_the_fleets_own_clock():
    zone = ZoneInfo("Pacific/Auckland")
    midnight = datetime(2026, 11, 1, tzinfo=zone)
    assert allowance.month_share(midnight.date(), zone, midnight) == 0
    assert allowance.month_share(midnight.date(), zone, midnight + timedelta(days=15)) == 0.5
    assert allowance.month_share(midnight.date(), zone, midnight + timedelta(days=30)) == 1


# ── what waits for a person ──


@pytest.mark.parametrize("state", State)
def test_each_cause_that_a_person_can_help_has_its_card(fleet, state):
    standing.MAKE[state](fleet)
    found = look(fleet)

    if state not in cockpit.NEEDS:
        assert (found.needs, found.wanting) == ([], 0)
        return
    (need,) = found.needs
    assert (need.state, need.cars, found.wanting) == (state, 1, 1)
    assert (need.title, need.status, need.step) == (WORDS[state].title, STATUSES[state], WORDS[state].step)


def test_cars_that_only_have_to_wait_want_nobody(client, manager, fleet):
    a_car(fleet)
    page = words(client.get("/connect/"))
    assert "0 of 1 car connected and telling, 1 only has to wait" in page
    assert "Nobody has to do anything but wait for the first data." in page


def test_good_is_only_what_tells(client, manager, fleet):
    a_car(fleet, connected=False)
    page = client.get("/connect/")
    assert "0 of 1 car connected and telling, 1 not connected" in words(page)
    assert 'class="note" data-status="info"' in page.content.decode() and "No car is connected." in words(page)
    today(fleet, State.FINE)
    page = client.get("/connect/")
    assert 'class="note" data-status="ok"' in page.content.decode() and "Nobody has to do anything." in words(page)


def test_a_card_tells_whose_cars_they_are_and_since_when(fleet):
    first, second = standing.accused(fleet), standing.accused(fleet)
    another = Owner.objects.create(fleet=fleet, name="D. Marchetti")
    long_ago = NOON - timedelta(days=9)
    Connection.objects.filter(pk=first.connection_id).update(owner=another, state_since=long_ago)
    standing.unconsented(fleet)

    login, consent = look(fleet).needs

    assert (login.state, login.cars, login.owners, login.since) == (State.RECONNECT, 2, 2, long_ago)
    assert (consent.state, consent.cars, consent.owners) == (State.NO_CONSENT, 1, 1)
    assert second.connection.owner != another


def test_a_consent_that_the_owner_ended_wants_somebody_and_one_we_gave_back_does_not(fleet):
    standing.parted(fleet)
    assert look(fleet).needs == []
    gone = standing.a_car_that_told(fleet)
    Connection.objects.filter(pk=gone.connection_id).update(state="disconnected", reason=REVOKED, state_since=NOON)

    (need,) = look(fleet).needs

    assert (need.title, need.cars, need.owners, need.since) == ("Consent ended", 1, 1, NOON)


def test_each_card_leads_to_its_cars_and_to_the_act_that_helps(client, manager, fleet):
    for state in cockpit.NEEDS:
        today(fleet, state)
    html = client.get("/connect/").content.decode()
    for state, (_, act) in cockpit.NEEDS.items():
        card = re.search(rf'<li[^>]*id="need-{state}".*?</li>', html, re.DOTALL)[0]
        links = re.findall(r'href="([^"#]+)', card)
        wanted = {"ask": "/connect/campaigns/", "polling": "/connect/polling/"}
        leads = [one for one in links if not one.endswith(".svg")]
        assert leads == [*([wanted[act]] if act in wanted else []), f"/connect/?show={state}"]
        for one in leads:
            assert client.get(one).status_code == 200


@pytest.mark.parametrize("query", ["?q=van", "?show=reconnect", "?page=2"])
def test_what_was_asked_for_comes_first(client, manager, fleet, query):
    standing.accused(fleet, name="Van 07")
    html = client.get(f"/connect/{query}").content.decode()
    assert 'id="needs-h"' not in html and 'id="calls-h"' not in html
    assert 'id="needs-h"' in client.get("/connect/?page=1").content.decode()


def test_another_fleets_trouble_is_not_ours(fleet):
    theirs = a_fleet("Theirs")
    standing.accused(theirs)
    standing.a_car_that_told(fleet)
    assert look(fleet).needs == []


def test_it_costs_one_question(fleet, django_assert_num_queries):
    for state in State:
        standing.MAKE[state](fleet)
    cars = Vehicle.objects.for_fleet(fleet).active()
    counts = reach.counts(cars, NOON)
    with django_assert_num_queries(1):
        cockpit.above(fleet, counts, cockpit.census(cars, fleet, NOON), NOON)


def test_a_problem_that_comes_and_goes_takes_its_card_with_it(client, manager, fleet):
    car = a_car(fleet)
    trouble(car, 400, "CONNECTED_SERVICES_ACCOUNT", "AUTHENTICATION_FAILED", now=timezone.now())
    assert 'id="need-reconnect"' in client.get("/connect/").content.decode()
    Connection.objects.update(state="connected", reason="")
    assert 'id="need-reconnect"' not in client.get("/connect/").content.decode()
