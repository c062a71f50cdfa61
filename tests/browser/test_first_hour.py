"""The first hour: from no fleet at all to a technician at the phone, with the letter that asked them."""

import quopri
import re

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import expect

from tests.browser.house import until
from tests.browser.people import PHONE

SECRET = "a sentence that is long enough"


def letter_to(house, email: str) -> str:
    """The newest letter to this address, as the mail server would have got it."""
    found = []
    for path in sorted((house.data_dir / "mail").glob("*.log"), key=lambda path: path.stat().st_mtime):
        found += [text for text in path.read_text().split("-" * 79) if f"To: {email}" in text]
    return quopri.decodestring(found[-1].encode()).decode() if found else ""


def step(page, name: str):
    return page.locator("ol.hour > li", has_text=name)


def picture(one, shots, name: str) -> None:
    for theme in ("light", "dark") if shots else ():
        one.page.emulate_media(color_scheme=theme)
        one.page.screenshot(path=shots / f"first-hour-{name}-{theme}.png", full_page=True)


@pytest.mark.short
def test_the_first_hour_from_an_empty_fleet_to_a_technician(window, house, keys, shots):
    desk = window(state=keys("manager"))
    page = desk.page

    # A fleet, with its units and its clock.
    page.goto("/settings/")
    page.get_by_role("link", name="Another fleet").click()
    page.get_by_label("Name of the fleet").fill("Quayside Vans")
    page.get_by_text("Miles and psi").click()
    page.get_by_label("Time zone").fill("Europe/Oslo")
    picture(desk, shots, "fleet")
    page.get_by_role("button", name="Make the fleet").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("First hour")
    expect(step(page, "Choose units")).to_contain_text("miles, days by the clock of Oslo")
    expect(step(page, "Connect a car")).to_have_attribute("aria-current", "step")
    picture(desk, shots, "empty")

    # A car, through Smartcar.
    page.get_by_role("link", name="Connect an owner").click()
    page.locator("#id_name").fill("Quayside Traders")
    page.get_by_role("button", name="Go to Smartcar").click()
    page.get_by_role("button", name="chevrolet@quayside.example").click()
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_role("heading", name="2 cars connected")).to_be_visible(timeout=40_000)
    page.goto("/start/")
    picture(desk, shots, "waiting")

    # It renews itself as the cars answer, and the standard programs find them.
    expect(step(page, "Wait for first data")).to_have_attribute("data-status", "ok", timeout=90_000)
    expect(step(page, "Pick a program")).to_have_attribute("data-status", "ok", timeout=60_000)

    # The last services, all at once.
    step(page, "last serviced").get_by_role("link").click()
    page.get_by_label("All", exact=False).last.check()
    page.get_by_role("button", name="Take as done today").click()
    page.goto("/start/")
    expect(step(page, "last serviced")).to_have_attribute("data-status", "ok", timeout=30_000)

    # A technician, by letter.
    step(page, "Invite").get_by_role("link").click()
    page.get_by_label("E-mail").fill("per@quayside.example")
    page.get_by_role("button", name="Send the letter").click()
    expect(page.get_by_text("per@quayside.example is asked to join")).to_be_visible()
    picture(desk, shots, "people")
    letter = until(lambda: letter_to(house, "per@quayside.example"), 30)
    link = re.search(r"/invitations/\S+", letter)[0]

    phone = window(PHONE)
    phone.page.goto(link)
    expect(phone.page.get_by_role("heading", name="Join Quayside Vans")).to_be_visible()
    phone.page.get_by_label("Your name").fill("Per Berg")
    phone.page.get_by_label("Password").fill(SECRET)
    picture(phone, shots, "join")
    phone.page.get_by_role("button", name="Join").click()
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("Due")
    phone.page.get_by_role("button", name="More").click()
    expect(phone.page.get_by_role("navigation", name="More pages")).to_be_visible()
    picture(phone, shots, "more")
    phone.page.goto(link)
    expect(phone.page).to_have_url(re.compile(r"/$"))

    # And it is over.
    page.goto("/start/")
    expect(page.get_by_role("heading", name="All is done")).to_be_visible()
    picture(desk, shots, "done")
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Due")
    expect(page.get_by_text("Go on with the first hour")).to_have_count(0)
    picture(desk, shots, "due")


def test_light_or_dark_holds_on_every_page_and_on_every_device(window, keys):
    one = window(state=keys("viewer"))
    one.page.goto("/settings/yours/")
    one.page.get_by_text("Dark", exact=True).click()
    one.page.get_by_role("button", name="Save").click()
    expect(one.page.locator("html[data-theme=dark]")).to_have_count(1)
    one.page.goto("/vehicles/")
    assert one.page.evaluate("() => getComputedStyle(document.documentElement).colorScheme") == "dark"
    one.page.goto("/settings/yours/")
    one.page.get_by_text("As this device").click()
    one.page.get_by_role("button", name="Save").click()
    expect(one.page.locator("html[data-theme]")).to_have_count(0)
