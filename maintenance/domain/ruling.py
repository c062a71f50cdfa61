"""What a trouble code means to a fleet: its own rules over the general meaning."""

from collections.abc import Iterable
from dataclasses import dataclass

from vehicles.domain import codes

IGNORE, KEEP = "ignore", "keep"


@dataclass(frozen=True, slots=True)
class Rule:
    """`verdict`: critical, warning, ignore, or keep, which only gives a name. "" for a make or model is any."""

    code: str
    verdict: str
    is_prefix: bool = False
    make: str = ""
    model: str = ""
    name: str = ""
    pk: int = 0

    @property
    def exactness(self) -> tuple:
        """A whole code beats a beginning, a longer beginning a shorter one; then the model counts, then the make."""
        return (not self.is_prefix, len(self.code), bool(self.model), bool(self.make), -self.pk)

    def fits(self, code: str, make: str, model: str) -> bool:
        code, make, model = codes.normal(code), make.casefold(), model.casefold()
        if self.make and self.make.casefold() != make or self.model and self.model.casefold() != model:
            return False
        if self.is_prefix:
            return code.startswith(self.code)
        return self.code in (code, codes.base(code))


@dataclass(frozen=True, slots=True)
class Ruled:
    """A code as this fleet sees it. `severity`: critical, warning or ignore. `rule` is the one that said so."""

    code: str
    text: str
    severity: str
    cause: str
    step: str
    rule: Rule | None = None

    @property
    def is_ignored(self) -> bool:
        return self.severity == IGNORE


def best(rules: Iterable[Rule], code: str, make: str, model: str) -> Rule | None:
    """The most exact rule that fits."""
    fitting = [rule for rule in rules if rule.fits(code, make, model)]
    return max(fitting, key=lambda rule: rule.exactness, default=None)


def read(rules: Iterable[Rule], code: str, make: str = "", model: str = "") -> Ruled:
    meaning = codes.explain(code)
    rule = best(rules, code, make, model)
    severity = meaning.severity.value if rule is None or rule.verdict == KEEP else rule.verdict
    text = rule.name if rule and rule.name else meaning.text
    return Ruled(meaning.code, text, severity, meaning.cause, meaning.step, rule)
