"""v2 tokens while the processes that renew them die by kill -9, in small; the bench does it in large."""

import pytest

from tests import servers
from tests.bench import tokens


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_no_grant_is_lost_when_its_renewer_is_killed(kind):
    if kind == "postgres" and servers.find_postgres() is None:
        pytest.skip("no PostgreSQL here")

    told = tokens.rotate(kind, grants=24, rounds=2, workers=4, share=0.3)

    assert told["killed"] > 0
    assert told["lost"] == 0
    assert told["calls"] <= 1.6 * told["needed"]  # with 0.3 killed, 1.25 is to be expected
