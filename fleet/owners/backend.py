"""Who a session belongs to, and the fleets they work for: every signed-in page wants both, so one query tells both."""

from allauth.account.auth_backends import AuthenticationBackend

from fleet.owners.models import Membership, User


def held_by(user_id: int) -> list[Membership]:
    """The memberships of a person with their fleets and pulses, the oldest first. One query."""
    found = Membership.objects.select_related("user", "fleet__pulse").filter(user_id=user_id)
    return list(found.order_by("pk"))


class Backend(AuthenticationBackend):
    """Allauth's, but the person comes with `held`, their memberships of this moment."""

    def get_user(self, user_id: int) -> User | None:
        held = held_by(user_id)
        if not held:
            return super().get_user(user_id)
        user = held[0].user
        user.held = held
        return user if self.user_can_authenticate(user) else None
