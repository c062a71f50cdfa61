"""Connect as its owners meet it: on a phone, or without a mouse."""

import pytest

pytest.importorskip("playwright")
pytest.importorskip("axe_playwright_python")

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.people import PHONE, tab_to
from tests.browser.test_connect import set_out

COVERED = """() => {
  const box = document.activeElement.getBoundingClientRect();
  const bar = document.querySelector(".answer").getBoundingClientRect();
  return box.bottom > bar.top && !document.querySelector(".answer").contains(document.activeElement);
}"""
TOO_WIDE = "() => document.documentElement.scrollWidth > innerWidth"


def is_for_everybody(page) -> None:
    assert Axe().run(page).response["violations"] == []
    assert not page.evaluate(TOO_WIDE)


def test_an_owner_gets_through_connect_with_keys_on_a_narrow_screen(window, keys):
    page = window(PHONE, state=keys("manager")).page
    set_out(page, "Quayside Traders")
    is_for_everybody(page)
    tab_to(page, page.get_by_role("button", name="chevrolet@quayside.example"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Share your vehicles?")
    is_for_everybody(page)

    for box in page.get_by_role("checkbox").all():
        tab_to(page, box)
        assert not page.evaluate(COVERED)
    page.keyboard.press("Space")
    expect(page.get_by_role("checkbox").last).not_to_be_checked()
    tab_to(page, page.get_by_role("button", name="Deny"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="The owner said no")).to_be_visible()


def test_an_unknown_sign_in_is_said_aloud(window, keys):
    page = window(PHONE, state=keys("manager")).page
    set_out(page, "Quayside Traders")
    page.get_by_label("Or sign in with an e-mail address").fill("nobody@example.org")
    page.keyboard.press("Enter")

    expect(page.get_by_role("alert")).to_have_text("There is no account for nobody@example.org.")
    is_for_everybody(page)


def test_a_sign_in_for_a_failure_comes_back_as_that_failure(window, keys):
    page = window(PHONE, state=keys("manager")).page
    set_out(page, "Quayside Traders")
    page.get_by_label("Or sign in with an e-mail address").fill("smartcar@vehicle-incompatible.com")
    page.get_by_role("button", name="Continue").click()

    expect(page.get_by_role("alert")).to_be_visible()
    assert "/connect/" in page.url
    assert "oauth" not in page.url
