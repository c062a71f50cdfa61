"""The four days, once each, in a real browser: the short tier. The owner's consent and the first hour stand beside."""

import re

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import expect

from tests.browser.people import PHONE
from tests.browser.test_job_sheet import begun, cut_off, forgive, kept_for_offline
from tests.pictures import from_a_phone

pytestmark = pytest.mark.short


def test_the_managers_day(window, tmp_path):
    page = window().sign_in("manager")

    # What is overdue, and why.
    page.locator("a.tile", has_text="Overdue").click()
    expect(page.locator(".rows tbody tr:not(.group):not(.hint):not([data-status=overdue])")).to_have_count(0)
    with page.expect_download() as file:
        page.get_by_role("link", name="CSV").click()
    lines = (tmp_path / "due.csv", file.value.save_as(tmp_path / "due.csv"))[0].read_text(encoding="utf-8-sig")
    assert "Overdue" in lines and len(lines.splitlines()) > 1
    page.locator("a.veh").first.click()
    page.locator("details.why summary").first.click()
    expect(page.locator("details.why[open] dl.sum .total dt").first).to_have_text("Verdict")
    page.locator("#courses").scroll_into_view_if_needed()
    expect(page.locator("figure svg[role=img], svg[aria-labelledby^=t-]").first).to_be_visible()

    # Two jobs become work for the technician.
    page.goto("/?show=all")
    ticks = page.locator(".pick input:enabled")
    for place in range(2):
        ticks.nth(place).check()
    page.get_by_role("button", name="Write orders").click()
    page.locator("#id_assignee").select_option(label="Robert Osei")
    page.get_by_role("button", name="Write the orders").click()
    expect(page.locator(".toast")).to_contain_text(re.compile(r"WO-\d+"))

    # What came in is looked at.
    page.get_by_role("link", name="Alerts").click()
    first = page.locator(".alert input[type=checkbox]").first
    first.check()
    expect(page.locator("#ticked")).to_have_text(" (1)")
    page.get_by_role("button", name="Acknowledge").click()
    expect(page.locator(".toast")).to_contain_text("cknowledged")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Orders").click()
    expect(page.get_by_role("link", name=re.compile(r"WO-\d+")).first).to_be_visible()


def test_the_technicians_day(window, tmp_path):
    phone = window(PHONE)
    page = phone.sign_in("technician")
    begun(page)
    kept_for_offline(page)

    # In the cellar: the sheet opens, keeps what is typed, and takes a photo.
    cut_off(phone)
    page.reload()
    expect(page.locator("#copy-note")).to_be_visible()
    page.get_by_label("Notes").fill("Cable was loose")
    picture = tmp_path / "IMG_0001.jpg"
    picture.write_bytes(from_a_phone())
    page.locator("#photo").set_input_files(picture)
    expect(page.locator("#wait-note")).to_contain_text("A photo")
    page.locator(".seg label", has_text=re.compile("^Done$")).click()
    page.get_by_role("button", name="Done").click()
    expect(page.locator("#wait-note")).to_contain_text("waits for the network")

    # Back upstairs it goes by itself, once.
    cut_off(phone, off=False)
    expect(page.locator("#sent-note")).to_contain_text("Done.", timeout=40_000)
    expect(page.locator("#photos-photo img")).to_have_count(1)
    expect(page.get_by_text("Cable was loose")).to_be_visible()
    forgive(phone)

    # A service without an order, and the slip taken back.
    page.goto("/?show=all")
    row = page.locator(".rows tbody tr:not(.group)", has=page.locator(".age time")).first
    link = row.locator("[id^=c-]").get_attribute("id")
    page.locator(f"#{link}").click()
    page.get_by_role("button", name="Done").click()
    expect(page.locator(".toast")).to_contain_text("done.")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".toast")).to_contain_text("taken back.")

    # Whoever signs out leaves nothing.
    page.get_by_role("button", name="More").click()
    page.locator("button:visible", has_text="Sign out").click()
    expect(page).to_have_url(re.compile("/accounts/login/"))
    page.go_back()
    expect(page).to_have_url(re.compile("/accounts/login/"))
