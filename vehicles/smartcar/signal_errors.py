"""Errors of single signals: what each says about that one, and which of them nobody knows."""

import re
from collections.abc import Iterable

from vehicles.domain.measurements import Why
from vehicles.smartcar.error_table import Step, reason_of, row_for

Failure = tuple[str, str]  # Smartcar's type and code of an error
WORD = re.compile(r"[A-Z0-9_]{1,60}")
NAMES_AT_MOST = 8

BY_STEP: dict[Step, tuple[Why, str]] = {
    Step.UNSUPPORTED: (Why.UNSUPPORTED, "the car does not give it"),
    Step.CONSENT: (Why.NOT_PERMITTED, "the owner's consent does not cover it"),
    Step.LOST: (Why.UNAVAILABLE, "nothing there yet"),
}
FAILED = (Why.ERROR, "asking the car failed")


def words_of(error: dict) -> Failure:
    """Smartcar's type and code, "" where it says none that could be one."""
    return _word(error.get("type")), _word(error.get("code"))


def _word(raw: object) -> str:
    word = str(raw or "")[:61].upper()
    return word if WORD.fullmatch(word) else ""


def why_failed(kind: str, code: str) -> tuple[Why, str]:
    row, _ = row_for(kind, code)
    return BY_STEP.get(row.step, FAILED) if row else FAILED


def strange_errors(told: Iterable[Failure]) -> tuple[str, ...]:
    """A few of those that no row of the table has, each once."""
    names = {reason_of(*words) for words in told if any(words) and not row_for(*words)[1]}
    return tuple(sorted(names)[:NAMES_AT_MOST])
