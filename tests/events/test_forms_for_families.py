"""Forms of a school day are made once, for whom they are wanted, each kept with the words that it asked."""

from datetime import date

import pypdfium2
from django.urls import reverse

from cases.actions import attending, family_forms
from cases.models import FamilyForm, FormRun, PrintState
from tests import cast
from tests.capture.conftest import words
from tests.events.conftest import work


def ask(client, event, **said):
    return client.post(
        reverse("event-forms", args=[event.public_id]),
        {"back_by": event.starts_on.isoformat(), "whom": "waiting", **said},
    )


def test_families_without_an_answer_get_theirs_in_their_language(world, as_person, event, mateo, tmp_path):
    type(mateo).objects.filter(pk=mateo.pk).update(language="Spanish")
    rita = as_person("rita")
    for _ in range(2):
        assert ask(rita, event).status_code == 302
    work()
    run, form = FormRun.objects.get(), FamilyForm.objects.get()
    assert (run.state, run.total, form.patient, form.language) == (PrintState.DONE, 1, mateo, "es")
    answer = rita.get(reverse("event-forms-pdf", args=[run.public_id]))
    path = tmp_path / "forms.pdf"
    path.write_bytes(b"".join(answer.streaming_content))
    with pypdfium2.PdfDocument(path) as document:
        said = document[0].get_textpage().get_text_range()
    assert mateo.name in said
    assert "Tomar fotografías de los dientes" in said


def test_who_answered_is_left_out_unless_everybody_is_wanted(world, as_person, event, mateo):
    cast.consent_to(world, mateo)
    rita = as_person("rita")
    refused = ask(rita, event)
    assert refused.status_code == 422
    assert "every family on the list has answered" in words(refused)
    assert ask(rita, event, whom="everybody").status_code == 302
    work()
    assert FamilyForm.objects.get().patient == mateo


def test_who_has_no_form_yet_comes_first_and_the_page_says_how_many_are_left(
    world, as_person, event, mateo, monkeypatch
):
    monkeypatch.setattr(family_forms, "AT_ONCE", 1)
    nils = cast.make_patient(world, given="Nils", family="Berg", born=date(2018, 5, 6))
    attending.add_child(actor=world.of("hana"), event=event, patient=nils, at=cast.AT)
    rita, address = as_person("rita"), reverse("event-forms", args=[event.public_id])
    assert "No form yet for 2 families without an answer (2 of everybody not seen yet)" in words(rita.get(address))
    for one in (nils, mateo):
        assert ask(rita, event).status_code == 302
        work()
        assert FamilyForm.objects.order_by("-pk").first().patient == one
    assert "No form yet" not in words(rita.get(address))
    assert ask(rita, event).status_code == 302


def test_a_day_after_the_school_day_is_refused(as_person, event, mateo):
    late = as_person("rita").post(
        reverse("event-forms", args=[event.public_id]), {"back_by": "2030-01-01", "whom": "waiting"}
    )
    assert late.status_code == 422
    assert "come back before the school day ends" in words(late)
