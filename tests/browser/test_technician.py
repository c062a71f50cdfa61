"""The technician with a phone: complete a service, take it back, mistype, without a mouse, without JavaScript."""

import re

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import expect

from tests.browser.people import EMAIL, PHONE, tab_to

ODOMETER = "#id_odometer_km"


def an_item(page) -> str:
    """The id of an oil change that is due by distance or time, on a car which tells its odometer.

    Not by oil life: the demo's cars go on telling an old oil, and with their next word the item is due again.
    """
    row = (
        page.locator(".rows tbody tr:not(.group)", has_text="Oil and filter change")
        .filter(has=page.locator(".age time"))
        .filter(has=page.locator(".left", has_text=re.compile("km|days")))
        .first
    )
    return row.locator("[id^=c-]").get_attribute("id")


def complete(page, link: str) -> None:
    page.locator(f"#{link}").click()
    expect(page.locator(ODOMETER)).to_have_value(re.compile(r"^\d{3,6}(\.\d)?$"))
    expect(page.locator("#id_odometer_km_helptext")).to_contain_text(re.compile(r"From the car|The last reading is"))
    page.get_by_role("button", name="Done").click()


def expect_receipt(page, words: str) -> None:
    expect(page.locator(".toast")).to_contain_text(words)


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_service_is_completed_on_a_phone_and_taken_back(window, script):
    page = window(PHONE, script=script).sign_in("technician")
    link = an_item(page)
    complete(page, link)
    expect(page).to_have_url(re.compile(r"/$"))
    expect_receipt(page, "done.")
    expect(page.locator(f"#{link}")).to_have_count(0)

    page.get_by_role("button", name="Undo").click()
    expect_receipt(page, "taken back.")
    expect(page.locator(f"#{link}")).to_have_count(1)


def test_it_can_be_taken_back_from_the_history_as_well(window, keys):
    page = window(PHONE, state=keys("technician")).page
    page.goto("/")
    link = an_item(page)
    row = page.locator(".rows tr", has=page.locator(f"#{link}"))
    vehicle = row.locator("a.veh").get_attribute("href")
    complete(page, link)
    expect_receipt(page, "done.")
    page.goto(vehicle)
    page.locator("#past").scroll_into_view_if_needed()
    page.locator("#history").get_by_role("button", name="Take back").first.click()
    expect_receipt(page, "taken back.")
    page.goto("/")
    expect(page.locator(f"#{link}")).to_have_count(1)


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
@pytest.mark.parametrize("typed", ["a lot", "12", "99999999"])
def test_a_wrong_odometer_is_told_beside_the_field_and_stays_as_typed(window, keys, typed, script):
    phone = window(PHONE, script=script, state=keys("technician"))
    page = phone.page
    page.goto("/")
    page.locator(f"#{an_item(page)}").click()
    page.locator(ODOMETER).fill(typed)
    page.get_by_label("Notes").fill("Filter was loose")
    page.get_by_role("button", name="Done").click()

    expect(page.locator("#id_odometer_km_error")).to_be_visible()
    expect(page.locator(ODOMETER)).to_have_value(typed)
    expect(page.locator(ODOMETER)).to_have_attribute("aria-invalid", "true")
    expect(page.locator(ODOMETER)).to_have_attribute("aria-describedby", re.compile("id_odometer_km_error"))
    expect(page.get_by_label("Notes")).to_have_value("Filter was loose")
    if script:
        expect(page.locator("#errors")).to_be_focused()
    # The browser itself notes the status 422 in its console.
    phone.complaints[:] = [line for line in phone.complaints if "422" not in line]


def test_the_whole_way_goes_by_keyboard_alone(window, house):
    page = window(PHONE).page
    page.goto("/")
    tab_to(page, page.get_by_label("Email"))
    page.keyboard.type(EMAIL.format(role="technician"))
    tab_to(page, page.get_by_label("Password"))
    page.keyboard.type(house.password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Due")

    link = an_item(page)
    tab_to(page, page.locator(f"#{link}"))
    page.keyboard.press("Enter")
    tab_to(page, page.locator(ODOMETER))
    tab_to(page, page.get_by_role("button", name="Done"))
    page.keyboard.press("Enter")
    expect_receipt(page, "done.")
    tab_to(page, page.get_by_role("button", name="Undo"))
    page.keyboard.press("Enter")
    expect_receipt(page, "taken back.")
    expect(page.locator(f"#{link}")).to_have_count(1)
