"""The first look at the due list in a Chromium slowed to a quarter: bytes over the wire, first paint, moving layout."""

import statistics
import subprocess
import sys

from tests.bench import ground

ROUNDS = 5
WARM = 12  # looks before, so that each worker has met its templates
SLOWED = 4
WANTED_KB, WANTED_SECONDS = 100, 0.5
PAINTED = """() => new Promise((told) => {
  let moved = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((one) => { moved += one.value; }))
    .observe({type: "layout-shift", buffered: true});
  const look = () => {
    const first = performance.getEntriesByName("first-contentful-paint")[0];
    if (!first) return setTimeout(look, 20);
    setTimeout(() => told({first: first.startTime, moved}), 300);
  };
  look();
})"""


def measure() -> None:
    for kind in ("sqlite", "postgres"):
        with ground.database(kind) as env:
            # As ./run serves it: packed files under names of their own.
            env |= {"PLAIN_STATIC": "0", "PUBLIC_ORIGIN": "http://localhost", "DEBUG": "0"}
            ground.manage(env, "collectstatic", "--noinput", "--verbosity", "0")
            command = [sys.executable, "-m", "tests.bench.face", kind]
            subprocess.run(command, cwd=ground.ROOT, env=env, check=True)


def inside(kind: str) -> None:
    import os

    from django.conf import settings
    from django.test import Client

    from tests.bench import yard

    for count in (40, 10_000):
        member = yard.fill(count)
        client = Client(HTTP_HOST="localhost")
        client.force_login(member.user)
        name = settings.SESSION_COOKIE_NAME
        session = {"name": name, "value": client.cookies[name].value}
        with ground.web(dict(os.environ), "fleet.wsgi:application") as port:
            told = looks(f"http://localhost:{port}/", session)
        bytes_, seconds = [one["bytes"] / 1024 for one in told], [one["first"] / 1000 for one in told]
        print(f"  {kind}: at {count:,}: {max(bytes_):.0f} KB in {told[0]['files']} answers (wanted: {WANTED_KB})")
        print(f"  {kind}: at {count:,}: first paint after {ground.spread(seconds)} s (wanted: {WANTED_SECONDS})")
        print(
            f"  {kind}: at {count:,}: layout moved by {statistics.median(one['moved'] for one in told):.3f}", flush=True
        )


def warm(address: str, session: dict) -> None:
    import requests

    for _ in range(WARM):
        answer = requests.get(address, cookies={session["name"]: session["value"]}, timeout=30)
        assert answer.status_code == 200 and "rows" in answer.text


def looks(address: str, session: dict) -> list[dict]:
    """Each in a new window that has nothing kept, after one that warms the server."""
    from playwright.sync_api import sync_playwright

    told = []
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=flags)
        warm(address, session)
        for _ in range(ROUNDS + 1):
            window = chromium.new_context(viewport={"width": 1440, "height": 900})
            window.add_cookies([session | {"url": address}])
            page = window.new_page()
            wire = window.new_cdp_session(page)
            wire.send("Network.enable")
            wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
            sizes = []
            wire.on("Network.loadingFinished", lambda event, sizes=sizes: sizes.append(event["encodedDataLength"]))
            page.goto(address, wait_until="load")
            told.append(page.evaluate(PAINTED) | {"bytes": sum(sizes), "files": len(sizes)})
            assert page.locator("table.rows").count() == 1
            window.close()
        chromium.close()
    return told[1:]


if __name__ == "__main__":
    import django

    django.setup()
    inside(sys.argv[1])
