"""The address where an owner mends a consent."""

from urllib.parse import parse_qsl, urlsplit

import pytest

from vehicles.smartcar.client import Application
from vehicles.smartcar.mending import reauthenticate_url

APPLICATION = Application("app-id", "client_x", "secret", connect_origin="https://connect.smartcar.com")
HOME = "https://connect.smartcar.com/oauth/reauthenticate"


def query(given: str = "") -> dict:
    told = {"redirect_uri": "https://us.example/back/", "state": "st", "external_id": "ow"}
    address = reauthenticate_url(APPLICATION, vehicle_id="sc-1", given=given, **told)
    assert address.startswith(f"{HOME}?")
    return dict(parse_qsl(urlsplit(address).query))


def test_it_names_the_known_car_and_the_way_back():
    assert query() == {
        "response_type": "vehicle_id",
        "client_id": "app-id",
        "vehicle_id": "sc-1",
        "redirect_uri": "https://us.example/back/",
        "state": "st",
        "external_id": "ow",
    }


def test_what_smartcar_adds_travels_along():
    assert query(f"{HOME}?vehicle_id=sc-1&token=abc")["token"] == "abc"


def test_our_state_and_way_back_win():
    told = query(f"{HOME}?vehicle_id=sc-1&state=theirs&redirect_uri=https://evil.example/")
    assert (told["state"], told["redirect_uri"]) == ("st", "https://us.example/back/")


@pytest.mark.parametrize(
    "given",
    [
        "https://evil.example/oauth/reauthenticate?token=x",
        "http://connect.smartcar.com/oauth/reauthenticate?token=x",
        "https://connect.smartcar.com.evil.example/oauth/reauthenticate?token=x",
        "https://user@connect.smartcar.com/oauth/reauthenticate?token=x",
        "https://connect.smartcar.com/oauth/reauthenticate/../../x?token=x",
        f"{HOME}?vehicle_id=another&token=x",
        "https://[::1/oauth/reauthenticate?token=x",
        "javascript:alert(1)",
        "",
    ],
)
def test_an_address_of_anybody_else_is_passed_over(given):
    assert "token" not in query(given)
