"""Smartcar's v2.0, which a grant made there speaks until it is moved."""

from vehicles.smartcar.v2.authorize import connect_url
from vehicles.smartcar.v2.client import SmartcarV2

__all__ = ["SmartcarV2", "connect_url"]
