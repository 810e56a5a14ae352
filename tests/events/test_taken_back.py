"""What was entered from a form for the wrong child: it counts for nobody any more, the page goes to the right one, and both
children's records say what happened (ID-3)."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from billing.outgoing import consents_of
from cases.actions import attending
from cases.actions.consenting import withdraw_consent
from cases.actions.lettering import PRINT
from cases.actions.reporting import may_print
from cases.family_forms.words import ENGLISH, SPANISH
from cases.family_told import family_wrote
from cases.models import Consent, Evidence, FamilyForm, FormPage, FormPageChange, LetterRun, Patient, Scope
from cases.states import Status
from cases.views.capture.consent import standing_of
from teledent.kit.decisions import ALLOWED, Refused
from tests import cast
from tests.access.test_table import scanned_page
from tests.after.working import work as print_now
from tests.billing import cast as money
from tests.capture.conftest import words
from tests.events.test_returned_forms import GIVEN, SIGNED, as_file, drawn, entered, printed, scanned

WHY = "Sofía's name stands on the paper"


@pytest.fixture
def sofia(world, event):
    patient = cast.make_patient(world, given="Sofía", family="Marín")
    attending.add_child(actor=world.of("hana"), event=event, patient=patient, at=cast.AT)
    return patient


def page_of(client, event, child):
    pile = scanned(client, event, as_file(drawn(printed(client, event)), drawn(printed(client, event), 1)))
    return pile.pages.get(patient=child)


def mistaken(client, event, child, **said):
    """The page of a child's form, entered under her though another name stands on it."""
    page = page_of(client, event, child)
    entered(client, page, **said)
    return FormPage.objects.get(pk=page.pk)


def address(page, name="page"):
    return reverse(f"event-returned-{name}", args=[page.public_id])


def taken_back(client, page, **said):
    return client.post(address(page, "take-back"), {"answer": page.consent.public_id, "reason": WHY, **said})


def now_of(patient):
    return {one.scope: one.word for one in standing_of(patient, cast.AT.date())}


def told(client, case):
    return words(client.get(reverse("record", args=[case.public_id])))


@pytest.mark.parametrize(("who", "consents"), [("rita", "claims-consent"), ("hana", "capture-consent")])
def test_a_page_entered_for_the_wrong_child_goes_to_the_right_one(world, as_person, event, mateo, sofia, who, consents):
    client, hana = as_person(who), as_person("hana")
    page = mistaken(client, event, mateo, health="Gets a rash from penicillin")
    paper = page.form
    case, hers = (cast.case_at(world, patient=child) for child in (mateo, sofia))
    where = reverse(consents, args=[mateo.public_id])
    assert f'href="{where}"' in client.get(address(page)).text
    assert client.get(where).status_code == 200

    assert taken_back(client, page).status_code == 302
    page = FormPage.objects.get(pk=page.pk)
    assert (page.patient, page.form, page.consent, page.health) == (None, paper, None, "")
    shown = words(client.get(address(page)))
    assert "Unsigned cases without consent now: 1." in shown
    assert ("Whose page is it?" in shown, "not only at its code" in shown, WHY in shown) == (True, True, True)
    assert family_wrote([mateo.pk]) == {}
    assert set(now_of(mateo).values()) == {"Not asked"}
    case.refresh_from_db()
    assert case.status == Status.DRAFT
    timeline = told(hana, case)
    assert f"took back the consent of Ana Reyes: it was entered wrongly from a form {WHY}" in timeline
    assert "what it said of health is taken back, too" in timeline
    assert "penicillin" not in timeline
    on_file = hana.get(reverse("capture-consent", args=[mateo.public_id]))
    assert f"Entered wrongly from a form, taken back by {world.people[who].name}" in words(on_file)
    assert address(page) in on_file.text

    filed = {"child": sofia.public_id, "paper": "ours"}
    assert client.post(address(page, "file"), filed).status_code == 302
    page.refresh_from_db()
    entered(client, page, health="Gets a rash from penicillin")
    assert family_wrote([sofia.pk])[sofia.pk].words == "Gets a rash from penicillin"
    assert Consent.objects.get(form_page=page).patient == sofia
    assert "what was entered from this form before was taken back" in told(hana, hers)
    assert page.changes.first().was == "Of health: Gets a rash from penicillin"
    assert "Signed by Ana Reyes" in words(client.get(address(page)))


def test_two_pages_that_were_swapped_change_places_though_a_part_was_withdrawn_or_refused(
    world, as_person, event, mateo, sofia
):
    """What nobody's family said stands in no way: neither its no nor its withdrawal."""
    rita = as_person("rita")
    of_sofia = mistaken(rita, event, mateo, scope_photographs="refused")
    of_mateo = scanned(rita, event, as_file(drawn(printed(rita, event), 1).rotate(2, fillcolor=255))).pages.get()
    rita.post(address(of_mateo, "file"), {"child": sofia.public_id, "paper": "ours", "reason": "It seems to be hers"})
    of_mateo.refresh_from_db()
    entered(rita, of_mateo, valid_from="2026-11-09")
    withdraw_consent(
        actor=world.of("rita"), patient=mateo, scope=Scope.SCREENING, reason="It was not for him", at=cast.AT
    )
    for page in (of_sofia, of_mateo):
        page.refresh_from_db()
        assert taken_back(rita, page).status_code == 302
    for page, child in ((of_sofia, sofia), (of_mateo, mateo)):
        rita.post(address(page, "file"), {"child": child.public_id, "paper": "ours"})
        page.refresh_from_db()
        entered(rita, page, valid_from="2026-11-09")
    for child in (mateo, sofia):
        now = now_of(child)
        assert (now[Scope.SCREENING], now[Scope.PHOTOGRAPHS]) == ("In force", "In force")


def test_what_was_withdrawn_on_it_is_told_for_the_family_may_have_said_so_itself(world, as_person, event, mateo, sofia):
    rita = as_person("rita")
    page = mistaken(rita, event, mateo)
    case = cast.case_at(world, Status.DRAFT, patient=mateo)
    said = {"scope": Scope.PHOTOGRAPHS, "reason": "His mother phoned"}
    withdraw_consent(actor=world.of("rita"), patient=mateo, at=cast.AT, **said)
    answer = rita.post(address(page, "take-back"), {"answer": page.consent.public_id, "reason": WHY}, follow=True)
    withdrawn = f"photographs on 17 Nov 2026, recorded by {world.people['rita'].name}: His mother phoned"
    shown = words(answer)
    assert f"Withdrawn on it: {withdrawn}. If the family of {mateo} said so itself, record its no." in shown
    assert f"withdrawn on it: {withdrawn}" in told(as_person("hana"), case)
    on_file = words(as_person("hana").get(reverse("capture-consent", args=[mateo.public_id])))
    assert "Photographs: withdrawn, His mother phoned" in on_file


def test_an_older_answer_of_her_own_stands_again(world, as_person, event, mateo, sofia):
    rita = as_person("rita")
    cast.consent_to(world, mateo)
    page = page_of(rita, event, mateo)
    case = cast.case_at(world, Status.SUBMITTED, patient=mateo)
    entered(rita, page, scope_photographs="refused")
    page.refresh_from_db()
    assert now_of(mateo)[Scope.PHOTOGRAPHS] == "Refused"
    answer = rita.post(address(page, "take-back"), {"answer": page.consent.public_id, "reason": WHY}, follow=True)
    assert "without consent now" not in words(answer)
    assert now_of(mateo)[Scope.PHOTOGRAPHS] == "In force"
    case.refresh_from_db()
    assert case.status == Status.SUBMITTED


def test_an_unsigned_case_is_not_stopped_and_cannot_be_signed(world, as_person, event, mateo, sofia):
    rita = as_person("rita")
    page = mistaken(rita, event, mateo)
    case = cast.case_at(world, Status.IN_REVIEW, patient=mateo)
    taken_back(rita, page)
    cast.write(world, case, cast.AT)
    with pytest.raises(Refused, match="No consent in force"):
        cast.sign(world, case, cast.AT)
    case.refresh_from_db()
    assert case.status == Status.IN_REVIEW


def test_what_was_signed_and_sent_stays_and_what_was_not_sent_is_held(world, as_person, event):
    desk = money.build_desk(world)
    rita = as_person("rita")
    sent = money.ready_claim(desk)
    money.exported(desk)
    unsent = money.ready_claim(desk, patient=cast.make_patient(world, given="Ada"))
    for claim in (sent, unsent):
        child = claim.case.patient
        page = scanned_page(world, event, child) if claim is sent else FormPage.objects.get()
        FormPage.objects.filter(pk=page.pk).update(patient=child, filed_at=cast.AT, consent=child.consents.get())
        page.refresh_from_db()
        answer = rita.post(address(page, "take-back"), {"answer": page.consent.public_id, "reason": WHY}, follow=True)
        assert "Signed cases that rested on it: 1." in words(answer)
    for claim in (sent, unsent):
        claim.refresh_from_db()
        claim.case.refresh_from_db()
    assert (sent.status, unsent.status) == ("exported", "blocked")
    assert {sent.case.status, unsent.case.status} == {Status.SIGNED}
    assert "took back the consent of Lucia Villanueva" in told(rita, sent.case)


@pytest.mark.parametrize("right", ["the same child", "the other child"])
def test_what_is_entered_anew_keeps_the_text_that_its_code_named(as_person, event, mateo, sofia, right):
    """Neither that of a later printing nor that of the other child's form (CO-1); a person who says otherwise changes nothing."""
    rita = as_person("rita")
    Patient.objects.update(language="Spanish")
    page = mistaken(rita, event, mateo)
    Patient.objects.update(language="English")
    printed(rita, event)
    taken_back(rita, page)
    assert f"the form printed for {mateo.name}" in words(rita.get(address(page)))
    child = mateo if right == "the same child" else sofia
    rita.post(address(page, "file"), {"child": child.public_id, "paper": "other"})
    shown = words(rita.get(address(page)))
    assert (f"text of the form printed for {mateo.name}" in shown) is (child == sofia)
    entered(rita, FormPage.objects.get(pk=page.pk))
    consent = Consent.objects.get(form_page=page)
    assert (consent.patient, consent.text_sha256) == (child, SPANISH.sha256)
    assert FamilyForm.objects.filter(patient=child, text_sha256=ENGLISH.sha256).exists()


@pytest.mark.parametrize("withdrawn", [False, True])
def test_nothing_goes_out_of_a_signed_case_that_is_left_without_an_answer(
    world, as_person, event, mateo, sofia, withdrawn
):
    """Not even where the family had withdrawn, and what it took back was no answer of its own."""
    rita = as_person("rita")
    page = mistaken(rita, event, mateo)
    case = cast.case_at(world, Status.SIGNED, patient=mateo)
    rita.post(reverse("letters-print"), {"site": case.site.public_id, "day": case.day_seen})
    print_now(PRINT)
    letters = reverse("letter-run-file", args=[LetterRun.objects.get().public_id])
    assert (rita.get(letters).status_code, again(rita)) == (200, [case.pk])
    if withdrawn:
        said = {"scope": Scope.TELEDENTISTRY, "reason": "She phoned"}
        withdraw_consent(actor=world.of("rita"), patient=mateo, at=cast.AT, **said)
    taken_back(rita, page)
    case.refresh_from_db()
    report = reverse("report-print", args=[case.public_id, "family"])
    for answer in (rita.get(letters), rita.post(reverse("record-letter", args=[case.public_id])), rita.post(report)):
        assert (answer.status_code, "No answer to teledentistry is on record any more" in words(answer)) == (422, True)
    assert again(rita) == []
    cast.consent_to(world, mateo)
    assert (rita.get(letters).status_code, may_print(case), again(rita)) == (200, ALLOWED, [case.pk])


def again(client):
    return [kept.case_id for kept, _ in client.get("/follow-up/again/?show=later").context["rows"]]


def test_only_what_she_saw_is_taken_back_and_with_a_reason(world, as_person, event, mateo, sofia):
    rita, hana = as_person("rita"), as_person("hana")
    page = mistaken(rita, event, mateo)
    assert taken_back(rita, page, reason="-").status_code == 422
    assert taken_back(rita, page, answer=page.public_id).status_code == 409
    assert taken_back(as_person("dev"), page).status_code == 404
    assert not FormPageChange.objects.filter(consent__isnull=False).exists()
    assert taken_back(rita, page).status_code == 302
    assert taken_back(hana, page).status_code == 409
    assert Consent.objects.count() == 1


def test_a_manager_reads_what_was_entered_and_takes_nothing_back(world, as_person, event, mateo, sofia):
    page, olu = mistaken(as_person("rita"), event, mateo), as_person("olu")
    assert "Take back what was entered" not in words(olu.get(address(page)))
    assert taken_back(olu, page).status_code == 404


def test_it_is_taken_back_for_a_reason_says_the_database(world, as_person, event, mateo, sofia):
    page = mistaken(as_person("rita"), event, mateo)
    row = {"page": page, "was": "Entered", "consent": page.consent, "at": cast.AT, "person": world.people["rita"]}
    with pytest.raises(IntegrityError, match="taken_back_for_a_reason"), transaction.atomic():
        FormPageChange.objects.create(**row)


def test_the_evidence_of_a_page_stays_with_the_answer_that_was_taken_back(as_person, event, mateo, sofia):
    rita = as_person("rita")
    page = mistaken(rita, event, mateo)
    held = consents_of([mateo.pk])
    taken_back(rita, page)
    assert (len(held), consents_of([mateo.pk])) == (4, frozenset())  # a file that is being composed begins again
    (change,) = page.changes.filter(consent__isnull=False)
    assert (change.consent.evidence, change.consent.scan) == (Evidence.SCAN, page.file)
    assert change.was.startswith(f"Filed under {mateo.name}, born ")
    assert ". Entered by Rita" in change.was
    assert rita.post(address(page, "enter"), {**GIVEN, **SIGNED, "child": mateo.public_id}).status_code == 422
