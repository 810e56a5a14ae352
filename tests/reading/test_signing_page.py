"""The signature on its page: what is shown is what is frozen, refusals stand beside their fields, nothing is lost."""

import pytest

from cases.actions import charting, reviewing
from cases.actions.importing_codes import import_codes
from cases.models import Asset, AssetState, Case, Review, Signature
from cases.states import Status
from teledent.accounts.confirming import PAUSE
from teledent.accounts.models import PasswordTries
from teledent.kit import clock
from tests import cast

SAID = {
    "evaluation_code": "D0140", "no_live_contact": "on", "not_same_building": "on", "password": cast.PASSWORD,
}  # fmt: skip


def sign(desk, **changes):
    shown = desk.get("sign/").context["form"].initial
    said = {name: value for name, value in {**SAID, "shown": shown["shown"], **changes}.items() if value is not None}
    return desk.post("sign/", **said)


def test_the_page_shows_what_will_be_frozen(written):
    text = written.get("sign/").content.decode()
    for said in (
        cast.REVIEW["conclusions"],
        cast.REVIEW["advice"],
        "K02.52",
        "Examination and filling in person",
        "Asthma",
        "D0140",
    ):
        assert said in text
    assert "I read these records myself" in text


@pytest.mark.parametrize(("kind", "offered"), [("screening", False), ("emergency", False), ("second_opinion", True)])
def test_a_consultation_is_offered_only_where_an_opinion_was_asked_for(written, kind, offered):
    """Coding lists hold it among the evaluations, next to D9996."""
    lines = ["code,from,until,use,text", "D9310,2020-01-01,,evaluation,Consultation"]
    import_codes(practice=written.case.practice, lines=lines)
    Case.objects.filter(pk=written.case.pk).update(kind=kind)
    codes = [code for code, _ in written.get("sign/").context["form"].fields["evaluation_code"].choices]
    assert ("D9310" in codes, "D0140" in codes) == (offered, True)
    said = written.get("sign/").content.decode()
    assert ("D9310 Consultation (another practitioner asked and gets your report" in said) == offered
    refused = "Select a valid choice" in sign(written, evaluation_code="D9310").content.decode()
    assert refused == (not offered)


def test_signing_freezes_and_leads_to_the_report(written):
    answer = sign(written)
    assert answer.url == f"/cases/{written.case.public_id}/"
    signature = Signature.objects.get(case=written.case)
    assert signature.encounter_code == "D9996"
    report = written.client.get(answer.url).content.decode()
    assert signature.digest in report
    assert cast.REVIEW["conclusions"] in report


@pytest.mark.parametrize(
    ("changes", "reason"),
    [({"password": "wrong"}, "The password is not right"), ({"evaluation_code": None}, "Choose the evaluation you performed"),
     ({"no_live_contact": None}, "Say one of the two"), ({"not_same_building": None}, "not for a dentist in the same building"),
     ({"live_contact": "on"}, "Say one of the two"), ({"evaluation_code": "D9999"}, "Select a valid choice")],
)  # fmt: skip
def test_a_refusal_stands_on_the_page_and_keeps_the_text(written, changes, reason):
    answer = sign(written, **changes)
    assert answer.status_code == 422
    assert reason in answer.content.decode()
    assert cast.REVIEW["advice"] in answer.content.decode()
    assert not Signature.objects.exists()
    assert written.review.signed_at is None


def test_live_contact_is_recorded_as_d9995_and_never_d9996(written):
    assert "D9996 will not be recorded" in written.get("sign/").content.decode()
    sign(written, no_live_contact=None, live_contact="on")
    assert Signature.objects.get().encounter_code == "D9995"


def test_not_assessable_is_signed_without_evaluation_and_encounter(written, world):
    reviewing.save_review(
        actor=world.of("dev"),
        review=written.review,
        version=written.review.version,
        at=clock.now(),
        sufficiency="not_assessable",
    )
    assert "Cannot be assessed from these records." in written.get("sign/").content.decode()
    sign(written, evaluation_code="D0140")  # sent without confirming that one was performed
    signature = Signature.objects.get()
    assert (signature.encounter_code, signature.content["review"]["evaluation_code"]) == ("", "")


def test_not_assessable_with_an_evaluation_performed_all_the_same(written, world):
    reviewing.save_review(
        actor=world.of("dev"),
        review=written.review,
        version=written.review.version,
        at=clock.now(),
        sufficiency="not_assessable",
    )
    sign(written, performed="on", evaluation_code="D0140")
    assert Signature.objects.get().encounter_code == "D9996"


def test_what_changed_after_the_look_is_not_signed(written, world):
    shown = written.get("sign/").context["form"].initial
    charting.mark_finding(actor=world.of("dev"), review=written.review, tooth="UR6", condition="watch", at=clock.now())
    answer = written.post("sign/", **SAID, **shown)
    assert answer.status_code == 409
    assert not Signature.objects.exists()


def test_another_picture_than_was_shown_is_not_signed(written):
    shown = written.get("sign/").context["form"].initial
    Asset.objects.filter(case=written.case, view="lower").update(state=AssetState.STRUCK, struck_reason="Wrong child")
    answer = written.post("sign/", **SAID, **shown)
    assert answer.status_code == 409
    assert not Signature.objects.exists()


def test_a_missing_picture_blocks_the_signature_in_words(written):
    Asset.objects.filter(case=written.case, view="lower").update(state=AssetState.RECEIVED)
    text = written.get("sign/").content.decode()
    assert "1 of 2 received" in text
    assert 'aria-disabled="true"' in text
    assert sign(written).status_code == 422
    assert not Signature.objects.exists()


def test_an_unfinished_draft_names_what_is_missing_and_where(desk):
    text = desk.get("sign/").content.decode()
    assert "Write what was looked at" in text
    assert f"{desk.root}#id_evaluation" in text


def test_nobody_signs_a_draft_of_somebody_else(written, client_of):
    for name in ("hana", "rita", "olu"):
        assert client_of(name).post(written.root + "sign/", SAID).status_code == 404
    assert written.fresh().status == Status.IN_REVIEW
    assert not Review.objects.filter(signed_at__isnull=False).exists()


def test_five_wrong_passwords_close_the_signature_for_a_while_and_keep_the_draft(written, client_of, world):
    for _ in range(5):
        answer = sign(written, password="guess")
    assert answer.status_code == 422
    assert "Try again in 15 minutes." in answer.content.decode()
    written.client = client_of("dev")  # the count is the person's, not the browser's
    answer = sign(written)
    assert "Nothing was signed; your text is kept." in answer.content.decode()
    assert cast.REVIEW["advice"] in answer.content.decode()
    assert not Signature.objects.exists()
    PasswordTries.objects.update(last_at=clock.now() - PAUSE)
    assert sign(written).status_code == 302
    assert Signature.objects.get().person == world.people["dev"]
