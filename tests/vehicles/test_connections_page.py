"""The connections page: every owner and car with its state, its cause and the button for its next step."""

import html as html_of
import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fleet.owners import pulse
from fleet.owners.models import Owner, Role
from tests.scenes import NOON, a_car, a_fleet, a_member, odometer
from tests.vehicles import standing
from tests.vehicles.standing import a_car_that_told, accused, today, trouble
from vehicles.boards import owners as owners_board
from vehicles.boards import reach
from vehicles.boards.connect_words import WORDS, State
from vehicles.domain.signals import Signal
from vehicles.models import Capability, Connection, Source, Vehicle
from vehicles.waist import ingest

pytestmark = pytest.mark.django_db

ACTS = {
    State.NOT_CONNECTED: None,
    State.DISCONNECTED: "/connect/start/",
    State.RECONNECT: "/connect/{connection}/mend/",
    State.NO_CONSENT: "/connect/start/",
    State.NOT_ON_PLAN: "/connect/polling/",
    State.LOST: "/connect/polling/{car}/refresh/",
    State.THROTTLED: "/connect/polling/",
    State.UNSUPPORTED: "/connect/start/",
    State.WAITING: "/connect/polling/{car}/refresh/",
    State.STALE: "/connect/polling/{car}/refresh/",
    State.NOT_PERMITTED: "/connect/start/",
    State.FINE: "/connect/start/",
}


@pytest.fixture
def fleet():
    return a_fleet()


@pytest.fixture
def manager(client, fleet):
    member = a_member(fleet, Role.MANAGER)
    client.force_login(member.user)
    return member


def page(client, query="", **headers) -> str:
    answer = client.get(f"/connect/{query}", headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def row_of(car, html: str) -> str:
    return re.search(rf'<tr[^>]*id="connection-row-{car.pk}".*?</tr>', html, re.DOTALL)[0]


@pytest.mark.parametrize("state", State)
def test_each_state_shows_its_words_and_its_step(client, manager, state):
    car = today(manager.fleet, state, name="Van 07")
    html = page(client)
    row = row_of(car, html)

    assert "Van 07" in row and WORDS[state].title in row
    assert WORDS[state].step in html
    if WORDS[state].cause:
        assert "</span><span>" in row.split("State", 1)[-1]
    assert ("Disconnect<" in row) is (state not in (State.NOT_CONNECTED, State.DISCONNECTED))
    wanted = ACTS[state]
    if wanted is None:
        assert "<button" not in row
    else:
        assert f'="{wanted.format(car=car.pk, connection=car.connection_id)}' in row


def test_a_car_that_reaches_us_says_what_it_does_not_give(client, manager):
    car = today(manager.fleet, State.FINE, powertrain="BEV")
    now = timezone.now()
    for signal in (Signal.OIL_LIFE, Signal.TROUBLE_CODES, Signal.FUEL_LEVEL):
        Capability.objects.update_or_create(
            vehicle=car, signal=signal, defaults={"state": "unsupported", "since": now, "checked_at": now}
        )
    row = row_of(car, page(client))
    assert "Connected" in row
    assert "Not provided by this car: trouble codes." in row, "an electric car has no oil, and no plan asks for fuel"


@pytest.mark.parametrize("state", State)
def test_a_state_can_be_asked_for(client, manager, state):
    shown, hidden = (
        today(manager.fleet, state),
        today(manager.fleet, State.FINE if state is not State.FINE else State.STALE),
    )

    html = page(client, f"?show={state}")
    assert f"connection-row-{shown.pk}" in html
    assert f"connection-row-{hidden.pk}" not in html
    tile = next(name for name, (_, _, states, _) in owners_board.TILES.items() if state in states)
    assert f"connection-row-{shown.pk}" in page(client, f"?show={tile}")


def test_every_state_has_a_tile_and_a_place():
    assert sorted(state for _, _, states, _ in owners_board.TILES.values() for state in states) == sorted(State)
    assert sorted(owners_board.ORDER) == sorted(State)


def test_what_needs_somebody_comes_first(client, manager):
    fine = today(manager.fleet, State.FINE, name="A first by name")
    troubled = today(manager.fleet, State.RECONNECT, name="Z last by name")
    html = page(client)
    assert html.index(f"connection-row-{troubled.pk}") < html.index(f"connection-row-{fine.pk}")


def test_the_counts_are_of_this_fleet_alone(client, manager):
    today(manager.fleet, State.RECONNECT)
    today(a_fleet("Theirs"), State.RECONNECT, name="Secret Van")
    html = page(client)
    assert "Reconnect needed (1)" in html and "Secret Van" not in html


def test_what_the_owner_has_to_do_is_said_in_words_for_the_owner(client, manager):
    car = a_car_that_told(manager.fleet)
    trouble(car, 400, "CONNECTED_SERVICES_ACCOUNT", "SUBSCRIPTION")
    row = row_of(car, page(client))
    assert "The owner has to act" in row
    assert "Tell the owner: “Please renew the connected services" in row


def test_a_search_finds_cars_by_owner_and_by_name(client, manager):
    car = accused(manager.fleet, name="Van 07", plate="BT 61 204")
    for word in ("halifax", "van 07", "bt61", "BT 61"):
        assert (f"connection-row-{car.pk}" in page(client, f"?q={word}")) is (word != "bt61")
    assert "Nothing found" in page(client, "?q=nobody")


def test_owners_without_cars_are_there_to_be_connected(client, manager):
    Owner.objects.create(fleet=manager.fleet, name="D. Marchetti")
    car = today(manager.fleet, State.FINE)
    html = page(client)
    assert "D. Marchetti" in html and html.count("Halifax Leasing") > 1
    assert "D. Marchetti" in page(client, "?show=no_cars") and f"row-{car.pk}" not in page(client, "?show=no_cars")
    assert "D. Marchetti" not in page(client, "?show=fine")


def test_pages_hold_every_car_and_owner_once(client, manager):
    cars = {a_car(manager.fleet).pk for _ in range(3)}
    owners = {Owner.objects.create(fleet=manager.fleet, name=f"Owner {n}").pk for n in range(4)}
    size = 3
    seen_cars, seen_owners = [], []
    board, number = None, 1
    while board is None or board.after:
        held = Vehicle.objects.seen_by(manager).active()
        without = Owner.objects.filter(pk__in=owners).order_by("pk")
        board = owners_board.leaf(held, reach.counts(held, NOON), without, number, {}, NOON, size=size)
        rows = [row.vehicle.pk for group in board.groups for row in group.rows]
        assert len(rows) + len(board.owners) <= size
        seen_cars += rows
        seen_owners += [owner.pk for owner in board.owners]
        number += 1
    assert (sorted(seen_cars), sorted(seen_owners)) == (sorted(cars), sorted(owners))
    assert number == 4


def test_a_large_fleet_costs_no_more_queries(client, manager, django_assert_max_num_queries):
    for state in State:
        today(manager.fleet, state)
    page(client)  # the first one looks up what later ones know
    with CaptureQueriesContext(connection) as few:
        page(client)
    for state in State:
        for _ in range(5):
            today(manager.fleet, state)
    with django_assert_max_num_queries(len(few)):
        page(client)


@pytest.mark.parametrize("query", ["?page=9999999", "?page=x", "?show=nonsense", "?page=-1", "?show=%00"])
def test_odd_questions_are_answered(client, manager, query):
    today(manager.fleet, State.FINE)
    page(client, query)


def test_htmx_gets_the_list_alone(client, manager):
    car = today(manager.fleet, State.FINE)
    part = page(client, **{"HX-Request": "true"})
    assert f"connection-row-{car.pk}" in part and "<html" not in part


def stamp_of(part: str) -> dict:
    """What the browser sends back with the next look."""
    return json.loads(html_of.unescape(re.search(r'hx-vals="([^"]+)"', part)[1]))


def test_the_page_renews_itself_and_costs_two_questions_while_nothing_is_new(client, manager):
    car = today(manager.fleet, State.FINE, name="Van 07")
    today(manager.fleet, State.RECONNECT)
    stamp = stamp_of(page(client, **{"HX-Request": "true"}))
    with CaptureQueriesContext(connection) as queries:
        same = client.get("/connect/", stamp, headers={"HX-Request": "true"})
    assert (same.status_code, same.content, len(queries)) == (204, b"", 2)

    pulse.move_on([manager.fleet_id])
    same = client.get("/connect/", stamp, headers={"HX-Request": "true"})
    assert same.status_code == 204 and "X-Stamp" in same, "the tokens of its forms are not news"

    trouble(car, 400, "CONNECTED_SERVICES_ACCOUNT", "AUTHENTICATION_FAILED")
    pulse.move_on([manager.fleet_id])
    news = client.get("/connect/", stamp, headers={"HX-Request": "true"})
    assert news.status_code == 200 and "Reconnect needed" in row_of(car, news.content.decode())


def test_a_wrong_form_comes_back_with_what_was_typed_and_renews_from_the_page(client, manager):
    answer = client.post("/connect/start/", {"name": "", "email": "nobody@"})
    html = answer.content.decode()
    assert answer.status_code == 422 and 'value="nobody@"' in html
    assert 'hx-get="/connect/"' in html.split('id="live"')[1][:80]
    assert html.index('value="nobody@"') > html.index('id="connections"')


def test_what_is_typed_stands_outside_of_what_renews_itself(client, manager):
    assert 'name="email"' not in page(client, **{"HX-Request": "true"})


def test_nothing_is_offered_that_smartcar_is_not_set_up_for(client, manager, settings):
    settings.SMARTCAR_CLIENT_ID = ""
    for state in State:
        today(manager.fleet, state)
    html = page(client)
    assert "Smartcar is not set up" in html and 'action="/connect/polling' not in html
    assert html.count('action="/connect/start/"') == 1  # the form for a new owner, whose button is dead


def test_a_trouble_that_is_over_leaves_the_list(client, manager):
    car = accused(manager.fleet)
    assert "Reconnect needed" in row_of(car, page(client))
    now = timezone.now()
    ingest.record(car, [odometer(5_100, at=now - timedelta(minutes=1))], source=Source.WEBHOOK, now=now)
    assert Connection.objects.get().state == "connected"
    assert "Reconnect needed" not in row_of(car, page(client))


def test_every_link_of_the_page_leads_somewhere(client, manager):
    for state in State:
        today(manager.fleet, state)
    main = page(client, **{"HX-Request": "true"})
    addresses = set(re.findall(r'<a [^>]*href="(/[^"#]*)', main))
    assert len(addresses) > len(State)
    for address in addresses:
        assert client.get(address).status_code == 200, address


@pytest.mark.parametrize("well", [30, 3])
def test_a_large_fleets_pages_hold_each_car_once_in_the_order_of_a_small_one(monkeypatch, manager, well):
    """Well ones between others by name, and so that the first by name are none of them."""
    for place in range(40):
        state = State.FINE if place % 4 and place >= 40 - well else State.RECONNECT
        standing.MAKE[state](manager.fleet, name=f"Van {place:02}")
    cars = Vehicle.objects.active()
    counts = reach.counts(cars, NOON)
    whole = [car.pk for car in owners_board.slice_of(cars, counts, 0, 99, NOON)]
    assert len(whole) == 40
    monkeypatch.setattr(owners_board, "MANY", 5)
    monkeypatch.setattr(owners_board, "SIZE", 4)

    paged = [car.pk for start in range(0, 40, 4) for car in owners_board.slice_of(cars, counts, start, 4, NOON)]

    assert paged == whole
