"""From a code in a car to a page and a mail, in seconds."""

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import expect

from tests.browser.house import until

CODE = "P0300"


def test_a_thrown_code_becomes_a_fault_and_a_mail(window, house, keys):
    page = window(state=keys("manager")).page
    page.goto("/vehicles/?q=Colorado")
    page.locator("a.veh").first.click()
    expect(page.locator("#faults code", has_text=CODE)).to_have_count(0)

    told = house.command("throw-code", vehicleId=house.car("gm@northgate.example", "Colorado"), code=CODE)
    assert told["deliveries"] == 1
    expect(page.locator("#faults li:not(.gone)", has_text=CODE)).to_be_visible(timeout=30_000)

    page.goto("/outbox/")
    mail = page.locator(".inbox-rows li[data-status=ok]", has_text=CODE)

    def has_come() -> bool:
        page.reload()
        return mail.count() > 0

    until(has_come, 25)
    addressed = " ".join(mail.all_inner_texts())
    assert "Ana Sørlie" in addressed or "manager@northgate.example" in addressed
    mail.first.locator("summary").click()
    expect(mail.first.locator("pre")).to_contain_text(house.origin)
