from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.template import engines

from teledent import icons
from teledent.kit import clock
from teledent.templatetags import ui

NOW = datetime(2026, 11, 17, 18, 43, 7, tzinfo=UTC)
ZONE = "America/Los_Angeles"


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


def drawn(text, **context):
    return engines["django"].from_string(text).render(context)


@pytest.mark.parametrize(
    ("length", "said"),
    [({"minutes": 48}, "48 min"), ({"hours": 2, "minutes": 40}, "2 h 40"), ({"hours": 3}, "3 h"), ({"hours": 21, "minutes": 5}, "21 h"),
     ({"days": 1, "hours": 2}, "1 d 2 h"), ({"days": 12, "hours": 2}, "12 d"), ({"seconds": -5}, "0 min")],
)  # fmt: skip
def test_lengths_are_said_as_people_say_them(length, said):
    assert ui.length_in_words(timedelta(**length)) == said


@pytest.mark.parametrize(
    ("ago", "said"),
    [
        ({}, "today 10:43"),
        ({"days": 1}, "yesterday 10:43"),
        ({"days": 5}, "12 Nov 10:43"),
        ({"days": 400}, "13 Oct 2025 11:43"),
    ],
)
def test_times_are_named_in_the_zone_of_the_site(ago, said):
    page = drawn("{% when at zone=zone %}", at=NOW - timedelta(**ago), zone=ZONE)
    assert f">{said}</time>" in page


def test_the_exact_instant_and_its_zone_stand_in_the_title():
    page = drawn("{% when at zone=zone %}", at=NOW, zone=ZONE)
    assert 'datetime="2026-11-17T18:43:07+00:00" title="17 Nov 2026, 10:43:07 PST"' in page


def test_waiting_says_how_long_and_until_when():
    page = drawn("{% waiting since due %}", since=NOW - timedelta(hours=3), due=NOW + timedelta(hours=21))
    assert ">Waiting 3 h, due in 21 h</time>" in page


def test_overdue_is_said_in_the_urgent_ink():
    page = drawn("{% waiting since due %}", since=NOW - timedelta(hours=25), due=NOW - timedelta(minutes=40))
    assert '<b class="urgent-ink">40 min overdue</b>' in page


@pytest.mark.parametrize(("amount", "said"), [("1204", "$1,204.00"), ("-4.5", "-$4.50"), ("0", "$0.00")])
def test_money_is_in_dollars_and_cents(amount, said):
    assert ui.money(Decimal(amount)) == said


def test_icons_are_hidden_from_those_who_listen():
    assert 'class="i i-s" aria-hidden="true"' in drawn('{% icon "check" "i-s" %}')


def test_a_column_of_figures_stands_right_and_an_unnamed_one_is_spoken():
    head = drawn('{% table_head "Patient" "#Charge" "" %}')
    assert head.startswith('<thead><tr><th scope="col">Patient</th><th scope="col" class="num">Charge</th>')
    assert '<span class="vh">Actions</span>' in head


def test_small_words():
    assert ui.initials("Mateo Villanueva-Reyes") == "MV"
    assert (ui.count_of(1, "case"), ui.count_of(3, "child,children")) == ("1 case", "3 children")
    assert (ui.day(date(2018, 3, 14)), ui.day(None)) == ("14 Mar 2018", "")


def test_every_icon_is_one_svg_that_screen_readers_pass_over():
    drawn = ElementTree.fromstring(icons.draw("camera", "i i-s"))
    assert (drawn.tag, drawn.get("class"), drawn.get("aria-hidden")) == ("svg", "i i-s", "true")
    assert len(drawn) == 2


def test_an_icon_that_lucide_does_not_have_is_an_error():
    with pytest.raises(KeyError):
        icons.draw("no-such-icon", "i")
