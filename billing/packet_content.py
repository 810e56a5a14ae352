"""From rows to what the documentation packet prints. Words come from signed content alone (CL-10): the hygienist's
submission, the dentist's signature, signed addenda; from live rows only what the system itself recorded: times, names
of places."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from billing.attachments import Picture, Planned
from billing.claims.facts import ClaimFacts
from billing.packet import content as p
from billing.signed import follow_ups_of
from cases import questionnaires, teeth, view_labels
from cases.actions.signing import STATEMENT_TEXT
from cases.models import (
    Case,
    Kind,
    Outcome,
    PatientPlace,
    Retraction,
    Signature,
    Submission,
    Told,
    Urgency,
)
from cases.models.order import ordered_in_words
from cases.wording import annotations_in_words, sender_in_words, sent_in_words, what_of
from teledent.accounts.models import Credential
from teledent.printing.moments import Moment, moment_text

HOW_SENT = (
    "Over an encrypted connection, as the original files. Each file's SHA-256 hash was taken on the device and compared "
    "on arrival; originals are kept unchanged."
)
NO_LIVE_CONTACT = "I made this evaluation without live contact with the patient."
NOT_SAME_BUILDING = "I was not in the same building as the patient."
Signed = Mapping[str, Any]


def packet_content(
    case: Case, number: str, facts: ClaimFacts, planned: Iterable[Planned], *, authorised: Iterable[str] = ()
) -> p.PacketContent:
    """Everything the packet prints that goes with the claim or request `number` of `case`. A fixed number of queries; the
    pictures come in the order of `planned`. `authorised` are the payer's numbers that lines of the claim bear."""
    signature = Signature.objects.select_related("person", "review__submission__person").get(case=case)
    submission, zone = signature.review.submission, facts.case.time_zone  # the zone that dates the claim (CL-1)
    gathered, review = submission.content, signature.content["review"]
    people = [one for one in (signature.person_id, submission.person_id) if one is not None]
    titles = dict(Credential.objects.filter(person__in=people).values_list("person_id", "title"))
    return p.PacketContent(
        practice=_practice(facts),
        patient=_patient(signature.content["patient"], facts),
        visit=replace(_visit(number, facts, gathered), authorisation=", ".join(authorised)),
        record=_record(submission, signature, zone=zone, title=titles.get(submission.person_id or 0, "")),
        **_answers(gathered),
        hygienist_findings=_findings(gathered["findings"]),
        services=_services(gathered["services"], _glosses(facts)),
        done_under=_orders(gathered),
        images=_images(planned, gathered["images"], review["views"], zone=zone),
        review=_review(signature, _glosses(facts), zone=zone),
        signature=p.Signature(
            signer=p.Practitioner(
                signature.person_name, titles.get(signature.person_id) or "Dentist", signature.licence_number,
                signature.licence_state, signature.npi or None,
            ),
            signed=Moment(signature.at, zone),
            statement=STATEMENT_TEXT,
            content_hash=signature.digest,
        ),
        follow_ups=_follow_ups(signature, zone=zone),
        addenda=_addenda(case, zone=zone),
        retraction=_retraction(case, zone=zone),
    )  # fmt: skip


def _practice(facts: ClaimFacts) -> p.Practice:
    place = facts.practice.address
    lines = (place.street, place.street2, f"{place.city}, {place.state} {place.zip_code}")
    return p.Practice(facts.practice.name, tuple(line for line in lines if line), facts.practice.phone)


def _patient(signed: Signed, facts: ClaimFacts) -> p.Patient:
    card = facts.patient.card_name
    return p.Patient(
        name_in_use=signed["name"],
        legal_name=f"{signed['given_name']} {signed['family_name']}",
        birth_date=date.fromisoformat(signed["birth_date"]),
        second_identifier=signed["pupil_id"] or facts.patient.account,
        second_identifier_label="Pupil or patient id" if signed["pupil_id"] else "Practice's account",
        card_name=f"{card.first} {card.last}".strip() or None,
    )


def _visit(number: str, facts: ClaimFacts, gathered: Signed) -> p.Visit:
    place, name = facts.site.address, gathered["site"]
    where = f"{place.street}, {place.city}, {place.state}"
    if gathered["patient_place"] != PatientPlace.SITE:
        away = "the patient's home" if gathered["patient_place"] == PatientPlace.HOME else "another place"
        name, where = "", f"{away} in {gathered['patient_state']}"
    return p.Visit(
        case_number=facts.case.number,
        kind=Kind(gathered["kind"]).label,
        site_name=name,
        site_place=where,
        day_seen=date.fromisoformat(gathered["day_seen"]),
        claim_number=number,
    )


def _record(submission: Submission, signature: Signature, *, zone: str, title: str) -> p.Record:
    gathered, review = submission.content, signature.content["review"]
    state, _, number = submission.licence.partition(" ")
    devices = ", ".join(dict.fromkeys(one["device"] for one in gathered["images"] if one["device"])) or "not recorded"
    sent = sent_in_words(gathered)
    role = title or ("Dental hygienist" if submission.person_id else "")
    return p.Record(
        captured_by=p.Practitioner(submission.person_name, role, number, state),
        submitted=Moment(submission.at, zone),
        review_started=Moment(datetime.fromisoformat(review["started_at"]), zone),
        how_collected=f"Sent by {sent}; pictures taken with: {devices}."
        if sent
        else f"Seen in person by the hygienist; pictures taken with: {devices}.",
        stated_first_by="Practice" if sent else "Hygienist",
        sent_by=sender_in_words(gathered),
        of_office=bool((gathered.get("sent") or {}).get("office")),
        how_sent=HOW_SENT,
        why_asynchronous_hygienist=_why(gathered["answers"].get("why", ""), gathered["answers"].get("why_text", "")),
        why_asynchronous_dentist=_why(review["why"], review["why_text"]),
    )


def _why(key: str, text: str) -> str:
    return ". ".join(part for part in (questionnaires.WHY.get(key, ""), str(text).strip().rstrip(".")) if part)


# --- what was asked and answered ----------------------------------------------------------------------------------


def _answers(gathered: Signed) -> dict[str, p.Answer]:
    """Complaint, history, allergies, medicines, in the words of the questionnaire that was answered."""
    asked = {question.key: question for question in questionnaires.questions_for(gathered["kind"])}
    of_kind = [q for q in asked.values() if q.section == "kind"]
    history = [asked["conditions"], asked["dental_history"], asked["red_flags"], *of_kind]
    return {
        "complaint": _one(asked["complaint"], gathered, none_is_an_answer=True),
        "history": _together(history, gathered),
        "allergies": _one(asked["allergies"], gathered),
        "medicines": _one(asked["medicines"], gathered),
    }


def _one(asked: questionnaires.Question, gathered: Signed, *, none_is_an_answer: bool = False) -> p.Answer:
    answers = gathered["answers"]
    words = questionnaires.in_words(asked, answers)
    if words == "Not asked":
        return p.Answer("not asked")
    nothing = asked.nothing and questionnaires.chosen(answers, asked.key) == (asked.nothing,)
    return p.Answer("none known") if nothing and not none_is_an_answer else p.Answer("answered", words)


def _together(questions: list[questionnaires.Question], gathered: Signed) -> p.Answer:
    said = [f"{q.legend}: {questionnaires.in_words(q, gathered['answers'])}" for q in questions]
    asked = any(questionnaires.in_words(q, gathered["answers"]) != "Not asked" for q in questions)
    return p.Answer("answered", ". ".join(said)) if asked else p.Answer("not asked")


# --- what was seen, done and concluded -----------------------------------------------------------------------------


def _findings(signed: Iterable[Signed]) -> tuple[p.ToothFinding, ...]:
    return tuple(
        p.ToothFinding(
            _tooth(one["tooth"]), what_of(one["condition"], "", one.get("icdas", "")), one["surfaces"], one["note"]
        )
        for one in signed
    )


def _services(signed: Iterable[Signed], glosses: Mapping[str, str]) -> tuple[p.Service, ...]:
    return tuple(
        p.Service(
            p.Code(one["code"], glosses.get(one["code"], "")), one["operator"], _tooth(one["tooth"]), one["quantity"], one["ordered_by"]
        )
        for one in signed
    )  # fmt: skip


def _images(
    planned: Iterable[Planned], declared: Iterable[Signed], views: Iterable[Signed], *, zone: str
) -> tuple[p.Image, ...]:
    said, read = {one["public_id"]: one for one in declared}, {one["image"]: one for one in views}
    pictures = [picture for part in planned for picture in part.pictures]
    return tuple(_image(n, one, said, read, zone=zone) for n, one in enumerate(pictures, start=1))


def _image(
    number: int, picture: Picture, declared: Mapping[str, Signed], read: Mapping[str, Signed], *, zone: str
) -> p.Image:
    """What the hygienist signed of a picture, what the dentist said of it, and when its file came and was examined."""
    asset = picture.asset
    said = declared[str(asset.public_id)]
    judged = read.get(str(asset.public_id), {"usable": True, "reason": ""})
    label, tooth = view_labels.label_of(said["view"]), _tooth(said["tooth"])
    alt = f"Picture {number}: {label.lower()}" + (f", tooth {tooth}" if tooth else "")
    return p.Image(
        number=number,
        view=label,
        file=picture.file_name,
        alt=alt
        + (". Taken in a mirror, shown the right way round" if asset.mirrored else "")
        + (". The dentist's marks are drawn in" if picture.marks else ""),
        device=said["device"],
        captured=_moment(datetime.fromisoformat(said["captured_at"]), zone) if said["captured_at"] else None,
        sent=_moment(asset.sent_at, zone),
        received=_moment(asset.received_at, zone),
        examined=_moment(asset.examined_at, zone),
        tooth=tooth,
        mirrored=asset.mirrored,
        usable=judged["usable"],
        unusable_reason=judged["reason"],
        ordered_by=_order(said),
        control_number=picture.control_number,
    )


def _order(said: Signed) -> str:
    if not said["ordered_on"]:
        return str(said["ordered_by"])
    return f"{said['ordered_by']}, {_day(said['ordered_on'])}: {said['order_reason']}"


def _review(signature: Signature, glosses: Mapping[str, str], *, zone: str) -> p.Review:
    review = signature.content["review"]
    evaluation, encounter = review["evaluation_code"], signature.encounter_code
    attested = ((review["no_live_contact"], NO_LIVE_CONTACT), (review["not_same_building"], NOT_SAME_BUILDING))
    return p.Review(
        evaluation=p.Code(evaluation, glosses.get(evaluation, "")) if evaluation else None,
        encounter_code=p.Code(encounter, glosses.get(encounter, "")) if encounter else None,
        findings=_findings(review["findings"]),
        conclusions="\n\n".join(
            review[name].strip() for name in ("answer", "evaluation", "conclusions") if review.get(name)
        ),
        diagnoses=tuple(p.Diagnosis(p.Code(d["code"], d["gloss"]), _tooth(d["tooth"])) for d in review["diagnoses"]),
        advice=review["advice"],
        plan=tuple(
            p.PlanLine(o["what"], str(o["priority"]), o["rationale"], o["diagnosis"], _tooth(o["tooth"]))
            for o in review["plan"]
        ),
        limits=review["limits"],
        outcome=_outcome(review, zone=zone),
        follow_up=review["follow_up"],
        attestations=tuple(sentence for yes, sentence in attested if yes),
        picture_marks=tuple(p.PictureMark(one.label, one.text) for one in annotations_in_words(signature.content)),
        orders=_orders(review),
    )


def _orders(signed: Signed) -> tuple[p.Order, ...]:
    """Of a version or a review; one that was signed before there were any names none."""
    return tuple(
        p.Order(
            one["label"],
            ordered_in_words(one["kind"], one["tooth"], teeth.universal),
            date.fromisoformat(one["valid_until"]),
            one["reason"],
        )
        for one in signed.get("orders", ())
    )


def _outcome(review: Signed, *, zone: str) -> str:
    """As it was signed; what became of it later stands beside it (`_follow_ups`)."""
    parts = [Outcome(review["outcome"]).label + (f" by {_day(review['outcome_by'])}" if review["outcome_by"] else "")]
    if review["urgency"]:
        parts.append(f"Urgency: {Urgency(review['urgency']).label.lower()}")
    if review["told"] == Told.TOLD:
        at = datetime.fromisoformat(review["told_at"]) if review["told_at"] else None
        when = f" on {moment_text(Moment(at, zone))}" if at else ""
        parts.append(f"Told to {review['told_to']} {review['told_how']}{when}")
    elif review["next_step"]:
        on = f" on {_day(review['next_step_on'])}" if review["next_step_on"] else ""
        parts.append(f"When this was signed, still to be told: {review['next_step']}{on}")
    return ". ".join(parts)


def _follow_ups(signature: Signature, *, zone: str) -> tuple[p.FollowUp, ...]:
    return tuple(
        p.FollowUp(
            Moment(row.happened_at, zone),
            row.get_step_display(),
            ", ".join(part for part in (row.told_to, row.how) if part),
            row.recorded_by.name,
        )
        for row in follow_ups_of(signature)
    )


def _addenda(case: Case, *, zone: str) -> tuple[p.Addendum, ...]:
    rows = list(case.addenda.all())
    titles = dict(
        Credential.objects.filter(person__in=[row.person_id for row in rows]).values_list("person_id", "title")
    )
    return tuple(
        p.Addendum(_author(row.person_name, row.licence, titles.get(row.person_id, "")), Moment(row.at, zone), row.text)
        for row in rows
    )


def _author(name: str, licence: str, title: str) -> p.Practitioner:
    state, _, number = licence.partition(" ")
    return p.Practitioner(name, title, number, state)


def _retraction(case: Case, *, zone: str) -> p.Retraction | None:
    row = Retraction.objects.filter(case=case).first()
    if row is None:
        return None
    return p.Retraction(row.person_name, Moment(row.at, zone), f"{row.get_reason_display()}. {row.explanation}")


def _glosses(facts: ClaimFacts) -> dict[str, str]:
    """The practice's own words for a code, or our gloss, from the facts that were frozen."""
    return {one.code: one.gloss for one in facts.codes}


def _tooth(key: str) -> str:
    return teeth.universal(key) if key else ""


def _moment(at: datetime | None, zone: str) -> Moment | None:
    return Moment(at, zone) if at else None


def _day(iso: str) -> str:
    return f"{date.fromisoformat(iso):%b %-d, %Y}"
