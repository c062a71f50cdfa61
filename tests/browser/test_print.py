"""On paper: the words and figures of a page, without what is pressed, and nothing torn in two."""

import pytest

pytest.importorskip("playwright")

PRESSED = "button:not(.vh), .btn, .rail, dialog, nav, [type=search], .toasts, .deck"
SEEN = "(all) => all.filter((one) => one.getClientRects().length).map((one) => one.outerHTML.slice(0, 120))"
TORN = "(all) => all.filter((one) => getComputedStyle(one).breakInside !== 'avoid').length"


def due(page):
    page.goto("/?show=all")


def vehicle(page):
    page.goto("/")
    page.locator("a.veh").first.click()
    page.locator("#next").wait_for()


def order(page):
    page.goto("/orders/?show=working")
    page.locator("tbody a[href^='/orders/']").first.click()
    page.locator("#past-h").wait_for()


@pytest.mark.parametrize("go", [due, vehicle, order])
def test_paper_has_nothing_to_press_and_breaks_between_rows(window, keys, go):
    page = window(state=keys("manager")).page
    go(page)
    page.emulate_media(media="print", color_scheme="dark")

    kept = "nav.tiles"  # counts, which say as much on paper
    assert page.locator(f":is({PRESSED}):not({kept})").evaluate_all(SEEN) == []
    assert page.locator("tbody tr, .gauge, .sum > div, .note").evaluate_all(TORN) == 0
    look = "(sheet) => ['backgroundColor', 'color'].map((name) => getComputedStyle(sheet)[name])"
    assert page.locator(".sheet").first.evaluate(look) == ["rgb(255, 255, 255)", "rgb(23, 32, 28)"]


def test_a_vehicle_is_printed_with_the_sum_of_each_verdict(window, keys):
    page = window(state=keys("viewer")).page
    vehicle(page)
    folded = page.locator(".next .sum").first
    assert not folded.is_visible()
    page.emulate_media(media="print")
    assert folded.is_visible()
