"""The pages of a link, in the order of a mother at nine in the evening, and what they show."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from cases.actions import capturing
from cases.by_link.words import WORDS
from cases.models import Asset, Case, SendingLink
from cases.states import Status
from cases.views.send import visit
from cases.views.send.forms import AgreeForm
from teledent.kit import clock
from tests.sending import phone as by
from tests.sending.cast import a_link, agreed_by

PICTURE = b"what a phone sent"


@pytest.fixture
def made(world, patient):
    return a_link(world, patient, at=clock.now())


def test_a_mother_sends_from_the_first_page_to_the_last(made):
    phone = by.open_phone(made.token)
    assert by.gets_to(phone) == reverse("send-flags")
    by.say_flags(phone)
    assert by.gets_to(phone) == reverse("send-consent")
    by.agree(phone)
    assert by.gets_to(phone) == reverse("send-questions")
    by.answer(phone)
    assert by.gets_to(phone) == reverse("send-pictures")
    by.send_picture(phone, PICTURE)
    assert by.gets_to(phone) == reverse("send-finish")
    assert by.finish(phone).headers["Location"] == reverse("send-sent")
    assert "Riverbend Dental has your pictures" in phone.get(reverse("send-sent")).text
    case = Case.objects.get()
    assert (case.status, case.patient_place, case.answers["why"]) == (Status.SUBMITTED, "home", "family")


def test_a_red_flag_says_call_now_before_anything_else_is_asked(made):
    phone = by.open_phone(made.token)
    response = by.say_flags(phone, "airway")
    page = phone.get(response.headers["Location"]).text
    assert 'href="tel:541-555-0199"' in page
    assert 'href="tel:911"' in page
    assert not Case.objects.exists()
    by.agree(phone)
    for step in ("send-questions", "send-pictures"):
        assert 'href="tel:541-555-0199"' in phone.get(reverse(step)).text


def test_with_a_red_flag_the_last_page_asks_whom_she_reached(made):
    phone = by.open_phone(made.token)
    by.say_flags(phone, "bleeding")
    by.agree(phone)
    by.answer(phone)
    by.send_picture(phone, PICTURE)
    assert by.finish(phone).status_code == 422
    assert by.finish(phone, reached="not_called").status_code == 302
    assert Case.objects.get().answers["reached"] == "The sender says: has not called"


def test_a_no_to_what_is_needed_sends_nothing_and_keeps_no_refusal(made, patient):
    phone = by.open_phone(made.token)
    by.say_flags(phone)
    response = by.agree(phone, teledentistry="no")
    assert (response.status_code, Case.objects.count(), patient.consents.count()) == (422, 0, 0)
    assert "for a visit in person" in response.text


def test_a_no_to_billing_is_kept_and_the_rest_goes_on(made, patient):
    phone = by.open_phone(made.token)
    by.say_flags(phone)
    assert by.agree(phone, billing="no").status_code == 302
    assert patient.consents.get().scopes.get(scope="billing").given is False


def test_what_is_missing_is_said_beside_it_with_everything_typed_still_there(made):
    phone = by.open_phone(made.token)
    by.say_flags(phone)
    response = by.agree(phone, state="", signer="Ana Reyes")
    assert (response.status_code, response.text.count('value="Ana Reyes"')) == (422, 1)
    by.agree(phone)
    response = phone.post(reverse("send-questions"), {"procedure": "A filling"})
    assert (response.status_code, 'value="A filling"' in response.text) == (422, True)


def test_a_minor_does_not_sign_for_herself(made):
    phone = by.open_phone(made.token)
    by.say_flags(phone)
    assert by.agree(phone, authority="self").status_code == 422


@pytest.mark.parametrize("language", WORDS)
def test_every_page_speaks_the_chosen_language_and_leaves_no_blank(world, patient, language):
    phone = by.open_phone(a_link(world, patient, language=language, at=clock.now()).token)
    seen = [phone.get(reverse("send-flags")).text]
    by.say_flags(phone, "fever")
    seen += [phone.get(reverse(name)).text for name in ("send-call", "send-consent")]
    by.agree(phone)
    seen.append(phone.get(reverse("send-questions")).text)
    by.answer(phone)
    seen.append(phone.get(reverse("send-pictures")).text)
    by.send_picture(phone, PICTURE)
    seen.append(phone.get(reverse("send-finish")).text)
    by.finish(phone, reached="spoke")
    seen.append(phone.get(reverse("send-sent")).text)
    assert all(f'<html lang="{language}"' in page for page in seen)
    assert [word for page in seen for word in ("{name}", "{practice}", "{phone}", "{when}") if word in page] == []


def test_pages_name_nothing_of_the_chart(made, patient):
    phone = by.walk(made.token, PICTURE)
    for name in ("send-flags", "send-questions", "send-pictures", "send-finish"):
        page = phone.get(reverse(name)).text
        assert not [said for said in ("Mateo", "Villanueva", "2018", "TD-0", "Alder Creek") if said in page]
        assert "For M." in page


def test_what_was_typed_in_another_browser_is_not_shown(made):
    by.walk(made.token, PICTURE)
    other = by.open_phone(made.token)
    by.say_flags(other)
    page = other.get(reverse("send-questions")).text
    assert "A tooth was taken out" not in page
    assert "/pictures/" not in other.get(reverse("send-pictures")).text.replace("/send/pictures/", "")


def test_another_browser_that_sends_says_who_sends(made):
    by.walk(made.token, PICTURE)
    other = by.open_phone(made.token)
    by.say_flags(other)
    page = other.get(reverse("send-finish")).text
    assert "Who are you?" in page
    assert "Ana Reyes" not in page
    assert by.finish(other).status_code == 422
    assert by.finish(other, signer="Luis Reyes", authority="father", other_authority="").status_code == 302
    assert Case.objects.get().submissions.get().content["sent"]["name"] == "Luis Reyes"


def test_the_browser_that_agreed_sees_under_whose_name_it_sends(made):
    page = by.walk(made.token, PICTURE).get(reverse("send-finish")).text
    assert "<dt>Sent by</dt><dd>Ana Reyes</dd>" in page
    assert "Who are you?" not in page


def test_of_two_who_agree_at_once_the_second_is_told_that_hers_does_not_count(made, patient, monkeypatch):
    mother, father = by.open_phone(made.token), by.open_phone(made.token)
    by.say_flags(mother)
    by.say_flags(father, "fever")
    before = visit.visit_of

    def while_she_agrees(request, *, at):
        found = before(request, at=at)
        monkeypatch.setattr(visit, "visit_of", before)
        by.agree(mother)
        return found

    monkeypatch.setattr(visit, "visit_of", while_she_agrees)
    response = by.agree(father, signer="Luis Reyes", authority="father", billing="no")
    assert response.status_code == 409
    assert "Somebody agreed before you" in response.text
    assert patient.consents.get().signer_name == "Ana Reyes"
    assert Case.objects.get().answers["red_flags"] == ["fever"]


def test_a_button_pressed_twice_is_one_answer_and_a_changed_answer_is_told_that_it_does_not_count(made, patient):
    first, second, third = (by.open_phone(made.token) for _ in range(3))  # she pressed before the first answer was back
    for press in (first, second, third):
        by.say_flags(press)
    assert [by.agree(press).status_code for press in (first, second)] == [302, 302]
    assert by.agree(third, billing="no").status_code == 409
    assert patient.consents.get().scopes.get(scope="billing").given


def test_a_red_flag_said_before_another_browser_agreed_is_kept_and_the_late_answer_told(made, patient):
    mother, father = by.open_phone(made.token), by.open_phone(made.token)
    by.say_flags(mother)
    by.say_flags(father, "airway")
    by.agree(mother)
    response = by.agree(father, signer="Luis Reyes", authority="father", billing="no")
    assert (response.status_code, "Somebody agreed before you" in response.text) == (409, True)
    assert patient.consents.get().signer_name == "Ana Reyes"
    case = Case.objects.get()
    assert (case.answers["red_flags"], case.urgency) == (["airway"], "emergency")
    assert 'href="tel:911"' in mother.get(reverse("send-questions")).text


def test_a_red_flag_said_before_another_browser_agreed_is_kept_however_this_one_goes_on(made):
    mother, father = by.open_phone(made.token), by.open_phone(made.token)
    by.say_flags(mother)
    by.say_flags(father, "airway")
    by.agree(mother)
    assert by.gets_to(father) == reverse("send-questions")
    assert Case.objects.get().answers["red_flags"] == ["airway"]
    by.say_flags(mother, shown=["airway"])  # she saw it and says that it is not up
    by.gets_to(father)
    assert Case.objects.get().answers["red_flags"] == ["none"]


def test_a_page_of_flags_takes_down_only_those_that_it_showed(made):
    mother = by.open_phone(made.token)
    by.say_flags(mother, "fever")
    by.agree(mother)
    page = mother.get(reverse("send-flags")).text
    assert '<input type="hidden" name="shown" value="fever"' in page
    by.say_flags(by.open_phone(made.token), "airway")
    by.say_flags(mother, shown=["fever"])
    assert Case.objects.get().answers["red_flags"] == ["airway"]


def test_a_red_flag_that_the_site_ticked_is_told_and_asked_about(world, made):
    phone = by.walk(made.token, PICTURE)
    case = Case.objects.get()
    capturing.save_answers(
        actor=world.of("hana"), case=case, answers={"red_flags": ["airway"]}, revision=case.revision, at=clock.now()
    )
    assert 'href="tel:911"' in phone.get(reverse("send-pictures")).text
    assert by.finish(phone).status_code == 422
    assert by.finish(phone, reached="spoke").status_code == 302


def test_flags_of_another_browser_stay_up_when_this_one_says_none(made):
    mother = by.open_phone(made.token)
    by.say_flags(mother, "fever")
    by.agree(mother)
    other = by.open_phone(made.token)
    by.say_flags(other)
    assert Case.objects.get().answers["red_flags"] == ["fever"]
    by.say_flags(mother, shown=["fever"])  # who ticked it unticks it
    assert Case.objects.get().answers["red_flags"] == ["none"]


def test_a_picture_that_was_interrupted_is_listed_with_its_way_out(made):
    phone = by.walk(made.token, PICTURE)
    by.announce(phone, b"half of it")
    page = phone.get(reverse("send-pictures")).text
    assert "Interrupted. Choose the same picture again, or take it away." in page
    row = Asset.objects.get(state="declared")
    assert "on its way" in by.finish(phone).text
    phone.post(reverse("send-away", args=[row.public_id]))
    assert by.finish(phone).status_code == 302


def test_how_old_the_patient_is_counts_on_the_sites_calendar(world, patient, monkeypatch):
    patient.birth_date = date(2008, 12, 1)  # 18 on the first of December, while it is still November at the school
    patient.save()
    made = a_link(world, patient, at=datetime(2026, 12, 1, 2, tzinfo=UTC))
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 12, 1, 2, 5, tzinfo=UTC))
    form = AgreeForm(visit=visit.Visit(made.link, "en"))
    assert "self" not in dict(form.fields["authority"].choices)


def test_the_staff_make_it_from_the_patients_page_and_see_the_address_once(world, patient):
    desk = Client()
    desk.force_login(world.people["rita"])
    address = reverse("link-add", args=[patient.public_id])
    page = desk.get(address)
    said = {"public_id": page.context["form"].initial["public_id"], "kind": "emergency", "why": "urgency", "language": "es", "lasts": "1",
            "asks_birth_date": "on", "site": world.school.pk}  # fmt: skip
    shown = desk.post(address, said)
    token = shown.context["address"].rstrip("/").rsplit("/", 1)[1]
    assert "Hand it over now" in shown.text
    assert by.open_phone(token) is not None
    assert desk.post(address, said).status_code == 422
    row = SendingLink.objects.get()
    assert (row.kind, row.language, row.asks_birth_date) == ("emergency", "es", True)
    assert "Opened" in desk.get(reverse("links")).text
    desk.post(reverse("link-revoke", args=[row.public_id]))
    assert "Revoked by Rita Castellane" in desk.get(reverse("links"), {"show": "closed"}).text


def test_dentist_and_desk_read_who_sent_it(world, made):
    phone = by.walk(made.token, PICTURE)
    by.finish(phone)
    case = Case.objects.get()
    case.assets.update(state="examined", examined_at=case.submitted_at)
    Case.objects.filter(pk=case.pk).update(files_late=0)
    reader = Client()
    reader.force_login(world.people["dev"])
    assert "sent by the patient or family" in reader.get(reverse("reading-queue")).text
    assert "Nobody of the practice was there" in reader.get(reverse("record", args=[case.public_id])).text
    reader.post(reverse("reading-start", args=[case.public_id]))
    assert "Sent by Ana Reyes, mother, at a link" in reader.get(reverse("reading-case", args=[case.public_id])).text


def test_the_hygienist_sees_what_is_still_being_sent(world, made):
    agreed_by(made.link, at=clock.now())
    hana = Client()
    hana.force_login(world.people["hana"])
    page = hana.get(reverse("capture-case", args=[Case.objects.get().public_id])).text
    assert "Begun by Ana Reyes, mother, at a link, and not sent." in page
    assert "make a new link" in page
    assert "Being sent" in hana.get(reverse("links")).text


def test_words_of_both_languages_say_the_same_things():
    english, spanish = WORDS["en"], WORDS["es"]
    for part in ("said", "flags", "asked", "relations", "questions", "choices", "views", "reached"):
        assert list(getattr(english, part)) == list(getattr(spanish, part)), part
    for key, choices in english.choices.items():
        assert list(choices) == list(spanish.choices[key])
