"""Small parts that every page draws: icons, ages, what a toast can undo."""

from functools import cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html

from fleet.kit.units import km_to, number
from maintenance.domain.status import Status

register = template.Library()

STATUS_ICONS = {"due": "now", "stale": "stale", "warning": "soon", "confirmed": "ok", "contradicted": "overdue"}
STATUS_ICONS["ignore"] = "info"
STATUS_WORDS = {status.value: status.word for status in Status} | {"ignore": "Ignored by a rule"}


@register.simple_tag
@cache
def icon(name: str, size: str = ""):
    """One drawing of the sprite; it never speaks, the words beside it do."""
    return format_html(
        '<svg class="i{}" aria-hidden="true"><use href="{}#i-{}"/></svg>',
        " i-lg" if size == "lg" else "",
        static("img/icons.svg"),
        name,
    )


@register.simple_tag
def status_icon(status: str):
    return icon(STATUS_ICONS.get(str(status), str(status)))


@register.simple_tag
def chip(status: str, words: str = ""):
    """A state: shape, word and colour. Without `words`, the word of that status."""
    drawn, word = status_icon(status), words or status_word(status)
    return format_html('<span class="chip" data-status="{}">{}{}</span>', status, drawn, word)


@register.filter
def status_word(status: str) -> str:
    return STATUS_WORDS.get(str(status), str(status).capitalize())


@register.filter
def distance(km: float, unit: str) -> str:
    """“48,210 km” or “29,956 mi”."""
    return f"{number(km_to(km, unit))} {unit}"


@register.filter
def undoes(tags: str) -> str:
    """The record that a toast offers to take back, from the tag its message was given."""
    return next((tag.removeprefix("undo-") for tag in (tags or "").split() if tag.startswith("undo-")), "")


@register.filter
def pick(found: dict, key):
    """What stands under this key; None too where the page brings nothing to pick from."""
    return found.get(key) if found else None
