"""The outbox: what was sent to whom, as it was sent, and what waits."""

from fleet.owners.models import Membership
from maintenance.boards import pages
from maintenance.models import Notice

ICONS = {
    Notice.State.WAITING: ("stale", "stale"),
    Notice.State.SENT: ("ok", "ok"),
    Notice.State.DROPPED: ("snoozed", "close"),
    Notice.State.FAILED: ("critical", "overdue"),
}


def board(member: Membership, *, page: str) -> dict:
    found = Notice.objects.seen_by(member).select_related("user", "alert__vehicle").order_by("-created_at", "-pk")
    leaf = pages.leaf(found, page, {})
    for notice in leaf.rows:
        notice.tone, notice.icon = ICONS[notice.state]
    return {"page": leaf, "here": "outbox"}
