"""Moments come out of PostgreSQL as they went in, and as Django itself reads them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import BaseTzLoader
from hypothesis import example, given
from hypothesis import strategies as st

from fleet.kit.moments import MomentLoader

pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="of PostgreSQL alone")


class Theirs(BaseTzLoader):
    timezone = UTC


@pytest.mark.django_db
@example(datetime(1, 1, 1, tzinfo=UTC))
@example(datetime(2026, 11, 23, 12, 0, 0, 500_000, tzinfo=UTC))
@given(st.datetimes(timezones=st.just(UTC)))
def test_a_moment_comes_out_as_it_went_in(moment):
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::timestamptz", [moment])
        (came,) = cursor.fetchone()
        loader = cursor.cursor.connection.adapters.get_loader(1184, 0)
    assert (came, came.tzinfo, came.utcoffset()) == (moment, UTC, timedelta())
    assert issubclass(loader, MomentLoader)


@pytest.mark.parametrize(
    "told", [b"2026-11-23 12:00:00+05:30", b"2026-11-23 12:00:00.25-08", b"0044-03-15 12:00:00+00 BC"]
)
def test_what_is_told_otherwise_is_read_as_django_reads_it(told):
    def read(loader):
        try:
            return loader(1184, None).load(told)
        except Exception as error:
            return type(error)

    assert read(MomentLoader) == read(Theirs)
