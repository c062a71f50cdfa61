"""Commands that break things, for tests and for people with a question. All are POST with a JSON object or a form.

Cars are named by vehicleId, by account, or by make (all of that make); {"all": true} means every car.

/control/state     a state of `states` by name: {"vehicleId", "state": "reconnect"}; "clear" ends whatever was put there
/control/trouble   any error: {"vehicleId", "type", "code", "signals": [codes], "seconds": until it ends}
/control/clear     end troubles, silence and oddities
/control/returned  the owner signed in with the maker again: ends what only the owner can mend
/control/odd       what a car says in the place of the truth: {"vehicleId", "signal": code, "body": {...}}
/control/meter     the cluster is replaced and counts on from a figure: {"vehicleId", "showsKm": 0 if not told}; it
                   stays so over a restart, and a second one replaces the first
/control/letter    a delivery out of turn for {"vehicleId"}: "mode": "TEST"; "eventType" of a kind unknown;
                   "charging": CHARGING_STARTED as legacy tells it; "stranger": true for a car that nobody knows;
                   "secondsAgo" for the car as it was then, or will be if that is below zero
/control/post      how deliveries travel, see `weather.Post`       /control/hosts   how calls are answered
/control/webhook   {"enabled", "signals": [codes], "all" or "usual"}  /control/bucket  {"on", "size", "perMinute"}
/control/fine-weather   post, hosts, webhook and bucket as they are at a start

GET /control/weather tells how the last four stand, /control/troubles what was put on which car, and /control/truth
what each connected car would really say now. /control/error, in `control`, takes "signalsAs" too: objects, strings or
missing. A body in "dialect" of /control/dialect is one of `generations.DIALECTS`; the API's is in /control/hosts.
"""

import uuid
from collections.abc import Callable
from dataclasses import asdict

from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from vehicles.smartcar.sandbox import answers, states, truth
from vehicles.smartcar.sandbox.catalogue import BY_CODE, DEFAULT_PERMISSIONS, ODOMETER, SIGNALS, WEBHOOK
from vehicles.smartcar.sandbox.letters import Letter, Writer
from vehicles.smartcar.sandbox.live import Live
from vehicles.smartcar.sandbox.postman import Postman
from vehicles.smartcar.sandbox.roads import DAY
from vehicles.smartcar.sandbox.spoken import spoken
from vehicles.smartcar.sandbox.world import World


class Breaking:
    def __init__(self, world: World, writer: Writer, postman: Postman, live: Live):
        self._world = world
        self._writer = writer
        self._postman = postman
        self._live = live

    def rules(self) -> list[tuple]:
        return [
            ("/control/state", self.state, "POST"),
            ("/control/trouble", self.trouble, "POST"),
            ("/control/clear", self.clear, "POST"),
            ("/control/returned", self.returned, "POST"),
            ("/control/odd", self.odd, "POST"),
            ("/control/meter", self.meter, "POST"),
            ("/control/letter", self.letter, "POST"),
            ("/control/post", self.post, "POST"),
            ("/control/hosts", self.hosts, "POST"),
            ("/control/webhook", self.webhook, "POST"),
            ("/control/bucket", self.bucket, "POST"),
            ("/control/fine-weather", self.fine_weather, "POST"),
            ("/control/weather", self.weather, "GET"),
            ("/control/troubles", self.troubles, "GET"),
            ("/control/truth", self.truth, "GET"),
        ]

    def state(self, request: Request) -> Response:
        state = spoken(request).get("state")
        if state not in states.NAMES:
            raise answers.invalid(f"state must be one of {', '.join(states.NAMES)}")
        return self._each(request, lambda vehicle_id: states.bring_about(self._world, state, vehicle_id))

    def trouble(self, request: Request) -> Response:
        said = spoken(request)
        kind, code, signals, seconds = (said.get(name) for name in ("type", "code", "signals", "seconds"))
        signals = signals or []
        if not isinstance(kind, str) or not kind or not isinstance(code, str | None):
            raise answers.invalid("type must be a text, code a text or nothing")
        if not isinstance(signals, list) or not all(isinstance(s, str) and s in BY_CODE for s in signals):
            raise answers.invalid("signals must be a list of signal codes")
        if seconds is not None and (not isinstance(seconds, int | float) or seconds <= 0):
            raise answers.invalid("seconds must be a number above zero")
        until = None if seconds is None else self._world.clock() + seconds
        put = self._world.troubles.put
        return self._each(request, lambda vehicle_id: put(vehicle_id, kind, code, until=until, signals=signals))

    def clear(self, request: Request) -> Response:
        return self._each(request, lambda vehicle_id: states.bring_about(self._world, "clear", vehicle_id))

    def returned(self, request: Request) -> Response:
        return self._each(request, self._world.troubles.owner_came_back)

    def odd(self, request: Request) -> Response:
        said = spoken(request)
        signal, body, odd = said.get("signal"), said.get("body"), self._world.odd
        if signal not in BY_CODE or not isinstance(body, dict):
            raise answers.invalid("signal must be the code of one, body an object")
        return self._each(
            request, lambda vehicle_id: odd.update({vehicle_id: odd.get(vehicle_id, {}) | {signal: body}})
        )

    def meter(self, request: Request) -> Response:
        try:
            shows_km = float(spoken(request).get("showsKm") or 0)
        except (TypeError, ValueError):
            raise answers.invalid("showsKm must be a number") from None
        if not 0 <= shows_km <= 10**6:
            raise answers.invalid("showsKm must lie between 0 and a million")
        return self._each(request, lambda vehicle_id: self._world.replace_meter(vehicle_id, shows_km))

    def letter(self, request: Request) -> Response:
        said = spoken(request)
        vehicle_id, *_ = cars_meant(self._world, said)
        rows = [row for row in self._world.ledger.connections() if row["vehicleId"] == vehicle_id]
        row = rows[0] if rows else {"vehicleId": vehicle_id, "userId": str(uuid.uuid4()), "mode": "live"}
        letter = self._out_of_turn({"permissions": DEFAULT_PERMISSIONS} | row, said)
        if said.get("stranger"):
            strange = {vehicle_id: str(uuid.uuid4()), row["userId"]: str(uuid.uuid4())}
            letter = letter.about_another(strange | {self._world.cars[vehicle_id].vin: "1FTBR1C80MKA00000"})
        self._postman.post(letter)
        return done(request, {"eventId": letter.event_id}, vehicle_id)

    def _out_of_turn(self, row: dict, said: dict) -> Letter:
        if event_type := said.get("eventType"):
            return self._writer.strange(row, str(event_type))
        seconds_ago = said.get("secondsAgo", 0)
        if not isinstance(seconds_ago, int | float) or abs(seconds_ago) > 400 * DAY:
            raise answers.invalid("secondsAgo must be a number of seconds, at most 400 days")
        at = self._world.measured_at() - seconds_ago
        if what := said.get("charging"):
            return self._writer.charging(row, at, str(what))
        mode = "TEST" if said.get("mode") == "TEST" else "LIVE"
        return self._writer.state(row, at, [ODOMETER.code], mode=mode)

    def post(self, request: Request) -> Response:
        return self._turned(request, "post", spoken(request))

    def hosts(self, request: Request) -> Response:
        return self._turned(request, "hosts", spoken(request))

    def webhook(self, request: Request) -> Response:
        said, was_enabled = spoken(request), self._world.weather.webhook.enabled
        for name, signals in (("all", SIGNALS), ("usual", WEBHOOK)):
            if said.get("signals") in (name, [name]):
                said["signals"] = [signal.code for signal in signals]
        response = self._turned(request, "webhook", said)
        if self._world.weather.webhook.enabled and not was_enabled:
            self._live.enabled_again()
        return response

    def bucket(self, request: Request) -> Response:
        said, bucket = spoken(request), self._world.bucket
        try:
            size, per_minute = float(said.get("size", bucket.size)), float(said.get("perMinute", bucket.per_minute))
        except (TypeError, ValueError):
            raise answers.invalid("size and perMinute must be numbers") from None
        if not (0 <= size <= 10**6 and 0 <= per_minute <= 10**6):
            raise answers.invalid("size and perMinute must lie between 0 and a million")
        bucket.is_on = said.get("on", bucket.is_on) in (True, "true", "on", "1")
        bucket.fill(size, per_minute)
        return done(request, bucket.standing())

    def fine_weather(self, request: Request) -> Response:
        settings, was_enabled = self._world.settings, self._world.weather.webhook.enabled
        self._world.weather.clear()
        self._world.bucket.is_on = True
        self._world.bucket.fill(settings.bucket_size, settings.bucket_per_minute)
        if not was_enabled:
            self._live.enabled_again()
        return done(request, self._standing())

    def weather(self, request: Request) -> Response:
        return answers.as_json(self._standing())

    def troubles(self, request: Request) -> Response:
        return answers.as_json({"troubles": [asdict(trouble) for trouble in self._world.troubles.present()]})

    def truth(self, request: Request) -> Response:
        return answers.as_json({"vehicles": truth.told(self._world)})

    def _turned(self, request: Request, part: str, said: dict) -> Response:
        try:
            self._world.weather.turn(part, said)
        except ValueError as error:
            raise answers.invalid(str(error)) from error
        return done(request, asdict(getattr(self._world.weather, part)))

    def _standing(self) -> dict:
        weather = self._world.weather
        parts = {part: asdict(getattr(weather, part)) for part in ("post", "hosts", "webhook")}
        return parts | {"bucket": self._world.bucket.standing()}

    def _each(self, request: Request, act: Callable[[str], None]) -> Response:
        vehicle_ids = cars_meant(self._world, spoken(request))
        for vehicle_id in vehicle_ids:
            act(vehicle_id)
        return done(request, {"vehicleIds": vehicle_ids}, vehicle_ids[0])


def cars_meant(world: World, said: dict) -> list[str]:
    """Every car that a command means, at least one."""
    account, make = str(said.get("account", "")), str(said.get("make", "")).upper()
    meant = [
        car.id
        for car in world.cars.values()
        if said.get("all") or car.id == said.get("vehicleId") or car.account == account or car.make == make
    ]
    if not meant:
        raise answers.invalid("vehicleId, account or make must name a car of this sandbox")
    return meant


def done(request: Request, told: dict, vehicle_id: str = "") -> Response:
    """What a program wants to know; a person goes back to where they were."""
    if request.is_json:
        return answers.as_json(told)
    return redirect(f"/#car-{vehicle_id}" if vehicle_id else "/#weather", 303)
