"""What every template may say without loading anything: icons, times that speak, money, and small words for states.

docs/ui.md lists each tag and filter with an example.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from django import template
from django.forms import BaseForm, BoundField, CheckboxInput
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from teledent import icons
from teledent.kit import clock as kit_clock

register = template.Library()

NOTICE_KINDS = {"success": "ok", "warning": "wait", "error": "wait", "info": "info"}
NOTICE_ICONS = {"ok": "circle-check", "wait": "triangle-alert", "urgent": "octagon-alert", "info": "info"}
CHECK_ICONS = {
    "met": "circle-check", "missing": "circle-alert", "pending": "hourglass", "later": "clock", "not-applicable": "circle-minus",
}  # fmt: skip
ROLE_ICONS = {"hygienist": "camera", "dentist": "stethoscope", "front_desk": "receipt-text", "manager": "building-2"}
CHECK_WORDS = {
    "met": "met",
    "missing": "missing",
    "pending": "open, with a next step",
    "later": "later",
    "not-applicable": "not applicable",
}


@register.simple_tag
@lru_cache(maxsize=256)
def icon(name: str, size: str = "") -> SafeString:
    """An inline lucide icon, hidden from screen readers: the word stands beside it. `size` may be "i-s"."""
    return icons.draw(name, f"i {size}".strip())


@register.simple_tag
def table_head(*labels: str) -> SafeString:
    """`<thead>` of one row; a label that starts with # is a column of figures, an empty one is spoken as "Actions"."""
    cells = format_html_join("", '<th scope="col"{}>{}</th>', (_head_cell(label) for label in labels))
    return format_html("<thead><tr>{}</tr></thead>", cells)


def _head_cell(label: str) -> tuple[SafeString | str, SafeString | str]:
    if not label:
        return "", format_html('<span class="{}">{}</span>', "vh", "Actions")
    figures = format_html(' class="{}"', "num") if label.startswith("#") else ""
    return figures, label.removeprefix("#")


# --- times ----------------------------------------------------------------------------------------------------------
def length_in_words(length: timedelta) -> str:
    """A length of time as people say it: "48 min", "2 h 40", "21 h", "1 d 2 h", "12 d". Negative counts as zero."""
    minutes = max(0, int(length.total_seconds() // 60))
    hours, rest = divmod(minutes, 60)
    days, odd_hours = divmod(hours, 24)
    if days:
        return f"{days} d {odd_hours} h" if odd_hours and days < 10 else f"{days} d"
    if hours:
        return f"{hours} h {rest:02d}" if rest and hours < 10 else f"{hours} h"
    return f"{minutes} min"


def exactly(at: datetime, zone: str) -> str:
    """The full instant with its zone, for titles and print: "17 Nov 2026, 10:52:07 PST"."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{day(local.date())}, {local:%H:%M:%S %Z}"


@register.filter
def day(value: date | None) -> str:
    """A date as "14 Mar 2018"; nothing for None."""
    return kit_clock.day_in_words(value) if value else ""


@register.simple_tag
def when(at: datetime | None, zone: str = "UTC") -> SafeString | str:
    """`<time>`: "today 10:52", "yesterday 10:52", "17 Nov 10:52"; exact instant and zone on hover and in print."""
    if at is None:
        return ""
    local, today = at.astimezone(ZoneInfo(zone)), kit_clock.local_date(kit_clock.now(), zone)
    if local.date() == today:
        named = "today"
    elif local.date() == today - timedelta(days=1):
        named = "yesterday"
    else:
        named = f"{local.day} {local:%b}" if local.year == today.year else day(local.date())
    return _time(at, f"{named} {local:%H:%M}", exactly(at, zone))


@register.simple_tag
def clock(at: datetime, zone: str = "UTC") -> SafeString:
    """`<time>` with hours and minutes only: "12:03"."""
    return _time(at, f"{at.astimezone(ZoneInfo(zone)):%H:%M}", exactly(at, zone))


@register.simple_tag
def waiting(since: datetime, due: datetime | None = None, zone: str = "UTC") -> SafeString:
    """`<time>`: "Waiting 3 h, due in 21 h" or "Waiting 25 h, 40 min overdue"; both instants on hover and in print."""
    now = kit_clock.now()
    title = f"since {exactly(since, zone)}"
    said: SafeString | str = f"Waiting {length_in_words(now - since)}"
    if due is not None:
        title += f"; due {exactly(due, zone)}"
        said = format_html("{}, {}", said, due_in(due))
    return _time(since, said, title)


@register.filter
def due_in(due: datetime) -> SafeString | str:
    """ "due in 21 h", or "40 min overdue" in the urgent ink."""
    left = due - kit_clock.now()
    if left >= timedelta(0):
        return f"due in {length_in_words(left)}"
    return format_html('<b class="urgent-ink">{} overdue</b>', length_in_words(-left))


def _time(at: datetime, said: SafeString | str, title: str) -> SafeString:
    return format_html('<time datetime="{}" title="{}">{}</time>', at.isoformat(timespec="seconds"), title, said)


# --- words ----------------------------------------------------------------------------------------------------------
@register.filter
def money(amount: Decimal | None) -> str:
    """US dollars: "$1,204.00", "-$4.50"; nothing for None."""
    if amount is None:
        return ""
    return f"{'-' if amount < 0 else ''}${abs(amount):,.2f}"


@register.filter
def initials(name: str) -> str:
    """The first letters of the first and the last word of a name."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


@register.filter
def count_of(number: int, noun: str) -> str:
    """ "1 case", "3 cases"; a plural of its own after a comma: `3|count_of:"child,children"`."""
    one, _, many = noun.partition(",")
    return f"{number:,} {one if number == 1 else many or one + 's'}"


@register.filter
def dashed(word: str) -> str:
    """A state as a class name: "not_applicable" becomes "not-applicable"."""
    return str(word).replace("_", "-")


@register.filter
def check_icon(state: str) -> str:
    return CHECK_ICONS[dashed(state)]


@register.filter
def check_word(state: str) -> str:
    return CHECK_WORDS[dashed(state)]


@register.filter
def role_icon(role: str) -> str:
    return ROLE_ICONS[role]


@register.filter
def notice_kind(level_tag: str) -> str:
    return NOTICE_KINDS.get(level_tag, "info")


@register.filter
def notice_icon(kind: str) -> str:
    return NOTICE_ICONS.get(kind, "info")


# --- forms ----------------------------------------------------------------------------------------------------------
@register.filter
def is_tick(field: BoundField) -> bool:
    """Whether the field is one checkbox, whose label stands behind it."""
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def field_width(field: BoundField) -> str:
    """The width that the form's own `widths` gives this field: "half", "third" or the whole row."""
    widths: dict[str, str] = getattr(field.form, "widths", {})
    return widths.get(field.name, "")


@register.filter
def mend_title(form: BaseForm) -> str:
    """ "One thing to mend", "3 things to mend"."""
    count = sum(len(errors) for errors in form.errors.values())
    return "One thing to mend" if count == 1 else f"{count} things to mend"
