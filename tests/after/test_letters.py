"""Letters printed one by one and for a day, handed over, stopped with the consent, listed when the case is retracted."""

import pytest
from django.db import transaction

from cases.actions import consenting, lettering, signing
from cases.actions.lettering import HAND, PRINT
from cases.jobs.lettering import print_letters
from cases.letters.catalogue import SHIPPED
from cases.models import FollowUp, Letter, LetterLanguage, LetterRun, PrintState, Scope
from cases.recipients import recipients_of
from cases.states import Status
from teledent.accounts.models import AccessEvent
from teledent.kit import clock
from teledent.kit.decisions import Conflict, Refused
from tests import cast
from tests.after.working import work
from tests.printing.reading import page_texts


def day_of(client, case, **said):
    return client.post("/follow-up/letters/print/", {"site": case.site.public_id, "day": case.day_seen, **said})


def pages(client, run, tmp_path):
    answer = client.get(f"/follow-up/letters/{run.public_id}/pdf/")
    assert answer.status_code == 200
    path = tmp_path / "letters.pdf"
    path.write_bytes(b"".join(answer.streaming_content))
    return page_texts(path)


def test_a_day_is_one_pdf_each_family_in_its_language_and_printing_tells_nobody(world, case_at, client_of, tmp_path):
    first = case_at(Status.SIGNED)
    first.patient.language = "Spanish"
    first.patient.save(update_fields=["language"])
    second = case_at(Status.SIGNED, patient=cast.make_patient(world, given="Ada", family="Noor"))
    rita = client_of("rita")
    assert "Print 2 letters" in rita.get("/follow-up/letters/").content.decode()
    assert day_of(rita, first).status_code == 302
    run = LetterRun.objects.get()
    assert "Being made" in rita.get(f"/follow-up/letters/{run.public_id}/").content.decode()
    assert rita.get(f"/follow-up/letters/{run.public_id}/pdf/").status_code == 422
    work(PRINT)
    ada, mateo = pages(rita, run, tmp_path)  # by family name
    assert "What to do" in ada
    assert "Qué hacer" in mateo
    assert "Mateo" not in ada
    assert [(one.number, one.case_id, one.language) for one in Letter.objects.all()] == [
        (1, second.pk, "en"),
        (2, first.pk, "es"),
    ]
    assert first.events.filter(kind="letter_printed").count() == 1
    assert not FollowUp.objects.exists()
    assert AccessEvent.objects.filter(verb="letters", public_id=run.public_id).count() == 1
    assert day_of(rita, first).status_code == 422  # nothing is left to print
    assert day_of(rita, first, again="on").status_code == 302


def test_went_out_is_a_step_of_each_case_once(world, case_at, client_of):
    case, rita = case_at(Status.SIGNED), client_of("rita")
    day_of(rita, case)
    run = LetterRun.objects.get()
    address = f"/follow-up/letters/{run.public_id}/went-out/"
    assert rita.post(address, {"how": "Posted"}).status_code == 422  # not made yet
    work(PRINT)
    assert rita.post(address, {"how": "-"}).status_code == 422
    assert rita.post(address, {"how": "Posted"}).status_code == 302
    assert rita.post(address, {"how": "Posted"}).status_code == 409
    work(HAND)
    step = FollowUp.objects.get()
    assert (step.step, step.told_to, step.how) == ("letter", "Lucia Villanueva", "Posted")
    case.aftercare.refresh_from_db()
    assert case.aftercare.state == "sent"
    assert "Went out" in rita.get(f"/follow-up/letters/{run.public_id}/").content.decode()


def test_one_letter_in_a_chosen_language_from_the_record(case_at, client_of, tmp_path):
    case, hana = case_at(Status.SIGNED), client_of("hana")
    assert hana.post(f"/cases/{case.public_id}/letter/", {"language": "fr"}).status_code == 422
    for _ in range(2):  # a second click finds what is being made
        hana.post(f"/cases/{case.public_id}/letter/", {"language": "es"})
    run = LetterRun.objects.get()
    work(PRINT)
    assert "Qué hacer" in pages(hana, run, tmp_path)[0]
    assert "Letter to Lucia Villanueva" in hana.get(f"/cases/{case.public_id}/").content.decode()


def test_withdrawn_consent_stops_letters_at_once(world, case_at, client_of):
    case, rita = case_at(Status.SIGNED), client_of("rita")
    day_of(rita, case)
    work(PRINT)
    run = LetterRun.objects.get()
    consenting.withdraw_consent(
        actor=world.of("rita"),
        patient=case.patient,
        scope=Scope.TELEDENTISTRY,
        reason="The father wrote",
        at=clock.now(),
    )
    page = rita.get(f"/follow-up/letters/{run.public_id}/").content.decode()
    assert "go out no more" in page
    assert "Download PDF" not in page
    assert rita.get(f"/follow-up/letters/{run.public_id}/pdf/").status_code == 422
    assert rita.post(f"/follow-up/letters/{run.public_id}/went-out/", {"how": "Posted"}).status_code == 422
    assert rita.post(f"/cases/{case.public_id}/letter/").status_code == 422


def test_a_case_retracted_while_letters_are_laid_out_keeps_all_of_them_back(world, case_at):
    case = case_at(Status.SIGNED)
    run = lettering.print_day(actor=world.of("rita"), site=world.school, day=case.day_seen, at=clock.now())
    effect = print_letters(run_id=run.pk)
    cast.retract(world, case, clock.now())
    with pytest.raises(Conflict), transaction.atomic():
        effect()
    run.refresh_from_db()
    work(PRINT)
    run.refresh_from_db()
    assert (run.state, run.left_out, run.file) == (
        PrintState.FAILED,
        [],
        None,
    )  # the retracted case is no longer of the day


def test_what_may_not_go_out_is_left_out_by_name_of_case(world, case_at):
    kept = case_at(Status.SIGNED)
    gone = case_at(Status.SIGNED, patient=cast.make_patient(world, given="Ada", family="Noor"))
    consenting.withdraw_consent(
        actor=world.of("rita"),
        patient=gone.patient,
        scope=Scope.TELEDENTISTRY,
        reason="The father wrote",
        at=clock.now(),
    )
    run = lettering.print_day(actor=world.of("rita"), site=world.school, day=kept.day_seen, at=clock.now())
    work(PRINT)
    run.refresh_from_db()
    assert [one["case"] for one in run.left_out] == [gone.label]
    assert [one.case_id for one in run.letters.all()] == [kept.pk]


def test_a_retraction_lists_whoever_has_a_letter(world, case_at, client_of):
    case = case_at(Status.SIGNED)
    day_of(client_of("rita"), case)
    work(PRINT)
    signing.retract_case(
        actor=world.of("olu"), case=case, reason="wrong_images", explanation="Another child's pictures", at=clock.now()
    )
    assert ("Lucia Villanueva", "letter, printed by Rita Castellane") in [
        (one.who, one.how) for one in recipients_of(case)
    ]


def test_a_hygienist_prints_at_her_sites_only(world, case_at):
    case = case_at(Status.SIGNED)
    with pytest.raises(Refused, match="do not work at this site"):
        lettering.print_day(actor=world.of("bo"), site=world.school, day=case.day_seen, at=clock.now())


def test_a_practice_adds_a_language_that_is_whole_and_promises_nothing(world, case_at, client_of, tmp_path):
    olu, case = client_of("olu"), case_at(Status.SIGNED)
    said = {
        **SHIPPED["en"],
        "code": "uk",
        "language": "Українська",
        "home_words": "Ukrainian",
        "heading_do": "Що робити",
    }
    refused = olu.post("/follow-up/languages/add/", said | {"limits": "All teeth are healthy.", "page": "Page {page}"})
    assert refused.status_code == 422
    assert "promises what pictures cannot show" in refused.content.decode()
    assert "{pages} has to stand" in refused.content.decode()
    assert olu.post("/follow-up/languages/add/", said | {"code": "es"}).status_code == 422
    assert olu.post("/follow-up/languages/add/", said | {"code": "x/y"}).status_code == 422
    assert not LetterLanguage.objects.exists()
    assert olu.post("/follow-up/languages/add/", said).status_code == 302
    case.patient.language = "Ukrainian"
    case.patient.save(update_fields=["language"])
    day_of(client_of("rita"), case)
    work(PRINT)
    assert "Що робити" in pages(client_of("rita"), LetterRun.objects.get(), tmp_path)[0]


def test_own_words_of_a_language_that_ships_can_be_taken_back(world, client_of):
    rita = client_of("rita")
    assert rita.post("/follow-up/languages/es/", {**SHIPPED["es"], "heading_do": "Qué hacer ahora"}).status_code == 302
    assert "Qué hacer ahora" in rita.get("/follow-up/languages/es/").content.decode()
    assert rita.post("/follow-up/languages/es/drop/").status_code == 302
    assert "Qué hacer ahora" not in rita.get("/follow-up/languages/es/").content.decode()
    assert rita.get("/follow-up/languages/xx/").status_code == 404


@pytest.fixture
def gone_out(world, case_at, client_of):
    """A letter that Rita handed over a moment ago; the step is not written yet."""
    case, rita = case_at(Status.SIGNED), client_of("rita")
    day_of(rita, case)
    work(PRINT)
    rita.post(f"/follow-up/letters/{LetterRun.objects.get().public_id}/went-out/", {"how": "Posted"})
    return case


def withdrawn(world, case):
    consenting.withdraw_consent(
        actor=world.of("rita"), patient=case.patient, scope=Scope.TELEDENTISTRY, reason="The father wrote", at=clock.now()
    )  # fmt: skip


def retracted(world, case):
    cast.retract(world, case, clock.now())


def rita_left(world, case):
    world.people["rita"].memberships.all().delete()


@pytest.mark.parametrize("meanwhile", [withdrawn, retracted, rita_left])
def test_a_letter_that_left_is_a_step_whatever_happened_a_moment_after(world, gone_out, meanwhile):
    meanwhile(world, gone_out)
    work(HAND)
    step = FollowUp.objects.get()
    assert (step.step, step.told_to, step.recorded_by) == ("letter", "Lucia Villanueva", world.people["rita"])
    assert gone_out.events.filter(kind="follow_up").exists()
    assert [one.how for one in recipients_of(gone_out)] == ["letter, Posted"]
