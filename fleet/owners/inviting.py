"""Asking somebody to join: a letter with a link that is good once, for a fortnight."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from fleet.kit import clocks, mail, numbered
from fleet.kit.refusals import Refused
from fleet.owners import invitation_letters
from fleet.owners.models import Fleet, Invitation, Membership, Role, User

log = logging.getLogger(__name__)

GOOD_FOR = timedelta(days=14)
LEASE = timedelta(minutes=5)
BATCH = 15  # with a mail server that hangs they end within the lease
LADDER = tuple(timedelta(minutes=m) for m in (1, 10, 60, 360))
AGAIN = timedelta(minutes=1)  # between two letters that somebody asks for by hand
SALT = "fleet.owners.invitation"
MOST_OPEN = 200  # of one fleet: the portal is no way to write to strangers


@transaction.atomic
def invite(fleet: Fleet, *, email: str, role: str, by: User, now: datetime) -> Invitation:
    """Ask this address. Asked before and still open, it is asked anew, with a new link. Raises Refused."""
    Fleet.objects.select_for_update().get(pk=fleet.pk)
    email = email.strip().lower()
    if role not in Role.values:
        raise Refused("role", "Choose one of the roles.")
    if Membership.objects.filter(fleet=fleet, user__email__iexact=email).exists():
        raise Refused("email", f"{email} works here already.")
    held = Invitation.objects.for_fleet(fleet).filter(email=email, ended_at=None).first()
    if held is not None:
        write_anew(held, role=role, by=by, now=now)
        return held
    if Invitation.objects.for_fleet(fleet).filter(ended_at=None).count() >= MOST_OPEN:
        raise Refused("email", f"{MOST_OPEN} invitations are open. Withdraw some that nobody answers.")
    new = {"email": email, "role": role, "by": by, "by_name": str(by)[:120], "created_at": now}
    return Invitation.objects.create(fleet=fleet, expires_at=now + GOOD_FOR, send_after=now, **new)


def write_anew(one: Invitation, *, role: str = "", by: User, now: datetime) -> bool:
    """Another letter with another link; the one before is worth nothing now. False within a minute of the last."""
    if one.sent_at and now - one.sent_at < AGAIN and role in ("", one.role):
        return False
    fresh = {"serial": one.serial + 1, "expires_at": now + GOOD_FOR, "send_after": now, "attempts": 0, "error": ""}
    fresh |= {"role": role or one.role, "by": by, "by_name": str(by)[:120]}
    asked = Invitation.objects.filter(pk=one.pk, serial=one.serial, ended_at=None).update(**fresh)
    one.refresh_from_db()
    return asked == 1


def withdraw(one: Invitation, *, now: datetime) -> bool:
    """Its link is worth nothing from now on. False where it was used, or withdrawn before."""
    return Invitation.objects.filter(pk=one.pk, ended_at=None).update(ended_at=now, send_after=None) == 1


def token(one: Invitation) -> str:
    return numbered.write(one.pk, one.serial, salt=SALT)


def read(written: str) -> Invitation | None:
    """The invitation that this link belongs to, whatever became of it; None where we wrote no such link."""
    link = numbered.read(written, salt=SALT)
    if link is None:
        return None
    found = Invitation.objects.select_related("fleet").filter(pk=link[0]).first()
    if found is not None and found.serial != link[1]:
        found.ended_at = found.ended_at or found.created_at  # a later letter took its place
    return found


def is_good(one: Invitation | None, now: datetime) -> bool:
    return one is not None and one.ended_at is None and now < one.expires_at


@transaction.atomic
def join(one: Invitation, user: User, *, now: datetime) -> Membership | None:
    """This person works here now. None where the link was used or withdrawn a moment before."""
    still = Invitation.objects.filter(pk=one.pk, serial=one.serial, ended_at=None, expires_at__gt=now)
    if not still.update(ended_at=now, used_by=user, send_after=None):
        return None
    return Membership.objects.get_or_create(user=user, fleet_id=one.fleet_id, defaults={"role": one.role})[0]


@transaction.atomic
def join_new(one: Invitation, *, name: str, password: str, now: datetime) -> User | None:
    """A new account for the invited address, which the link has proved. None as in `join`, or where one was made."""
    try:
        with transaction.atomic():
            user = User.objects.create_user(one.email, password, name=name)
            if join(one, user, now=now) is None:
                raise IntegrityError
    except IntegrityError:
        return None
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    return user


def sweep(*, now: datetime) -> int:
    """Send the letters whose time has come."""
    waiting = Invitation.objects.select_related("fleet", "by").filter(ended_at=None)
    rows = clocks.claim(waiting, "send_after", lease=LEASE, limit=BATCH, now=now, attempts="attempts")
    for one in rows:
        try:
            send(one, now)
        except Exception as error:  # one letter must not hold up the others
            log.exception("invitation %d put back", one.pk)
            put_back(one, type(error).__name__, now)
    return len(rows)


def send(one: Invitation, now: datetime) -> None:
    letter = invitation_letters.write(one, token(one))
    message_id = f"<invitation-{one.pk}-{one.serial}@{mail.domain(settings.PUBLIC_ORIGIN)}>"
    try:
        mail.send(one.email, letter, message_id=message_id, reply_to=one.by.email if one.by else "")
    except mail.Refused:
        Invitation.objects.filter(pk=one.pk).update(error="the mail server refuses this address")
        clocks.wind(one, "send_after", None)
    except mail.NotNow as error:
        put_back(one, str(error), now)
    else:
        Invitation.objects.filter(pk=one.pk, serial=one.serial).update(sent_at=now, error="")
        clocks.wind(one, "send_after", None)


def put_back(one: Invitation, why: str, now: datetime) -> None:
    Invitation.objects.filter(pk=one.pk).update(error=why[:200])
    is_over = one.attempts > len(LADDER)
    clocks.wind(one, "send_after", None if is_over else now + LADDER[one.attempts - 1])
