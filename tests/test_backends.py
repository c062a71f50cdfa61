"""That the servers which were asked for are the ones the tests really talk to."""

import os

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection

ASKED = [name for name in os.environ.get("FETTLE_BACKENDS", "").split(",") if name]


@pytest.mark.django_db
def test_the_database_is_the_one_asked_for():
    assert connection.vendor == ("postgresql" if "postgres" in ASKED else "sqlite")


@pytest.mark.django_db
@pytest.mark.skipif("postgres" in ASKED, reason="PostgreSQL was asked for")
def test_sqlite_is_used_as_in_production():
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA journal_mode").fetchone() == ("wal",)


@pytest.mark.skipif("redis" not in ASKED, reason="no Redis was asked for")
def test_the_broker_and_the_cache_are_the_redis_asked_for():
    assert settings.CELERY_BROKER_URL == settings.REDIS_URL == os.environ["REDIS_URL"]
    cache.set("asked", "answered", 5)
    assert cache.get("asked") == "answered"


def test_no_test_can_reach_the_real_smartcar():
    assert not [origin for origin in settings.SMARTCAR_ORIGINS.values() if "smartcar.com" in origin]
