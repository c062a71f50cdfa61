"""A small JSON file that is kept over restarts: written whole, and swapped in by name."""

import json
import os
from pathlib import Path


def read(path: Path, empty: dict) -> dict:
    """What was kept, over what a newer sandbox would begin with."""
    return empty | (json.loads(path.read_text()) if path.exists() else {})


def keep(path: Path, told: dict) -> None:
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(told))
    os.chmod(draft, 0o600)
    os.replace(draft, path)
