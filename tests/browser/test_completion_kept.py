"""A completion without an order: what is typed outlives the network, the session and an answer that got lost."""

import re

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import expect

from tests.browser.people import EMAIL, PHONE
from tests.browser.test_job_sheet import cut_off
from tests.browser.test_technician import an_item

DRAFTS = "() => Object.keys(localStorage).filter((name) => name.startsWith('fettle:'))"
NOTES = "Filter was loose"


def typed(page) -> str:
    """The address of the form, with something typed on it."""
    page.goto("/")
    page.locator(f"#{an_item(page)}").click()
    page.get_by_label("Notes").fill(NOTES)
    assert len(page.evaluate(DRAFTS)) == 1
    return page.url


def done(page) -> None:
    page.get_by_role("button", name="Done").click()


def expect_received(page) -> None:
    expect(page.locator(".toast").first).to_contain_text("done.")
    assert page.evaluate(DRAFTS) == []


def forgive(phone) -> None:
    """The browser and htmx note a request that found no network, each in words of its own."""
    phone.complaints[:] = [line for line in phone.complaints if "htmx:" not in line and "net::ERR" not in line]


def test_without_a_network_it_is_kept_and_sent_later(window, keys):
    phone = window(PHONE, state=keys("technician"))
    page = phone.page
    where = typed(page)
    cut_off(phone)
    done(page)
    expect(page.locator("#draft-note")).to_contain_text("cannot be reached")
    cut_off(phone, off=False)

    page.goto("/vehicles/")
    page.goto(where)
    expect(page.locator("#draft-note")).to_contain_text("not sent yet")
    expect(page.get_by_label("Notes")).to_have_value(NOTES)
    done(page)
    expect_received(page)
    forgive(phone)


def test_whoever_has_to_sign_in_again_finds_it(window):
    phone = window(PHONE)
    page = phone.sign_in("technician")
    where = typed(page)
    phone.context.clear_cookies(name="session")
    done(page)
    expect(page).to_have_url(re.compile("/accounts/login/"))
    page.get_by_label("Email").fill(EMAIL.format(role="technician"))
    page.get_by_label("Password").fill(phone.house.password)
    page.get_by_role("button", name="Sign in").click()

    expect(page).to_have_url(where)
    expect(page.get_by_label("Notes")).to_have_value(NOTES)
    done(page)
    expect_received(page)


def test_what_was_received_though_the_answer_got_lost_is_let_go(window, keys):
    phone = window(PHONE, state=keys("technician"))
    page = phone.page
    where = typed(page)
    phone.context.route("**/complete/", lambda route: (route.fetch(), route.abort()))
    done(page)
    expect(page.locator("#draft-note")).to_contain_text("cannot be reached")
    phone.context.unroute("**/complete/")

    done(page)  # pressed again: the same key, so it is one completion
    expect_received(page)
    page.goto(where)
    expect(page.locator("#draft-note")).not_to_contain_text("not sent yet")
    expect(page.get_by_label("Notes")).to_have_value("")
    forgive(phone)


def test_it_can_be_thrown_away(window, keys):
    page = window(PHONE, state=keys("technician")).page
    where = typed(page)
    page.goto(where)
    page.get_by_role("button", name="Throw it away").click()
    expect(page.get_by_label("Notes")).to_have_value("")
    assert page.evaluate(DRAFTS) == []
