"""A form files itself by its code, says what it asks in the family's language, and never asks less than it keeps."""

import json
import re
import uuid
from datetime import date

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.family_forms.codes import code_of, form_in
from cases.family_forms.form import Child, page_of
from cases.family_forms.render import render_forms
from cases.family_forms.words import WORDS, words_for
from cases.models.consent import Scope
from tests.eight_scripts import EIGHT_SCRIPTS


@given(st.uuids())
def test_a_code_names_its_form(form):
    assert form_in(f" {code_of(form)}\n") == form
    assert re.fullmatch(r"[A-Z0-9:]+", code_of(form))


@given(st.text())
def test_any_other_code_names_none(text):
    assert form_in(text) is None or text.strip() == code_of(form_in(text))


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)
def test_every_part_of_a_consent_is_asked(words):
    assert set(words.asked) == set(Scope)
    assert len({text.casefold() for text in words.asked.values()}) == len(Scope)


def test_the_hash_is_of_what_the_family_reads():
    assert len({words.sha256 for words in WORDS.values()}) == len(WORDS)


@pytest.mark.parametrize(
    ("home", "code"), [("Spanish", "es"), ("español", "es"), ("English", "en"), ("", "en"), ("Somali", "en")]
)
def test_a_family_reads_its_own_language_where_the_form_is_written_in_it(home, code):
    assert words_for(home).language == code


def test_one_page_a_child_whatever_her_name_and_every_language(tmp_path):
    names = [*(f"{one.given} {one.family}" for one in EIGHT_SCRIPTS.values()), "N" * 120, '<b>#read("x")']
    words = list(WORDS.values())
    forms = [uuid.uuid4() for _ in names]
    pages = [
        page_of(form, Child(name, date(2018, 3, 14), "Alder Creek", "12", "B2CK"), words[at % len(words)], practice="Riverbend",
                phone="541-555-0142", back_by=date(2026, 12, 1))
        for at, (form, name) in enumerate(zip(forms, names, strict=True))
    ]  # fmt: skip
    source = tmp_path / "forms.jsonl"
    source.write_text("\n".join(json.dumps(page) for page in pages), encoding="utf-8")
    made = render_forms(source=str(source), out_dir=str(tmp_path), title="Forms", at="2026-11-17T18:43:00+00:00")
    assert made["pages"] == len(names)
    with pypdfium2.PdfDocument(tmp_path / "forms.pdf") as document:
        first = document[0].get_textpage().get_text_range()
    assert "B2CK" in first
    again = render_forms(source=str(source), out_dir=str(tmp_path), title="Forms", at="2026-11-17T18:43:00+00:00")
    assert again["sha256"] == made["sha256"]
