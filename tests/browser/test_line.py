"""The line to Smartcar as people see it: a state brought about by hand, who is asked when, whom to call."""

import re

import pytest

pytest.importorskip("playwright")

import requests
from playwright.sync_api import expect

from tests.browser.house import until
from tests.browser.people import PHONE

ADMIN = "admin@fettle.example"
ACCOUNT = "gm@northgate.example"


def test_a_state_from_the_control_page_shows_with_its_step_and_goes(window, house, keys):
    """Two windows: at the maker's control page somebody changes a password, at ours the manager hears of it."""
    makers = window().page
    makers.goto(house.makers)
    desk = window(state=keys("manager")).page
    brand = makers.locator("section", has_text=ACCOUNT)
    try:
        brand.get_by_role("button", name="Owner changed the password").click()
        desk.goto("/connect/polling/?q=GMC")
        desk.locator("form").get_by_role("button", name="Refresh now").first.click()
        desk.goto("/connect/?q=GMC")
        row = desk.locator(".rows tbody tr", has_text="GMC").filter(has_text="Reconnect")
        expect(row.first).to_be_visible(timeout=40_000)

        desk.goto("/connect/campaigns/")
        desk.get_by_label("Maker").select_option("GMC")
        desk.get_by_label("What happened").fill("GMC has moved its accounts.")
        desk.get_by_role("button", name="Ask the owners").click()
        campaign = desk.locator("[id^=campaign-]", has_text="has moved its accounts")
        expect(campaign.locator("progress")).to_have_attribute("value", "0")
        campaign.get_by_role("button", name="Cancel it").click()
        expect(desk.locator("[id^=campaign-]")).to_have_count(0)
    finally:
        house.command("clear", account=ACCOUNT)
        house.command("returned", account=ACCOUNT)


@pytest.mark.parametrize("size", [None, PHONE], ids=["desk", "phone"])
def test_each_car_says_when_it_is_asked_and_why(window, keys, size):
    page = window(*([size] if size else []), state=keys("manager")).page
    page.goto("/connect/polling/?q=Silverado")
    row = page.locator("#polling tbody tr").first
    expect(row).to_contain_text(re.compile(r"\d+ of \d+"))
    expect(row).to_contain_text(re.compile(r"\d{1,2} \w{3} \d\d:\d\d|in line now"))
    row.get_by_role("button", name="Refresh now").click()
    expect(row.get_by_role("status")).not_to_be_empty()


def test_the_operator_sees_what_strangers_sent(window, house):
    page = window().page
    page.goto("/admin/login/?next=/admin/watch/line/")
    page.locator("#id_username").fill(ADMIN)
    page.locator("#id_password").fill(house.password)
    page.get_by_role("button", name="Log in").click()
    door = page.locator(".module", has_text="The door")
    before = strangers(door)
    answer = requests.post(
        f"{house.origin}/webhooks/smartcar/", data=b'{"eventType": "VEHICLE_STATE"}', headers={"SC-Signature": "0" * 64}
    )
    assert answer.status_code == 401

    def is_counted() -> bool:
        page.reload()
        return strangers(door) == before + 1

    until(is_counted, 30)  # the door adds up in memory and writes every few seconds
    for heading in ("Management tokens", "Inbox", "Calls", "Lists", "Partings", "Outages"):
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()


def strangers(door) -> int:
    return int(re.search(r"(\d+) from strangers", door.inner_text()).group(1))
