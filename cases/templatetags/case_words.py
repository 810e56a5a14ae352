"""Words that pages about cases need: teeth as people read them, and times of the queue."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django import template
from django.forms import BaseForm, BoundField, RadioSelect
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cases import teeth
from cases.models import Order
from cases.models.order import ordered_in_words
from teledent.kit import clock
from teledent.templatetags.ui import exactly, length_in_words

register = template.Library()


@register.filter
def tooth(key: str, numbering: str) -> str:
    """'LLD' -> 'L' for whoever reads Universal, '74' for FDI; nothing for nothing."""
    return teeth.label(key, numbering) if key else ""


@register.filter
def ordered(order: Order, numbering: str) -> str:
    """ "Seal 3", the tooth as the reader of `numbering` calls it."""
    return ordered_in_words(order.kind, order.tooth, partial(teeth.label, numbering=numbering))


@register.filter
def fields(form: BaseForm, names: str) -> list[BoundField]:
    """Some fields of a form, in the order named: `{% for field in form|fields:"advice limits" %}`."""
    return [form[name] for name in names.split()]


@register.simple_tag
def since(at: datetime | None, zone: str = "UTC") -> SafeString | str:
    """How long ago, "2 h 40"; the exact instant and zone on hover and in print."""
    return _spoken(at, length_in_words(clock.now() - at), "since ", zone) if at else ""


@register.simple_tag
def due_at(at: datetime | None, zone: str = "UTC") -> SafeString | str:
    """ "in 3 h", or "40 min overdue" in the urgent ink; the exact instant and zone on hover and in print."""
    if at is None:
        return ""
    left = at - clock.now()
    if left.total_seconds() >= 0:
        return _spoken(at, f"in {length_in_words(left)}", "due ", zone)
    late = format_html('<b class="urgent-ink">{} overdue</b>', length_in_words(-left))
    return _spoken(at, late, "due ", zone)


def _spoken(at: datetime, said: SafeString | str, word: str, zone: str) -> SafeString:
    return format_html(
        '<time datetime="{}" title="{}{}">{}</time>', at.isoformat(timespec="seconds"), word, exactly(at, zone), said
    )


@register.filter
def at(kept: Mapping[str, Any], key: str) -> Any:
    """What is kept under a key."""
    return kept.get(key)


@register.filter
def is_radio(field: BoundField) -> bool:
    """Whether the field is a choice that stands as taps."""
    return isinstance(field.field.widget, RadioSelect)
