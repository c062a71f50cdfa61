"""The makers' side of a flow: the sandbox, speaking HTTP on a port of its own, pointed at the portal under test."""

import re
import threading
import time
from contextlib import contextmanager
from urllib.parse import parse_qsl, urlsplit

import requests
from django.conf import settings as portal

from vehicles.line import gateway
from vehicles.smartcar.sandbox import server
from vehicles.smartcar.sandbox.settings import Settings


@contextmanager
def sandbox(folder, settings, *, door: str = "", **told):
    """A running sandbox that knows this portal's credentials. Yields its origin."""
    own = Settings(
        folder=folder,
        application_id=portal.SMARTCAR_APPLICATION_ID,
        client_id=portal.SMARTCAR_CLIENT_ID,
        client_secret=portal.SMARTCAR_CLIENT_SECRET,
        legacy_client_secret=portal.SMARTCAR_LEGACY_CLIENT_SECRET,
        management_tokens=tuple(portal.SMARTCAR_MANAGEMENT_TOKENS),
        webhook_id=portal.SMARTCAR_WEBHOOK_ID,
        webhook_url=f"{door}/webhooks/smartcar/" if door else "",
        redirect_uris=(f"{portal.PUBLIC_ORIGIN}/connect/back/",),
        **({"live": False, "bucket_size": 10_000, "time_scale": 20} | told),
    )
    application = server.create_app(own)
    serving = server.serve(application, port=0)
    threading.Thread(target=serving.serve_forever, daemon=True).start()
    origin = f"http://127.0.0.1:{serving.port}"
    settings.SMARTCAR_ORIGINS = {name: f"{origin}/{name.replace('_', '-')}" for name in portal.SMARTCAR_ORIGINS}
    gateway.smartcar.cache_clear()
    application.start()
    try:
        yield origin
    finally:
        application.stop()
        serving.shutdown()
        serving.server_close()
        gateway.smartcar.cache_clear()


def consent(address: str, account: str, answer: str = "allow") -> dict:
    """Walk through Connect as an owner: choose the account, tick every car, answer. What comes back to the portal."""
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(address))
    page = requests.get(f"{address}&account={account}", timeout=10)
    assert page.status_code == 200, page.text[:300]
    cars = re.findall(r'name="vehicle"[^>]*value="([^"]+)"', page.text) or re.findall(
        r'value="([^"]+)"[^>]*name="vehicle"', page.text
    )
    fields = dict(parse_qsl(urlsplit(address).query)) | {"account": account, "vehicle": cars, "answer": answer}
    back = requests.post(f"{origin}/connect/oauth/authorize", data=fields, allow_redirects=False, timeout=10)
    assert back.status_code == 302, back.text[:300]
    return dict(parse_qsl(urlsplit(back.headers["Location"]).query))


def until(true, *, seconds: float = 10):
    """Wait for the world outside; fail with what was waited for."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if got := true():
            return got
        time.sleep(0.05)
    raise AssertionError("it did not come about in time")


def sign_in_again(address: str, answer: str = "allow") -> dict:
    """Re-authenticate a known car as its owner. What comes back to the portal."""
    home, _, query = address.partition("?")
    assert home.endswith("/connect/oauth/reauthenticate"), home
    back = requests.post(home, data=dict(parse_qsl(query)) | {"answer": answer}, allow_redirects=False, timeout=10)
    assert back.status_code == 302, back.text[:300]
    return dict(parse_qsl(urlsplit(back.headers["Location"]).query))
