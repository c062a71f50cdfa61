"""What an owner sees at Connect: whose account, which cars, what may be read. Works by keyboard and on a phone."""

from html import escape
from urllib.parse import urlencode

from werkzeug.wrappers import Response

from vehicles.smartcar.sandbox import magic
from vehicles.smartcar.sandbox.garage import Account, Car
from vehicles.smartcar.sandbox.pages import PERMISSION_NAMES, hidden, page, spoken_make

AUTHORIZE, REAUTHENTICATE = "/connect/oauth/authorize", "/connect/oauth/reauthenticate"
ROBOTS = 'autocomplete="username" autocapitalize="none" spellcheck="false" inputmode="email"'

_ERRORS = "".join(f'<option value="{escape(email)}"></option>' for email in magic.EMAILS)


def refusal(message: str) -> Response:
    return page("This address cannot be used", f"<p>{escape(message)}</p>", 400)


def choose_account(
    accounts: list[tuple[Account, int]], asked: dict[str, str], failures: tuple[str, ...], *, amiss: str = ""
) -> Response:
    choices = "".join(
        f'<button class="account" name="account" value="{escape(account.email)}">'
        f"<b>{escape(account.brand)}</b><span>{escape(account.email)}</span><i>{_count(count)}</i></button>"
        for account, count in accounts
    )
    warning = f'<p class="amiss" role="alert">{escape(amiss)}</p>' if amiss else ""
    body = f"""<p>An application asks to read your vehicles. Sign in with the maker of your vehicles.</p>
{warning}<form method="get" action="{AUTHORIZE}" class="stack">{hidden(asked)}{choices}</form>
<form method="get" action="{AUTHORIZE}" class="stack sign-in">{hidden(asked)}
<label for="email">Or sign in with an e-mail address</label>
<input id="email" name="account" type="email" required list="errors" aria-describedby="hint" {ROBOTS}>
<datalist id="errors">{_ERRORS}</datalist>
<small id="hint">Smartcar's own for trying out errors work too: TYPE.CODE@smartcar.com</small>
<button>Continue</button></form>
{fail_menu(asked, failures)}"""
    return page("Choose your account", body)


def consent(
    account: Account,
    cars: list[Car],
    permissions: dict[str, bool],
    asked: dict[str, str],
    failures: tuple[str, ...],
) -> Response:
    """`permissions` says of each whether it is locked."""
    single = asked.get("single_select") == "true"
    kind = "radio" if single else "checkbox"
    boxes = "".join(
        f'<label class="row"><input type="{kind}" name="vehicle" value="{escape(car.id)}"'
        f"{' checked' if not single or not index else ''}>"
        f"<span>{_name(car)} <small>{escape(car.vin)}</small></span></label>"
        for index, car in enumerate(cars)
    )
    wanted = "".join(_permission(name, locked=locked) for name, locked in permissions.items())
    other = escape(f"{AUTHORIZE}?{urlencode(asked)}")
    body = f"""<p>Signed in as <b class="long">{escape(account.email)}</b> ({escape(account.brand)}).</p>
<p><a class="other" href="{other}">Use another account</a></p>
<form method="post" action="{AUTHORIZE}">{hidden(asked | {"account": account.email, "chooses": "permissions"})}
<fieldset><legend>{"Vehicle" if single else "Vehicles"} to share</legend>{boxes}</fieldset>
<fieldset><legend>What may be read</legend>{wanted}</fieldset>
{_answers("Allow", "Deny")}
</form>
{fail_menu(asked, failures)}"""
    return page("Share your vehicles?", body)


def sign_in_again(car: Car, asked: dict[str, str]) -> Response:
    body = f"""<p>The maker no longer lets us read your <b>{_name(car)}</b>.
Sign in as <b class="long">{escape(car.account)}</b> once more to go on.</p>
<form method="post" action="{REAUTHENTICATE}">{hidden(asked)}{_answers("Sign in again", "Cancel")}</form>"""
    return page("Connect your vehicle again", body)


def _answers(yes: str, no: str) -> str:
    return f"""<div class="acts answer"><button class="primary" name="answer" value="allow">{yes}</button>
<button name="answer" value="access_denied">{no}</button></div>"""


def _permission(name: str, *, locked: bool) -> str:
    words = escape(PERMISSION_NAMES.get(name, name))
    if locked:
        return f'<p class="row locked"><span>{words} <small>required</small></span>{hidden({"permission": name})}</p>'
    box = f'<input type="checkbox" name="permission" value="{escape(name)}" checked>'
    return f'<label class="row">{box}<span>{words}</span></label>'


def fail_menu(asked: dict[str, str], failures: tuple[str, ...]) -> str:
    buttons = "".join(f'<button name="answer" value="{name}">{name}</button>' for name in failures)
    return f"""<details><summary>Make it fail</summary>
<form method="post" action="{AUTHORIZE}" class="acts">{hidden(asked)}{buttons}</form></details>"""


def _name(car: Car) -> str:
    return f"{car.year} {escape(spoken_make(car))} {escape(car.model)}"


def _count(vehicles: int) -> str:
    return "1 vehicle" if vehicles == 1 else f"{vehicles} vehicles"
