"""What was asked before, and what later facts make of it."""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime

from maintenance.domain.undeclared import Rise
from maintenance.models import DueItem, Proposal


def settle(
    found: list[Proposal],
    asked: list[Proposal],
    is_same: Callable[[Proposal, Proposal], bool],
    *,
    may_go: Callable[[Proposal], bool] = lambda one: True,
) -> tuple[list[Proposal], list[Proposal]]:
    """The questions that are new, and the open ones that later facts have moved. What a person answered stays so.

    An open one that the facts no longer ask goes. `may_go`: whether all facts of one were looked at.
    """
    known = defaultdict(list)
    for old in asked:
        known[subject(old)].append(old)
    new, moved, kept = [], [], set()
    for one in found:
        same = sorted((old for old in known[subject(one)] if is_same(one, old)), key=lambda old: old.key != one.key)
        still = [old for old in same if old.state == Proposal.State.OPEN]
        if not same:
            new.append(one)
        elif len(still) == len(same):
            kept.add(still[0].pk)
            if may_go(still[0]) and (still[0].key, still[0].facts) != (one.key, one.facts):
                still[0].key, still[0].facts, still[0].done_on = one.key, one.facts, one.done_on
                still[0].odometer_km = one.odometer_km
                moved.append(still[0])
    gone = [old.pk for old in asked if old.state == Proposal.State.OPEN and old.pk not in kept and may_go(old)]
    Proposal.objects.filter(pk__in=gone, state=Proposal.State.OPEN).delete()
    return new, moved


def write(new: list[Proposal], moved: list[Proposal]) -> None:
    Proposal.objects.bulk_create(new, ignore_conflicts=True)
    for one in moved:  # few, and never one that was answered meanwhile
        still_open = Proposal.objects.filter(pk=one.pk, state=Proposal.State.OPEN)
        still_open.update(key=one.key, facts=one.facts, done_on=one.done_on, odometer_km=one.odometer_km)


def open_ones(asked: list[Proposal]) -> dict[tuple[int, int], list[Proposal]]:
    held = defaultdict(list)
    for one in asked:
        if one.state == Proposal.State.OPEN:
            held[subject(one)].append(one)
    return held


def subject(of: Proposal | DueItem) -> tuple[int, int]:
    return of.vehicle_id, of.task_id


def same_rise(one: Proposal, other: Proposal) -> bool:
    """A reading that came late moves the ends of a rise: it is still the one that was asked about."""
    return one.key == other.key or rise_of(one).overlaps(rise_of(other))


def rise_of(proposal: Proposal) -> Rise:
    facts = proposal.facts
    low_at, at = datetime.fromisoformat(facts["low_at"]), datetime.fromisoformat(facts["at"])
    return Rise(low_at, facts["low"], at, facts["high"])


def same_visit(one: Proposal, other: Proposal) -> bool:
    return one.key == other.key or one.done_on == other.done_on
