"""Every page, at every width, in light and dark: nothing complains, nothing sticks out, everybody can use it."""

import re

import pytest

pytest.importorskip("playwright")
pytest.importorskip("axe_playwright_python")

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.people import DESK, PHONE
from tests.pictures import jpeg

WIDTHS = (320, 390, 820, 1440)
MOVED = 0.01  # of the window: what a letter of another width may move
# In the dark only colours differ, and looking at all the rest again would double the time.
RULES = {"light": {}, "dark": {"runOnly": ["color-contrast", "link-in-text-block"]}}
MANAGER, TECHNICIAN, VIEWER = "manager", "technician", "viewer"


def at(path: str):
    return lambda page: page.goto(path)


def vehicle(model: str, tail: str = ""):
    """The page of the first car of this model; every part that can be opened is opened."""

    def go(page):
        page.goto(f"/vehicles/?q={model}")
        page.goto(page.locator("a.veh").first.get_attribute("href") + tail)
        page.evaluate("() => document.querySelectorAll('details').forEach((part) => { part.open = true })")

    return go


def due_many(page):
    page.goto("/")
    for tick in page.locator(".pick input").all()[:3]:
        tick.check()
    page.get_by_role("button", name="Write orders").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Work orders for")


def due_assign(page):
    page.goto("/")
    page.locator("[id^=as-]").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Assign")


def an_alert(page):
    page.goto("/alerts/")
    page.locator(".alert a.what").first.click()
    expect(page.get_by_role("heading", name="What was done about it")).to_be_visible()


def palette(page):
    page.goto("/vehicles/")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("option").first).to_be_visible()


def keys_help(page):
    page.goto("/vehicles/")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()


def job(page):
    page.goto("/")
    page.locator("[id^=c-]").first.click()
    expect(page.locator("form#complete")).to_be_visible()


def job_mistyped(page):
    job(page)
    page.locator("#id_odometer_km").fill("a lot")
    page.get_by_role("button", name="Done").click()
    expect(page.locator("#id_odometer_km_error")).to_be_visible()


def receipt(page):
    job(page)
    page.get_by_role("button", name="Done").click()
    expect(page.locator(".toast")).to_be_visible()
    page.get_by_role("button", name="Undo").focus()  # a receipt leaves by itself, but not from under one's hands


def put_back(page):
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".toast")).to_contain_text("taken back")


def new_group(page, name: str):
    page.goto("/plans/groups/")
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="New group").click()


def group_edit(page):
    """A new group, in which somebody looks for vehicles to put in."""
    new_group(page, "Depot")
    page.locator("#group-found input[type=checkbox]").first.check()
    page.locator("#g-find").fill("o")
    expect(page.locator("#group-found [role=status]")).to_contain_text("that fit")
    expect(page.locator("#group-found input:checked")).to_have_count(1)


def group(page):
    """Another one, with two vehicles, as everybody reads it."""
    new_group(page, "Yard")
    for tick in page.locator("#group-found input[type=checkbox]").all()[:2]:
        tick.check()
    page.get_by_role("button", name="Put the ticked ones in").click()
    page.get_by_role("link", name="Read it").click()
    expect(page.get_by_role("heading", name="In it")).to_be_visible()


def outbox(page):
    page.goto("/outbox/")
    page.evaluate("() => [...document.querySelectorAll('details')].slice(0, 2).forEach((part) => { part.open = true })")


def sheet(show: str):
    """The first order of the demo in this state."""

    def go(page):
        page.goto(f"/orders/?show={show}")
        page.goto(page.locator("tbody a[href^='/orders/']").first.get_attribute("href"))

    return go


def sheet_with_photos(page):
    sheet("working")(page)
    for place in page.locator(".photos input").all()[:2]:
        name = place.get_attribute("name")
        sent = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": jpeg((800, 600), "teal")}
        place.set_input_files(sent)
        expect(page.locator(f"#photos-{name} img")).to_have_count(1)


def photo(page):
    sheet_with_photos(page)
    page.locator(".photos a").first.click()
    page.evaluate("() => document.querySelectorAll('details').forEach((part) => { part.open = true })")


def sheet_with_notes(page):
    """All that the sheet can have to say of this device, though never at once."""
    sheet("working")(page)
    page.evaluate("""() => document.querySelectorAll("main > .note").forEach((note) => {
      note.hidden = false;
      note.querySelector(".words").textContent = "No network. This is a copy of 14:02. What you type is kept.";
    })""")


def walk(answer: str):
    def go(page):
        page.goto("/connect/")
        page.get_by_role("button", name="Connect").filter(has_text="Ford").first.click()
        page.get_by_role("button", name="ford@northgate.example").click()
        page.get_by_role("button", name=answer).click()
        done = page.get_by_role("heading", name=re.compile("connected$"))
        expect(done.or_(page.get_by_role("alert"))).to_be_visible(timeout=40_000)

    return go


def with_a_wall(page):
    page.goto("/settings/")
    page.get_by_role("button", name=re.compile("Make a")).click()
    expect(page.get_by_label("Address of the screen")).to_be_visible()


def asked_to_join(page):
    """One is asked, and whoever is to be removed is asked about first."""
    page.goto("/settings/people/")
    page.get_by_label("E-mail").fill("per@northgate.example")
    page.get_by_role("button", name="Send the letter").click()
    expect(page.get_by_text("Asked, not here yet")).to_be_visible()
    page.evaluate("() => document.querySelectorAll('details').forEach((part) => { part.open = true })")


def first(path: str, link: str):
    """The page behind the first such link of that one."""

    def go(page):
        page.goto(path)
        page.goto(page.locator(link).first.get_attribute("href"))

    return go


def vehicle_snooze(page):
    page.goto("/")
    page.goto(page.locator("main a[href*='/snooze/']").first.get_attribute("href"))


def meter_reading(page):
    vehicle("Silverado", "meter/")(page)
    page.goto(page.locator("a[href^='/readings/']").first.get_attribute("href"))


def refresh(page):
    vehicle("Silverado")(page)
    number = re.search(r"\d+", page.url.partition("/vehicles/")[2])[0]
    page.goto(f"/connect/polling/{number}/refresh/")


def fault_rule(page):
    """A rule with how many it would touch, as somebody changes it."""
    page.goto("/faults/rules/")
    page.locator("#id_code").fill("P0171")
    page.get_by_role("button", name="Save").click()
    page.goto(page.locator("a.veh", has_text="P0171").first.get_attribute("href"))
    page.get_by_role("button", name="How many would it touch?").click()
    expect(page.locator("#preview")).to_be_visible()


def order_new(page):
    page.goto("/?show=all")
    page.goto(page.locator("a[href^='/orders/new/']").first.get_attribute("href"))


def wall_by_address(page):
    with_a_wall(page)
    page.goto(page.get_by_label("Address of the screen").input_value())
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def menu(page):
    page.goto("/vehicles/")
    page.evaluate("() => document.getElementById('more').showPopover()")


PAGES = {
    "sign-in": (None, at("/accounts/login/")),
    "nothing-here": (MANAGER, at("/vehicles/999999/")),
    "not-for-you": (VIEWER, at("/connect/")),
    "due": (MANAGER, at("/")),
    "due-viewer": (VIEWER, at("/")),
    "due-all": (TECHNICIAN, at("/?show=all")),
    "due-faults": (MANAGER, at("/?show=faults")),
    "due-unknown": (MANAGER, at("/?show=unknown")),
    "due-nothing-found": (MANAGER, at("/?q=zeppelin")),
    "due-by-vehicle": (MANAGER, at("/?by=vehicle")),
    "due-by-week": (TECHNICIAN, at("/?by=week&show=all")),
    "due-many": (MANAGER, due_many),
    "alerts": (MANAGER, at("/alerts/")),
    "alerts-closed": (VIEWER, at("/alerts/?show=closed")),
    "alert": (TECHNICIAN, an_alert),
    "wall": (VIEWER, at("/wall/")),
    "find": (MANAGER, at("/find/?q=van")),
    "palette": (MANAGER, palette),
    "keys": (VIEWER, keys_help),
    "year": (VIEWER, vehicle("Silverado", "year/")),
    "timeline": (MANAGER, vehicle("Silverado", "timeline/")),
    "history": (MANAGER, vehicle("Silverado", "history/")),
    "order-new-which": (TECHNICIAN, at("/orders/new/")),
    "due-assign": (MANAGER, due_assign),
    "vehicles": (MANAGER, at("/vehicles/")),
    "vehicles-nothing-found": (MANAGER, at("/vehicles/?q=zeppelin")),
    "menu": (TECHNICIAN, menu),
    "vehicle-combustion": (MANAGER, vehicle("Silverado")),
    "vehicle-electric": (MANAGER, vehicle("Bolt")),
    "vehicle-hybrid": (VIEWER, vehicle("Wrangler")),
    "vehicle-little-told": (TECHNICIAN, vehicle("Buzz")),
    "vehicle-year": (VIEWER, vehicle("Silverado", "year/")),
    "vehicle-timeline": (TECHNICIAN, vehicle("Silverado", "timeline/")),
    "stickers": (VIEWER, at("/vehicles/stickers/")),
    "sticker": (TECHNICIAN, at("/vehicles/stickers/?car=1")),
    "edit": (MANAGER, vehicle("Silverado", "edit/")),
    "baselines": (MANAGER, vehicle("Silverado", "baselines/")),
    "job": (TECHNICIAN, job),
    "job-mistyped": (TECHNICIAN, job_mistyped),
    "receipt": (TECHNICIAN, receipt),
    "orders": (MANAGER, at("/orders/")),
    "order-open": (MANAGER, sheet("open")),
    "order-held": (TECHNICIAN, sheet("held")),
    "order-done": (VIEWER, sheet("done")),
    "order-photos": (TECHNICIAN, sheet_with_photos),
    "order-notes": (TECHNICIAN, sheet_with_notes),
    "photo": (TECHNICIAN, photo),
    "connect": (MANAGER, at("/connect/")),
    "connect-nothing-found": (MANAGER, at("/connect/?q=zeppelin")),
    "connect-done": (MANAGER, walk("Allow")),
    "connect-denied": (MANAGER, walk("Deny")),
    "polling": (MANAGER, at("/connect/polling/")),
    "polling-nothing-found": (MANAGER, at("/connect/polling/?q=zeppelin")),
    "campaigns": (MANAGER, at("/connect/campaigns/")),
    "programs": (MANAGER, at("/plans/")),
    "program": (VIEWER, at("/plans/programs/1/")),
    "program-edit": (MANAGER, at("/plans/programs/1/edit/")),
    "last-services": (MANAGER, at("/plans/baselines/")),
    "tasks": (VIEWER, at("/plans/tasks/")),
    "task": (TECHNICIAN, at("/plans/tasks/1/")),
    "task-edit": (MANAGER, at("/plans/tasks/1/edit/")),
    "policy": (MANAGER, at("/plans/policy/")),
    "groups": (MANAGER, at("/plans/groups/")),
    "group-edit": (MANAGER, group_edit),
    "group": (MANAGER, group),
    "care": (MANAGER, vehicle("Silverado", "care/")),
    "once": (MANAGER, vehicle("Silverado", "once/")),
    "what-if": (VIEWER, at("/plans/what-if/?line=1&every=20000&every_months=12")),
    "paste-last-services": (MANAGER, at("/plans/baselines/paste/")),
    "faults": (MANAGER, at("/faults/")),
    "faults-past": (VIEWER, at("/faults/?show=past")),
    "fault-rules": (MANAGER, at("/faults/rules/")),
    "fault-rule": (MANAGER, fault_rule),
    "proofs": (TECHNICIAN, at("/proofs/?show=all")),
    "snooze": (TECHNICIAN, vehicle_snooze),
    "forecast": (MANAGER, at("/forecast/")),
    "overdue": (VIEWER, at("/overdue/")),
    "thresholds": (MANAGER, at("/thresholds/")),
    "threshold-new": (MANAGER, at("/thresholds/new/")),
    "threshold": (MANAGER, first("/thresholds/", "main table a.veh")),
    "meter": (MANAGER, vehicle("Silverado", "meter/")),
    "meter-type": (TECHNICIAN, vehicle("Silverado", "meter/type/")),
    "meter-replace": (MANAGER, vehicle("Silverado", "meter/replace/")),
    "meter-reading": (MANAGER, meter_reading),
    "task-new": (MANAGER, at("/plans/tasks/new/")),
    "program-new": (MANAGER, at("/plans/programs/new/")),
    "group-new": (MANAGER, at("/plans/groups/new/")),
    "order-new": (TECHNICIAN, order_new),
    "part": (MANAGER, first("/connect/", "main a[href$='/part/']")),
    "retire": (MANAGER, vehicle("Silverado", "retire/")),
    "refresh": (TECHNICIAN, refresh),
    "outage": (VIEWER, at("/connect/outage/")),
    "wall-by-address": (MANAGER, wall_by_address),
    "outbox": (MANAGER, outbox),
    "settings": (MANAGER, with_a_wall),
    "settings-read": (VIEWER, at("/settings/")),
    "people": (MANAGER, asked_to_join),
    "people-read": (TECHNICIAN, at("/settings/people/")),
    "notices": (TECHNICIAN, at("/settings/notices/")),
    "yours": (TECHNICIAN, at("/settings/yours/")),
    "fleet-new": (MANAGER, at("/fleets/new/")),
    "invitation-over": (None, at("/invitations/1-1:forged/")),
    "first-hour": (MANAGER, at("/start/")),
    "only-takes-answers": (MANAGER, at("/alerts/acknowledge/")),
    "password": (MANAGER, at("/accounts/password/change/")),
    "two-step": (MANAGER, at("/accounts/2fa/")),
    "sessions": (MANAGER, at("/accounts/sessions/")),
    "password-reset": (None, at("/accounts/password/reset/")),
    "styleguide": (MANAGER, at("/styleguide/")),
    "sign-out": (MANAGER, at("/accounts/logout/")),
}
# A browser notes these in its console when the page itself has such a status.
NOTED = {"nothing-here": "404", "not-for-you": "403", "job-mistyped": "422"}
NOTED |= {"invitation-over": "410", "only-takes-answers": "405"}
AFTER = {"receipt": put_back}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_holds_at_every_width_in_light_and_dark(window, keys, shots, name):
    role, go = PAGES[name]
    one = window(state=keys(role) if role else None)
    go(one.page)
    wrong = judge(one, name, shots, NOTED.get(name))
    if name in AFTER:
        AFTER[name](one.page)
    assert not wrong, "\n".join(wrong)


def judge(one, name: str, shots, noted: str | None = None, *, jumps: bool = True) -> list[str]:
    """What is wrong with the page in this window, at every width in light and dark. `noted`: the status that it has;
    `jumps`: whether its parts must stay where they were first drawn."""
    page = one.page
    # A page that renews itself would do so between looking and judging.
    page.route("**/*", lambda route: route.fulfill(status=204) if is_renewal(route.request) else route.continue_())
    wrong = shifts(one) if jumps else []
    page.evaluate(Axe().axe_script)
    for theme, rules in RULES.items():
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if shots:
                page.screenshot(path=shots / f"{name}-{width}-{theme}.png", full_page=True)
            wrong += [f"{width} {theme}: {what}" for what in look(page, rules)]
    if noted:
        one.complaints[:] = [line for line in one.complaints if noted not in line]
    page.unroute_all()
    return wrong


def shifts(one) -> list[str]:
    """What jumps where somebody opens this address, at a desk and on a phone."""
    wrong = []
    for size in (DESK, PHONE):
        page = one.context.new_page()
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.goto(one.page.url)
        page.wait_for_timeout(200)
        moved, parts = page.evaluate("() => [window.shifts, window.shifted]")
        page.close()
        if moved > MOVED:
            wrong.append(f"at {size[0]} px parts jumped by {moved:.3f}: {', '.join(parts)}")
    return wrong


def look(page, rules: dict) -> list[str]:
    wrong = []
    wide = page.evaluate("() => document.scrollingElement.scrollWidth - innerWidth")
    if wide > 0:
        wrong.append(f"{wide} px too wide")
    asked = {"resultTypes": ["violations"], **rules}
    for violation in page.evaluate("(asked) => axe.run(asked).then((answer) => answer.violations)", asked):
        targets = [str(node["target"]) for node in violation["nodes"][:3]]
        wrong.append(f"{violation['id']}: {violation['help']} {', '.join(targets)}")
    return wrong


def is_renewal(request) -> bool:
    return "hx-request" in request.headers


# Which of the above shows each page of the portal.
OF_PAGES = {
    f"maintenance:{name}": name
    for name in (
        "alert alerts baselines care course due edit fault-rule fault-rules faults find forecast group group-edit"
        " group-new groups history meter meter-reading meter-replace meter-type once order-new orders outbox overdue"
        " photo policy program program-edit program-new programs proofs snooze stickers styleguide task task-edit"
        " task-new tasks threshold threshold-new thresholds timeline vehicles wall wall-by-address what-if"
    ).split()
}
OF_PAGES |= {f"owners:{name}": name for name in ("fleet-new", "people", "settings", "yours")}
OF_PAGES |= {
    f"vehicles:{name}": name for name in ("campaigns", "connect", "outage", "part", "polling", "refresh", "retire")
}
OF_PAGES |= {
    "maintenance:all-baselines": "last-services",
    "maintenance:complete": "job",
    "maintenance:course": "year",
    "maintenance:devices": "notices",
    "maintenance:meter-rescind": "meter-reading",  # by the same template
    "maintenance:order": "order-open",
    "maintenance:paste-baselines": "paste-last-services",
    "maintenance:start": "first-hour",
    "maintenance:vehicle": "vehicle-combustion",
    "owners:invitation": "invitation-over",
    "vehicles:attempt": "connect-done",
}
# One question with a field for the reason. A car that denies its service comes about in the demo by chance alone.
BY_CHANCE = {"maintenance:refuse", "maintenance:settle"}
