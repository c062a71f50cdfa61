"""E-mail, by whatever server EMAIL_URL names."""

import smtplib
from urllib.parse import urlsplit

from django.core.mail import EmailMessage


class Refused(Exception):
    """The address is no good: trying again changes nothing."""


class NotNow(Exception):
    """The other side is away or busy: try later, after `wait` seconds at least where it said so."""

    def __init__(self, words: str, *, wait: int = 0):
        super().__init__(words)
        self.wait = wait


def domain(origin: str) -> str:
    return urlsplit(origin).hostname or "localhost"


def send(to: str, letter, *, message_id: str, reply_to: str = "") -> None:
    """Hand one letter over. The same notice always has the same Message-ID, so a repeat can be told.

    `letter` has a `subject` and a `body`. Raises Refused, NotNow.
    """
    answers = [reply_to] if reply_to else None
    message = EmailMessage(letter.subject, letter.body, to=[to], reply_to=answers, headers={"Message-ID": message_id})
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        raise (Refused if all(code >= 500 for code in codes) else NotNow)(f"recipient refused: {codes}") from error
    except smtplib.SMTPResponseException as error:
        raise (Refused if error.smtp_code >= 500 else NotNow)(f"{error.smtp_code} from the mail server") from error
    except (smtplib.SMTPException, OSError) as error:
        raise NotNow(type(error).__name__) from error
