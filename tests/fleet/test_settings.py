"""Settings that must be right in a real deployment, read in a process of its own."""

import os
import subprocess
import sys

import pytest

from tests import servers

PRINT = "import json; from fleet import settings as s; print(json.dumps({}))"


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
        ({"SMARTCAR_MODE": "pretend"}, "neither live nor simulated"),
        ({"DATABASE_URL": "mysql://u:p@127.0.0.1/x"}, "neither SQLite nor PostgreSQL"),
    ],
)
def test_a_half_set_group_refuses_to_start_and_says_the_remedy(environment, remedy):
    told = read("1", **environment)
    assert told.returncode != 0
    assert remedy in told.stderr.splitlines()[-1]
