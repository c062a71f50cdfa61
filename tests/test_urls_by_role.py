"""Every address × every role × an own, a foreign and an absent object. A new address that is not here fails."""

import re
from datetime import timedelta

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from fleet.kit import sealing
from fleet.owners.models import Invitation, Owner, Role, User
from maintenance import review
from maintenance.models import (
    Alert,
    Device,
    DueItem,
    FaultRule,
    Photo,
    Program,
    Proof,
    Proposal,
    ServiceRecord,
    Task,
    Threshold,
    WorkOrder,
)
from maintenance.orders import photos
from tests.pictures import jpeg
from tests.scenes import NOON, PASSWORD, a_car, a_fleet, a_member, odometer, unique
from vehicles.models import ConnectAttempt, Connection, Fault, Group, Reading, Segment, Source, Vehicle
from vehicles.waist import ingest

pytestmark = pytest.mark.django_db

# Open to everyone on purpose: for machines that watch, the door, which knows its caller by the signature, and what a
# browser asks for before anybody has signed in.
OPEN = {"livez", "readyz", "healthz", "vehicles:webhook", "manifest", "favicon", "worker"}
OPEN |= {"owners:invitation", "maintenance:wall-by-address"}  # for whoever holds the address, which nobody can guess
ABSENT = 999_999_999


def a_record(fleet) -> ServiceRecord:
    car = Vehicle.objects.filter(fleet=fleet).first()
    return ServiceRecord.objects.create(
        fleet=fleet,
        vehicle=car,
        task=Task.objects.for_fleet(fleet).first(),
        done_on=NOON.date(),
        done_at=NOON,
        key=unique("form"),
    )


def an_alert(fleet) -> Alert:
    car = Vehicle.objects.filter(fleet=fleet).first()
    about = {"kind": "fault", "subject": "P0420", "occurrence": unique("episode")[:40], "level": "warning"}
    return Alert.objects.create(fleet=fleet, vehicle=car, opened_at=NOON, level_at=NOON, **about)


def a_fault_rule(fleet) -> FaultRule:
    about = {"code": unique("P")[:8].upper(), "verdict": "warning", "by_name": "A manager"}
    return FaultRule.objects.create(fleet=fleet, **about)


def a_threshold(fleet) -> Threshold:
    return Threshold.objects.create(fleet=fleet, name="Fuel low", signal="fuel_level", opens_at=10, closes_at=20)


def an_order(fleet) -> WorkOrder:
    car = Vehicle.objects.filter(fleet=fleet).first()
    number = 1_001 + WorkOrder.objects.for_fleet(fleet).count()
    return WorkOrder.objects.create(
        fleet=fleet, vehicle=car, number=number, key=unique("form"), created_by="A manager", created_at=NOON
    )


def a_photo(fleet) -> Photo:
    by = fleet.memberships.first()
    return photos.add(an_order(fleet), jpeg((8, 8)), member=by, now=NOON)


def an_attempt(fleet) -> ConnectAttempt:
    return ConnectAttempt.objects.create(
        fleet=fleet,
        owner=Owner.objects.for_fleet(fleet).first(),
        by=fleet.memberships.first().user,
        state_hash=unique("state"),
        session_hash="",
        ends_at=NOON,
        stage=ConnectAttempt.Stage.FAILED,
        error="access_denied",
    )


def an_odometer(fleet) -> Reading:
    car = Vehicle.objects.filter(fleet=fleet).first()
    ingest.record(car, [odometer(50_000, at=NOON)], source=Source.WEBHOOK, now=NOON)
    return Reading.objects.get(vehicle=car, signal="odometer")


def a_segment(fleet) -> Segment:
    car = Vehicle.objects.filter(fleet=fleet).first()
    return Segment.objects.create(
        fleet=fleet, vehicle=car, begins_at=NOON, offset_km=1, reason="cluster", by_name="A", created_at=NOON
    )


def an_open_fault(fleet) -> Fault:
    car = Vehicle.objects.filter(fleet=fleet).first()
    return Fault.objects.create(fleet=fleet, vehicle=car, code=unique("P")[:8], opened_at=NOON, last_seen_at=NOON)


def a_proof(fleet) -> Proof:
    car = Vehicle.objects.filter(fleet=fleet).first()
    facts, state = {"signal": "oil_life", "value": 18.0}, Proof.State.CONTRADICTED
    dates = {"claimed_at": NOON, "until": NOON, "settled_at": NOON}
    return Proof.objects.create(
        fleet=fleet, vehicle=car, record=a_record(fleet), watches="oil", facts=facts, state=state, **dates
    )


def a_proposal(fleet) -> Proposal:
    item = DueItem.objects.filter(fleet=fleet).first()
    facts = {"low": 18.0, "high": 100.0, "low_at": NOON.isoformat(), "at": NOON.isoformat()}
    return Proposal.objects.create(
        fleet=fleet,
        vehicle=item.vehicle,
        task=item.task,
        source=Proposal.Source.OIL_ROSE,
        key=unique("rise"),
        done_on=NOON.date(),
        facts=facts,
        created_at=NOON,
    )


def a_device(fleet) -> Device:
    """Of whoever is signed in, who is the newest member."""
    about = {
        "sealed": sealing.seal('{"endpoint": "https://nobody.example/"}'),
        "label": "A browser",
        "created_at": NOON,
        "digest": unique("device"),
    }
    return Device.objects.create(user=fleet.memberships.latest("pk").user, **about)


def an_invitation(fleet) -> Invitation:
    about = {"email": f"{unique('guest')}@fleet.example", "by_name": "A manager"}
    return Invitation.objects.create(fleet=fleet, created_at=NOON, expires_at=NOON + timedelta(days=9), **about)


# What the number in an address stands for.
OBJECTS = {
    "maintenance:alert": lambda fleet: an_alert(fleet),
    "maintenance:alert-act": lambda fleet: an_alert(fleet),
    "maintenance:vehicle": lambda fleet: Vehicle.objects.filter(fleet=fleet).first(),
    "maintenance:course": lambda fleet: Vehicle.objects.filter(fleet=fleet).first(),
    "maintenance:history": lambda fleet: Vehicle.objects.filter(fleet=fleet).first(),
    "maintenance:timeline": lambda fleet: Vehicle.objects.filter(fleet=fleet).first(),
    "maintenance:edit": lambda fleet: Vehicle.objects.filter(fleet=fleet).first(),
    "maintenance:baselines": lambda fleet: Vehicle.objects.filter(fleet=fleet).first(),
    "maintenance:complete": lambda fleet: DueItem.objects.filter(fleet=fleet).first(),
    "maintenance:void": a_record,
    "maintenance:fault-rule": lambda fleet: a_fault_rule(fleet),
    "maintenance:fault-rule-remove": lambda fleet: a_fault_rule(fleet),
    "maintenance:care": lambda fleet: Vehicle.objects.filter(fleet=fleet).first(),
    "maintenance:once": lambda fleet: Vehicle.objects.filter(fleet=fleet).first(),
    "maintenance:drop": lambda fleet: DueItem.objects.filter(fleet=fleet).first(),
    "maintenance:meter": lambda fleet: Vehicle.objects.filter(fleet=fleet).first(),
    "maintenance:meter-type": lambda fleet: Vehicle.objects.filter(fleet=fleet).first(),
    "maintenance:meter-replace": lambda fleet: Vehicle.objects.filter(fleet=fleet).first(),
    "maintenance:meter-answer": lambda fleet: Vehicle.objects.filter(fleet=fleet).first(),
    "maintenance:meter-reading": lambda fleet: an_odometer(fleet),
    "maintenance:meter-rescind": lambda fleet: a_segment(fleet),
    "maintenance:order": an_order,
    "maintenance:order-work": an_order,
    "maintenance:order-assign": an_order,
    "maintenance:order-cancel": an_order,
    "maintenance:photo": a_photo,
    "maintenance:photo-large": a_photo,
    "maintenance:photo-small": a_photo,
    "maintenance:photo-remove": a_photo,
    "maintenance:snooze": lambda fleet: DueItem.objects.filter(fleet=fleet).first(),
    "maintenance:wake": lambda fleet: DueItem.objects.filter(fleet=fleet).first(),
    "maintenance:fixed": lambda fleet: an_open_fault(fleet),
    "maintenance:settle": lambda fleet: a_proof(fleet),
    "maintenance:log": lambda fleet: a_proposal(fleet),
    "maintenance:refuse": lambda fleet: a_proposal(fleet),
    "maintenance:program": lambda fleet: Program.objects.for_fleet(fleet).first(),
    "maintenance:program-edit": lambda fleet: Program.objects.for_fleet(fleet).first(),
    "maintenance:program-retire": lambda fleet: Program.objects.for_fleet(fleet).first(),
    "maintenance:program-restore": lambda fleet: Program.objects.for_fleet(fleet).first(),
    "maintenance:task": lambda fleet: Task.objects.for_fleet(fleet).first(),
    "maintenance:task-edit": lambda fleet: Task.objects.for_fleet(fleet).first(),
    "maintenance:task-retire": lambda fleet: Task.objects.for_fleet(fleet).first(),
    "maintenance:task-restore": lambda fleet: Task.objects.for_fleet(fleet).first(),
    "maintenance:group": lambda fleet: Group.objects.create(fleet=fleet, name=unique("Depot")),
    "maintenance:group-edit": lambda fleet: Group.objects.create(fleet=fleet, name=unique("Depot")),
    "maintenance:group-delete": lambda fleet: Group.objects.create(fleet=fleet, name=unique("Depot")),
    "maintenance:threshold": a_threshold,
    "maintenance:threshold-retire": a_threshold,
    "maintenance:device-off": lambda fleet: a_device(fleet),
    "maintenance:device-try": lambda fleet: a_device(fleet),
    "owners:role": lambda fleet: a_member(fleet),
    "owners:remove": lambda fleet: a_member(fleet),
    "owners:invite-again": an_invitation,
    "owners:withdraw": an_invitation,
    "vehicles:attempt": an_attempt,
    "vehicles:refresh": lambda fleet: Vehicle.objects.filter(fleet=fleet).first(),
    "vehicles:part": lambda fleet: Connection.objects.for_fleet(fleet).first(),
    "vehicles:retire": lambda fleet: Vehicle.objects.filter(fleet=fleet).first(),
    "vehicles:mend": lambda fleet: Connection.objects.for_fleet(fleet).first(),
}


def addresses(resolver=None, namespace="") -> list[tuple[str, URLPattern]]:
    """Every named pattern of the portal itself; the admin and allauth keep their own doors."""
    found = []
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            if entry.app_name == "admin" or str(entry.pattern) == "accounts/":
                continue
            inner = f"{entry.namespace}:" if entry.namespace else namespace
            found += addresses(entry, inner)
        else:
            found.append((f"{namespace}{entry.name}", entry))
    return found


ALL = addresses()
CLOSED = [(name, entry) for name, entry in ALL if name not in OPEN]
names = pytest.mark.parametrize(("name", "entry"), CLOSED, ids=[name for name, _ in CLOSED])


@pytest.fixture
def fleets():
    made = []
    for name in ("Ours", "Theirs"):
        fleet = a_fleet(name)
        a_member(fleet, Role.MANAGER)
        car = a_car(fleet)
        review.review([car.pk], now=NOON)
        made.append(fleet)
    return made


@pytest.fixture(autouse=True)
def demo(settings):
    """The style guide is there in the demo only."""
    settings.DEMO = True


def address(name: str, entry: URLPattern, pk: int | None) -> str:
    return reverse(name, args=[pk] if entry.pattern.regex.groups else [])


def asks(client, where: str) -> list:
    return [client.get(where), client.post(where, {})]


def bare(answer) -> bytes:
    """The body without what differs from one rendering of the same page to the next."""
    return re.sub(rb'(csrfmiddlewaretoken" value|X-CSRFToken|nonce)[=":]+[^"]*"', b"", answer.content)


def sign_in(client, fleet, role):
    member = a_member(fleet, role)
    client.force_login(member.user)
    return member


def test_the_walk_finds_the_portal():
    assert {"maintenance:due", "maintenance:vehicle", "vehicles:webhook", "livez"} <= {name for name, _ in ALL}


@names
def test_every_numbered_address_says_what_it_numbers(name, entry):
    assert not entry.pattern.regex.groups or name in OBJECTS


@names
def test_a_stranger_is_sent_to_the_sign_in(client, fleets, name, entry):
    pk = OBJECTS[name](fleets[0]).pk if name in OBJECTS else None
    for answer in asks(client, address(name, entry, pk)):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/login/")


@names
@pytest.mark.parametrize("role", Role)
def test_a_role_opens_what_it_may_and_403_comes_before_any_look_up(client, fleets, name, entry, role):
    needed = entry.callback.role
    sign_in(client, fleets[0], role)
    own = OBJECTS[name](fleets[0]).pk if name in OBJECTS else None
    if role.rank < needed.rank:
        for pk in (own, ABSENT):
            assert [answer.status_code for answer in asks(client, address(name, entry, pk))] == [403, 403]
        return
    for answer in asks(client, address(name, entry, own)):
        assert answer.status_code not in (403, 404)
        assert answer.status_code < 500


@names
def test_a_foreign_object_is_an_absent_one_byte_for_byte(client, fleets, name, entry):
    if name not in OBJECTS:
        pytest.skip("no object in the address")
    sign_in(client, fleets[0], Role.MANAGER)
    foreign = asks(client, address(name, entry, OBJECTS[name](fleets[1]).pk))
    absent = asks(client, address(name, entry, ABSENT))
    for theirs, nobodys in zip(foreign, absent, strict=True):
        assert (theirs.status_code, bare(theirs)) == (nobodys.status_code, bare(nobodys))
        assert theirs.status_code in (404, 405)


@pytest.mark.parametrize("where", ["/admin/", "/admin/vehicles/vehicle/", "/admin/owners/user/"])
@pytest.mark.parametrize("role", Role)
def test_the_admin_is_for_staff_alone(client, fleets, where, role):
    sign_in(client, fleets[0], role)
    assert client.get(where).status_code == 302


def test_a_superuser_without_membership_has_the_admin_only(client, fleets):
    client.force_login(User.objects.create_superuser("admin@fettle.example", PASSWORD))
    assert client.get("/admin/").status_code == 200
    assert client.get("/").status_code == 403
