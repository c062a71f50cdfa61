"""The command that makes mutants tells those that a test notices from those that none does."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
METER = "def later(one, other):\n    return one if one > other else other\n"
TEST = "from yard.meter import later\n\n\ndef test_the_later():\n    assert later(1, 2) == later(2, 1) == 2\n"


def test_one_that_is_noticed_and_one_that_is_not_are_told_apart(tmp_path):
    package = tmp_path / "yard"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "meter.py").write_text(METER)
    (tmp_path / "test_meter.py").write_text(TEST)
    before = sorted(tmp_path.rglob("*"))

    command = [sys.executable, "-m", "tests.mutants", "meter", "--package", "yard", "--tests", tmp_path]
    env = os.environ | {"PYTHONPATH": str(tmp_path)}
    told = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)

    assert "meter: 2 of 3 noticed, 66.7 %" in told.stdout, told.stdout + told.stderr
    assert "+    return one if one >= other else other" in told.stdout
    assert "<=" not in told.stdout  # which gives the wrong one, and is noticed
    assert sorted(tmp_path.rglob("*")) == before
