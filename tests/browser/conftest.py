"""One house and one browser for all who look at them."""

import os
import shutil
from pathlib import Path

import pytest

from tests.browser.house import House

CHROMIUM = shutil.which("chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def pytest_collection_modifyitems(items):
    """All in this folder but the four days belong to the long tier. The house is the embedded one, so one pass says it
    all; those of the short tier share one house, so they go to one worker."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if item.get_closest_marker("short"):
                item.add_marker(pytest.mark.xdist_group("house"))
            else:
                item.add_marker(pytest.mark.long)
            if CHROMIUM is None:
                if os.environ.get("CI") == "true":
                    raise pytest.UsageError("there is no chromium on the PATH, and CI has to look with one")
                item.add_marker(pytest.mark.skip(reason="there is no chromium on the PATH"))
            elif os.environ.get("FETTLE_BACKENDS"):
                item.add_marker(pytest.mark.skip(reason="the browser looks at the embedded house, in the first pass"))


@pytest.fixture(scope="session")
def house(request, tmp_path_factory):
    is_short = request.config.getoption("markexpr") == "not long"
    house = House(tmp_path_factory.mktemp("house"), days=20 if is_short else 60)
    try:
        house.start()
        yield house
    finally:
        house.stop()


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def window(browser, house):
    """Open windows; at the end none may have complained, but for what a test has looked at and cleared."""
    from tests.browser.people import Window

    opened = []

    def open_one(*args, **kwargs) -> Window:
        opened.append(Window(browser, house, *args, **kwargs))
        return opened[-1]

    yield open_one
    complaints = [complaint for one in opened for complaint in one.complaints]
    for one in opened:
        one.close()
    assert not complaints


@pytest.fixture(scope="session")
def keys(browser, house):
    """Cookies of somebody signed in, by role: signing in is tried elsewhere and need not be repeated."""
    from tests.browser.people import Window

    known = {}

    def of(role: str) -> dict:
        if role not in known:
            one = Window(browser, house)
            one.sign_in(role)
            known[role] = one.context.storage_state()
            one.close()
        return known[role]

    return of


@pytest.fixture(scope="session")
def shots() -> Path | None:
    """Where pictures go, for a person to look at; None where nobody asked for any, for they cost time."""
    if not os.environ.get("SHOTS"):
        return None
    folder = Path(os.environ["SHOTS"])
    folder.mkdir(parents=True, exist_ok=True)
    return folder
