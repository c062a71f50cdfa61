"""Settings that must be right in a real deployment, read in a process of its own."""

import os
import subprocess
import sys

import pytest

from tests import servers
from vehicles.checks import client_id_is_of_v3

PRINT = "import json; from fleet import settings as s; print(json.dumps({}))"

ONLY_LEGACY = {name: "" for name in servers.SETTINGS if name.startswith("SMARTCAR_")}
ONLY_LEGACY |= {"SMARTCAR_LEGACY_CLIENT_SECRET": "tests-legacy-secret"}


def read(expression: str, **environment: str) -> subprocess.CompletedProcess:
    env = {name: value for name, value in os.environ.items() if not name.startswith("SMARTCAR_")}
    env |= servers.SETTINGS | environment
    env = {name: value for name, value in env.items() if value}
    command = [sys.executable, "-c", PRINT.replace("{}", expression)]
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=60)


def test_a_form_may_lead_to_the_real_connect():
    told = read('s.CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"]')
    assert told.stdout.strip() == '["\'self\'", "https://connect.smartcar.com"]'


def test_an_https_origin_has_host_cookies():
    told = read("[s.SESSION_COOKIE_NAME, s.SESSION_COOKIE_SECURE]", PUBLIC_ORIGIN="https://fleet.example")
    assert told.stdout.strip() == '["__Host-session", true]'


@pytest.mark.parametrize(
    ("environment", "remedy"),
    [
        ({"SMARTCAR_CLIENT_SECRET": ""}, "add SMARTCAR_CLIENT_SECRET"),
        ({"SMARTCAR_MANAGEMENT_TOKENS": ""}, "add SMARTCAR_MANAGEMENT_TOKENS"),
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set"),
        ({"FIELD_KEYS": ""}, "FIELD_KEYS is not set"),
        ({"FIELD_KEYS": f"{servers.SETTINGS['FIELD_KEYS']},short"}, "no Fernet key in place 2"),
        (ONLY_LEGACY, "add SMARTCAR_APPLICATION_ID, SMARTCAR_CLIENT_ID"),
        ({"SMARTCAR_CLIENT_ID": servers.SETTINGS["SMARTCAR_APPLICATION_ID"]}, "SMARTCAR_CLIENT_ID hold the same value"),
        ({"SMARTCAR_MANAGEMENT_TOKENS": "other,tests-legacy-secret"}, "SMARTCAR_MANAGEMENT_TOKENS hold the same value"),
        ({"SMARTCAR_MODE": "pretend"}, "neither live nor simulated"),
        ({"SMARTCAR_BUCKET": "120"}, "such as 120:2"),
        ({"SMARTCAR_BUCKET": "many:2"}, "such as 120:2"),
        ({"SMARTCAR_CALLS_A_MONTH": "0"}, "at least 1"),
        ({"POLL_THREADS": "0"}, "1 to 500"),
        ({"DATABASE_URL": "mysql://u:p@127.0.0.1/x"}, "neither SQLite nor PostgreSQL"),
    ],
)
def test_a_half_set_group_refuses_to_start_and_says_the_remedy(environment, remedy):
    told = read("1", **environment)
    assert told.returncode != 0
    assert remedy in told.stderr.splitlines()[-1]
    assert "tests-legacy-secret" not in told.stderr


def test_a_malformed_key_is_not_repeated_in_the_traceback():
    told = read("1", FIELD_KEYS="a-secret-that-is-no-key")
    assert told.returncode != 0
    assert "a-secret-that-is-no-key" not in told.stderr


def test_a_client_id_without_the_usual_beginning_is_doubted_and_taken(settings):
    assert client_id_is_of_v3(None) == []

    settings.SMARTCAR_CLIENT_ID = "new-style-id"

    assert [warning.id for warning in client_id_is_of_v3(None)] == ["vehicles.W001"]
