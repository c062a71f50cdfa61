"""Where a session ends, what it showed is gone."""

import re

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import expect

from tests.browser.people import DESK, PHONE

SIGN_IN = re.compile(r"/accounts/login/")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_after_signing_out_the_back_button_shows_nothing(window, size):
    page = window(size).sign_in("manager")
    page.goto("/vehicles/")
    if size == PHONE:
        page.get_by_role("button", name="More").click()
    page.locator("button:visible", has_text="Sign out").click()
    expect(page).to_have_url(SIGN_IN)
    page.go_back()
    expect(page).to_have_url(SIGN_IN)
    expect(page.locator(".rows")).to_have_count(0)


@pytest.mark.parametrize("path", ["/", "/vehicles/", "/outbox/"])
def test_a_session_that_ends_under_an_open_page_leads_to_the_sign_in(window, keys, path):
    desk = window(state=keys("viewer" if path != "/outbox/" else "manager"))
    desk.page.goto(path)
    desk.context.clear_cookies()
    expect(desk.page).to_have_url(SIGN_IN, timeout=30_000)
    expect(desk.page.get_by_role("button", name="Sign in")).to_be_visible()
