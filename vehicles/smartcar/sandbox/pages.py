"""The few pages of the sandbox, drawn on the server."""

from html import escape
from pathlib import Path

from werkzeug.wrappers import Response

from vehicles.smartcar.sandbox.garage import Account, Car

STYLE = (Path(__file__).parent / "static" / "sandbox.css").read_bytes()
POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'"

PERMISSION_NAMES = {
    "read_battery": "Battery charge",
    "read_charge": "Charging",
    "read_diagnostics": "Trouble codes and system lights",
    "read_engine_oil": "Engine oil life",
    "read_fuel": "Fuel level",
    "read_location": "Location",
    "read_odometer": "Odometer",
    "read_service_history": "Service history",
    "read_tires": "Tire pressures",
    "read_vehicle_info": "Make, model and year",
    "read_vin": "Vehicle identification number",
}


def style() -> Response:
    return Response(STYLE, content_type="text/css; charset=utf-8")


def page(title: str, body: str, status: int = 200, *, wide: bool = False) -> Response:
    html = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<link rel="stylesheet" href="/sandbox.css">
</head>
<body>
<header><b>Car maker sandbox</b> <span>invented cars, on this machine only</span></header>
<main class="{"wide" if wide else "narrow"}">
<h1>{escape(title)}</h1>
{body}
</main>
</body>
</html>
"""
    headers = {"Content-Security-Policy": POLICY, "Referrer-Policy": "same-origin", "Cache-Control": "no-store"}
    return Response(html, status, headers, content_type="text/html; charset=utf-8")


def refusal(message: str) -> Response:
    return page("This address cannot be used", f"<p>{escape(message)}</p>", 400)


def hidden(fields: dict[str, str]) -> str:
    return "".join(f'<input type="hidden" name="{escape(k)}" value="{escape(v)}">' for k, v in fields.items())


def choose_account(accounts: list[tuple[Account, int]], asked: dict[str, str], failures: tuple[str, ...]) -> Response:
    choices = "".join(
        f'<button class="account" name="account" value="{escape(account.email)}">'
        f"<b>{escape(account.brand)}</b><span>{escape(account.email)}</span><i>{count} vehicles</i></button>"
        for account, count in accounts
    )
    body = f"""<p>An application asks to read your vehicles. Sign in with the maker of your vehicles.</p>
<form method="get" action="/connect/oauth/authorize" class="stack">{hidden(asked)}{choices}</form>
{fail_menu(asked, failures)}"""
    return page("Choose your account", body)


def consent(
    account: Account, cars: list[Car], permissions: list[str], asked: dict[str, str], failures: tuple[str, ...]
) -> Response:
    single = asked.get("single_select") == "true"
    kind = "radio" if single else "checkbox"
    boxes = "".join(
        f'<label class="row"><input type="{kind}" name="vehicle" value="{escape(car.id)}"'
        f"{' checked' if not single or not index else ''}>"
        f"<span>{car.year} {escape(spoken_make(car))} {escape(car.model)}</span></label>"
        for index, car in enumerate(cars)
    )
    wanted = "".join(f"<li>{escape(PERMISSION_NAMES.get(name, name))}</li>" for name in permissions)
    body = f"""<p>Signed in as <b>{escape(account.email)}</b> ({escape(account.brand)}).</p>
<form method="post" action="/connect/oauth/authorize">{hidden(asked | {"account": account.email})}
<fieldset><legend>Vehicles to share</legend>{boxes}</fieldset>
<section><h2>What may be read</h2><ul>{wanted}</ul></section>
<div class="acts"><button class="primary" name="answer" value="allow">Allow</button>
<button name="answer" value="access_denied">Deny</button></div>
</form>
{fail_menu(asked, failures)}"""
    return page("Share your vehicles?", body)


def fail_menu(asked: dict[str, str], failures: tuple[str, ...]) -> str:
    buttons = "".join(f'<button name="answer" value="{name}">{name}</button>' for name in failures)
    return f"""<details><summary>Make it fail</summary>
<form method="post" action="/connect/oauth/authorize" class="acts">{hidden(asked)}{buttons}</form></details>"""


def spoken_make(car: Car) -> str:
    return car.make if len(car.make) == 3 and car.make != "RAM" else car.make.title()
