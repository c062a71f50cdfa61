"""Every page has its place in the sweep of the browser, so that none is forgotten."""

import pytest

pytest.importorskip("playwright")
pytest.importorskip("axe_playwright_python")

from fleet.owners import wall
from fleet.owners.models import Fleet, Role
from tests.browser.test_sweep import BY_CHANCE, OF_PAGES, PAGES
from tests.scenes import a_member
from tests.test_urls_by_role import ALL, OBJECTS, address, demo, fleets  # noqa: F401

pytestmark = pytest.mark.django_db
NAMES = [name for name, _ in ALL]


def answers_with_a_page(client, fleet: Fleet, name: str, entry) -> bool:
    """Whether a manager who opens this address with a browser reads something there."""
    of_token = {"maintenance:wall-by-address": wall.token(fleet), "owners:invitation": "1-1:forged"}
    key = of_token.get(name) or (OBJECTS[name](fleet).pk if name in OBJECTS else None)
    answer = client.get(address(name, entry, key))
    is_page = answer.get("Content-Type", "").startswith("text/html") and answer.status_code in (200, 410)
    return is_page and b"<html" in answer.content


@pytest.mark.parametrize(("name", "entry"), ALL, ids=NAMES)
def test_a_page_is_in_the_sweep(client, fleets, name, entry):  # noqa: F811
    fleet = fleets[0]
    wall.make_anew(fleet)
    fleet.refresh_from_db()
    client.force_login(a_member(fleet, Role.MANAGER).user)

    assert answers_with_a_page(client, fleet, name, entry) == (name in {*OF_PAGES, *BY_CHANCE})


def test_what_is_said_to_be_in_the_sweep_is_there():
    assert set(OF_PAGES.values()) <= PAGES.keys() and OF_PAGES.keys() <= set(NAMES)
