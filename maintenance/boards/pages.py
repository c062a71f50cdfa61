"""One page of a long list. Nothing is counted: a page knows whether there is another one, and that is enough."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import QuerySet

SIZE = 50
FURTHEST = 2_000  # beyond it nobody leafs, they search


@dataclass(frozen=True, slots=True)
class Page:
    rows: list
    number: int
    before: str
    after: str

    @property
    def has_other_pages(self) -> bool:
        return bool(self.before or self.after)


def leaf(
    rows: QuerySet, asked: str, keep: dict, *, told: Callable[[QuerySet], QuerySet] | None = None, size: int = SIZE
) -> Page:
    """The page that was asked for, with the addresses of its neighbours; `keep` is the rest of the query.

    `told` asks more of its rows in the same query: what is dear is worked out for those of the page alone.
    """
    number = min(int(asked), FURTHEST) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 1
    number = max(number, 1)
    start = (number - 1) * size
    asked_for = rows[start : start + size + 1]
    found = list(told(asked_for) if told else asked_for)
    return Page(
        rows=found[:size],
        number=number,
        before=address(keep, number - 1) if number > 1 else "",
        after=address(keep, number + 1) if len(found) > size and number < FURTHEST else "",
    )


def address(keep: dict, number: int) -> str:
    """`keep` with the number of a page; 0 is the first one, whose address needs none."""
    query = {name: value for name, value in keep.items() if value} | ({"page": number} if number else {})
    return f"?{urlencode(query)}" if query else ""
