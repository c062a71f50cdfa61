"""Work by week: what is booked and what the forecast brings, eight weeks ahead, held against the workshop's hours.

Bars are hours. Where no job of these weeks has an estimate they are jobs, and nothing is said of capacity.
"""

from dataclasses import dataclass
from datetime import date

from fleet.kit.units import number
from maintenance.boards.due_asked import WEEK, Asked, monday_of
from maintenance.boards.tally import WEEKS, Tally
from maintenance.domain.sums import counted, hours

TALLEST, BASE = 44.0, 54  # units of the drawing


@dataclass(frozen=True, slots=True)
class Week:
    """Heights and tops in units of the drawing, its base at 54. `most` is what fills the height: minutes or jobs."""

    monday: date
    booked: int
    expected: int
    booked_minutes: int
    expected_minutes: int
    vague: int
    capacity: int  # minutes; 0 where nobody has said
    most: int
    is_timed: bool
    href: str
    is_now: bool
    is_here: bool

    @property
    def jobs(self) -> int:
        return self.booked + self.expected

    @property
    def minutes(self) -> int:
        return self.booked_minutes + self.expected_minutes

    @property
    def hours(self) -> str:
        return hours(self.minutes) if self.is_timed and self.minutes else ""

    @property
    def figure(self) -> str:
        """What stands above the bar; never nought for what is not known."""
        return self.hours or ("? h" if self.vague else "0 h")

    @property
    def is_over(self) -> bool:
        return 0 < self.capacity < self.minutes

    def _height(self, jobs: int, minutes: int) -> float:
        return round(TALLEST * (minutes if self.is_timed else jobs) / self.most, 1) if self.most else 0.0

    @property
    def booked_height(self) -> float:
        return self._height(self.booked, self.booked_minutes)

    @property
    def expected_height(self) -> float:
        return self._height(self.expected, self.expected_minutes)

    @property
    def booked_top(self) -> float:
        return round(BASE - self.booked_height, 1)

    @property
    def expected_top(self) -> float:
        return round(BASE - self.booked_height - self.expected_height, 1)

    @property
    def mark(self) -> float | None:
        """Where the line of the capacity is drawn."""
        return round(BASE - self._height(0, self.capacity), 1) if self.is_timed and self.capacity else None

    @property
    def over_height(self) -> float:
        """Of what stands above that line."""
        return round(self.mark - self.expected_top, 1) if self.is_over else 0.0

    @property
    def spoken(self) -> str:
        """The whole of it in a sentence."""
        from_ = f"Week {self.monday.isocalendar().week}, from {self.monday:%-d %b}"
        by = "due or expected" if self.is_now else "expected"
        said = f"{from_}: {counted(self.jobs, 'job')}, {self.booked} booked, {self.expected} {by}"
        if self.hours:
            said += f"; {self.hours}" + (f" of {hours(self.capacity)}" if self.capacity else "")
            said += ", over capacity" if self.is_over else ""
        return said + (f"; {self.vague} without an estimate" if self.is_timed and self.vague else "")


@dataclass(frozen=True, slots=True)
class Load:
    weeks: list[Week]
    capacity: str  # “16 h”, or nothing
    is_timed: bool
    aside: str  # what the hours leave out


def board(tally: Tally, asked: Asked, today: date) -> Load:
    """Of the whole fleet, whatever the list beside it shows."""
    weeks = [monday_of(today) + WEEK * n for n in range(WEEKS)]
    minutes = {monday: tally.booked_minutes[monday] + tally.expected_minutes[monday] for monday in weeks}
    is_timed = any(minutes.values())
    capacity = (tally.workshop_hours or 0) * 60 if is_timed else 0
    jobs = max(tally.booked[monday] + tally.expected[monday] for monday in weeks)
    vague = sum(tally.vague[monday] for monday in weeks) if is_timed else 0
    told = [
        Week(
            monday=monday,
            booked=tally.booked[monday],
            expected=tally.expected[monday],
            booked_minutes=tally.booked_minutes[monday],
            expected_minutes=tally.expected_minutes[monday],
            vague=tally.vague[monday],
            capacity=capacity,
            most=max(capacity, *minutes.values()) if is_timed else jobs,
            is_timed=is_timed,
            href=asked.but(week=None if asked.week == monday else monday, show=""),
            is_now=monday == weeks[0],
            is_here=asked.week == monday,
        )
        for monday in weeks
    ]
    aside = f"{counted(number(vague), 'job')} without an estimate" if vague else ""
    return Load(told, hours(capacity) if capacity else "", is_timed, aside)
