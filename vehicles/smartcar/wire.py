"""One HTTP exchange with Smartcar: what comes back is JSON or a problem with a name."""

import os
import threading
from datetime import UTC, datetime
from functools import cache

import requests
from requests.utils import get_environ_proxies

from vehicles.smartcar.errors import OurFault, SmartcarProblem, TryLater, Unreadable, problem_from
from vehicles.smartcar.texts import parsed

USER_AGENT = "Fettle"
MISCONFIGURED = (
    requests.exceptions.InvalidURL,
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidSchema,
    requests.exceptions.InvalidHeader,
    UnicodeError,
)
_of_thread = threading.local()


def new_session() -> requests.Session:
    session = requests.Session()
    session.headers.update({"User-Agent": USER_AGENT, "Accept": "application/json"})
    # Left to itself it searches the whole environment with every call, and puts a .netrc in place of our token.
    session.trust_env = False
    session.verify = os.environ.get("REQUESTS_CA_BUNDLE") or True
    return session


@cache
def proxies_to(origin: str) -> dict[str, str]:
    """As the environment names them, which does not change while we run."""
    return get_environ_proxies(origin)


def session_of_thread() -> requests.Session:
    """One for each thread, so that connections stay open between short-lived clients."""
    if not hasattr(_of_thread, "session"):
        _of_thread.session = new_session()
    return _of_thread.session


def exchange(session: requests.Session, method: str, url: str, *, timeout: tuple[float, float], **request) -> dict:
    """The JSON object that a 2xx brings, {} for none."""
    return read_object(answer_to(session, method, url, timeout=timeout, **request))


def answer_to(
    session: requests.Session, method: str, url: str, *, timeout: tuple[float, float], **request
) -> requests.Response:
    """A 2xx, unread. Anything else is a problem."""
    answer = send(session, method, url, timeout=timeout, **request)
    if not 200 <= answer.status_code < 300:
        raise problem_in(answer)
    return answer


def send(
    session: requests.Session, method: str, url: str, *, timeout: tuple[float, float], **request
) -> requests.Response:
    """Whatever comes back. Chained errors are cut off: they know tokens and ids."""
    try:
        proxies = proxies_to("/".join(url.split("/", 3)[:3]))
        request["headers"] = {**session.headers, **request.get("headers", {})}
        # Made without the session: it would look for settings and cookies of ours in five places, and there are none.
        whole = requests.Request(method, url, **request).prepare()
        return session.send(whole, timeout=timeout, allow_redirects=False, proxies=proxies)
    except MISCONFIGURED:
        raise OurFault("an address or header that cannot be sent") from None
    except requests.exceptions.ReadTimeout:
        raise TryLater(scope="vehicle", detail="no answer in time") from None
    except (requests.exceptions.Timeout, requests.exceptions.ConnectionError):
        raise TryLater(scope="app", detail="no connection") from None
    except requests.exceptions.RequestException:
        raise TryLater(scope="vehicle", detail="the answer broke off") from None


def problem_in(answer: requests.Response) -> SmartcarProblem:
    return problem_from(answer.status_code, answer.headers, answer.content, datetime.now(UTC))


def read_object(answer: requests.Response) -> dict:
    if not answer.content.strip():
        return {}
    try:
        body = parsed(answer.content)
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise Unreadable("an answer that is not a JSON object", status=answer.status_code)
    return body
