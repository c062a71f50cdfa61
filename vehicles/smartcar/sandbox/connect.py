"""The owner's side: choose an account, see what is asked, allow or refuse, and back to the application."""

from urllib.parse import parse_qsl, urlencode, urlsplit

from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from vehicles.smartcar.sandbox import pages
from vehicles.smartcar.sandbox.catalogue import DEFAULT_PERMISSIONS
from vehicles.smartcar.sandbox.world import World

FAILURES = {
    "access_denied": {"error_description": "User denied access to the requested scope of permissions."},
    "vehicle_incompatible": {
        "error_description": "The user's vehicle is not compatible.",
        "make": "FORD",
        "model": "Fiesta",
        "year": "2011",
    },
    "invalid_subscription": {"error_description": "User's vehicle connected services subscription is inactive."},
    "no_vehicles": {"error_description": "No vehicles found for the user's account."},
    "configuration_error": {
        "error_description": "There has been an error in the configuration of your application.",
        "status_code": "400",
        "error_message": "You have entered a test mode VIN. Please enter a VIN that belongs to a real vehicle.",
    },
    "server_error": {"error_description": "Unexpected server error. Please try again."},
}
KEPT = (
    "response_type",
    "application_id",
    "client_id",
    "redirect_uri",
    "scope",
    "mode",
    "state",
    "make",
    "single_select",
    "external_id",
)


class Refusal(Exception):
    """The address itself is wrong, so there is nowhere to send the owner back to."""


class Connect:
    def __init__(self, world: World):
        self._world = world

    def authorize(self, request: Request) -> Response:
        said = request.form if request.method == "POST" else request.args
        asked = {name: said[name] for name in KEPT if said.get(name)}
        try:
            self._check(asked)
        except Refusal as refusal:
            return pages.refusal(str(refusal))

        if request.method == "POST":
            return self._answer(request, asked)
        account = self._world.accounts.get(said.get("account", ""))
        if account is None:
            return pages.choose_account(self._choices(asked), asked, tuple(FAILURES))
        cars = self._world.cars_of(account.email)
        return pages.consent(account, cars, permissions(asked), asked, tuple(FAILURES))

    def _check(self, asked: dict[str, str]) -> None:
        settings = self._world.settings
        if "response_type" not in asked:
            raise Refusal('Missing required parameter: "response_type"')
        if asked["response_type"] != "none":
            raise Refusal('This sandbox knows response_type "none" only.')
        application = asked.get("application_id") or asked.get("client_id")
        if application is None:
            raise Refusal('Missing required parameter: "application_id"')
        if application != settings.application_id:
            raise Refusal("There is no application with this id.")
        if asked.get("mode", "live") not in ("live", "simulated"):
            raise Refusal("mode must be live or simulated.")
        asked.setdefault("redirect_uri", next(iter(settings.redirect_uris), ""))
        if asked["redirect_uri"] not in settings.redirect_uris:
            raise Refusal("redirect_uri is not one of the registered addresses.")

    def _choices(self, asked: dict[str, str]) -> list:
        """Accounts with a car of the asked make; all when none was asked."""
        make = asked.get("make", "").upper()
        pairs = [(account, self._world.cars_of(email)) for email, account in self._world.accounts.items()]
        return [(account, len(cars)) for account, cars in pairs if not make or any(car.make == make for car in cars)]

    def _answer(self, request: Request, asked: dict[str, str]) -> Response:
        answer = request.form.get("answer", "")
        if answer != "allow":
            failure = answer if answer in FAILURES else "server_error"
            return _back(asked, {"error": failure} | FAILURES[failure])

        account = self._world.accounts.get(request.form.get("account", ""))
        if account is None:
            return pages.refusal("There is no such account.")
        owned = [car.id for car in self._world.cars_of(account.email)]
        chosen = [vehicle_id for vehicle_id in owned if vehicle_id in request.form.getlist("vehicle")]
        if asked.get("single_select") == "true":
            chosen = chosen[:1]
        if not chosen:
            return _back(asked, {"error": "no_vehicles"} | FAILURES["no_vehicles"])
        user_id = self._world.ledger.grant(
            account.email, chosen, permissions(asked), asked.get("external_id", ""), asked.get("mode", "live")
        )
        for vehicle_id in chosen:
            self._world.troubles.owner_came_back(vehicle_id)
        return _back(asked, {"user_id": user_id})


def permissions(asked: dict[str, str]) -> list[str]:
    """What was asked is what is granted; `required:` only locks the box on the real page."""
    names = [name.removeprefix("required:") for name in asked.get("scope", "").split()]
    return list(dict.fromkeys(names)) or list(DEFAULT_PERMISSIONS)


def _back(asked: dict[str, str], told: dict[str, str]) -> Response:
    told = told | {name: asked[name] for name in ("state",) if name in asked}
    if "user_id" in told and asked.get("external_id", "null") != "null":
        told["external_id"] = asked["external_id"]
    parts = urlsplit(asked["redirect_uri"])
    return redirect(parts._replace(query=urlencode(parse_qsl(parts.query) + list(told.items()))).geturl(), 302)
