"""From when on an alert has had its cause."""

from datetime import date

from maintenance import alerts
from maintenance.domain.assessment import assess
from maintenance.domain.plan import Anchor, AnchorKind, Facts, Line
from maintenance.domain.status import Status


def test_a_day_of_grace_is_not_overdue():
    line = Line("Oil", "Van", 1, every_months=1, grace_days=5)
    last = Anchor(AnchorKind.KNOWN, on=date(2026, 1, 28))

    verdict = assess(line, last, (), Facts(today=date(2026, 3, 10)))

    assert verdict.status is Status.OVERDUE
    assert alerts.began_on(verdict) == date(2026, 3, 6)
