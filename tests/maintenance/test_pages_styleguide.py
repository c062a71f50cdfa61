"""The style guide: all parts, by the templates of the pages, for those who build them."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from fleet.owners.models import Role
from maintenance.boards import samples
from maintenance.domain.status import Status
from tests.scenes import a_fleet, a_member

pytestmark = pytest.mark.django_db


def static(name: str) -> str:
    return Path(finders.find(name)).read_text()


@pytest.fixture
def page(client, settings) -> str:
    settings.DEMO = True
    client.force_login(a_member(a_fleet(), Role.TECHNICIAN).user)
    return client.get("/styleguide/").content.decode()


def test_in_public_there_is_no_style_guide(client):
    client.force_login(a_member(a_fleet(), Role.MANAGER).user)
    assert client.get("/styleguide/").status_code == 404


def test_those_who_debug_see_it(client, settings):
    settings.DEBUG = True
    client.force_login(a_member(a_fleet(), Role.VIEWER).user)
    assert client.get("/styleguide/").status_code == 200


def test_each_state_is_a_chip_a_note_and_for_jobs_a_row_and_a_bar(page):
    css = static("css/fleet.css")
    known = set(re.findall(r'\[data-status="([a-z]+)"\]', css.partition("@layer base {")[0]))
    assert known <= set(samples.STATUSES)
    for status in samples.STATUSES:
        assert f'class="chip" data-status="{status}"' in page and f'class="note" data-status="{status}"' in page
    for status in Status:
        assert f'<tr data-status="{status}">' in page and f'<li data-status="{status}" id="item-' in page


def test_no_drawing_is_missing_and_none_is_made_up(page):
    sprite = set(re.findall(r'<symbol id="i-([a-z-]+)"', static("img/icons.svg")))
    drawn = set(re.findall(r"#i-([a-z-]+)", page))
    assert drawn == sprite


def test_what_hangs_on_a_row_is_shown_too(page):
    for words in ("snoozed until 28 Nov", "Robert Osei", "in WO-1043", "1 more on Van 03 soon:", "One visit saves"):
        assert words in page
    assert 'class="c-band"' in page and 'class="c-due"' in page


def test_every_kind_of_nothing_is_shown_as_such(page):
    for words in ("Not permitted", "Waiting for first data", "Not provided by this car", "not reported", "not told"):
        assert words in page
    assert 'class="age stale"' in page and "Nothing needs you now" in page


def test_a_form_shows_its_errors_beside_the_fields(page):
    assert "Some answers need another look" in page
    assert page.count('aria-invalid="true"') == 2 and "Say why, in a few words." in page


def test_no_page_writes_a_part_out_by_hand():
    """A note, an empty list, a tile and a plate have one place each, and the pages ask for them by name."""
    homes = {f"{name}.html" for name in ("note", "empty", "tile")}
    by_hand = re.compile(r'class="(note|empty|tile|plate)\b')
    pages = [path for path in (Path(__file__).parents[2] / "templates").rglob("*.html") if path.name not in homes]
    assert len(pages) > 100
    assert [str(path) for path in pages if by_hand.search(path.read_text())] == []


def test_no_two_parts_share_an_id(page):
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids)), sorted({one for one in ids if ids.count(one) > 1})
