"""What a code says: the practice's own words for that day, else the built-in ones; imported whole or not at all."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from billing.actions.importing_meanings import import_meanings
from billing.code_meanings import meanings_for
from billing.models import CodeMeaning
from billing.outcomes.meanings import Meaning, Meanings
from cases.actions.importing_codes import BadRows
from tests import cast

DAY = date(2026, 11, 17)
HEAD = "kind,code,text,from,to"


def own(text="too often, says the plan", first=date(2026, 1, 1), last=None, kind="carc", code="151") -> Meaning:
    return Meaning(kind, code, text, first, last)


def test_without_words_of_its_own_the_built_in_ones_stand():
    assert Meanings().said("CO-151", DAY) == "not supported this often, by contract"
    assert Meanings().said("N122", DAY) == "add-on without its service"
    assert Meanings().said("CO-999", DAY) == "by contract"
    assert Meanings().said("N999", DAY) == ""


@given(st.dates(date(2020, 1, 1), date(2035, 1, 1)))
def test_words_of_its_own_stand_on_their_days_alone(day):
    said = Meanings([own(first=date(2026, 1, 1), last=date(2026, 6, 30))]).said("CO-151", day)
    mine = date(2026, 1, 1) <= day <= date(2026, 6, 30)
    assert said == ("too often, says the plan, by contract" if mine else "not supported this often, by contract")


@pytest.fixture
def practice(db):
    return cast.build_world().practice


def brought(practice, *rows):
    return import_meanings(practice=practice, lines=[f"{line}\n" for line in (HEAD, *rows)])


def test_an_import_replaces_the_kinds_that_it_holds(practice):
    brought(practice, "carc,151,first,2026-01-01,", "rarc,N122,kept,2026-01-01,")
    assert brought(practice, 'carc,45,"agreed, as signed",2026-01-01,2026-12-31') == 1
    assert sorted(CodeMeaning.objects.values_list("code", flat=True)) == ["45", "N122"]
    assert meanings_for(practice.pk, ["CO-45", "CO-151"]).said("CO-45", DAY) == "agreed, as signed, by contract"


def test_another_practices_words_are_not_ours(practice):
    brought(practice, "carc,151,ours,2026-01-01,")
    other = cast.build_world("Second ").practice
    assert "ours" not in meanings_for(other.pk, ["CO-151"]).said("CO-151", DAY)


def test_as_many_queries_for_many_codes_as_for_one(practice):
    brought(practice, *(f"carc,{code},word {code},2026-01-01," for code in range(1, 60)))
    with CaptureQueriesContext(connection) as asked:
        words = meanings_for(practice.pk, [f"CO-{code}" for code in range(1, 60)])
        assert all(words.said(f"CO-{code}", DAY) == f"word {code}, by contract" for code in range(1, 60))
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("carc,151,words,2026-13-01,", "is no date"), ("carc,N122,words,2026-01-01,", "no carc code"),
        ("other,1,words,2026-01-01,", "no kind"),
        ("carc,151,,2026-01-01,", "blank"), ("carc,151,words,2026-02-01,2026-01-01", "ends before"), ("carc,151,words", "5 columns"),
        ("carc,151,a,2026-01-01,\ncarc,151,b,2026-03-01,", "same days"), (f"carc,151,{'x' * 201},2026-01-01,", "200 characters"),
    ],
)  # fmt: skip
def test_one_bad_row_and_nothing_is_imported(practice, row, why):
    brought(practice, "carc,45,before,2026-01-01,")
    with pytest.raises(BadRows, match=why):
        brought(practice, "carc,1,good,2026-01-01,", *row.split("\n"))
    assert list(CodeMeaning.objects.values_list("text", flat=True)) == ["before"]


def test_the_command_says_how_many_and_refuses_in_words(practice, tmp_path, capsys):
    file = tmp_path / "meanings.csv"
    file.write_text(f"{HEAD}\nrarc,N122,alone,2026-01-01,\n", encoding="utf-8")
    call_command("import_meanings", str(file), practice=practice.name)
    assert "1 meanings are now" in capsys.readouterr().out
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CommandError, match="UTF-8"):
        call_command("import_meanings", str(file), practice=practice.name)
    with pytest.raises(CommandError, match="No practice"):
        call_command("import_meanings", str(file), practice="Nobody")
