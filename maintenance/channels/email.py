"""E-mail as a way to tell people: `fleet.kit.mail` by another name."""

from fleet.kit.mail import NotNow, Refused, domain, send

__all__ = ["NotNow", "Refused", "domain", "send"]
