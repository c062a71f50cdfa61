"""Whose fleet it is and who works there."""

import secrets
import zoneinfo

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from fleet.kit.units import Units
from fleet.owners.scoping import FleetQuerySet


class People(BaseUserManager):
    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str) -> "User":
        return self.get(email__iexact=email)


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in, by e-mail."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField("may use the admin", default=False)
    date_joined = models.DateTimeField(default=timezone.now)

    class Theme(models.TextChoices):
        SYSTEM = "", "As this device"
        LIGHT = "light", "Light"
        DARK = "dark", "Dark"

    theme = models.CharField(max_length=5, choices=Theme.choices, default=Theme.SYSTEM, blank=True)

    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []
    objects = People()

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def initials(self) -> str:
        words = (self.name or self.email).replace("@", " ").split()
        return "".join(word[0] for word in words[:2]).upper()


def check_timezone(name: str) -> None:
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError) as error:
        raise ValidationError(f"{name} is not a time zone, such as Europe/Oslo.") from error


class Fleet(models.Model):
    """The tenant: what a fleet manager signs in to."""

    name = models.CharField(max_length=120)
    time_zone = models.CharField("time zone", max_length=60, default="UTC", validators=[check_timezone])
    units = models.CharField(max_length=10, choices=[(u.value, u.value) for u in Units], default=Units.METRIC)
    created_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField("first hour over", null=True, blank=True)
    # The address of the workshop's screen is signed with this number; a new one makes the old address worth nothing.
    wall_serial = models.PositiveIntegerField(default=0, editable=False)
    wall_is_open = models.BooleanField(default=False, editable=False)

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)

    @property
    def distance_words(self) -> str:
        return "miles" if Units(self.units) is Units.IMPERIAL else "kilometres"

    @property
    def place(self) -> str:
        """The town of its time zone, for people: “New York”."""
        return self.time_zone.rpartition("/")[2].replace("_", " ")

    def day(self, moment) -> "models.DateField":
        """The local calendar day of a moment."""
        return moment.astimezone(self.zone).date()


class Pulse(models.Model):
    """How often something of a fleet was written that its pages may show; see `owners.pulse`."""

    fleet = models.OneToOneField(Fleet, on_delete=models.CASCADE, primary_key=True, related_name="pulse")
    beat = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.fleet}: {self.beat}"


class Role(models.TextChoices):
    MANAGER = "manager", "Manager"
    TECHNICIAN = "technician", "Technician"
    VIEWER = "viewer", "Viewer"

    @property
    def rank(self) -> int:
        return [Role.VIEWER, Role.TECHNICIAN, Role.MANAGER].index(self)


class Membership(models.Model):
    """What one user may do in one fleet."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    fleet = models.ForeignKey(Fleet, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "fleet"], name="one_membership_a_fleet")]

    def __str__(self) -> str:
        return f"{self.user}, {self.role} of {self.fleet}"

    def may(self, role: Role) -> bool:
        """Whether this member may do what `role` may do."""
        return Role(self.role).rank >= role.rank

    @property
    def plans(self) -> bool:
        return self.may(Role.MANAGER)

    @property
    def works(self) -> bool:
        return self.may(Role.TECHNICIAN)


class Invitation(models.Model):
    """Somebody is asked to join. `send_after` is its clock; the link in the letter is signed with `serial`."""

    fleet = models.ForeignKey(Fleet, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.TECHNICIAN)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=120)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    serial = models.PositiveIntegerField(default=1)
    send_after = models.DateTimeField(null=True, db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField("joined or withdrawn", null=True)
    used_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = FleetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["fleet", "email"], condition=models.Q(ended_at=None), name="one_open_invitation_an_address"
            )
        ]
        ordering = ["email"]

    def __str__(self) -> str:
        return f"{self.email} to {self.fleet}"


def new_external_id() -> str:
    return secrets.token_urlsafe(18)


class Owner(models.Model):
    """The person or company that holds the maker's account and consents through Connect. A contact, not a user."""

    fleet = models.ForeignKey(Fleet, on_delete=models.CASCADE, related_name="owners")
    name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    external_id = models.CharField(max_length=40, unique=True, default=new_external_id, editable=False)
    created_at = models.DateTimeField(default=timezone.now)

    objects = FleetQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fleet", "name"], name="one_owner_of_a_name")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
