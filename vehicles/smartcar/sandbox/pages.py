"""The few pages of the sandbox, drawn on the server."""

from html import escape
from pathlib import Path

from werkzeug.wrappers import Response

from vehicles.smartcar.sandbox.garage import Car

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


def hidden(fields: dict[str, str]) -> str:
    return "".join(f'<input type="hidden" name="{escape(k)}" value="{escape(v)}">' for k, v in fields.items())


def spoken_make(car: Car) -> str:
    return car.make if len(car.make) == 3 and car.make != "RAM" else car.make.title()
