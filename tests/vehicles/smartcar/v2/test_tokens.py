import base64
import json
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vehicles.smartcar.errors import NeedsOwner, OurFault, TryLater, Unreadable
from vehicles.smartcar.v2 import tokens

TOKENS = "POST /auth/oauth/token"
PAIR = {"access_token": "a-1", "refresh_token": "r-1", "token_type": "Bearer", "expires_in": 7200}


def test_a_code_buys_a_pair(there):
    there.will(TOKENS, 200, PAIR)
    assert tokens.exchange(there.application, "c 1", "http://localhost/back/") == tokens.TokenPair("a-1", "r-1", 7200)
    ((_, headers, sent),) = there.asked
    assert base64.b64decode(headers["Authorization"].removeprefix("Basic ")) == b"app-1:hush-legacy"
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert headers["User-Agent"] == "Fettle"
    assert parse_qs(sent) == {
        "grant_type": ["authorization_code"],
        "code": ["c 1"],
        "redirect_uri": ["http://localhost/back/"],
    }


def test_a_refresh_token_buys_the_next_pair(there):
    there.will(TOKENS, 200, PAIR | {"access_token": "a-2", "refresh_token": "r-2", "expires_in": "soon"})
    assert tokens.refresh(there.application, "r-1") == tokens.TokenPair("a-2", "r-2", 7200)
    assert parse_qs(there.asked[0][2]) == {"grant_type": ["refresh_token"], "refresh_token": ["r-1"]}


def test_where_no_new_refresh_token_comes_the_old_one_goes_on(there):
    there.will(TOKENS, 200, {"access_token": "a-2"})
    assert tokens.refresh(there.application, "r-1").refresh == "r-1"


@pytest.mark.parametrize("status", [400, 401])
def test_a_dead_grant_is_told_apart(there, status):
    there.will(TOKENS, status, {"error": "invalid_grant", "error_description": "secret r-1"})
    with pytest.raises(tokens.GrantDead) as problem:
        tokens.refresh(there.application, "r-1")
    assert isinstance(problem.value, NeedsOwner)
    assert "r-1" not in str(problem.value)


@pytest.mark.parametrize(
    ("status", "body", "step"),
    [
        (401, {"error": "invalid_client"}, OurFault),
        (400, {"error": "invalid_request"}, OurFault),
        (400, b"<html>", OurFault),
        (500, {"error": "invalid_grant"}, TryLater),
        (429, {"type": "RATE_LIMIT", "code": "SMARTCAR_API"}, TryLater),
        (200, {"access_token": "a", "refresh_token": ""}, Unreadable),
        (200, {"access_token": "a\nb", "refresh_token": "r"}, Unreadable),
        (200, b"<html>", Unreadable),
    ],
)
def test_any_other_failure_leaves_the_grant_alive(there, status, body, step):
    there.will(TOKENS, status, body)
    with pytest.raises(step) as problem:
        tokens.exchange(there.application, "c", "http://localhost/")
    assert not isinstance(problem.value, tokens.GrantDead)


def test_no_token_is_shown():
    assert "a-1" not in repr(tokens.TokenPair("a-1", "r-1", 5)) and "r-1" not in repr(tokens.TokenPair("a-1", "r-1", 5))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
ANSWERS = st.dictionaries(st.sampled_from(["access_token", "refresh_token", "expires_in", "error"]), JSON) | JSON


@given(ANSWERS)
def test_an_answer_is_a_whole_pair_or_none(answer):
    tokens.oauth_error(json.dumps(answer).encode())
    if not isinstance(answer, dict):
        return
    try:
        pair = tokens.read_pair(answer)
    except Unreadable:
        return
    assert pair.access.isascii() and pair.refresh.isascii() and pair.expires_in >= 0


@given(st.binary())
def test_no_bytes_break_the_reading_of_an_error(body):
    assert tokens.oauth_error(body) is None or body
