"""The owner's side: choose an account, see what is asked, allow or refuse, and back to the application."""

from urllib.parse import parse_qsl, urlencode, urlsplit

from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from vehicles.smartcar.sandbox import connect_pages, magic
from vehicles.smartcar.sandbox.catalogue import DEFAULT_PERMISSIONS
from vehicles.smartcar.sandbox.garage import Account, Car
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
    "single_select_vin",
    "flags",
    "approval_prompt",
    "user",
    "external_id",
    "vehicle_id",
)


class Refusal(Exception):
    """The address itself is wrong, so there is nowhere to send the owner back to."""


class Connect:
    def __init__(self, world: World):
        self._world = world

    def rules(self) -> list[tuple]:
        return [
            (connect_pages.AUTHORIZE, self.authorize, "GET", "POST"),
            (connect_pages.REAUTHENTICATE, self.reauthenticate, "GET", "POST"),
            (f"/api{connect_pages.AUTHORIZE.removeprefix('/connect')}", self.moved, "GET"),
        ]

    def moved(self, request: Request) -> Response:
        """Told of another host for the vehicles, the SDK for Node looks for Connect there too."""
        return redirect(f"{connect_pages.AUTHORIZE}?{request.query_string.decode()}", 302)

    def authorize(self, request: Request) -> Response:
        said = request.form if request.method == "POST" else request.args
        asked = {name: said[name] for name in KEPT if said.get(name)}
        try:
            back = self._check(asked, "code", "none")
        except Refusal as refusal:
            return connect_pages.refusal(str(refusal))
        if request.method == "POST":
            return self._answer(request, asked, back)
        return self._ask(asked, back, said.get("account", ""))

    def reauthenticate(self, request: Request) -> Response:
        """The owner of a known car signs in with its maker again. No code comes of it, only the car's id."""
        said = request.form if request.method == "POST" else request.args
        asked = {name: said[name] for name in KEPT if said.get(name)}
        try:
            back = self._check(asked, "vehicle_id", "none")
            car = self._connected(asked)
        except Refusal as refusal:
            return connect_pages.refusal(str(refusal))
        if request.method != "POST":
            return connect_pages.sign_in_again(car, asked)
        if request.form.get("answer") != "allow":
            return _failed(asked, back, "access_denied")
        self._world.ledger.renew(car.id)
        self._world.troubles.owner_came_back(car.id)
        return _back(asked, back, {"vehicle_id": car.id})

    def _check(self, asked: dict[str, str], *kinds: str) -> str:
        """Where the answer goes. The address that was asked must be registered to the letter."""
        settings = self._world.settings
        if "response_type" not in asked:
            raise Refusal('Missing required parameter: "response_type"')
        if asked["response_type"] not in kinds:
            raise Refusal(f'response_type must be "{kinds[0]}" or "{kinds[1]}".')
        application = asked.get("application_id") or asked.get("client_id")
        if application is None:
            raise Refusal('Missing required parameter: "application_id"')
        if application != settings.application_id:
            raise Refusal("There is no application with this id.")
        if asked.get("mode", "live") not in ("live", "simulated"):
            raise Refusal("mode must be live or simulated.")
        back = asked.get("redirect_uri", next(iter(settings.redirect_uris), ""))
        if back not in settings.redirect_uris:
            raise Refusal("redirect_uri is not one of the registered addresses.")
        return back

    def _connected(self, asked: dict[str, str]) -> Car:
        vehicle_id = asked.get("vehicle_id")
        if vehicle_id is None:
            raise Refusal('Missing required parameter: "vehicle_id"')
        if all(row["vehicleId"] != vehicle_id for row in self._world.ledger.connections()):
            raise Refusal("This vehicle is not connected to the application.")
        return self._world.cars[vehicle_id]

    def _ask(self, asked: dict[str, str], back: str, email: str) -> Response:
        vin = _only_vin(asked)
        if failure := magic.failure(email) or magic.failure(vin):
            return _failed(asked, back, failure)
        if vin in magic.VINS and asked.get("mode") != "simulated":
            return _failed(asked, back, "configuration_error")

        account = self._world.sign_in(magic.VINS.get(vin, email))
        if account is None:
            amiss = f"There is no account for {email}." if email else ""
            return connect_pages.choose_account(self._choices(asked), asked, tuple(FAILURES), amiss=amiss)
        cars = self._offered(account, asked)
        if not cars:
            amiss = f"{account.email} does not have the vehicle {vin}."
            return connect_pages.choose_account(self._choices(asked), asked, tuple(FAILURES), amiss=amiss)
        return connect_pages.consent(account, cars, permissions(asked), asked, tuple(FAILURES))

    def _choices(self, asked: dict[str, str]) -> list[tuple[Account, int]]:
        """Accounts that hold a car of the asked make; all when none was asked."""
        make, vin = asked.get("make", "").upper(), _only_vin(asked)
        pairs = [(account, self._offered(account, asked)) for account in self._world.accounts.values()]
        return [
            (account, len(cars)) for account, cars in pairs if cars and (vin or any(make in ("", c.make) for c in cars))
        ]

    def _offered(self, account: Account, asked: dict[str, str]) -> list[Car]:
        vin = _only_vin(asked)
        return [car for car in self._world.cars_of(account.email) if vin in ("", car.vin)]

    def _answer(self, request: Request, asked: dict[str, str], back: str) -> Response:
        answer = request.form.get("answer", "")
        if answer != "allow":
            return _failed(asked, back, answer if answer in FAILURES else "server_error")
        account = self._world.sign_in(request.form.get("account", ""))
        if account is None:
            return connect_pages.refusal("There is no such account.")

        offered = [car.id for car in self._offered(account, asked)]
        chosen = [vehicle_id for vehicle_id in offered if vehicle_id in request.form.getlist("vehicle")]
        if asked.get("single_select") == "true":
            chosen = chosen[:1]
        if not chosen:
            return _failed(asked, back, "no_vehicles")
        granted = _granted(request, asked)
        if not granted:
            return _failed(asked, back, "access_denied")
        return _back(asked, back, self._grant(account, chosen, granted, asked))

    def _grant(self, account: Account, vehicle_ids: list[str], granted: list[str], asked: dict[str, str]) -> dict:
        world, mode = self._world, asked.get("mode", "live")
        user_id = world.ledger.grant(account.email, vehicle_ids, granted, asked.get("external_id", ""), mode)
        for vehicle_id in vehicle_ids:
            world.troubles.owner_came_back(vehicle_id)
            if error := magic.error(account.email):
                world.troubles.put(vehicle_id, *error)
        if asked["response_type"] == "none":
            return {"user_id": user_id}
        return {"code": world.grants.promise(user_id, vehicle_ids, asked.get("redirect_uri", ""))}


def permissions(asked: dict[str, str]) -> dict[str, bool]:
    """What is asked, and whether the owner may leave it out: `required:` locks a permission."""
    words = asked.get("scope", "").split() or DEFAULT_PERMISSIONS
    names = [word.removeprefix("required:") for word in words]
    return {name: f"required:{name}" in words for name in names}


def _granted(request: Request, asked: dict[str, str]) -> list[str]:
    """All that was asked, less what the owner unticked on a page that let them choose."""
    wanted = permissions(asked)
    if request.form.get("chooses") != "permissions":
        return list(wanted)
    ticked = request.form.getlist("permission")
    return [name for name, locked in wanted.items() if locked or name in ticked]


def _only_vin(asked: dict[str, str]) -> str:
    return asked.get("single_select_vin", "").upper() if asked.get("single_select") == "true" else ""


def _failed(asked: dict[str, str], back: str, failure: str) -> Response:
    return _back(asked, back, {"error": failure} | FAILURES[failure])


def _back(asked: dict[str, str], back: str, told: dict[str, str]) -> Response:
    told = told | {name: asked[name] for name in ("state",) if name in asked}
    if "error" not in told and asked.get("external_id", "null") != "null":
        told["external_id"] = asked["external_id"]
    parts = urlsplit(back)
    return redirect(parts._replace(query=urlencode(parse_qsl(parts.query) + list(told.items()))).geturl(), 302)
