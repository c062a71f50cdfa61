"""What a fleet has decided for all of its plans, and what follows where it changes its mind."""

from datetime import datetime

from django.db import transaction

from fleet.owners.models import Fleet, User
from maintenance.models import Policy, ProgramLine
from maintenance.plans import programs, rechecks
from vehicles.models import FaultTerms

TERMS = ("every_km", "distance_typed", "oil_below_pct")  # what lines take from it
FOLDED = ("clean_apart_hours", "recurs_within_days")
JUDGED = ("soon_share", "soon_days", "oil_below_pct", "every_km")  # what verdicts rest on


@transaction.atomic
def save(policy: Policy, *, by: User, now: datetime, faults: FaultTerms | None = None) -> bool:
    """Write it down. Lines that take distance and oil life from it move along, each program as a new version, and
    episodes of codes and lights are folded anew where it is decided otherwise when they end.

    Returns whether the fleet is reviewed anew for it.
    """
    fleet = Fleet.objects.select_for_update().get(pk=policy.fleet_id)
    before = Policy.of(fleet)
    policy.edited_by, policy.edited_at = str(by)[:120], now
    policy.save()
    if differ(before, policy, TERMS):
        move_lines(fleet, {name: getattr(policy, name) for name in TERMS}, by=by, now=now)
    refolds = faults is not None and differ(FaultTerms.of(fleet), faults, FOLDED)
    if refolds:
        faults.save()
    if not refolds and not differ(before, policy, JUDGED):
        return False
    rechecks.begin(fleet, "new decisions of the fleet", by_name=str(by), now=now, refolds=refolds)
    return True


def differ(before: Policy | FaultTerms, policy: Policy | FaultTerms, names: tuple[str, ...]) -> bool:
    return any(getattr(before, name) != getattr(policy, name) for name in names)


def move_lines(fleet: Fleet, terms: dict, *, by: User, now: datetime) -> None:
    """`terms` by the names of `TERMS`, for all lines that take theirs from the policy."""
    moved = ProgramLine.objects.standing().filter(program__fleet=fleet, as_policy=True)
    of_them = list(moved.values_list("program_id", flat=True).distinct())
    for program in fleet.programs.filter(pk__in=of_them):
        programs.first_version(program, fleet.units)
        moved.filter(program=program).update(**terms)
        program.version += 1
        program.save(update_fields=["version"])
        programs.write_down(program, fleet.units, by_name=str(by), at=now)
