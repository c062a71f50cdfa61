"""The webhook door: verify, keep, answer. Nothing is understood here, and nothing that was signed is refused."""

import logging
import threading
import time
from datetime import datetime

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.db import DatabaseError, close_old_connections
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from vehicles.asking import outages
from vehicles.post import doorwatch, letterbox
from vehicles.smartcar import webhooks

log = logging.getLogger(__name__)

PATH = "/webhooks/smartcar/"
MOST_BYTES = 1024 * 1024
VERIFIES_A_MINUTE = 30


class Street:
    """In front of the house: a maker's burst of deliveries needs no session, language or policy.

    Half of a burst's cost is Django making up its mind about a request. The address in `urls` leads to the same view.
    """

    def __init__(self, house):
        self.house = house

    def __call__(self, environ, start_response):
        doorwatch.watchman.wake()
        if environ.get("PATH_INFO") != PATH:
            return self.house(environ, start_response)
        try:
            answer = receive(WSGIRequest(environ))
        except Exception:
            log.exception("the door failed")
            answer = HttpResponse(status=503, headers={"Retry-After": "20"})
        finally:
            close_old_connections()
        answer["Content-Length"] = str(len(answer.content))
        start_response(f"{answer.status_code} {answer.reason_phrase}", list(answer.items()))
        return [answer.content]


@csrf_exempt
def receive(request: HttpRequest) -> HttpResponse:
    """Answer one delivery. 2xx only after the row is committed."""
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "POST"})
    if request.META.get("HTTP_CONTENT_ENCODING", "identity") != "identity":
        return HttpResponse(status=415)
    body = read_capped(request)
    if body is None:
        return HttpResponse(status=413)

    tokens, now = settings.SMARTCAR_MANAGEMENT_TOKENS, timezone.now()
    signature = request.META.get("HTTP_SC_SIGNATURE")
    token = webhooks.signed_with(body, signature, tokens)
    if not token:
        return answer_challenge(body, tokens, now) if signature is None else refuse(body, now)
    if (challenge := webhooks.read_challenge(body)) is not None:
        doorwatch.tally.count("verified", now=now)
        return JsonResponse({"challenge": webhooks.challenge_answer(token, challenge)})

    try:
        letterbox.keep(body, now=now)
    except DatabaseError as error:
        log.error("a delivery could not be kept: %s", type(error).__name__)
        outages.lapse.failed(now)
        return HttpResponse(status=503, headers={"Retry-After": "20"})
    outages.lapse.kept(now)
    doorwatch.tally.count("kept", now=now, token=token)
    letterbox.ring()
    return HttpResponse(status=200, headers={"Content-Length": "0"})  # or the server would answer in chunks


def read_capped(request: HttpRequest) -> bytes | None:
    """The raw bytes, or None when there are more than we take, whatever the header says."""
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return None
    if length > MOST_BYTES:
        return None
    body = request.read(MOST_BYTES + 1)
    return None if len(body) > MOST_BYTES else body


def refuse(body: bytes, now: datetime) -> HttpResponse:
    """Nobody we know signed this. Counted in memory, and that is all that is done for it."""
    doorwatch.tally.refuse(body, now=now)
    return HttpResponse(status=401)


def answer_challenge(body: bytes, tokens: list[str], now: datetime) -> HttpResponse:
    """Smartcar's VERIFY comes unsigned. Its answer is a signature, so nothing that could be an event is answered.

    It is given with the newest token. While the token is being changed that is the one to come: a VERIFY asked for
    at Smartcar before the change there fails, and no harm is done; deliveries go on with either.
    """
    challenge = webhooks.read_challenge(body) if tokens else None
    if challenge is None:
        return refuse(body, now)
    if not verifies.allow():
        return HttpResponse(status=429, headers={"Retry-After": "60"})
    doorwatch.tally.count("verified", now=now)
    return JsonResponse({"challenge": webhooks.challenge_answer(tokens[0], challenge)})


class Rate:
    """At most so many in a minute, in this process."""

    def __init__(self, most: int):
        self.most, self.times, self.lock = most, [], threading.Lock()

    def allow(self) -> bool:
        now = time.monotonic()
        with self.lock:
            self.times = [moment for moment in self.times if now - moment < 60]
            if len(self.times) >= self.most:
                return False
            self.times.append(now)
            return True


verifies = Rate(VERIFIES_A_MINUTE)
