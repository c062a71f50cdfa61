"""The bar at the thumb: four keys and More, behind which the rest stands."""

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import expect

from tests.browser.people import PHONE


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_a_phone_has_five_keys_and_the_rest_under_more(window, keys, script):
    page = window(PHONE, state=keys("manager"), script=script).page
    page.goto("/")
    bar = page.locator(".nav > li:visible")
    expect(bar).to_have_count(5)
    assert [text.split("\n")[0].strip() for text in bar.all_inner_texts()][-1] == "More"

    more = page.get_by_role("button", name="More")
    below = more.bounding_box()
    assert below["height"] >= 44 and below["y"] + below["height"] <= PHONE[1]
    more.click()
    rest = page.get_by_role("navigation", name="More pages")
    expect(rest).to_be_visible()
    box = rest.bounding_box()
    assert box["y"] >= 0 and box["y"] + box["height"] <= below["y"], "it hides its own key"
    rest.get_by_role("link", name="Faults").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Faults")
