"""Somebody in front of a screen: a window of their own, how they sign in, and all that the browser complained of."""

import re

from playwright.sync_api import Browser, Page, expect

from tests.browser.house import House

DESK = (1440, 900)
PHONE = (390, 844)
EMAIL = "{role}@northgate.example"
# A policy's report has its own event; in the console it may be worded in any way.
TELL_REPORTS = """document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`))"""

# How far parts of the page jumped by themselves, in shares of the window, and which; not where somebody just pressed.
TELL_SHIFTS = """window.shifts = 0; window.shifted = [];
  new PerformanceObserver((list) => list.getEntries().forEach((one) => {
    if (one.hadRecentInput) return;
    window.shifts += one.value;
    for (const { node } of one.sources) window.shifted.push(String(node?.id || node?.className || node?.nodeName));
  })).observe({ type: "layout-shift", buffered: true });"""


class Window:
    """One browser context with one page. `complaints` holds console errors, thrown errors and policy reports."""

    def __init__(self, browser: Browser, house: House, size=DESK, *, dark=False, script=True, state=None):
        self.house = house
        self.context = browser.new_context(
            base_url=house.origin,
            viewport={"width": size[0], "height": size[1]},
            has_touch=size == PHONE,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            java_script_enabled=script,
            storage_state=state,
        )
        self.complaints: list[str] = []
        self.page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        if script:
            self.page.add_init_script(TELL_REPORTS)
            self.context.add_init_script(TELL_SHIFTS)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(f"thrown: {error}"))

    def _heard(self, message) -> None:
        if message.type == "error":
            self.complaints.append(f"{message.text} at {self.page.url}")

    def sign_in(self, role: str) -> Page:
        page = self.page
        page.goto("/accounts/login/")
        page.get_by_label("Email").fill(EMAIL.format(role=role))
        page.get_by_label("Password").fill(self.house.password)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Due")
        return page

    def close(self) -> None:
        self.context.close()


def tab_to(page: Page, wanted, most: int = 150) -> None:
    """Press Tab until this has the focus, as somebody without a mouse does."""
    expect(wanted).to_be_attached()
    for _ in range(most):
        page.keyboard.press("Tab")
        if wanted.evaluate("part => part === document.activeElement"):
            expect(wanted).to_be_in_viewport()
            return
    raise AssertionError("Tab does not come to it")


def newest(page: Page) -> str:
    """When the newest reading on this page was taken."""
    return page.locator("#live").evaluate(
        "live => [...live.querySelectorAll('.age time')].map((time) => time.dateTime).sort().at(-1) ?? ''"
    )


def number_in(text: str) -> int:
    return int(re.sub(r"\D", "", text))
