"""What a signature takes, and that each thing missing refuses it and loses nothing."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from cases.actions import consenting, files, reviewing, signing, submitting
from cases.models import Asset, Case, CaseEvent, CodeLicence, Review, Scope, Signature
from cases.record import read_record
from cases.states import Status
from teledent.accounts.models import Credential, Licence
from teledent.kit import canonical
from teledent.kit.decisions import Conflict, Refused
from tests import cast


@dataclass
class Reading:
    world: cast.World
    case: Case
    review: Review

    def sign(self, **changes):
        words = {
            "actor": self.world.of("dev"), "review": self.review, "version": self.review.version, "evaluation_code": "D0140",
            "no_live_contact": True, "not_same_building": True, "password": cast.PASSWORD, "at": cast.AT + timedelta(minutes=40),
        }  # fmt: skip
        return signing.sign_review(**{**words, **changes})


@pytest.fixture
def reading(world):
    case = cast.case_at(world, Status.IN_REVIEW)
    at = cast.AT + timedelta(minutes=30)
    return Reading(world, case, cast.write(world, case, at))


def test_a_signature_freezes_content_hash_licence_and_encounter(reading):
    signature = reading.sign()
    case = Case.objects.get(pk=reading.case.pk)
    assert case.status == Status.SIGNED
    assert signature.digest == canonical.sha256_of(signature.content)
    assert (signature.licence_state, signature.encounter_code) == ("OR", "D9996")
    assert signature.content["review"]["evaluation_code"] == "D0140"
    assert {image["sha256"] for image in signature.content["images"]} == set(
        case.assets.values_list("declared_sha256", flat=True)
    )


def refusal(reading, **changes):
    with pytest.raises(Refused) as refused:
        reading.sign(**changes)
    assert not Signature.objects.exists()
    assert Case.objects.get(pk=reading.case.pk).status == Status.IN_REVIEW
    assert Review.objects.get(pk=reading.review.pk).signed_at is None
    return refused.value.sentence


def test_a_wrong_password_signs_nothing(reading):
    assert "password" in refusal(reading, password="not hers")


def test_an_evaluation_must_be_chosen(reading):
    assert "Choose the evaluation" in refusal(reading, evaluation_code="")


def test_only_evaluations_of_the_practice_are_chosen(reading):
    assert "not among the practice's codes" in refusal(reading, evaluation_code="D9996")


def test_no_evaluation_is_chosen_before_the_practice_confirmed_its_licence(reading):
    CodeLicence.objects.all().delete()
    assert "not among the practice's codes" in refusal(reading)


def test_the_same_building_is_no_store_and_forward(reading):
    assert "same building" in refusal(reading, not_same_building=False)


def test_a_live_evaluation_is_signed_as_d9995_and_never_d9996(reading):
    assert reading.sign(no_live_contact=False).encounter_code == "D9995"


def test_a_stale_page_signs_nothing(reading):
    assert "changed since you looked" in refusal(reading, version=reading.review.version - 1)


def test_a_licence_that_ended_refuses(reading):
    Licence.objects.filter(credential__person=reading.world.people["dev"]).update(
        ends_on=date(2026, 1, 1), starts_on=date(2025, 1, 1)
    )
    assert "no active licence in OR" in refusal(reading)


def test_a_lease_that_ran_out_refuses(reading):
    assert "ran out" in refusal(reading, at=cast.AT + timedelta(hours=9))


def test_a_picture_that_is_not_in_refuses(reading):
    Asset.objects.filter(case=reading.case, view="lower").update(state="received")
    assert "1 of 2 received" in refusal(reading)


def test_a_picture_that_came_in_after_the_page_was_shown_is_not_signed_unseen(reading):
    late = Asset.objects.filter(case=reading.case, view="lower")
    late.update(state="received")
    record = read_record(reading.case, review=reading.review)
    shown = signing.digest_to_sign(record, submission=reading.review.submission)
    late.update(state="examined")
    assert "changed since you looked" in refusal(reading, shown=shown)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (
            {"told": "told", "told_to": "The mother", "told_how": "Phone", "told_at": cast.AT + timedelta(days=1)},
            "lies ahead",
        ),
        ({"outcome_by": date(2026, 11, 16)}, "is to be seen has passed"),
        ({"next_step_on": date(2026, 11, 16)}, "next step has passed"),
    ],
)
def test_a_day_that_cannot_be_is_not_signed(reading, said, why):
    at = cast.AT + timedelta(minutes=35)
    reading.review.version = reviewing.save_review(
        actor=reading.world.of("dev"), review=reading.review, version=reading.review.version, at=at, **said
    )
    assert why in refusal(reading)


def test_consent_withdrawn_meanwhile_stops_the_case(reading):
    consenting.withdraw_consent(
        actor=reading.world.of("hana"),
        patient=reading.case.patient,
        scope=Scope.PHOTOGRAPHS,
        reason="The mother called",
        at=cast.AT,
    )
    with pytest.raises(Refused):
        reading.sign()
    assert Case.objects.get(pk=reading.case.pk).status == Status.STOPPED


def test_a_promise_of_health_is_not_signed(reading):
    reading.review.version = reviewing.save_review(
        actor=reading.world.of("dev"), review=reading.review, version=reading.review.version, at=cast.AT + timedelta(minutes=35),
        conclusions="No cavities.",
    )  # fmt: skip
    assert "cannot be concluded from pictures" in refusal(reading)


def test_what_cannot_be_assessed_is_signed_without_evaluation_or_encounter(reading):
    reading.review.version = reviewing.save_review(
        actor=reading.world.of("dev"), review=reading.review, version=reading.review.version, at=cast.AT + timedelta(minutes=35),
        sufficiency="not_assessable",
    )  # fmt: skip
    assert reading.sign(evaluation_code="").encounter_code == ""


def test_nobody_signs_what_she_captured(world):
    case = cast.case_at(world, Status.SUBMITTED)
    Asset.objects.filter(case=case).update(declared_by=world.people["dev"])
    with pytest.raises(Refused, match="gathered part"):
        reviewing.start_review(actor=world.of("dev"), case=case, at=cast.AT)


def test_a_hygienists_credential_reads_nothing(world):
    case = cast.case_at(world, Status.SUBMITTED)
    Credential.objects.filter(person=world.people["dev"]).update(taxonomy="124Q00000X")
    with pytest.raises(Refused, match="not a dentist's"):
        reviewing.start_review(actor=world.of("dev"), case=case, at=cast.AT)


def test_a_second_signature_is_a_conflict(reading):
    reading.sign()
    with pytest.raises(Refused):
        reading.sign()
    assert Signature.objects.count() == 1


def test_a_newer_version_must_be_read_before_signing(reading):
    reviewing.request_info(
        actor=reading.world.of("dev"),
        review=reading.review,
        asks=[reviewing.Ask("Which tooth hurts?", field="complaint")],
        at=cast.AT,
    )
    item = reading.case.requests.get().items.get()
    case = Case.objects.get(pk=reading.case.pk)
    reviewing.answer_request(actor=reading.world.of("hana"), item=item, answer="The lower left one", at=cast.AT)
    submitting.submit_case(actor=reading.world.of("hana"), case=case, at=cast.AT)
    review = reviewing.start_review(actor=reading.world.of("dev"), case=case, at=cast.AT)
    assert review.pk != reading.review.pk
    assert (review.conclusions, review.submission.version) == (cast.REVIEW["conclusions"], 2)
    with pytest.raises(Conflict, match="newer version"):
        reading.sign(at=cast.AT + timedelta(minutes=1))


def test_a_picture_that_went_to_another_child_is_in_no_newer_draft(reading):
    world, hana = reading.world, reading.world.of("hana")
    asks = [reviewing.Ask("Whose picture is this?", field="complaint")]
    reviewing.request_info(actor=world.of("dev"), review=reading.review, asks=asks, at=cast.AT)
    noor = cast.case_at(world, patient=cast.make_patient(world, given="Noor", born=date(2017, 2, 3)))
    moved = reading.case.assets.get(view="lower")
    files.move_file(actor=hana, asset=moved, to=noor, reason="Taken after Noor sat down", at=cast.AT)
    item = reading.case.requests.get().items.get()
    reviewing.answer_request(actor=hana, item=item, answer="Noor's; moved", at=cast.AT)
    submitting.submit_case(actor=hana, case=Case.objects.get(pk=reading.case.pk), at=cast.AT)
    review = reviewing.start_review(actor=world.of("dev"), case=reading.case, at=cast.AT)
    assert not review.views.filter(asset=moved).exists()
    earlier = read_record(reading.case, review=reading.review).review
    assert moved.public_id not in {view.image for view in earlier.views}


def test_a_retraction_keeps_the_review_and_says_so_on_the_timeline(world):
    case = cast.case_at(world, Status.RETRACTED)
    assert case.signature.content["review"]["conclusions"]
    assert CaseEvent.objects.filter(case=case, kind="retract").exists()


@pytest.mark.parametrize(("name", "allowed"), [("dev", True), ("olu", True), ("hana", False), ("rita", False)])
def test_the_signer_or_a_manager_retracts(world, name, allowed):
    case = cast.case_at(world, Status.SIGNED)
    words = {
        "actor": world.of(name),
        "case": case,
        "reason": "wrong_images",
        "explanation": "Another child's pictures",
        "at": cast.AT,
    }
    if allowed:
        signing.retract_case(**words)
    else:
        with pytest.raises(Refused):
            signing.retract_case(**words)
    assert Case.objects.get(pk=case.pk).status == (Status.RETRACTED if allowed else Status.SIGNED)


def test_the_licence_is_that_of_the_day_where_the_patient_was(world):
    case = cast.case_at(world, Status.SUBMITTED)
    Case.objects.filter(pk=case.pk).update(patient_place="home", patient_state="NY")
    dev = world.people["dev"]
    Licence.objects.create(
        credential=dev.credential, state="NY", number="77", starts_on=date(2026, 11, 18), ends_on=date(2027, 1, 1)
    )
    late_at_the_site = datetime(2026, 11, 18, 5, 30, tzinfo=UTC)  # the 17th there, half past midnight of the 18th in NY
    assert reviewing.start_review(actor=world.of("dev"), case=case, at=late_at_the_site)
