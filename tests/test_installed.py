"""What a browser is told of an installed Fettle."""

import pytest
from django.contrib.staticfiles import finders
from PIL import Image

from fleet.owners.models import Role
from tests.scenes import a_fleet, a_member

pytestmark = pytest.mark.django_db


def drawn(static: str) -> Image.Image:
    with Image.open(finders.find(static.removeprefix("/static/"))) as picture:
        picture.load()
        return picture


def test_the_manifest_names_icons_that_are_there_in_the_size_it_says(client):
    said = client.get("/manifest.webmanifest")
    assert said["Content-Type"] == "application/manifest+json"
    told = said.json()
    assert (told["start_url"], told["display"]) == ("/", "standalone")
    assert {icon.get("purpose", "any") for icon in told["icons"]} == {"any", "maskable"}
    for icon in told["icons"]:
        assert "x".join(str(side) for side in drawn(icon["src"]).size) == icon["sizes"]


def test_a_maskable_icon_fills_its_square():
    assert "transparency" not in drawn("/static/img/icon-maskable.png").info


def test_every_page_links_the_manifest_and_the_policy_lets_the_worker_in(client):
    answer = client.get("/accounts/login/")
    assert '<link rel="manifest" href="/manifest.webmanifest">' in answer.content.decode()
    policy = answer["Content-Security-Policy"]
    assert "worker-src 'self'" in policy
    assert "manifest-src 'self'" in policy


def test_the_worker_lies_at_the_root_and_is_never_old(client):
    answer = client.get("/worker.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"


def test_the_icon_that_every_browser_tries_is_there(client):
    moved = client.get("/favicon.ico")
    assert drawn(moved["Location"]).format == "ICO"


def test_signing_out_empties_the_browser(client):
    client.force_login(a_member(a_fleet(), Role.TECHNICIAN).user)
    assert "Clear-Site-Data" not in client.get("/accounts/logout/")
    assert client.post("/accounts/logout/")["Clear-Site-Data"] == '"storage"'
