"""Small parts that every page draws: icons, ages, what a toast can undo."""

from datetime import datetime
from functools import cache

from django import template
from django.forms.utils import flatatt
from django.template.loader import render_to_string
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


@register.filter(expects_localtime=True)
def moment(at: datetime | None) -> str:
    """For machines that read the page; HTML takes a second in thousandths at the finest."""
    return at.isoformat(timespec="milliseconds") if at else ""


@register.simple_tag
def plate(vehicle):
    """Its number plate; nothing where none is known."""
    return format_html('<span class="plate">{}</span>', vehicle.plate) if vehicle.plate else ""


@register.inclusion_tag("frame/tile.html")
def tile(status: str, title: str, count: int, sub: str, href: str, on: bool = False, drawn: str = "", id: str = ""):
    """A count that filters the list below it."""
    drawing = icon(drawn) if drawn else status_icon(status)
    return {
        "status": status,
        "drawn": drawing,
        "title": title,
        "count": count,
        "sub": sub,
        "href": href,
        "on": on,
        "id": id,
    }


@register.simple_block_tag
def note(content, status: str, drawn: str = "", also: str = "", **attrs):
    """A message inside the page, with the drawing of its status unless another is named; `also`: a second class."""
    drawing = icon(drawn) if drawn else status_icon(status)
    attrs = {name.replace("_", "-"): value for name, value in attrs.items()}
    part = {"status": status, "drawn": drawing, "also": also, "attrs": flatatt(attrs), "content": content}
    return render_to_string("frame/note.html", part)


@register.simple_block_tag
def empty(content, drawn: str, title: str = "", level: int = 3):
    """That there is nothing here, why, and what comes next."""
    return render_to_string(
        "frame/empty.html", {"drawn": icon(drawn), "title": title, "level": level, "content": content}
    )


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
