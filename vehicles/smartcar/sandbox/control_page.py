"""The page on which a person sees the cars as they are, and brings about what they want to see elsewhere."""

from html import escape

from werkzeug.wrappers import Response

from vehicles.smartcar.sandbox import catalogue, states, weather
from vehicles.smartcar.sandbox.condition import Condition
from vehicles.smartcar.sandbox.garage import Account
from vehicles.smartcar.sandbox.generations import DIALECTS
from vehicles.smartcar.sandbox.pages import hidden, page, spoken_make
from vehicles.smartcar.sandbox.world import World

TASK_NAMES = {
    "oil_change": "Oil change",
    "tyre_rotation": "Tire rotation",
    "brake_inspection": "Brake inspection",
}
SHOWN = {
    catalogue.OIL_LIFE.code: ("oil", "oil_life"),
    catalogue.FUEL.code: ("fuel", "fuel"),
    catalogue.CHARGE.code: ("charge", "charge"),
}


def draw(world: World, standing: dict) -> Response:
    replay, post = standing["replay"], standing["deliveries"]
    facts = {
        "Webhook": "verified" if standing["verified"] else "not verified",
        "Driving": "live" if standing["live"] else "only on command",
        "Subscribed": f"{standing['subscriptions']} of {len(world.cars)}",
        "Replay": f"{replay['sent']:,} of {replay['total']:,}",
        "Deliveries": f"{post['accepted']:,} taken, {post['failed']:,} failed, "
        f"{post['dropped']:,} dropped, {post['lost']:,} lost",
    }
    summary = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in facts.items())
    accounts = "".join(_account(world, account) for account in world.accounts.values())
    return page("Cars right now", f'<dl class="facts">{summary}</dl>{_weather(world)}{accounts}', wide=True)


def _account(world: World, account: Account) -> str:
    at = world.measured_at()
    connected = {row["vehicleId"] for row in world.ledger.connections()}
    subscribed = {row["vehicleId"] for row in world.ledger.subscriptions()}
    rows = []
    for car in world.cars_of(account.email):
        link = "subscribed" if car.id in subscribed else "connected" if car.id in connected else "not connected"
        said = ", ".join([link, *states.standing(world, car.id)])
        rows.append(_car(world.conditions[car.id], at, said))
    which = hidden({"account": account.email})
    return f"""<section><h2>{escape(account.brand)} <small>{escape(account.email)}</small></h2>
<div class="acts"><form method="post" action="/control/state">{which}
<button name="state" value="reconnect">Owner changed the password</button>
<button name="state" value="migrated">Maker moves platform</button>
<button name="state" value="disconnected">Owner revokes all</button>
<button name="state" value="clear">Clear all</button></form>
<form method="post" action="/control/consent">{which}
<label>Owner’s id at the portal <input name="externalId"></label><button>Consent</button></form></div>
<div class="cars">{"".join(rows)}</div></section>"""


def _car(condition: Condition, at: float, standing: str) -> str:
    car, codes = condition.car, condition.codes(at)
    told = [f"{condition.odometer_km(at):,.1f} km"]
    told += [f"{name} {getattr(condition, of)(at)} %" for code, (name, of) in SHOWN.items() if code in car.told]
    told.append("driving" if condition.road.is_moving(at) else "parked")
    lamps = "".join(f"<code>{escape(code)}</code>" for code in codes)
    tasks = "".join(
        f'<label><input type="checkbox" name="tasks" value="{task}"'
        f"{' checked' if task == 'oil_change' else ''}> {name}</label>"
        for task, name in TASK_NAMES.items()
        if not (task == "oil_change" and car.is_electric)
    )
    which = hidden({"vehicleId": car.id})
    buttons = "".join(f'<button name="state" value="{state}">{name}</button>' for state, name in states.NAMES.items())
    return f"""<article id="car-{car.id}">
<h3>{car.year} {escape(spoken_make(car))} {escape(car.model)}</h3>
<p class="plate">{car.vin}</p><p>{" · ".join(told)} {lamps}</p><p class="quiet">{escape(standing)}</p>
<form method="post" action="/control/service-done">{which}{tasks}
<label><input type="checkbox" name="atDealer" value="1"> at a dealer</label>
<button>Service done on this car</button></form>
<form method="post" action="/control/throw-code">{which}
<input name="code" value="P0300" pattern="[PCBU][0-3][0-9A-F]{{3}}" aria-label="Code" required>
<button>Throw this code</button></form>
<form method="post" action="/control/deliver">{which}<button>Deliver now</button></form>
<form method="post" action="/control/meter">{which}<label>New meter shows km <input name="showsKm" value="0"></label>
<button>Replace the meter</button></form>
<details><summary>Make it …</summary><form method="post" action="/control/state">{which}{buttons}</form></details>
</article>"""


def _weather(world: World) -> str:
    post, hosts, webhook, bucket = world.weather.post, world.weather.hosts, world.weather.webhook, world.bucket
    carries_all = len(webhook.signals) == len(catalogue.SIGNALS)
    forms = (
        _form(
            "Deliveries",
            "/control/post",
            _number("late_seconds", "Late by seconds", post.late_seconds),
            _number("lost", "Lost, a share of 1", post.lost),
            _number("duplicate", "Twice, a share of 1", post.duplicate),
            _number("copies", "Copies then", post.copies),
            _choice("copies_at_once", "Copies", {"false": "one after another", "true": "at once"}, post.copies_at_once),
            _number("burst_seconds", "Together every seconds", post.burst_seconds),
            _number("reversed_by", "Newest first, of so many", post.reversed_by),
            _number("bad_signature", "Badly signed, a share of 1", post.bad_signature),
            _choice("token", "Signed with", dict(zip(weather.TOKENS, weather.TOKENS, strict=True)), post.token),
            _choice("oversized", "Size", {"false": "usual", "true": "too large"}, post.oversized),
        ),
        _form(
            "Calls",
            "/control/hosts",
            _choice("dialect", "Dialect", dict(zip(weather.DIALECTS, weather.DIALECTS, strict=True)), hosts.dialect),
            _number("latency_ms", "Slow by ms", hosts.latency_ms),
            _choice("outage", "Outage", {name: name or "none" for name in weather.OUTAGES}, hosts.outage),
            _number("vehicle_calls", "Calls a car", hosts.vehicle_calls),
            _number("vehicle_seconds", "in seconds", hosts.vehicle_seconds),
        ),
        _form(
            "Calls of the application",
            "/control/bucket",
            _choice("on", "Limit", {"true": "on", "false": "off"}, bucket.is_on),
            _number("size", "Bucket", bucket.size),
            _number("perMinute", "Refilled a minute", bucket.per_minute),
        ),
        _form(
            "Webhook",
            "/control/webhook",
            _choice("enabled", "Webhook", {"true": "on", "false": "off"}, webhook.enabled),
            _choice("signals", "Carries", {"usual": "the usual", "all": "all"}, "all" if carries_all else "usual"),
        ),
        _form(
            "Dialect of deliveries",
            "/control/dialect",
            _choice("dialect", "Generation", dict(zip(DIALECTS, DIALECTS, strict=True)), world.ledger.dialect),
        ),
    )
    carried = "all signals" if carries_all else f"{len(webhook.signals)} signals"
    return f"""<details id="weather"{" open" if _is_rough(world) else ""}><summary>Weather</summary>
<div class="cars">{"".join(forms)}</div>
<p>The webhook carries {carried}.</p>
<form method="post" action="/control/fine-weather"><button>Fine weather</button></form></details>"""


def _is_rough(world: World) -> bool:
    fine, now = weather.Weather(), world.weather
    return (now.post, now.hosts, now.webhook, world.bucket.is_on) != (fine.post, fine.hosts, fine.webhook, True)


def _form(title: str, action: str, *fields: str) -> str:
    body = "".join(fields)
    return f'<form method="post" action="{action}" class="stack"><b>{title}</b>{body}<button>Set</button></form>'


def _number(name: str, label: str, value: float) -> str:
    return f'<label class="field">{label}<input name="{name}" inputmode="decimal" value="{value:g}"></label>'


def _choice(name: str, label: str, options: dict[str, str], chosen: object) -> str:
    now = str(chosen).lower() if isinstance(chosen, bool) else chosen
    drawn = "".join(
        f'<option value="{escape(value)}"{" selected" if value == now else ""}>{escape(text)}</option>'
        for value, text in options.items()
    )
    return f'<label class="field">{label}<select name="{name}">{drawn}</select></label>'
