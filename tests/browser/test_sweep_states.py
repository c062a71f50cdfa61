"""States of pages that somebody has to bring about first: what was mistyped, a second step, what strangers and the
operator see. They are judged as every page is."""

import base64
import hashlib
import hmac
import time

import pytest

pytest.importorskip("playwright")
pytest.importorskip("axe_playwright_python")

from playwright.sync_api import expect

from tests.browser.test_sweep import MANAGER, TECHNICIAN, VIEWER, at, first, judge, sheet, vehicle

ADMIN = "admin@fettle.example"
ACCOUNT = "gm@northgate.example"


def many_snoozed(page):
    page.goto("/")
    for tick in page.locator(".pick input:enabled").all()[:3]:
        tick.check()
    page.get_by_role("button", name="Snooze").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Snooze")


def mistyped(go, **fields):
    """That page after its form was sent with this in its fields, by their ids; what is wrong is said beside."""

    def act(page):
        go(page)
        for name, value in fields.items():
            page.locator(f"#id_{name}").fill(value)
        page.locator("main form .btn.primary").first.click()
        expect(page.locator("[aria-invalid=true]").first).to_be_visible()

    return act


def snooze(page):
    page.goto("/")
    page.goto(page.locator("main a[href*='/snooze/']").first.get_attribute("href"))


def alert_acted_on(page):
    """Somebody says something of it; snoozing it for no reason is refused."""
    page.goto("/alerts/")
    page.locator(".alert a.what").first.click()
    page.get_by_label("Say something").fill("Looked at it, it can wait for the next visit.")
    page.get_by_role("button", name="Write it down").click()
    expect(page.locator(".told").first).to_contain_text("it can wait")
    page.locator("#days").fill("soon")
    page.get_by_role("button", name="Snooze").click()
    expect(page.locator("[aria-invalid=true]")).to_be_visible()


def hold(page):
    sheet("working")(page)
    page.get_by_role("button", name="Hold", exact=True).click()
    expect(page.get_by_role("heading", name="Put on hold")).to_be_visible()


def plan_of_an_order(page):
    sheet("open")(page)
    page.evaluate("() => document.querySelectorAll('details').forEach((part) => { part.open = true })")
    expect(page.get_by_label("Why is it cancelled?")).to_be_visible()


def wrong_password(page):
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill("manager@northgate.example")
    page.get_by_label("Password").fill("not this one")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert").or_(page.locator(".note[data-status]")).first).to_be_visible()


# Name → (role or nobody, how one comes there).
STATES = {
    "many-snoozed": (MANAGER, many_snoozed),
    "snooze-mistyped": (TECHNICIAN, mistyped(snooze, for_km="a lot")),
    "edit-mistyped": (MANAGER, mistyped(vehicle("Silverado", "edit/"), name="")),
    "meter-mistyped": (TECHNICIAN, mistyped(vehicle("Silverado", "meter/type/"), odometer_km="a lot")),
    "threshold-mistyped": (MANAGER, mistyped(at("/thresholds/new/"), name="")),
    "task-mistyped": (MANAGER, mistyped(at("/plans/tasks/new/"), name="")),
    "alert-acted-on": (MANAGER, alert_acted_on),
    "alert-closed": (TECHNICIAN, first("/alerts/?show=closed", ".alert a.what")),
    "alerts-nothing-found": (VIEWER, at("/alerts/?q=zeppelin")),
    "orders-done": (VIEWER, at("/orders/?show=done")),
    "order-cancelled": (VIEWER, sheet("cancelled")),
    "order-plan": (MANAGER, plan_of_an_order),
    "order-hold": (TECHNICIAN, hold),
    "not-begun-here": (MANAGER, at("/connect/back/?state=forged")),
    "faults-lights": (VIEWER, at("/faults/?show=lights")),
    "find-nothing": (VIEWER, at("/find/?q=zeppelin")),
    "email": (TECHNICIAN, at("/accounts/email/")),
    "who-is-it": (MANAGER, at("/accounts/reauthenticate/")),
    "sign-in-refused": (None, wrong_password),
    "sign-up-closed": (None, at("/accounts/signup/")),
    "account-inactive": (None, at("/accounts/inactive/")),
    "password-letter-sent": (None, at("/accounts/password/reset/done/")),
    "password-link-over": (None, at("/accounts/password/reset/key/1-x/")),
    "password-changed": (None, at("/accounts/password/reset/key/done/")),
    "admin-sign-in": (None, at("/admin/login/")),
}
NOTED = {name: "422" for name in STATES if name.endswith("-mistyped")}
NOTED |= {"alert-acted-on": "422", "not-begun-here": "400"}


@pytest.mark.parametrize("name", STATES)
def test_a_state_holds_at_every_width_in_light_and_dark(window, keys, shots, name):
    role, go = STATES[name]
    one = window(state=keys(role) if role else None)
    go(one.page)
    wrong = judge(one, name, shots, NOTED.get(name))
    assert not wrong, "\n".join(wrong)


def test_a_campaign_holds(window, house, keys, shots):
    """An owner has changed the password; all owners of that maker are asked."""
    one = window(state=keys(MANAGER))
    page = one.page
    house.command("state", account=ACCOUNT, state="reconnect")
    try:
        page.goto("/connect/polling/?q=GMC")
        page.locator("form").get_by_role("button", name="Refresh now").first.click()
        page.goto("/connect/?q=GMC")
        away = page.locator(".rows tbody tr", has_text="GMC").filter(has_text="Reconnect")
        expect(away.first).to_be_visible(timeout=40_000)
        wrong = judge(one, "connect-away", shots)
        page.goto("/connect/")
        expect(page.locator("#need-reconnect")).to_be_visible()
        wrong += judge(one, "connect-needs", shots)
        page.goto("/connect/campaigns/?make=GMC")
        page.get_by_label("What happened").fill("GMC has moved its accounts to another system.")
        wrong += judge(one, "campaign-new", shots)
        page.get_by_role("button", name="Ask the owners").click()
        expect(page.locator("[id^=campaign-]")).to_have_count(1)
        wrong += judge(one, "campaign", shots)
        page.locator("[id^=campaign-]").get_by_role("button", name="Cancel it").click()
        expect(page.locator("[id^=campaign-]")).to_have_count(0)
        wrong += judge(one, "campaign-over", shots)
    finally:
        house.command("clear", account=ACCOUNT)
        house.command("returned", account=ACCOUNT)
    assert not wrong, "\n".join(wrong)


def test_the_operators_pages_hold(window, house, shots):
    one = window()
    page = one.page
    page.goto("/admin/login/?next=/admin/watch/line/")
    page.locator("#id_username").fill(ADMIN)
    page.locator("#id_password").fill(house.password)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="The door", exact=True)).to_be_visible()
    wrong = judge(one, "admin-line", shots, jumps=False)  # the admin's own side bar opens late
    page.goto("/")  # who runs the portal belongs to no fleet
    expect(page.get_by_role("heading", level=1)).to_have_text("You belong to no fleet yet")
    wrong += judge(one, "no-fleet", shots, "403")
    assert not wrong, "\n".join(wrong)


EMPTY = {
    "due": "/",
    "vehicles": "/vehicles/",
    "alerts": "/alerts/",
    "orders": "/orders/",
    "faults": "/faults/",
    "proofs": "/proofs/",
    "forecast": "/forecast/",
    "overdue": "/overdue/",
    "thresholds": "/thresholds/",
    "wall": "/wall/",
    "connect": "/connect/",
    "polling": "/connect/polling/",
    "programs": "/plans/",
    "groups": "/plans/groups/",
    "last-services": "/plans/baselines/",
    "what-if": "/plans/what-if/",
    "stickers": "/vehicles/stickers/",
    "outbox": "/outbox/",
    "start": "/start/",
}


def test_the_pages_of_an_empty_fleet_hold(window, shots):
    one = window()
    one.sign_in(MANAGER)
    one.page.goto("/fleets/new/")
    one.page.get_by_label("Name of the fleet").fill("Nothing Yet")
    one.page.get_by_role("button", name="Make the fleet").click()
    expect(one.page.get_by_role("heading", level=1)).to_have_text("First hour")
    wrong = []
    for name, path in EMPTY.items():
        one.page.goto(path)
        wrong += [f"{name}: {what}" for what in judge(one, f"empty-{name}", shots)]
    assert not wrong, "\n".join(wrong)


def test_the_second_step_of_signing_in_holds(window, house, shots):
    """Turned on, asked for, and turned off again."""
    one = window()
    page = one.sign_in(VIEWER)
    page.goto("/accounts/email/")  # whoever has looked here could not turn it on any more
    page.goto("/accounts/2fa/totp/activate/")
    confirm(page, house)
    wrong = judge(one, "two-step-on", shots)
    page.reload()  # each look at it brings a secret of its own
    page.locator("#id_code").fill(code_of(page.locator("#authenticator_secret").input_value()))
    page.locator("main form .btn").first.click()
    page.goto("/accounts/2fa/recovery-codes/")
    codes = page.locator(".codes code").all_inner_texts()
    assert len(codes) == 10
    wrong += judge(one, "two-step-codes", shots)
    page.goto("/accounts/2fa/")
    wrong += judge(one, "two-step-is-on", shots)

    other = window()
    page = other.page
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill("viewer@northgate.example")
    page.get_by_label("Password").fill(house.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("#id_code")).to_be_visible()
    wrong += judge(other, "two-step-asked", shots)
    page.locator("#id_code").fill(codes[0])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Due")
    page.goto("/accounts/2fa/totp/deactivate/")
    confirm(page, house)
    wrong += judge(other, "two-step-off", shots)
    page.locator("main form .btn").first.click()
    page.goto("/accounts/2fa/")
    expect(page.get_by_text("is not active")).to_be_visible()
    assert not wrong, "\n".join(wrong)


def confirm(page, house) -> None:
    """The password once more, where it is asked for."""
    if "/reauthenticate/" in page.url:
        page.get_by_label("Password").fill(house.password)
        page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Confirm Access")


def code_of(secret: str) -> str:
    """The six digits that an authenticator shows for this secret now (RFC 6238)."""
    turn = (int(time.time()) // 30).to_bytes(8, "big")
    digest = hmac.new(base64.b32decode(secret), turn, hashlib.sha1).digest()
    place = digest[-1] & 15
    return f"{int.from_bytes(digest[place : place + 4], 'big') % 2**31 % 10**6:06}"
