"""The folder of bodies that Smartcar published or that were seen live. It is not a part of the project."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[4] / "shared" / "smartcar" / "examples"
INDEX = json.loads((EXAMPLES / "INDEX.json").read_bytes()) if EXAMPLES.is_dir() else []
NOW = datetime(2026, 11, 22, tzinfo=UTC)

needs_examples = pytest.mark.skipif(not EXAMPLES.is_dir(), reason="the folder of example bodies is not there")


def raw(name: str) -> bytes:
    return (EXAMPLES / f"{name}.json").read_bytes()


def body(name: str):
    return json.loads(raw(name))


def entry(name: str) -> dict:
    return next(entry for entry in INDEX if entry["file"] == f"{name}.json")


def values(snapshot) -> dict:
    return {told.signal: told.value for told in snapshot.measurements}
