"""The day on which a moment falls somewhere, said to the database."""

from datetime import UTC, datetime, timedelta, tzinfo

from django.db.models import Case, CharField, DateField, Expression, Func, Value, When
from django.db.models.functions import TruncDate
from django.db.models.lookups import LessThan

STEP = timedelta(days=1)
SECOND = timedelta(seconds=1)


class DayOf(TruncDate):
    """The day of a moment in a zone, for moments from `since` until `until`.

    SQLite has no zones: Django's own TruncDate calls Python for each row there. Within the span a zone has a few
    offsets only, so their changes become cases, and each row is added up by SQLite itself.
    """

    def __init__(self, moment: str, *, zone: tzinfo, since: datetime, until: datetime):
        super().__init__(moment, tzinfo=zone)
        self.spans = offsets(zone, since, until)

    def as_sqlite(self, compiler, connection, **context):
        return compiler.compile(shifted(self.lhs, self.spans))


def shifted(moment: Expression, spans: list[tuple[datetime, int]]) -> Expression:
    # Without its fraction: SQLite would round the last half of a millisecond into the next day.
    text = Func(moment, Value(1), Value(19), function="substr", output_field=CharField())
    *days, last = [
        Func(text, Value(f"{seconds:+d} seconds"), function="date", output_field=DateField()) for _, seconds in spans
    ]
    ends = [begins for begins, _ in spans[1:]]
    whens = [When(LessThan(moment, end), then=day) for end, day in zip(ends, days, strict=True)]
    return Case(*whens, default=last, output_field=DateField()) if whens else last


def offsets(zone: tzinfo, since: datetime, until: datetime) -> list[tuple[datetime, int]]:
    """From when on the zone is how many seconds ahead of UTC; the first is `since`, the last reaches beyond `until`."""
    at, end = since.astimezone(UTC), until.astimezone(UTC)
    found = [(at, ahead(zone, at))]
    while at < end:
        step = min(at + STEP, end)
        if ahead(zone, step) != ahead(zone, at):
            found.append((change(zone, at, step), ahead(zone, step)))
        at = step
    return found


def change(zone: tzinfo, before: datetime, after: datetime) -> datetime:
    """The first second of the new offset, by halving."""
    old = ahead(zone, before)
    while after - before > SECOND:
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if middle <= before:
            middle = before + SECOND
        before, after = (middle, after) if ahead(zone, middle) == old else (before, middle)
    return after.replace(microsecond=0)


def ahead(zone: tzinfo, at: datetime) -> int:
    return int(at.astimezone(zone).utcoffset().total_seconds())
