"""The mutants of a source: one small error each, made by the operators of cosmic-ray that say something."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff
from itertools import count
from random import Random

from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator

ARITHMETIC = "Add_Sub Sub_Add Mul_Div Div_Mul Div_FloorDiv FloorDiv_Div FloorDiv_Mul Mod_Mul Mod_FloorDiv Pow_Mul"
COMPARISON = "Lt_LtE Lt_GtE LtE_Lt LtE_Gt Gt_GtE Gt_LtE GtE_Gt GtE_Lt Eq_NotEq NotEq_Eq Is_IsNot IsNot_Is"
# Each comparison gets its neighbour and its opposite. Left out: what puts in a variable or takes off a decorator, and
# `|`, which is mostly an annotation.
OPERATORS = (
    *(f"ReplaceBinaryOperator_{pair}" for pair in (*ARITHMETIC.split(), "BitAnd_BitOr")),
    *(f"ReplaceComparisonOperator_{pair}" for pair in COMPARISON.split()),
    "AddNot",
    "ReplaceUnaryOperator_Delete_Not",
    "ReplaceUnaryOperator_Delete_USub",
    "ReplaceAndWithOr",
    "ReplaceOrWithAnd",
    "ReplaceTrueWithFalse",
    "ReplaceFalseWithTrue",
    "NumberReplacer",
    "ReplaceBreakWithContinue",
    "ReplaceContinueWithBreak",
    "ZeroIterationForLoop",
    "ExceptionReplacer",
)
NOISE = re.compile(r"[-+]\s*@ | \+.*[\s(]/, | \+.*strict=False", re.VERBOSE)


@dataclass(frozen=True, slots=True)
class Mutant:
    operator: str
    code: str
    diff: tuple[str, ...]  # "@@ -12 +12 @@", "-before", "+after"


def mutants(source: str) -> list[Mutant]:
    """Each error once, whichever operators make it; none that is no Python or that only loosens a declaration."""
    found: dict[str, Mutant] = {}
    for operator in OPERATORS:
        for code in _made(source, operator):
            diff = tuple(unified_diff(source.splitlines(), code.splitlines(), n=0, lineterm=""))[2:]
            if code not in found and _compiles(code) and not any(_is_noise(line) for line in diff):
                found[code] = Mutant(operator, code, diff)
    return list(found.values())


def share_of(made: list[Mutant], share: float, seed: str) -> list[Mutant]:
    """A part of them by lot, the same one for the same seed."""
    return Random(seed).sample(made, round(share * len(made)))


def _made(source: str, operator: str) -> Iterator[str]:
    for place in count():
        code = mutate_code(source, get_operator(f"core/{operator}")(), place)
        if code is None:
            return
        if code != source:
            yield code


def _compiles(code: str) -> bool:
    try:
        compile(code, "mutant", "exec")
    except SyntaxError:
        return False
    return True


def _is_noise(line: str) -> bool:
    """A decorator's argument (`frozen`, `slots`), the star before names only, a `zip` that checks what is so anyway."""
    return NOISE.match(line) is not None
