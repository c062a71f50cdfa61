"""Nothing is shared here but the ground: a scene belongs beside the tests that play in it."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request):
    """SQLite in a file, one per worker: in memory there is no write-ahead log and nobody to share it with."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        corner = os.environ.get("PYTEST_XDIST_WORKER", "alone")
        database.setdefault("TEST", {})["NAME"] = str(Path(database["NAME"]).with_name(f"tests-{corner}.sqlite3"))
    else:
        request.getfixturevalue("django_db_modify_db_settings_parallel_suffix")
