"""The record as it was signed: what a claim and its packet may rest on (RE-5, CL-10).

Rows of a case can still be touched by a page that was open too long; a submitted version and a signature cannot. So
every clinical fact that one of them holds is taken from there. What no signature holds stays as the record has it now:
today's consents, and whether a file is in.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from cases.models import Case, FollowUp, FollowUpStep, Signature, Submission
from cases.record import CaseRecord, read_record, signed_orders
from cases.record_facts import FindingFact, ImageFact, ServiceFact
from teledent.kit.text import is_filler

Signed = Mapping[str, Any]


def signed_record(case: Case, signature: Signature) -> CaseRecord:
    """The record of a signed case, in the words of its signature and of the version that the dentist read."""
    record = as_signed(read_record(case, review=signature.review), signature.review.submission, signature)
    return replace(record, told_later=was_told(follow_ups_of(signature)))


def as_signed(record: CaseRecord, submission: Submission, signature: Signature) -> CaseRecord:
    """`record` with everything that the hygienist signed in `submission` and the pictures that the dentist signed for."""
    gathered = submission.content
    read = {one["image"] for one in signature.content["images"]}
    return replace(
        record,
        kind=gathered["kind"],
        day_seen=date.fromisoformat(gathered["day_seen"]),
        site=gathered["site"],
        patient_place=gathered["patient_place"],
        patient_state=gathered["patient_state"],
        urgency=gathered["urgency"],
        questionnaire=gathered["questionnaire"],
        answers=gathered["answers"],
        findings=tuple(FindingFact(**one) for one in gathered["findings"]),
        services=services_of(submission),
        orders=signed_orders(gathered),
        images=tuple(_images(record.images, (one for one in gathered["images"] if one["public_id"] in read))),
    )


def services_of(submission: Submission) -> tuple[ServiceFact, ...]:
    """The services that the hygienist signed for (CA-3)."""
    return tuple(ServiceFact(**one) for one in submission.content["services"])


def follow_ups_of(signature: Signature) -> tuple[FollowUp, ...]:
    """What became of the advice after the signature, oldest first. "Told" counts only with whom and how, in words (CH-2).

    A person says when to the minute, so the minute of the signature itself still counts.
    """
    since = signature.at.replace(second=0, microsecond=0)
    rows = FollowUp.objects.filter(case=signature.case_id, happened_at__gte=since).select_related("recorded_by")
    return tuple(
        row for row in rows if row.step != FollowUpStep.TOLD or not (is_filler(row.told_to) or is_filler(row.how))
    )


def was_told(follow_ups: Iterable[FollowUp]) -> bool:
    return any(row.step == FollowUpStep.TOLD for row in follow_ups)


def _images(live: Iterable[ImageFact], signed: Iterable[Signed]) -> Iterable[ImageFact]:
    """Each picture as it was signed; where it stands on its way is a fact of now."""
    found = {str(image.public_id): image for image in live}
    for one in signed:
        if image := found.get(one["public_id"]):
            yield replace(image, **{**one, "public_id": image.public_id, **_times(one)})


def _times(one: Signed) -> dict[str, date | datetime | None]:
    return {
        "captured_at": datetime.fromisoformat(one["captured_at"]) if one["captured_at"] else None,
        "ordered_on": date.fromisoformat(one["ordered_on"]) if one["ordered_on"] else None,
    }
