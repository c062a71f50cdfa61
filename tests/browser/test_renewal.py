"""A part of a page that renews itself leaves what somebody is at as it is."""

import re

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import expect

# A part that differs from the one in the page, as after a change: every age and figure has another text.
LOOK = """() => new Promise((done) => {
  document.addEventListener("htmx:afterSettle", () => done(), { once: true });
  const live = document.getElementById("live");
  live.removeAttribute("hx-vals");
  live.append(Object.assign(document.createElement("p"), { id: "old-part" }));
  htmx.trigger(live, "look");
})"""
FIELD = r'\1<input id="half" aria-label="Half">'
HIDE = """() => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => window.away ?? false });
}"""


def renew(page) -> None:
    """A real look, with an answer of 200; what was in the old part alone is gone after it."""
    page.evaluate(LOOK)
    expect(page.locator("#old-part")).to_have_count(0)


@pytest.mark.parametrize(
    "path, what",
    [
        ("/", "#live a.tile"),
        ("/", "#live a.veh"),
        ("/", "#live .pick input"),
        ("/", "#live a.btn"),
        ("/vehicles/", "#live a.veh"),
        ("/alerts/", "#live a[href]"),
        ("/orders/", "#live a[href]"),
        ("/faults/", "#live a[href]"),
    ],
)
def test_the_focus_stays_where_it_is(window, keys, path, what):
    page = window(state=keys("manager")).page
    page.goto(path)
    one = page.locator(f"{what}:visible").last
    one.focus()
    page.evaluate("() => { window.held = document.activeElement; }")

    renew(page)

    assert page.evaluate("() => document.activeElement === window.held && window.held.isConnected")


def test_a_row_that_leaves_and_comes_back_moves_nobody_from_another(window, keys):
    """A technician completes the first item and takes it back while a manager is at the third."""
    page = window(state=keys("manager")).page
    page.goto("/")
    rows = page.locator("#live .rows tbody tr:not(.group)").filter(has=page.locator("[id^=c-]"))
    link = rows.nth(0).locator("[id^=c-]").get_attribute("id")
    assert rows.count() > 3
    rows.nth(2).locator("a.veh").focus()
    rows.nth(3).locator(".pick input").check()
    ticked = rows.nth(3).locator(".pick input").get_attribute("id")
    page.evaluate("() => { window.held = document.activeElement; }")
    stayed = "() => document.activeElement === window.held && window.held.isConnected"

    other = window(state=keys("technician")).page
    other.goto("/")
    other.locator(f"#{link}").click()
    other.get_by_role("button", name="Done").click()
    expect(other.locator(".toast").first).to_contain_text("done.")
    page.evaluate("() => htmx.trigger('#live', 'look')")
    expect(page.locator(f"#{link}")).to_have_count(0)
    assert page.evaluate(stayed)
    expect(page.locator(f"#{ticked}")).to_be_checked()

    other.get_by_role("button", name="Undo").click()
    expect(other.locator(".toast").first).to_contain_text("taken back.")
    page.evaluate("() => htmx.trigger('#live', 'look')")
    expect(page.locator(f"#{link}")).to_have_count(1)
    assert page.evaluate(stayed)
    expect(page.locator(f"#{ticked}")).to_be_checked()


def answered(page, status: int) -> list[str]:
    """From now on each look is answered with this; the looks that got there are counted."""
    asked = []

    def answer(route):
        asked.append(route.request.url)
        route.fulfill(status=status, body="")

    page.route(re.compile("stamp="), answer)
    return asked


@pytest.mark.parametrize(("status", "words"), [(403, "you may not look at it any more"), (404, "is gone")])
def test_what_there_is_no_more_is_not_asked_for_again(window, keys, status, words):
    desk = window(state=keys("viewer"))
    page = desk.page
    page.goto("/")
    asked = answered(page, status)
    page.evaluate("() => htmx.trigger('#live', 'look')")
    expect(page.locator(".toast")).to_contain_text(words)

    page.evaluate("() => { htmx.trigger('#live', 'look'); dispatchEvent(new Event('online')); }")
    page.wait_for_timeout(500)
    assert len(asked) == 1
    desk.complaints.clear()  # the browser and htmx tell of the answer in words of their own


def test_after_a_failure_it_rests_until_the_network_is_back(window, keys):
    desk = window(state=keys("viewer"))
    page = desk.page
    page.goto("/")
    asked = answered(page, 503)
    page.evaluate("() => htmx.trigger('#live', 'look')")
    expect(page.locator("body.offline")).to_have_count(1)
    page.evaluate("() => htmx.trigger('#live', 'look')")
    page.wait_for_timeout(500)
    assert len(asked) == 1

    page.unroute_all()
    with page.expect_response(re.compile("stamp=")) as met:
        page.evaluate("() => dispatchEvent(new Event('online'))")
    assert met.value.status in (200, 204)
    expect(page.locator("body.offline")).to_have_count(0)
    desk.complaints.clear()


def test_ticks_selection_scroll_and_what_is_opened_stay(window, keys):
    page = window(state=keys("manager"), size=(390, 844)).page
    page.goto("/")
    page.locator("#live .pick input:visible").nth(1).check()
    page.evaluate(
        """() => {
          getSelection().selectAllChildren(document.querySelector("#live a.veh"));
          scrollTo(0, 300);
          document.querySelectorAll("#live details").forEach((one) => { one.open = true; });
        }"""
    )
    before = page.evaluate("() => [String(getSelection()), scrollY, document.querySelectorAll('details[open]').length]")

    renew(page)

    after = page.evaluate("() => [String(getSelection()), scrollY, document.querySelectorAll('details[open]').length]")
    assert before[0] and after == before
    expect(page.locator("#live .pick input:visible").nth(1)).to_be_checked()


def test_what_is_half_typed_stays(window, keys):
    page = window(state=keys("manager")).page

    def with_a_field(route):
        answer = route.fetch()
        route.fulfill(response=answer, body=re.sub(r'(<div class="live"[^>]*>)', FIELD, answer.text(), count=1))

    page.route(re.compile(r"/(\?stamp=.*)?$"), with_a_field)
    page.goto("/")
    page.locator("#half").press_sequentially("half a w")

    renew(page)

    expect(page.locator("#half")).to_be_focused()
    expect(page.locator("#half")).to_have_value("half a w")


def test_nobody_looks_nothing_is_asked(window, keys):
    page = window(state=keys("manager")).page
    page.add_init_script(f"({HIDE})()")
    page.goto("/")
    page.evaluate("() => { window.away = true; }")
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "stamp=" in request.url else None)

    page.wait_for_timeout(14_000)
    assert not asked

    page.evaluate("() => { window.away = false; document.dispatchEvent(new Event('visibilitychange')); }")
    page.wait_for_timeout(1_000)
    assert len(asked) == 1


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)], ids=["desk", "phone"])
@pytest.mark.parametrize("path", ["/", "/vehicles/", "/orders/", "/alerts/", "/wall/", "vehicle"])
def test_nothing_jumps_on_loading_and_renewing(window, keys, path, size):
    page = window(state=keys("manager"), size=size).page
    if path == "vehicle":
        page.goto("/vehicles/")
        path = page.locator("a.veh").first.get_attribute("href")
    page.goto(path)
    page.wait_for_timeout(600)
    page.evaluate("() => { const live = document.getElementById('live'); live.removeAttribute('hx-vals'); }")
    with page.expect_response(lambda answer: answer.request.headers.get("hx-request") == "true"):
        page.evaluate("() => htmx.trigger('#live', 'look')")
    page.wait_for_timeout(600)

    assert page.evaluate("() => window.shifts") < 0.01
