"""A step of a checklist, as it is written and as it is read."""

import pytest

from maintenance.domain.steps import as_typed, step_of


@pytest.mark.parametrize(
    ("line", "step"),
    [
        ("Look under it", {"text": "Look under it"}),
        ("Thinnest pad, front [mm]", {"text": "Thinnest pad, front", "unit": "mm"}),
        ("Frost protection to [°C]", {"text": "Frost protection to", "unit": "°C"}),
        ("Level [a very long unit]", {"text": "Level [a very long unit]"}),
        ("[]", {"text": "[]"}),
    ],
)
def test_a_step_is_read_and_written_back(line, step):
    assert step_of(line) == step
    assert as_typed(step) == line
