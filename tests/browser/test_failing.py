"""What a page says when what it asked for does not come."""

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import expect


@pytest.fixture
def listed(window, keys):
    one = window(state=keys("manager"))
    one.page.goto("/vehicles/")
    return one


def ask(page):
    page.get_by_role("searchbox").fill("van")


def toast(page):
    return page.get_by_role("status").locator(".toast")


def test_without_a_network_the_act_is_said_not_to_be_done(listed):
    page = listed.page
    page.context.set_offline(True)

    ask(page)

    expect(toast(page)).to_contain_text("the portal cannot be reached")
    page.context.set_offline(False)
    listed.complaints.clear()  # the browser itself notes the lost request


@pytest.mark.parametrize(("status", "words"), [(403, "your role"), (404, "gone meanwhile"), (500, "broke on our side")])
def test_a_refusal_is_said_with_its_reason_and_once(listed, status, words):
    page = listed.page
    page.route("**/vehicles/?*", lambda route: route.fulfill(status=status, body="no"))

    ask(page)
    expect(toast(page)).to_contain_text(words)
    page.get_by_role("searchbox").fill("vans")
    page.wait_for_timeout(800)

    expect(toast(page)).to_have_count(1)
    listed.complaints.clear()


def test_a_part_that_cannot_renew_itself_is_marked_and_interrupts_nobody(listed):
    page = listed.page
    page.route("**/*", lambda route: route.abort() if "hx-request" in route.request.headers else route.continue_())

    page.evaluate("() => htmx.trigger(document.getElementById('live'), 'look')")

    expect(page.locator("body.offline")).to_have_count(1)
    expect(toast(page)).to_have_count(0)
    page.unroute_all()
    page.evaluate("() => htmx.trigger(document.getElementById('live'), 'look')")
    expect(page.locator("body.offline")).to_have_count(0)
    listed.complaints.clear()


def test_a_page_that_broke_has_our_look_and_a_way_back(listed):
    page = listed.page
    page.goto("/vehicles/999999/")
    expect(page.get_by_role("heading", name="There is nothing here")).to_be_visible()
    page.goto("/alerts/acknowledge/")
    expect(page.get_by_role("heading", name="This address only takes answers")).to_be_visible()
    page.get_by_role("link", name="To the due list").click()
    expect(page.get_by_role("heading", level=1, name="Due")).to_be_visible()
    listed.complaints.clear()
