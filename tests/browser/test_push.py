"""Notices on the screen, in a real browser. Its push service is far away, so two things stand in for it: the sandbox's
own service hands out the address, and DevTools brings what that service would."""

import json

import pytest
import requests

pytest.importorskip("playwright")

from playwright.sync_api import expect

from tests.browser.house import until
from tests.browser.people import PHONE

# Only what lies beyond the browser's edge: it would have asked its maker's service for the address.
NO_SERVICE = """
PushManager.prototype.getSubscription = async () => null;
PushManager.prototype.subscribe = async function (how) {
  if (!how.userVisibleOnly || how.applicationServerKey.length !== 65) throw new TypeError("not how a portal asks");
  return %s;
};
"""


@pytest.fixture
def phone(window, house, keys):
    """Somebody's phone, on which nobody was asked yet."""
    one = window(PHONE, state=keys("technician"))
    address = requests.post(f"{house.makers}/control/push/phone", json={}, timeout=10).json()
    one.page.add_init_script(NO_SERVICE % json.dumps(address))
    return one


def shown(page) -> list[dict]:
    return page.evaluate("""async () => (await (await navigator.serviceWorker.ready).getNotifications())
      .map(({ title, body, tag, data }) => ({ title, body, tag, data }))""")


def deliver(one, house, words: str) -> None:
    """As a push service does, to the worker itself."""
    tools = one.context.new_cdp_session(one.page)
    found = []
    tools.on("ServiceWorker.workerRegistrationUpdated", lambda told: found.extend(told["registrations"]))
    tools.send("ServiceWorker.enable")
    until(lambda: one.page.wait_for_timeout(50) or found, 10)
    here = {"origin": house.origin, "registrationId": found[-1]["registrationId"], "data": words}
    tools.send("ServiceWorker.deliverPushMessage", here)


def test_a_phone_is_turned_on_and_a_test_arrives_at_the_service(phone, house):
    phone.context.grant_permissions(["notifications"], origin=house.origin)
    page = phone.page
    page.goto("/settings/notices/")
    page.get_by_role("button", name="Turn on for this device").click()

    expect(page.get_by_text("(this one)")).to_be_visible()
    page.get_by_role("button", name="Send a test").first.click()
    expect(page.locator(".toast")).to_contain_text("A message is on its way")
    messages = requests.get(f"{house.makers}/control/push", timeout=10).json()["messages"]
    assert messages[-1]["shown"]["body"] == "Notices appear like this one."

    page.get_by_role("button", name="Turn off").first.click()
    expect(page.locator(".toast")).to_contain_text("told nothing any more")


def test_what_arrives_stands_on_the_screen_and_a_press_opens_its_page(phone, house):
    phone.context.grant_permissions(["notifications"], origin=house.origin)
    page = phone.page
    page.goto("/settings/notices/")
    page.get_by_role("button", name="Turn on for this device").click()
    expect(page.get_by_text("(this one)")).to_be_visible()

    said = {"title": "Van 07", "body": "Oil change is overdue.", "href": "/faults/", "tag": "alert-1"}
    deliver(phone, house, json.dumps(said))
    (one,) = until(lambda: shown(page), 10)
    assert (one["title"], one["body"], one["data"]["href"]) == ("Van 07", "Oil change is overdue.", "/faults/")

    deliver(phone, house, json.dumps(said | {"body": "It is 10 km more by now."}))
    until(lambda: [each["body"] for each in shown(page)] == ["It is 10 km more by now."], 10)

    deliver(phone, house, "rubbish")
    until(lambda: len(shown(page)) == 2, 10)
    assert {each["title"] for each in shown(page)} == {"Van 07", "Fettle"}
    page.get_by_role("button", name="Turn off").first.click()
    expect(page.locator(".toast")).to_be_visible()


def test_who_does_not_allow_it_is_told_what_that_means(phone):
    page = phone.page
    page.add_init_script("Notification.requestPermission = async () => 'default';")
    page.goto("/settings/notices/")
    page.get_by_role("button", name="Turn on for this device").click()

    expect(page.get_by_role("status").filter(has_text="was not allowed")).to_be_visible()


def test_a_browser_that_knows_no_push_says_so(window, keys):
    one = window(PHONE, state=keys("viewer"))
    one.page.add_init_script("delete window.PushManager;")
    one.page.goto("/settings/notices/")

    expect(one.page.get_by_text("This browser shows no such messages")).to_be_visible()
    expect(one.page.get_by_role("button", name="Turn on")).to_be_hidden()
