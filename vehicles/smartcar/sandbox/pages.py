"""The few pages of the sandbox, drawn on the server."""

from html import escape
from pathlib import Path

from werkzeug.wrappers import Response

from vehicles.smartcar.sandbox import catalogue
from vehicles.smartcar.sandbox.condition import Condition
from vehicles.smartcar.sandbox.garage import Account, Car
from vehicles.smartcar.sandbox.world import World

STYLE = (Path(__file__).parent / "static" / "sandbox.css").read_bytes()
POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'"

TASK_NAMES = {
    "oil_change": "Oil change",
    "tyre_rotation": "Tire rotation",
    "brake_inspection": "Brake inspection",
}
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


def control(world: World, standing: dict) -> Response:
    at = world.measured_at()
    connected = {row["vehicleId"] for row in world.ledger.connections()}
    subscribed = {row["vehicleId"] for row in world.ledger.subscriptions()}
    replay, post = standing["replay"], standing["deliveries"]
    facts = {
        "Webhook": "verified" if standing["verified"] else "not verified",
        "Driving": "live" if standing["live"] else "only on command",
        "Subscribed": f"{standing['subscriptions']} of {len(world.cars)}",
        "Replay": f"{replay['sent']:,} of {replay['total']:,}",
        "Deliveries": f"{post['accepted']:,} taken, {post['failed']:,} failed, {post['dropped']:,} dropped",
    }
    summary = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in facts.items())
    sections = []
    for account in world.accounts.values():
        rows = "".join(
            _car(world.conditions[car.id], at, "subscribed" if car.id in subscribed else
                 "connected" if car.id in connected else "not connected")
            for car in world.cars_of(account.email)
        )  # fmt: skip
        title = f"{escape(account.brand)} <small>{escape(account.email)}</small>"
        sections.append(f'<section><h2>{title}</h2><div class="cars">{rows}</div></section>')
    return page("Cars right now", f'<dl class="facts">{summary}</dl>{"".join(sections)}', wide=True)


def _car(condition: Condition, at: float, standing: str) -> str:
    car, codes = condition.car, condition.codes(at)
    told = [f"{condition.odometer_km(at):,.1f} km"]
    if catalogue.OIL_LIFE.code in car.told:
        told.append(f"oil {condition.oil_life(at)} %")
    if catalogue.FUEL.code in car.told:
        told.append(f"fuel {condition.fuel(at)} %")
    if catalogue.CHARGE.code in car.told:
        told.append(f"charge {condition.charge(at)} %")
    told.append("driving" if condition.road.is_moving(at) else "parked")
    lamps = "".join(f"<code>{escape(code)}</code>" for code in codes)
    tasks = "".join(
        f'<label><input type="checkbox" name="tasks" value="{task}"'
        f"{' checked' if task == 'oil_change' else ''}> {name}</label>"
        for task, name in TASK_NAMES.items()
        if not (task == "oil_change" and car.is_electric)
    )
    which = hidden({"vehicleId": car.id})
    return f"""<article id="car-{car.id}">
<h3>{car.year} {escape(spoken_make(car))} {escape(car.model)}</h3>
<p class="plate">{car.vin}</p><p>{" · ".join(told)} {lamps}</p><p class="quiet">{standing}</p>
<form method="post" action="/control/service-done">{which}{tasks}<button>Service done on this car</button></form>
<form method="post" action="/control/throw-code">{which}
<input name="code" value="P0300" pattern="[PCBU][0-3][0-9A-F]{{3}}" aria-label="Code" required>
<button>Throw this code</button></form>
<form method="post" action="/control/deliver">{which}<button>Deliver now</button></form>
</article>"""
