"""Whatever is asked of v2, the sandbox knows an answer: it never falls over."""

import base64

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import Client

from tests.vehicles.smartcar.sandbox import scene
from vehicles.smartcar.sandbox import v2_paths

JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
WORDS = st.text(max_size=30)
NAMES = st.sampled_from(
    "limit offset cursor user_id vehicle_id mode vin scope region make type startDate endDate grant_type code "
    "refresh_token redirect_uri response_type client_id state single_select_vin account".split()
)
PLACES = st.sampled_from(
    [
        *(f"/api/v2.0/vehicles/{{car}}{path}" for path in ("", "/permissions", "/batch", "/security", *v2_paths.PATHS)),
        "/api/v2.0/vehicles",
        "/api/v2.0/compatibility",
        "/api/v2.0/compatibility/matrix",
        "/management/v2.0/management/connections",
        "/auth/oauth/token",
        "/connect/oauth/authorize",
        "/connect/oauth/reauthenticate",
    ]
)
ODD = {"wheel-tires", "service-records", "internalcombustionengine-fuellevel", "odometer-traveleddistance"}


@pytest.fixture(scope="module")
def holder(tmp_path_factory):
    settings = scene.told(tmp_path_factory.mktemp("hostile"), bucket_size=10**9)
    with scene.running(settings) as guest:
        guest.bearer = {}
        yield scene.Holder(guest, scene.FORD)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(("GET", "POST", "DELETE", "PUT")),
    PLACES,
    st.dictionaries(NAMES, WORDS, max_size=4),
    st.sampled_from(("bearer", "basic", "management", "nonsense")),
    JSON | st.binary(max_size=60),
    st.text(st.characters(codec="latin-1", exclude_characters="\r\n\0"), max_size=12),
)
def test_no_question_brings_v2_down(holder, method, place, asked, who, body, units):
    sandbox = holder.guest.sandbox
    told = sandbox.world.settings
    basic = f"{told.application_id}:{told.legacy_client_secret}"
    credentials = {
        "bearer": f"Bearer {holder.pair['access_token']}",
        "basic": "Basic " + base64.b64encode(basic.encode()).decode(),
        "management": "Basic " + base64.b64encode(f"default:{scene.TOKEN}".encode()).decode(),
        "nonsense": f"Basic {units}",
    }
    content = {"data": body} if isinstance(body, bytes) else {"json": body}
    # The car stays connected: what is asked of it goes through the whole of the path.
    method = "GET" if method == "DELETE" and "connections" in place else method
    answer = Client(sandbox).open(
        place.format(car=holder.cars[0]),
        method=method,
        query_string=asked,
        headers={"Authorization": credentials[who], "SC-Unit-System": units},
        base_url="http://localhost",
        **content,
    )

    assert answer.status_code < 500


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(ODD)), st.dictionaries(st.sampled_from(("value", "values", "unit")), JSON, max_size=3))
def test_no_oddity_of_a_car_brings_v2_down(holder, code, body):
    holder.guest.sandbox.world.odd[holder.cars[0]] = {code: body}
    answers = holder.batch("/tires/pressure", "/service/history", "/fuel", "/odometer")

    assert {item["code"] for item in answers.values()} == {200}
