"""Scanned forms: a page is filed by its code and by nothing else, what it says a person enters, and nothing lies beside it."""

import hashlib
import io
import json
from datetime import date, timedelta
from uuid import uuid4

import numpy as np
import pypdfium2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image, ImageFilter

from billing.models import SaidPlan
from cases.actions import attending
from cases.actions.consenting import record_consent, withdraw_consent
from cases.actions.merging import merge_patients
from cases.actions.returned_forms import MOST_BYTES, file_page
from cases.family_forms.form import Child, page_of
from cases.family_forms.render import render_forms
from cases.family_forms.scanning import codes_on
from cases.family_forms.words import ENGLISH
from cases.family_told import family_wrote
from cases.models import Consent, Evidence, FamilyForm, FormPage, FormRun, FormScan, PageFound, ScanState, Scope
from cases.states import Status
from cases.views.capture.consent import standing_of
from teledent.accounts.models import AccessEvent
from teledent.files.keeping import sha256_at_rest
from teledent.files.models import StoredFile
from teledent.files.storage import open_streaming
from tests import cast
from tests.capture.conftest import words
from tests.events.conftest import announcement, plan, sent, work

GIVEN = {
    "scope_screening": "given",
    "scope_photographs": "given",
    "scope_teledentistry": "given",
    "scope_sealants": "refused",
}
SIGNED = {"signer_name": "Ana Reyes", "signer_authority": "Mother", "language": "English", "valid_from": "2026-11-10",
          "valid_until": "2027-11-09"}  # fmt: skip


def printed(client, event):
    """The PDF of forms for everybody on the list."""
    client.post(
        reverse("event-forms", args=[event.public_id]), {"back_by": event.starts_on.isoformat(), "whom": "everybody"}
    )
    work()
    return b"".join(open_streaming(FormRun.objects.order_by("-pk").first().file.key))


def scanned(client, event, content, name="scan.pdf"):
    sent(client, reverse("form-scan-uploads", args=[event.public_id]), content, name)
    return FormScan.objects.order_by("-pk").first()


def drawn(pdf, page=0, dpi=150):
    return pypdfium2.PdfDocument(pdf)[page].render(scale=dpi / 72).to_pil().convert("L")


def as_file(*pictures, kind="PDF", **how):
    out = io.BytesIO()
    pictures[0].save(
        out, kind, **({"save_all": True, "append_images": pictures[1:]} if len(pictures) > 1 else {}), **how
    )
    return out.getvalue()


def is_upright(page):
    """The code stands in the upper right quarter of what a person sees, whichever way the sheet lay."""
    shown = Image.open(io.BytesIO(b"".join(open_streaming(page.picture.key))))
    return bool(codes_on(shown.crop((shown.width // 2, 0, shown.width, shown.height // 3))))


def paper(shade=252):
    noise = np.random.default_rng(7).normal(shade, 4, (1650, 1275))
    return Image.fromarray(np.clip(noise, 0, 255).astype("uint8"))


def shaded(picture):
    """As a phone sees it in a corridor: one side in the dark."""
    return Image.fromarray((np.asarray(picture) * np.linspace(0.35, 1, picture.width)).astype("uint8"))


def folded(picture):
    bent = np.asarray(picture).astype(float)
    crease = np.exp(-(((np.arange(bent.shape[0]) - bent.shape[0] / 9) / 3) ** 2))  # a soft shadow, some pixels wide
    return Image.fromarray((bent * (1 - 0.45 * crease[:, None])).astype("uint8"))


BADLY = {
    "upside down": lambda page: page.rotate(180),
    "on its side": lambda page: page.rotate(90, expand=True),
    "askew": lambda page: page.rotate(11, expand=True, fillcolor=255),
    "small": lambda page: page.resize((page.width // 2, page.height // 2)),
    "blurred": lambda page: page.filter(ImageFilter.GaussianBlur(1.5)),
    "in the dark": shaded,
    "folded through the code": folded,
    "pale": lambda page: page.point(lambda value: 170 + value // 3),
    "black and white": lambda page: page.convert("1"),
}


@pytest.fixture(scope="module")
def one_form(tmp_path_factory):
    """A form as it is printed, drawn, and its id."""
    folder, form = tmp_path_factory.mktemp("forms"), uuid4()
    child = Child("Mateo Villanueva-Reyes", date(2018, 3, 14), "Alder Creek Elementary", "12", "B2CK")
    page = page_of(form, child, ENGLISH, practice="Riverbend Dental", phone="541-555-0100", back_by=date(2026, 11, 16))
    (folder / "forms.jsonl").write_text(json.dumps(page))
    made = render_forms(source=str(folder / "forms.jsonl"), out_dir=str(folder), title="Forms", at=cast.AT.isoformat())
    return drawn(folder / made["file"]), str(form)


@pytest.mark.parametrize("how", BADLY)
def test_a_code_is_read_however_the_page_was_scanned(one_form, how):
    page, form = one_form
    assert codes_on(BADLY[how](page)) == (form,)


def test_every_page_is_filed_under_the_child_whose_code_it_bears(world, as_person, event, mateo):
    sofia = cast.make_patient(world, given="Sofía", family="Marín")
    attending.add_child(actor=world.of("hana"), event=event, patient=sofia, at=cast.AT)
    rita = as_person("rita")
    pdf = printed(rita, event)
    strange = Image.new("L", (1275, 1650), 255)
    strange.paste(Image.new("L", (900, 400), 60), (180, 300))  # a drawing on the back of something else
    pile = as_file(drawn(pdf, 1).rotate(180), paper(), drawn(pdf, 0), strange)
    scan = scanned(rita, event, pile)
    assert scan.state == ScanState.READ
    pages = list(scan.pages.select_related("form", "file", "picture"))
    assert [page.found for page in pages] == [PageFound.FORM, PageFound.BLANK, PageFound.FORM, PageFound.NO_CODE]
    forms = {form.public_id: form.patient for form in FamilyForm.objects.select_related("patient")}
    for page, at in ((pages[0], 1), (pages[2], 0)):
        assert is_upright(page)
        assert str(page.form.public_id) in codes_on(drawn(pdf, at))
        assert page.patient == forms[page.form.public_id]
        assert page.filed_by is None
    assert {page.patient for page in pages} == {mateo, sofia, None}
    assert len({page.file_id for page in pages}) == 4
    for page in pages:  # each is one page by itself, and its bytes are what its row says
        alone = b"".join(open_streaming(page.file.key))
        assert len(pypdfium2.PdfDocument(alone)) == 1
        assert sha256_at_rest(page.file) == page.file.sha256
    assert b"".join(open_streaming(scan.file.key)) == pile


def test_a_photograph_of_a_page_is_its_own_page(as_person, event, mateo):
    rita = as_person("rita")
    photograph = as_file(shaded(drawn(printed(rita, event))), kind="JPEG", quality=60)
    scan = scanned(rita, event, photograph, "IMG_1.JPG")
    page = scan.pages.get()
    assert (page.patient, page.file_id) == (mateo, scan.file_id)


def test_a_tiff_of_many_pages_is_taken_apart(as_person, event, mateo):
    rita = as_person("rita")
    page = drawn(printed(rita, event))
    scan = scanned(
        rita,
        event,
        as_file(page, Image.new("L", page.size, 251), kind="TIFF", compression="tiff_adobe_deflate"),
        "scan.tif",
    )
    assert [(one.found, one.patient, one.file.media_type) for one in scan.pages.select_related("patient", "file")] == [
        ("form", mateo, "image/png"), ("blank", None, "image/png"),
    ]  # fmt: skip


def test_two_forms_on_one_page_are_nobodys(world, as_person, event, mateo):
    sofia = cast.make_patient(world, given="Sofía", family="Marín")
    attending.add_child(actor=world.of("hana"), event=event, patient=sofia, at=cast.AT)
    rita = as_person("rita")
    pdf = printed(rita, event)
    both = Image.new("L", (2550, 1650), 255)
    both.paste(drawn(pdf, 0), (0, 0))
    both.paste(drawn(pdf, 1), (1275, 0))
    page = scanned(rita, event, as_file(both)).pages.get()
    assert (page.found, page.patient) == (PageFound.SEVERAL, None)


def test_a_form_of_another_school_day_files_itself_nowhere(world, as_person, event, mateo):
    rita = as_person("rita")
    pdf = printed(rita, event)
    later = plan(world, first=event.starts_on.replace(day=event.starts_on.day + 1))
    page = scanned(rita, later, as_file(drawn(pdf))).pages.get()
    assert (page.found, page.form, page.patient) == (PageFound.STRANGE, None, None)


def test_of_a_child_who_was_merged_it_is_the_one_who_stays(world, as_person, event, mateo):
    rita = as_person("rita")
    page = as_file(drawn(printed(rita, event)))
    stays = cast.make_patient(world, given="Mateo", family="Reyes")
    merge_patients(actor=world.of("olu"), kept=stays, merged=mateo, reason="One child, twice in the list", at=cast.AT)
    assert scanned(rita, event, page).pages.get().patient == stays


def test_what_the_family_ticked_is_entered_with_the_page_as_evidence(world, as_person, event, mateo):
    type(mateo).objects.filter(pk=mateo.pk).update(language="Spanish")
    rita = as_person("rita")
    scan = scanned(rita, event, as_file(drawn(printed(rita, event)), paper()))
    page = scan.pages.get(number=1)
    seen = rita.get(reverse("event-returned-page", args=[page.public_id]))
    assert mateo.name in words(seen)
    answer = rita.post(
        reverse("event-returned-enter", args=[page.public_id]),
        {
            **GIVEN,
            **SIGNED,
            "child": mateo.public_id,
            "language": "Spanish",
            "payer": "Oregon Health Plan",
            "member_id": "OH7",
        },
    )
    assert (answer.status_code, answer["Location"]) == (302, reverse("event-returned", args=[event.public_id]))
    consent, form = Consent.objects.get(), FamilyForm.objects.get()
    assert (consent.patient, consent.evidence, consent.scan) == (mateo, Evidence.SCAN, page.file)
    assert (consent.text_version, consent.text_sha256) == (form.text_version, form.text_sha256)
    assert {row.scope: row.given for row in consent.scopes.all()} == {
        "screening": True, "photographs": True, "teledentistry": True, "sealants": False,
    }  # fmt: skip
    page.refresh_from_db()
    assert page.consent == consent
    on_file = as_person("hana").get(reverse("capture-consent", args=[mateo.public_id])).content.decode()
    assert reverse("event-returned-page", args=[page.public_id]) in on_file
    told = SaidPlan.objects.get()
    assert (told.patient, told.payer, told.member_id) == (mateo, "Oregon Health Plan", "OH7")


def entered(client, page, **said):
    answer = client.post(
        reverse("event-returned-enter", args=[page.public_id]),
        {"child": page.patient.public_id, **GIVEN, **SIGNED, **said},
    )
    assert answer.status_code == 302, words(answer)


def test_what_the_family_wrote_of_health_stands_before_who_asks_and_who_reads(world, as_person, event, mateo):
    rita, hana = as_person("rita"), as_person("hana")
    pdf = printed(rita, event)
    first, newer, silent = (scanned(rita, event, as_file(drawn(pdf).rotate(turn))).pages.get() for turn in (0, 1, 2))
    entered(rita, first, health="Gets a <b>rash</b>\nfrom penicillin")
    day = hana.get(f"/device/api/day/{event.public_id}").json()["children"][0]
    assert day["family_wrote"] == {"on": "2026-11-10", "words": "Gets a <b>rash</b>\nfrom penicillin"}
    assert day["allergies"] is None
    entered(rita, newer, health="Penicillin, and an inhaler", valid_from="2026-11-12")
    entered(rita, silent, valid_from="2026-11-13")
    case = cast.case_at(world, Status.IN_REVIEW, patient=mateo)
    for client, address in (
        (hana, reverse("capture-case", args=[case.public_id])), (as_person("dev"), f"/reading/{case.public_id}/"),
    ):  # fmt: skip
        page = words(client.get(address))
        assert "signed 12 Nov 2026: Penicillin, and an inhaler" in page
        assert "rash" not in page
    draft = cast.case_at(world, Status.DRAFT, patient=mateo)
    asked = words(hana.get(reverse("capture-case", args=[draft.public_id])))
    assert asked.index("Complaint and history") < asked.index("and an inhaler") < asked.index("Health conditions")
    draft.refresh_from_db()
    assert "allergies" not in draft.answers


def test_what_the_family_wrote_goes_where_its_page_goes(world, as_person, event, mateo):
    rita = as_person("rita")
    entered(rita, scanned(rita, event, as_file(drawn(printed(rita, event)))).pages.get(), health="Asthma")
    stays = cast.make_patient(world, given="Mateo", family="Reyes")
    merge_patients(actor=world.of("olu"), kept=stays, merged=mateo, reason="One child, twice in the list", at=cast.AT)
    assert family_wrote([stays.pk, mateo.pk])[stays.pk].words == "Asthma"


def test_what_was_entered_of_health_for_the_wrong_child_is_taken_back_with_a_reason(world, as_person, event, mateo):
    rita = as_person("rita")
    row = scanned(rita, event, as_file(drawn(printed(rita, event)))).pages.get()
    address = reverse("event-returned-health", args=[row.public_id])
    assert rita.post(address, {"reason": "Read it wrong"}).status_code == 422  # nothing was entered yet
    entered(rita, row, health="x" * 500)
    where = reverse("event-returned-page", args=[row.public_id])
    assert reverse("claims-consent", args=[mateo.public_id]) in rita.get(where).text
    assert rita.post(address, {"health": "Asthma", "reason": "-"}).status_code == 422
    rita.post(address, {"health": "Asthma", "reason": "Read it wrong"})
    assert family_wrote([mateo.pk])[mateo.pk].words == "Asthma"
    rita.post(address, {"health": "", "reason": "It is of his brother"})
    assert family_wrote([mateo.pk]) == {}
    assert list(row.changes.values_list("was", "reason", "person__name"))[-2:] == [
        ("x" * 500, "Read it wrong", world.people["rita"].name),
        ("Of health: Asthma", "It is of his brother", world.people["rita"].name),
    ]
    assert AccessEvent.objects.filter(verb="changed", noun="form page", public_id=row.public_id).count() == 2
    assert Consent.objects.get(patient=mateo).scopes.filter(given=True).exists()
    assert as_person("olu").post(address, {"health": "", "reason": "Not hers"}).status_code == 404


def test_an_old_paper_undoes_nothing_that_the_family_said_after_it(world, as_person, event, mateo):
    rita = as_person("rita")
    cast.consent_to(world, mateo, at=cast.AT - timedelta(days=30))
    page = scanned(rita, event, as_file(drawn(printed(rita, event)))).pages.get()
    address = reverse("event-returned-enter", args=[page.public_id])
    withdraw_consent(
        actor=world.of("hana"), patient=mateo, scope=Scope.PHOTOGRAPHS, reason="The mother called the desk", at=cast.AT
    )
    shown = rita.get(reverse("event-returned-page", args=[page.public_id]))
    assert "Photographs So far: withdrawn" in words(shown)
    assert 'name="valid_from" value' not in shown.content.decode()
    undated = rita.post(address, {**GIVEN, **SIGNED, "child": mateo.public_id, "valid_from": ""})
    assert (undated.status_code, Consent.objects.count()) == (422, 1)
    refused = rita.post(address, {**GIVEN, **SIGNED, "child": mateo.public_id})
    assert "photographs was withdrawn on 17 Nov 2026" in words(refused)
    rest = {**GIVEN, "scope_photographs": ""}
    record_consent(
        actor=world.of("hana"), patient=mateo, scopes={Scope.TELEDENTISTRY: False}, signer_name="Ana Reyes", signer_authority="Mother",
        evidence=Evidence.PAPER, language="English", valid_from=date(2026, 11, 15), at=cast.AT,
    )  # fmt: skip
    assert "said no to" in words(rita.post(address, {**rest, **SIGNED, "child": mateo.public_id}))
    entered(rita, page, scope_photographs="", scope_teledentistry="", valid_until="")
    assert Consent.objects.order_by("-pk").first().valid_until == date(2027, 11, 9)
    now = {one.scope: one.word for one in standing_of(mateo, cast.AT.date())}
    assert (now[Scope.PHOTOGRAPHS], now[Scope.TELEDENTISTRY]) == ("Withdrawn", "Refused")


def test_a_paper_is_not_signed_tomorrow(as_person, event, mateo):
    rita = as_person("rita")
    page = scanned(rita, event, as_file(drawn(printed(rita, event)))).pages.get()
    tomorrow = {**GIVEN, **SIGNED, "child": mateo.public_id, "valid_from": "2099-01-01", "valid_until": ""}
    assert "after today" in words(rita.post(reverse("event-returned-enter", args=[page.public_id]), tomorrow))


def test_a_page_is_entered_once(world, as_person, event, mateo):
    rita = as_person("rita")
    page = scanned(rita, event, as_file(drawn(printed(rita, event)))).pages.get()
    address = reverse("event-returned-enter", args=[page.public_id])
    assert rita.post(address, {**GIVEN, **SIGNED, "child": mateo.public_id}).status_code == 302
    assert rita.post(address, {**GIVEN, **SIGNED, "child": mateo.public_id}).status_code == 409
    assert Consent.objects.count() == 1
    again = scanned(rita, event, as_file(drawn(printed(rita, event)).rotate(2, fillcolor=255))).pages.get()
    assert FormPage.objects.filter(pk=again.pk).to_enter().exists()


def test_what_is_missing_is_said_with_everything_still_there(as_person, event, mateo):
    rita = as_person("rita")
    page = scanned(rita, event, as_file(drawn(printed(rita, event)))).pages.get()
    answer = rita.post(
        reverse("event-returned-enter", args=[page.public_id]), {**SIGNED, "child": mateo.public_id, "payer": "Acme"}
    )
    assert answer.status_code == 422
    assert "Tick what the family answered" in words(answer)
    assert b'value="Acme"' in answer.content
    assert not Consent.objects.exists()


def test_a_page_without_a_code_waits_for_a_person(world, as_person, event, mateo):
    rita = as_person("rita")
    printed(rita, event)
    letter = Image.new("L", (1275, 1650), 255)
    letter.paste(Image.new("L", (900, 300), 40), (100, 100))
    page = scanned(rita, event, as_file(letter)).pages.get()
    asked = rita.get(reverse("event-returned-page", args=[page.public_id]))
    assert "Whose page is it?" in words(asked)
    assert (
        rita.post(
            reverse("event-returned-enter", args=[page.public_id]), {**GIVEN, **SIGNED, "child": mateo.public_id}
        ).status_code
        == 422
    )
    filed = {"child": mateo.public_id, "paper": "other"}
    assert rita.post(reverse("event-returned-file", args=[page.public_id]), filed).status_code == 302
    page.refresh_from_db()
    assert (page.patient, page.filed_by, page.form) == (mateo, world.people["rita"], None)
    rita.post(reverse("event-returned-enter", args=[page.public_id]), {**GIVEN, **SIGNED, "child": mateo.public_id})
    assert Consent.objects.get().text_version == "family-2026-11"  # no claim that she signed the words of our form


def test_a_page_goes_from_one_child_to_another_with_a_reason_and_says_how_it_stood(world, as_person, event, mateo):
    sofia = cast.make_patient(world, given="Sofía", family="Marín")
    attending.add_child(actor=world.of("hana"), event=event, patient=sofia, at=cast.AT)
    rita = as_person("rita")
    page = scanned(rita, event, as_file(drawn(printed(rita, event)))).pages.get()
    was, other = page.patient, sofia if page.patient == mateo else mateo
    file, address = (reverse(f"event-returned-{name}", args=[page.public_id]) for name in ("file", "page"))
    filed = {"child": other.public_id, "paper": "ours"}
    refused = rita.post(file, filed)
    assert (refused.status_code, f"Say why it is not of {was.name}" in words(refused)) == (422, True)
    assert f"Why it is not of {was.name}" in words(rita.get(address, {"whose": "1"}))
    assert rita.post(file, {**filed, "reason": "Her sister's name stands on it"}).status_code == 302
    rita.post(reverse("event-returned-aside", args=[page.public_id]), {"because": "Torn in two"})
    rita.post(reverse("event-returned-take-up", args=[page.public_id]))
    first, second, third = page.changes.all()
    assert first.was.startswith(f"Filed under {was.name}, born ")
    assert (" by its code on " in first.was, first.reason) == (True, "Her sister's name stands on it")
    assert second.was.startswith(f"Filed under {other.name}, born ")
    assert "Set aside by Rita" in third.was
    assert third.was.endswith(": Torn in two")
    assert AccessEvent.objects.filter(verb="changed", noun="form page", public_id=page.public_id).count() == 3
    assert "Torn in two" in words(rita.get(address))


def test_an_answer_is_of_the_child_who_was_shown(world, as_person, event, mateo):
    """Two people at one page: it is filed under another child while the first one reads."""
    sofia = cast.make_patient(world, given="Sofía", family="Marín")
    attending.add_child(actor=world.of("hana"), event=event, patient=sofia, at=cast.AT)
    rita = as_person("rita")
    page = scanned(rita, event, as_file(drawn(printed(rita, event)))).pages.get()
    shown, other = page.patient, sofia if page.patient == mateo else mateo
    assert (
        f'name="child" value="{shown.public_id}"'
        in rita.get(reverse("event-returned-page", args=[page.public_id])).content.decode()
    )
    file_page(
        actor=world.of("hana"), page=page, patient=other, is_ours=True, at=cast.AT, reason="Another name stands on it"
    )
    late = rita.post(
        reverse("event-returned-enter", args=[page.public_id]), {**GIVEN, **SIGNED, "child": shown.public_id}
    )
    assert (late.status_code, Consent.objects.count()) == (409, 0)


def test_empty_pages_are_shown_so_that_one_look_tells(as_person, event, mateo):
    rita = as_person("rita")
    scan = scanned(rita, event, as_file(drawn(printed(rita, event)), paper()))
    shown = rita.get(reverse("event-returned", args=[event.public_id]), {"show": "empty"}).content.decode()
    assert reverse("event-returned-picture", args=[scan.pages.get(found="blank").public_id]) in shown


def test_a_long_pile_is_written_in_few_statements(as_person, event, mateo):
    def written(pages):
        with CaptureQueriesContext(connection) as found:
            scan = scanned(as_person("rita"), event, as_file(*(paper(200 + at) for at in range(pages))), f"{pages}.pdf")
        assert scan.pages.count() == pages
        return sum(one["sql"].startswith("INSERT INTO") for one in found)

    assert written(3) == written(6)


def test_who_is_not_on_the_list_gets_no_page(world, as_person, event, mateo):
    stranger = cast.make_patient(world, given="Sofía", family="Marín")
    rita = as_person("rita")
    printed(rita, event)
    page = scanned(rita, event, as_file(paper())).pages.get()
    filed = {"child": stranger.public_id, "paper": "other"}
    assert rita.post(reverse("event-returned-file", args=[page.public_id]), filed).status_code == 404


def test_a_page_is_set_aside_with_a_reason_and_taken_up_again(as_person, event, mateo):
    rita = as_person("rita")
    page = scanned(rita, event, as_file(drawn(printed(rita, event)))).pages.get()
    aside = reverse("event-returned-aside", args=[page.public_id])
    assert rita.post(aside, {"because": "-"}).status_code == 422
    assert rita.post(aside, {"because": "The same sheet, scanned again"}).status_code == 302
    assert (
        rita.post(
            reverse("event-returned-enter", args=[page.public_id]), {**GIVEN, **SIGNED, "child": mateo.public_id}
        ).status_code
        == 409
    )
    rita.post(reverse("event-returned-take-up", args=[page.public_id]))
    assert FormPage.objects.to_enter().get() == page


def test_the_same_file_is_not_taken_twice(as_person, event, mateo):
    rita = as_person("rita")
    pile = as_file(drawn(printed(rita, event)))
    scanned(rita, event, pile)
    address = reverse("form-scan-uploads", args=[event.public_id])
    refused = rita.post(address, headers=announcement(pile, "scan.pdf"))
    assert refused.status_code == 422
    assert "came in before" in refused.content.decode()
    assert FormPage.objects.count() == 1


def test_a_file_that_was_given_up_on_its_way_is_sent_anew(as_person, event, mateo):
    rita, address = as_person("rita"), reverse("form-scan-uploads", args=[event.public_id])
    pile = as_file(drawn(printed(rita, event)))
    assert rita.post(address, headers=announcement(pile, "scan.pdf")).status_code == 201
    assert scanned(rita, event, pile).pages.count() == 1
    assert event.form_scans.count() == 1


def test_one_that_is_too_large_is_refused_before_it_is_sent(as_person, event, mateo):
    address = reverse("form-scan-uploads", args=[event.public_id])
    assert (
        as_person("rita").post(address, headers=announcement(b"x", "scan.pdf", size=MOST_BYTES + 1)).status_code == 422
    )


HOSTILE = {
    "no picture": b"<html>forms</html>",
    "cut short": b"%PDF-1.7\n1 0 obj\n<<",
    "half a picture": as_file(paper(), kind="JPEG")[:4000],
    "a radiograph": b"\0" * 128 + b"DICM" + b"\0" * 64,
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_cannot_be_read_says_so_and_leaves_nothing(as_person, event, mateo, what):
    scan = scanned(as_person("rita"), event, HOSTILE[what], "scan.pdf")
    assert (scan.state, scan.pages.count()) == (ScanState.REFUSED, 0)
    assert scan.reason
    files = StoredFile.objects.filter(sha256=hashlib.sha256(HOSTILE[what]).hexdigest())
    assert files.count() == 1


def test_the_list_asks_as_much_for_many_pages_as_for_few(as_person, event, mateo):
    rita = as_person("rita")
    page = drawn(printed(rita, event))
    address = reverse("event-returned", args=[event.public_id])

    def asked():
        rita.get(address)  # puts the reading on the trail
        with CaptureQueriesContext(connection) as found:
            assert rita.get(address).status_code == 200
        return len(found)

    scanned(rita, event, as_file(page))
    few = asked()
    scanned(rita, event, as_file(page.rotate(1), page.rotate(2), page.rotate(3), page.rotate(4)))
    assert asked() == few
