"""E-mail as a way to tell people; the letter itself is handed over by `fleet.kit.mail`."""

from datetime import datetime

from django.conf import settings

from fleet.kit import mail
from maintenance.models import Notice


def deliver(notice: Notice, letter, *, now: datetime) -> None:
    """Raises Refused, NotNow."""
    mail.send(notice.user.email, letter, message_id=f"<notice-{notice.pk}@{mail.domain(settings.PUBLIC_ORIGIN)}>")
