"""The manager at the desk: what is due, why, and whether it is still so."""

import re

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import expect

from tests.browser.people import newest, number_in


def test_the_manager_finds_what_is_due_and_checks_the_sum(window):
    page = window().sign_in("manager")
    expect(page.locator("a.tile")).to_have_count(4)
    rows = page.locator(".rows tbody tr:not(.group)")
    everything = rows.count()
    assert everything > 3

    page.get_by_role("searchbox").press_sequentially("oil and filter", delay=20)
    expect(page.locator("#list-h ~ [role=status]")).to_have_text("found by “oil and filter”")
    expect(rows.filter(has_not_text="Oil and filter change")).to_have_count(0)
    assert 0 < rows.count() < everything
    assert "q=oil" in page.url
    page.get_by_role("link", name="Clear the search").click()
    expect(rows).to_have_count(everything)

    overdue = page.locator("a.tile", has_text="Overdue")
    count = number_in(overdue.locator(".n").inner_text())
    overdue.click()
    expect(page.locator("a.tile[aria-current]")).to_have_count(1)
    expect(page.locator(".rows tbody tr:not(.group):not([data-status=overdue])")).to_have_count(0)
    assert rows.count() == count > 0

    name = page.locator("a.veh").first.inner_text()
    page.locator("a.veh").first.click()
    expect(page).to_have_url(re.compile(r"/vehicles/\d+/$"))
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    page.get_by_text("Why is this due?").first.click()
    sums = page.locator("details.why[open] dl.sum")
    expect(sums).to_be_visible()
    expect(sums.locator(".total dt")).to_have_text("Verdict")
    assert sums.locator("dd").count() > 2
    assert re.search(r"\d", sums.inner_text())


def test_an_open_sum_stays_open_while_the_page_renews_itself(window, house, keys):
    page = window(state=keys("manager")).page
    page.goto("/vehicles/?q=Colorado")
    page.locator("a.veh").first.click()
    page.locator("details.why summary").first.click()
    before = newest(page)
    house.command("deliver", vehicleId=house.car("gm@northgate.example", "Colorado"))
    page.wait_for_function(f"() => {NEWEST} > '{before}'", timeout=40_000)
    expect(page.locator("details.why").first).to_have_attribute("open", "")


def test_the_numbers_move_by_themselves(window, keys):
    page = window(state=keys("manager")).page
    page.goto("/vehicles/")
    page.evaluate("() => { window.notReloaded = true }")
    before = newest(page)
    page.wait_for_function(f"() => {NEWEST} > '{before}'", timeout=90_000)
    assert page.evaluate("() => window.notReloaded")


NEWEST = "[...document.querySelectorAll('#live .age time')].map((time) => time.dateTime).sort().at(-1)"
