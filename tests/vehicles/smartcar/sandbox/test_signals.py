"""What each maker's cars tell, and that it fits together."""

import pytest

from tests.vehicles.smartcar.sandbox import scene
from vehicles.smartcar.sandbox import catalogue
from vehicles.smartcar.sandbox.roads import DAY, HOUR
from vehicles.smartcar.sandbox.whereabouts import YARD
from vehicles.smartcar.sandbox.world import World

NOW = 1_795_000_000.0
SHARES = ("internalcombustionengine-oillife", "internalcombustionengine-fuellevel", "tractionbattery-stateofcharge")


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    return World(scene.told(tmp_path_factory.mktemp("world")), clock=lambda: NOW)


def of_make(world, make: str, powertrain: str):
    """The first car of a make, and all that it tells now."""
    cars = world.conditions.values()
    condition = next(c for c in cars if (c.car.make, c.car.powertrain) == (make, powertrain))
    return condition, condition.bodies(NOW)


@pytest.mark.parametrize(
    ("make", "powertrain", "gives", "lacks"),
    [
        ("CHEVROLET", "ICE", "diagnostics-dtclist diagnostics-dtccount diagnostics-mil wheel-tires", "service-records"),
        ("CHEVROLET", "BEV", "diagnostics-evcharging charge-ischarging", "diagnostics-oilpressure"),
        ("RAM", "ICE", "diagnostics-transmission", "diagnostics-dtclist diagnostics-evhvbattery"),
        ("JEEP", "PHEV", "diagnostics-evhvbattery diagnostics-oilpressure tractionbattery-range", "service-records"),
        ("FORD", "ICE", "internalcombustionengine-oillife service-records lowvoltagebattery-status", "diagnostics-mil"),
        ("TOYOTA", "ICE", "service-isinservice", "internalcombustionengine-amountremaining"),
        ("VOLKSWAGEN", "BEV", "tractionbattery-nominalcapacity connectivitystatus-isasleep", "wheel-tires"),
        ("TESLA", "BEV", "wheel-tires location-preciselocation", "internalcombustionengine-range"),
    ],
)
def test_each_maker_tells_what_it_tells_and_no_more(world, make, powertrain, gives, lacks):
    _, bodies = of_make(world, make, powertrain)

    assert set(gives.split()) <= set(bodies)
    assert not set(lacks.split()) & set(bodies)


def test_every_signal_of_the_catalogue_is_told_by_some_car(world):
    told = {code for condition in world.conditions.values() for code in condition.bodies(NOW)}

    assert told == set(catalogue.BY_CODE)


def test_amount_and_range_follow_the_level(world):
    for condition in world.conditions.values():
        bodies = condition.bodies(NOW)
        for code in set(SHARES) & set(bodies):
            assert 0 <= bodies[code]["value"] <= 100
        if "internalcombustionengine-amountremaining" in bodies:
            litres, level = (bodies[f"internalcombustionengine-{n}"]["value"] for n in ("amountremaining", "fuellevel"))
            assert litres == pytest.approx(condition.car.body.tank_l * level / 100, abs=0.1)


def test_the_count_of_codes_is_the_length_of_their_list(world):
    for condition in world.conditions.values():
        bodies = condition.bodies(NOW)
        if "diagnostics-dtclist" in bodies:
            assert bodies["diagnostics-dtccount"]["value"] == len(bodies["diagnostics-dtclist"]["values"])


def test_a_battery_fills_while_it_charges_and_never_while_it_drives(world):
    for make in ("TESLA", "FORD"):
        condition, _ = of_make(world, make, "BEV")
        hours = [NOW + quarter * HOUR / 4 for quarter in range(4 * 72)]
        charging = [at for at in hours if condition.battery.is_charging(at)]

        assert charging
        assert not any(condition.road.is_moving(at) for at in charging)
        assert all(condition.battery.is_plugged_in(at) for at in charging)
        assert all(condition.charge(at + 600) >= condition.charge(at) for at in charging)


def test_a_car_is_at_its_yard_when_it_stands_and_away_when_it_drives(world):
    condition, _ = of_make(world, "FORD", "ICE")
    times = range(int(NOW), int(NOW + 5 * DAY), 900)
    places = [(condition.whereabouts(at), condition.road.is_moving(at)) for at in times]
    away = [(abs(p["latitude"] - YARD[0]) + abs(p["longitude"] - YARD[1]), moving) for p, moving in places]

    assert max(degrees for degrees, moving in away if not moving) < 0.003 < 0.1 < max(degrees for degrees, _ in away)
    assert {(moving, p["locationType"]) for p, moving in places} == {(True, "CURRENT"), (False, "LAST_PARKED")}


def test_the_maker_knows_the_visits_to_its_dealer_and_no_other(world):
    condition, bodies = of_make(world, "FORD", "ICE")
    visits = bodies["service-records"]["values"]
    elsewhere = {round(s.odometer_km, 1) for s in condition.past if s.by != "Quick Lane 12"}

    assert visits
    assert [visit["time"] for visit in visits] == sorted((visit["time"] for visit in visits), reverse=True)
    assert not {visit["odometer"] for visit in visits} & elsewhere


def test_a_car_is_in_service_just_before_the_dealer_writes_it_down(world):
    condition, bodies = of_make(world, "TOYOTA", "HEV")
    done = max(s.at for s in condition.past if s.by == "Quick Lane 12")

    assert condition.bodies(done - HOUR)["service-isinservice"] == {"value": True}
    assert condition.bodies(done + HOUR)["service-isinservice"] == {"value": False}


def test_a_service_at_a_dealer_by_command_becomes_a_record_of_the_maker(guest):
    user_id, (vehicle_id, *_) = guest.consent("ford@northgate.example")
    guest.subscribe(user_id, vehicle_id)
    for said in ({"tasks": ["tyre_rotation"]}, {"tasks": ["oil_change"], "atDealer": True}):
        guest.post("/control/service-done", json={"vehicleId": vehicle_id} | said)
    newest = guest.signals(user_id, vehicle_id)["service-records"]["body"]["values"][0]

    assert [task["description"] for task in newest["tasks"]] == ["Engine oil and filter change"]


def test_location_is_told_only_to_those_who_may_see_it(guest):
    user_id, (vehicle_id, *_) = guest.consent()
    guest.subscribe(user_id, vehicle_id)
    assert guest.signals(user_id, vehicle_id)["location-preciselocation"]["status"]["error"]["type"] == "PERMISSION"

    wider = [*catalogue.DEFAULT_PERMISSIONS, "read_location"]
    guest.post("/control/consent", json={"account": scene.GM, "permissions": wider})
    assert "latitude" in guest.signals(user_id, vehicle_id)["location-preciselocation"]["body"]
