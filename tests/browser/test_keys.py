"""Without a mouse: the keys of lists, the dialog that names them, and the palette."""

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import expect


def focused(page) -> str:
    return page.evaluate("() => document.activeElement.textContent.trim()")


def test_rows_are_walked_opened_and_ticked_by_keys(window, keys):
    page = window(state=keys("manager")).page
    page.goto("/")
    names = [link.inner_text() for link in page.locator("a.veh").all()]

    page.keyboard.press("j")
    assert focused(page) == names[0]
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert focused(page) == names[1]
    page.keyboard.press("x")
    expect(page.locator(".pick input").nth(1)).to_be_checked()
    expect(page.locator("#ticked")).to_have_text("(1)")
    page.locator("a.veh").nth(1).focus()
    page.evaluate("() => htmx.ajax('GET', '/', {target: '#live', swap: 'outerHTML', source: '#live'})")
    expect(page.locator(".pick input").nth(1)).to_be_checked()
    assert focused(page) == names[1]
    page.keyboard.press("o")
    expect(page.get_by_role("heading", level=1)).to_have_text(names[1])


def test_c_completes_slash_searches_and_letters_type_in_a_field(window, keys):
    page = window(state=keys("technician")).page
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type("jcgo?")
    expect(page.locator("#q")).to_have_value("jcgo?")
    expect(page.locator("dialog[open]")).to_have_count(0)

    page.goto("/")
    page.keyboard.press("j")
    page.keyboard.press("c")
    expect(page.locator("form#complete")).to_be_visible()


def test_the_keys_are_listed_and_can_be_switched_off(window, keys):
    page = window(state=keys("viewer")).page
    page.goto("/vehicles/")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_contain_text("Next row")
    expect(dialog).not_to_contain_text("Tick the row")  # nothing can be ticked here
    expect(dialog).not_to_contain_text("Complete the job")
    dialog.get_by_label("Single letters act").uncheck()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()

    before = focused(page)
    page.keyboard.press("j")
    assert focused(page) == before
    page.keyboard.press("?")
    dialog.get_by_label("Single letters act").check()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("d")
    expect(page.get_by_role("heading", level=1)).to_have_text("Due")


def test_the_palette_finds_a_vehicle_and_a_page(window, keys):
    page = window(state=keys("manager")).page
    page.goto("/")
    page.keyboard.press("Control+k")
    box = page.get_by_role("combobox", name="Find or do")
    expect(box).to_be_focused()
    expect(page.get_by_role("option").first).to_contain_text("Due list")
    box.fill("pickup")
    expect(page.get_by_role("option").first).to_contain_text("Pickup")
    page.keyboard.press("ArrowDown")
    second = page.get_by_role("option").nth(1)
    expect(second).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", second.get_attribute("id"))
    name = second.locator("b").inner_text()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)

    page.keyboard.press("Control+k")
    box.fill("van")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Find or do")).to_be_hidden()
    page.get_by_role("link", name="Find or do").click()
    page.get_by_role("combobox", name="Find or do").fill("what if")
    expect(page.get_by_role("option").first).to_contain_text("What if")
    page.keyboard.press("Enter")
    page.wait_for_url("**/plans/what-if/")


def test_without_script_it_is_a_page(window, keys):
    page = window(state=keys("manager"), script=False).page
    page.goto("/")
    page.get_by_role("link", name="Find or do").click()
    page.get_by_role("searchbox", name="Find or do").fill("van")
    page.keyboard.press("Enter")
    expect(page.locator("ul.found a").first).to_contain_text("Van")
