"""Jobs by week: what is booked and what the forecast brings, eight weeks ahead."""

from dataclasses import dataclass
from datetime import date

from maintenance.boards.due_asked import WEEK, Asked, monday_of
from maintenance.boards.tally import WEEKS, Tally
from maintenance.domain.sums import counted

TALLEST = 44.0  # of the 54 units of the drawing


@dataclass(frozen=True, slots=True)
class Week:
    """Heights and tops in units of the drawing, its base at 54."""

    monday: date
    booked: int
    expected: int
    most: int
    href: str
    is_now: bool
    is_here: bool

    @property
    def jobs(self) -> int:
        return self.booked + self.expected

    @property
    def booked_height(self) -> float:
        return round(TALLEST * self.booked / self.most, 1) if self.most else 0.0

    @property
    def expected_height(self) -> float:
        return round(TALLEST * self.expected / self.most, 1) if self.most else 0.0

    @property
    def booked_top(self) -> float:
        return round(54 - self.booked_height, 1)

    @property
    def expected_top(self) -> float:
        return round(54 - self.booked_height - self.expected_height, 1)

    @property
    def spoken(self) -> str:
        """The whole of it in a sentence."""
        from_ = f"Week {self.monday.isocalendar().week}, from {self.monday:%-d %b}"
        by = "due or expected" if self.is_now else "expected"
        return f"{from_}: {counted(self.jobs, 'job')}, {self.booked} booked, {self.expected} {by}"


def board(tally: Tally, asked: Asked, today: date) -> list[Week]:
    """Of the whole fleet, whatever the list beside it shows."""
    weeks = [monday_of(today) + WEEK * n for n in range(WEEKS)]
    most = max(tally.booked[monday] + tally.expected[monday] for monday in weeks)
    return [
        Week(
            monday=monday,
            booked=tally.booked[monday],
            expected=tally.expected[monday],
            most=most,
            href=asked.but(week=None if asked.week == monday else monday, show=""),
            is_now=monday == weeks[0],
            is_here=asked.week == monday,
        )
        for monday in weeks
    ]
