"""An owner's consent, and the way there."""

from django.db import models
from django.utils import timezone

from fleet.owners.models import Fleet, Owner, User
from fleet.owners.scoping import FleetQuerySet
from vehicles.smartcar.error_table import WANTS_CONSENT

PARTED = "PARTED"  # the reason of a connection that we gave back
REVOKED = "REVOKED"  # the reason of one that Smartcar no longer lists


class Generation(models.TextChoices):
    """Which of Smartcar's interfaces a grant speaks."""

    V2 = "v2", "v2.0"
    V3 = "v3", "v3"


class Connection(models.Model):
    """One consent at Smartcar: one user there, one vehicle, a set of permissions."""

    class State(models.TextChoices):
        CONNECTED = "connected", "Connected"
        NEEDS_OWNER = "needs_owner", "Reconnect needed"
        NOT_ON_PLAN = "not_on_plan", "Not on the Smartcar plan"
        DISCONNECTED = "disconnected", "Disconnected"

    fleet = models.ForeignKey(Fleet, on_delete=models.CASCADE, related_name="connections")
    owner = models.ForeignKey(Owner, on_delete=models.PROTECT, related_name="connections")
    connection_id = models.CharField(max_length=200, unique=True)
    user_id = models.CharField(max_length=200)
    permissions = models.JSONField(default=list)
    state = models.CharField(max_length=12, choices=State.choices, default=State.CONNECTED)
    reason = models.CharField(max_length=80, blank=True)  # Smartcar's type and code, such as PERMISSION
    state_since = models.DateTimeField(default=timezone.now)
    words = models.JSONField("what Smartcar said against it", default=dict, blank=True)  # see domain.accusations
    consented_at = models.DateTimeField(default=timezone.now)

    generation = models.CharField(max_length=2, choices=Generation.choices, default=Generation.V3)
    grant = models.ForeignKey("vehicles.Grant", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    misses = models.PositiveSmallIntegerField(default=0)  # daily lists in a row that did not show it
    listed_at = models.DateTimeField("last seen in Smartcar’s list", null=True, blank=True)
    mend_url = models.CharField("where the owner mends it", max_length=500, blank=True)
    smartcar_id = models.CharField("vehicle at Smartcar", max_length=200, blank=True, db_index=True)
    move_after = models.DateTimeField(null=True, blank=True, db_index=True)  # clock of the move from v2 to v3
    moves = models.PositiveSmallIntegerField("tries to move", default=0)
    move_note = models.CharField("why it has not moved yet", max_length=80, blank=True)

    objects = FleetQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.owner}, {self.get_state_display()}"

    @property
    def car_id(self) -> str:
        """The vehicle's id at Smartcar; rows from before the column know it by their car alone."""
        return self.smartcar_id or next((car.smartcar_id for car in self.vehicles.all() if car.smartcar_id), "")

    @property
    def was_revoked(self) -> bool:
        """Gone from Smartcar’s list without our doing: only the owner can bring it back."""
        return self.state == self.State.DISCONNECTED and self.reason == REVOKED

    @property
    def wants_consent(self) -> bool:
        """The owner has to allow more. That is no login that is over, and a new login does not help."""
        return self.state == self.State.NEEDS_OWNER and self.reason in WANTS_CONSENT

    def turn(self, state: str, reason: str, now) -> bool:
        """Take a new state, once. True if it changed."""
        if (self.state, self.reason) == (state, reason):
            return False
        self.state, self.reason, self.state_since = state, reason, now
        self.save(update_fields=["state", "reason", "state_since"])
        return True


class ConnectAttempt(models.Model):
    """One walk through Connect: from the manager's click to the cars in the fleet.

    `look_after` is its clock: when to ask Smartcar which connections this owner has now.
    """

    SEALED = ("code",)

    class Stage(models.TextChoices):
        AWAY = "away", "At Smartcar"
        LOOKING = "looking", "Looking for the cars"
        DONE = "done", "Cars found"
        FAILED = "failed", "Not connected"

    class Purpose(models.TextChoices):
        CONNECT = "connect", "A consent"
        MEND = "mend", "A re-authentication"

    fleet = models.ForeignKey(Fleet, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(Owner, on_delete=models.CASCADE, related_name="attempts")
    by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    state_hash = models.CharField(max_length=64, unique=True)
    session_hash = models.CharField(max_length=64)
    purpose = models.CharField(max_length=20, choices=Purpose.choices, default=Purpose.CONNECT)
    began_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField()
    stage = models.CharField(max_length=8, choices=Stage.choices, default=Stage.AWAY)
    error = models.CharField(max_length=60, blank=True)
    look_after = models.DateTimeField(null=True, db_index=True)
    looks = models.PositiveSmallIntegerField(default=0)
    vehicles = models.ManyToManyField("vehicles.Vehicle", related_name="+")
    refused = models.PositiveSmallIntegerField(default=0)  # cars that another fleet holds
    generation = models.CharField(max_length=2, choices=Generation.choices, default=Generation.V3)
    code = models.TextField(blank=True)  # sealed, v2 only; a worker trades it in, then it is gone
    grant = models.ForeignKey("vehicles.Grant", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    connection = models.ForeignKey(  # the one to mend, where the walk is a re-authentication
        Connection, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )

    objects = FleetQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.owner}, {self.get_stage_display()}"
