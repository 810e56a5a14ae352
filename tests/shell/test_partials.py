from datetime import date

import pytest
from django import forms
from django.template.loader import render_to_string

PATIENT = {
    "name": "<b>Mateo</b> Villanueva", "age": "8 y", "birth_date": date(2018, 3, 14), "place": "Alder Creek, Room 12",
    "identifier_label": "Pupil id", "identifier": "AC-20417", "case_number": "TD-24817", "allergies": "Penicillin", "allergies_warn": True,
}  # fmt: skip


class Questions(forms.Form):
    complaint = forms.MultipleChoiceField(
        label="Complaint", choices=[("pain", "Pain"), ("none", "None stated")], widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(help_text="In a few words.", required=False, max_length=3)


def test_the_banner_says_who_this_is_and_escapes_it():
    page = render_to_string("ui/_banner.html", {"patient": PATIENT})
    for fact in ("&lt;b&gt;Mateo", "8 y · 14 Mar 2018", "Room 12", "AC-20417", "TD-24817", "Penicillin"):
        assert fact in page


def test_allergies_that_nobody_asked_about_are_not_none():
    assert "not asked yet" in render_to_string("ui/_banner.html", {"patient": {**PATIENT, "allergies": ""}})


@pytest.mark.parametrize(
    ("state", "word"),
    [("met", "met"), ("missing", "missing"), ("later", "later"), ("not_applicable", "not applicable")],
)
def test_a_checklist_line_says_its_state_in_words(state, word):
    line = {"title": "Complaint and history", "state": state, "reason": "Ask about allergies", "mend_url": "#history"}
    page = render_to_string("ui/_checklist.html", {"lines": [line]})
    assert f'<span class="vh">: {word}</span>' in page
    assert 'href="#history"' in page


def test_an_error_is_tied_to_its_field_with_the_text_still_there():
    form = Questions({"note": "too long"})
    page = render_to_string("ui/_field.html", {"field": form["note"]})
    assert 'value="too long"' in page
    assert 'aria-invalid="true"' in page
    assert 'aria-describedby="id_note_helptext id_note_error"' in page
    assert 'id="id_note_error"' in page
    assert 'id="id_note_helptext"' in page


def test_taps_are_real_checkboxes_in_a_named_group():
    page = render_to_string("ui/_taps.html", {"field": Questions({})["complaint"]})
    assert page.count('type="checkbox"') == 2
    assert "<legend>Complaint" in page
    assert 'aria-describedby="id_complaint_error"' in page
    assert 'id="id_complaint_error"' in page


def test_the_error_summary_takes_the_focus_and_leads_to_each_field():
    page = render_to_string("ui/_error_summary.html", {"form": Questions({"note": "too long"})})
    assert "2 things to mend" in page
    assert "data-takes-focus" in page
    assert 'href="#id_note"' in page
    assert 'href="#id_complaint"' in page


def test_an_empty_list_says_what_to_do_next():
    page = render_to_string(
        "ui/_empty.html",
        {"title": "No case waits", "text": "New ones come by themselves.", "href": "/x/", "action": "Signed today"},
    )
    assert '<a class="btn" href="/x/">Signed today</a>' in page


def test_a_problem_names_its_mend():
    problem = {
        "sentence": "The fee is missing.",
        "why": "Rule F-1.",
        "blocks": True,
        "mend_url": "/fees/",
        "mend_label": "Set it",
    }
    page = render_to_string("ui/_problem.html", {"problem": problem})
    assert '<li class="prob blocks">' in page
    assert '<a class="btn" href="/fees/">Set it</a>' in page


def test_the_same_tabs_carry_their_counts():
    tabs = [
        {"href": "?t=1", "label": "Waiting", "count": 0, "current": True},
        {"href": "?t=2", "label": "All", "count": None, "current": False},
    ]
    page = render_to_string("ui/_tabs.html", {"tabs": tabs})
    assert 'aria-current="page">Waiting <span class="count">0</span>' in page
    assert page.count("count") == 1
