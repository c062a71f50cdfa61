"""Every page of the portal as its bytes, of a fleet in which something of everything has happened."""

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fleet.kit import failures
from fleet.owners.models import Fleet, Role
from maintenance import review
from maintenance.models import FaultRule
from tests import test_urls_by_role as by_role
from tests.maintenance.laden import a_talker, load
from tests.scenes import a_car, a_fleet, a_member, unique
from tests.vehicles import standing
from vehicles.models import Group, Vehicle

# What lists show besides their first look. An address of the table stands here only with a query.
LOOKS = """
/?show=all /?show=all&by=vehicle /?show=all&by=week /?show=faults /?show=unknown /?q=zeppelin /faults/?show=lights
/faults/?show=closed /alerts/?show=closed /alerts/?q=zeppelin /vehicles/?q=zeppelin /vehicles/?light=critical
/orders/?show=all /orders/?q=zeppelin /find/?q=van /find/?q=zeppelin /connect/?q=zeppelin /connect/polling/?q=zeppelin
/outbox/?q=zeppelin /plans/what-if/?line=1&every=20000&every_months=12 /proofs/?show=all
""".split()
# The pages of allauth that we draw; a stranger sees the first, a member the others.
OUTSIDE = ["account_login", "account_reset_password", "account_reset_password_done", "account_inactive"]
INSIDE = ["account_change_password", "account_logout", "account_reauthenticate", "account_email"]
INSIDE += ["mfa_index", "mfa_activate_totp", "usersessions_list"]
# They send something else than a page, or only take answers.
NO_PAGE = {"livez", "readyz", "healthz", "manifest", "favicon", "worker", "vehicles:webhook"}
NO_PAGE |= {
    "maintenance:recheck",
    "maintenance:due-csv",
    "maintenance:vehicles-csv",
    "maintenance:photo-large",
    "maintenance:photo-small",
}


def furnished() -> Fleet:
    """A car in every state of its line, and one that carries two of everything."""
    fleet, now = a_fleet(), timezone.now()
    a_car(fleet, name="Ambulance")  # the first by its name, and on that one the table hangs its objects
    for make in standing.MAKE.values():
        make(fleet)
    talker = a_talker(fleet, now)
    review.review(list(Vehicle.objects.filter(fleet=fleet).values_list("pk", flat=True)), now=now)
    load(talker, 2, now)
    FaultRule.objects.create(fleet=fleet, code="P00", is_prefix=True, verdict="critical", by_name="Ana")
    Group.objects.create(fleet=fleet, name=unique("Depot"))
    return fleet


def pages(fleet: Fleet) -> dict[str, str]:
    """Address → page, for a manager, for a viewer, and for somebody who has not signed in."""
    found: dict[str, str] = {}
    manager, table = a_client(fleet, Role.MANAGER), addresses(fleet)
    for where in [*table, *LOOKS, *map(reverse, INSIDE)]:
        look(found, manager, where)
    viewer = a_client(fleet, Role.VIEWER)
    for where in table:
        look(found, viewer, where, "viewer ")
    for where in [*map(reverse, OUTSIDE), "/invitations/1-1:forged/"]:
        look(found, Client(), where)
    request = manager.get("/").wsgi_request
    for status in failures.WORDS:
        found[f"failure {status}"] = failures.said(request, status).content.decode()
    return found


def addresses(fleet: Fleet) -> list[str]:
    """Every address of the table that can be looked at, each for an object of this fleet."""
    found = []
    for name, entry in by_role.ALL:
        if name in NO_PAGE or name in by_role.OPEN:
            continue
        pk = by_role.OBJECTS[name](fleet).pk if name in by_role.OBJECTS else None
        found.append(by_role.address(name, entry, pk))
    return found


def a_client(fleet: Fleet, role: Role) -> Client:
    client = Client()
    client.force_login(a_member(fleet, role).user)
    return client


def look(found: dict[str, str], client: Client, where: str, who: str = "") -> None:
    answer = client.get(where, headers={"accept": "text/html"})  # as a browser asks
    if answer.status_code < 300 or answer.status_code >= 400:  # a redirect has no page
        assert answer["Content-Type"].startswith("text/html"), f"{where}: {answer['Content-Type']}"
        found[f"{who}{where}"] = answer.content.decode()
