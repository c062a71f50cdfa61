"""How far a car has come at any time: a pure function of seed, car and clock, that never runs backwards."""

import random
import threading
from bisect import bisect_right

from vehicles.smartcar.sandbox.garage import Car

DAY = 86_400
PAST_DAYS = 400
HOUR = 3_600

# Hours of a day (UTC) spent driving. The night shift drives both ends of one day; only the day shift rests at weekends.
SHIFTS = {
    "day": ((7, 13),),
    "early": ((6.5, 14),),
    "evening": ((13, 21),),
    "night": ((0, 7.5), (20.5, 24)),
}


class Road:
    """One car's distances: a sum per day, and a straight line through the hours it drives."""

    def __init__(self, seed: str, epoch: float, car: Car):
        self.epoch = epoch
        self._car = car
        self._days = random.Random(f"{seed}:days:{car.number}")
        self._driven_km = [0.0]  # before day 0, day 1, ...
        self._growing = threading.Lock()
        dice = random.Random(f"{seed}:road:{car.number}")
        self._pace = dice.uniform(0.82, 1.18)
        # The day shift leaves one after another.
        self._delay = dice.uniform(0, 2.5) * HOUR if car.shift == "day" else 0.0
        self._windows = [(a * HOUR + self._delay, b * HOUR + self._delay) for a, b in SHIFTS[car.shift]]
        self._driving_seconds = sum(end - start for start, end in self._windows)
        self._grow(PAST_DAYS)
        self.mean_km_per_day = self._driven_km[PAST_DAYS] / PAST_DAYS
        years = max(0.5, 2025.8 - car.year + dice.uniform(-0.3, 0.3))
        self._start_km = max(6_000.0, years * 365 * self.mean_km_per_day)

    def _km_on(self, day: int) -> float:
        """Days are asked one after another, so one row of dice serves them all."""
        dice = self._days
        weekday = (int(self.epoch // DAY) + day + 3) % 7
        km = self._car.body.km_per_workday * self._pace * dice.uniform(0.6, 1.4)
        if self._car.shift == "day" and weekday >= 5:
            return km * 0.4 if weekday == 5 and dice.random() < 0.3 else 0.0
        return km if weekday < 5 or dice.random() < 0.75 else km * 0.3

    def _grow(self, days: int) -> None:
        with self._growing:
            while len(self._driven_km) <= days:
                self._driven_km.append(self._driven_km[-1] + self._km_on(len(self._driven_km) - 1))

    def _share(self, second: float) -> float:
        """Which part of the day's distance is behind the car at this second of the day."""
        driven = sum(min(max(second - start, 0.0), end - start) for start, end in self._windows)
        return driven / self._driving_seconds

    def km_since_midnight(self, at: float) -> float:
        day, second = divmod(at - self.epoch, DAY)
        if day < 0:
            return 0.0
        self._reach(int(day))
        return (self._driven_km[int(day) + 1] - self._driven_km[int(day)]) * self._share(second)

    def odometer_km(self, at: float) -> float:
        day = int((at - self.epoch) // DAY)
        if day < 0:
            # Before the past that we replay there is only an average.
            return self._start_km + (at - self.epoch) / DAY * self.mean_km_per_day
        self._reach(day)
        return self._start_km + self._driven_km[day] + self.km_since_midnight(at)

    def _reach(self, day: int) -> None:
        if len(self._driven_km) < day + 2:
            self._grow(day + 60)

    def when(self, odometer_km: float) -> float:
        """The day's midnight before the odometer showed this, within what has been driven so far."""
        driven_km = odometer_km - self._start_km
        if driven_km < 0:
            return self.epoch + driven_km / self.mean_km_per_day * DAY
        return self.epoch + (bisect_right(self._driven_km, driven_km) - 1) * DAY

    def is_moving(self, at: float) -> bool:
        day, second = divmod(at - self.epoch, DAY)
        self._reach(int(day))
        moves_today = self._driven_km[int(day) + 1] > self._driven_km[int(day)]
        return moves_today and any(start <= second < end for start, end in self._windows)
