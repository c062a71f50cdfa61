"""Through Connect in a real browser, which holds us to our own policy on the way out and back."""

import re

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import expect

from vehicles.boards.connect_words import OUTCOMES
from vehicles.smartcar.sandbox.connect import FAILURES


def set_out(page, owner: str) -> None:
    page.goto("/connect/")
    page.locator("#id_name").fill(owner)
    page.get_by_role("button", name="Go to Smartcar").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Choose your account")


def test_the_manager_connects_an_owner_and_sees_the_cars(window, keys):
    page = window(state=keys("manager")).page
    set_out(page, "Harbour Freight Lines")
    page.get_by_role("button", name="toyota@harbour.example").click()
    page.get_by_role("button", name="Allow").click()

    expect(page).to_have_url(re.compile(r"/connect/\d+/"))
    expect(page.get_by_role("heading", name="4 cars connected")).to_be_visible(timeout=40_000)
    page.get_by_role("link", name="See the vehicles").click()
    page.get_by_role("searchbox").fill("toyota")
    expect(page.locator(".rows tbody tr")).to_have_count(4)
    for model in ("Tacoma", "RAV4", "Prius", "Tundra"):
        expect(page.locator(".rows tbody tr", has_text=model)).to_have_count(1)
    page.goto("/connect/?q=Harbour")
    expect(page.locator(".rows tbody tr", has_text="Harbour Freight Lines")).to_have_count(4)


@pytest.mark.short
def test_a_denied_consent_says_what_happened(window, keys):
    page = window(state=keys("manager")).page
    set_out(page, "Quayside Traders")
    page.get_by_role("button", name="chevrolet@quayside.example").click()
    page.get_by_role("button", name="Deny").click()
    expect(page.get_by_role("heading", name="The owner said no")).to_be_visible()
    page.get_by_role("button", name="Begin again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Choose your account")


@pytest.mark.parametrize("failure", FAILURES)
def test_each_failure_of_connect_comes_back_as_a_page(window, keys, failure):
    page = window(state=keys("manager")).page
    set_out(page, "Quayside Traders")
    page.get_by_text("Make it fail").click()
    page.get_by_role("button", name=failure, exact=True).click()
    expect(page).to_have_url(re.compile(r"/connect/\d+/"))
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text(OUTCOMES[failure].title)
    expect(alert).to_contain_text(OUTCOMES[failure].step)


def test_an_answer_that_nobody_asked_for_connects_nothing(window, keys):
    desk = window(state=keys("manager"))
    desk.page.goto("/connect/back/?state=invented&user_id=somebody")
    expect(desk.page.get_by_role("heading", level=1)).to_have_text("This did not begin here")
    # The browser itself notes the status 400 in its console.
    desk.complaints[:] = [line for line in desk.complaints if "400" not in line]
