"""v2 tokens while the processes that renew them die by kill -9, in small; the bench does it in large."""

import os

import pytest

from tests.bench import tokens


@pytest.mark.long
def test_no_grant_is_lost_when_its_renewer_is_killed():
    kind = "postgres" if os.environ["DATABASE_URL"].startswith("postgres") else "sqlite"

    told = tokens.rotate(kind, grants=10, rounds=1, workers=4, share=0.3)

    assert told["killed"] > 0
    assert told["lost"] == 0
    assert told["calls"] <= 2 * told["needed"]  # with 0.3 killed, 1.25 is expected
