"""From the packet's content to what its template lays out: short strings, pairs and rows. No wording of pages lives
here.
"""

from typing import Any

from billing.packet.content import (
    Addendum,
    Answer,
    Image,
    Order,
    PacketContent,
    PlanLine,
    Record,
    Retraction,
    Review,
    Service,
    Signature,
    ToothFinding,
)
from billing.packet.narrative import code_text, narrative, practitioner_text, short_text
from billing.packet.pictures import Picture
from teledent.printing.moments import Moment, clock_text, day_text, local_time, moment_text, zone_text

WIDE = 1.9  # width to height: a panoramic picture gets the whole row


def packet_data(content: PacketContent, pictures: dict[str, Picture]) -> dict[str, Any]:
    """All strings of the packet for ``packet.typ``; ``pictures`` says for each image's file its name in the root and
    its shape.
    """
    return {
        "practice": {
            "name": content.practice.name,
            "address": list(content.practice.address),
            "phone": content.practice.phone,
        },
        "patient": _patient(content),
        "visit": _visit(content),
        "narrative": list(narrative(content)),
        "record": _record(content),
        "answers": {
            name: _answer(getattr(content, name)) for name in ("complaint", "history", "allergies", "medicines")
        },
        "has_hygienist": _has_hygienist(content),
        "hygienist_findings": [_finding(one) for one in content.hygienist_findings],
        "services": [_service(one) for one in content.services],
        "done_under": [_order(one) for one in content.done_under],
        "review": _review(content.review),
        "signature": _signature(content.signature),
        "follow_ups": [[moment_text(one.when), one.step, one.who, one.recorded_by] for one in content.follow_ups],
        "addenda": [_addendum(one) for one in content.addenda],
        "retraction": _retraction(content.retraction),
        "image_zone": (zone := _shared_zone(content.images)),
        "image_times": [_image_times(one, zone) for one in content.images],
        "wide": WIDE,
        "image_rows": _image_rows([_image(one, pictures[one.file]) for one in content.images]),
    }


def _patient(content: PacketContent) -> dict[str, str | None]:
    patient = content.patient
    return {
        "name_in_use": patient.name_in_use,
        "legal_name": patient.legal_name,
        "card_name": patient.card_name,
        "born": day_text(patient.birth_date),
        "second_identifier_label": patient.second_identifier_label,
        "second_identifier": patient.second_identifier,
    }


def _visit(content: PacketContent) -> dict[str, Any]:
    visit, was_seen = content.visit, not content.record.sent_by
    return {
        "case_number": visit.case_number,
        "claim_number": visit.claim_number,
        "authorisation": visit.authorisation,
        "kind": visit.kind,
        "day": ["Day seen" if was_seen else "Day of record", day_text(visit.day_seen)],
        "place_label": "Seen at" if was_seen else "Patient was at",
        "place": [line for line in (visit.site_name, visit.site_place) if line],
    }


def _record(content: PacketContent) -> dict[str, Any]:
    record = content.record
    return {
        "made_by": _made_by(record),
        "how_collected": record.how_collected,
        "how_sent": record.how_sent,
        "why_hygienist": record.why_asynchronous_hygienist,
        "stated_first_by": record.stated_first_by,
        "why_dentist": record.why_asynchronous_dentist,
        "steps": [
            ["submitted", moment_text(record.submitted), short_text(record.captured_by)],
            ["review_started", moment_text(record.review_started), short_text(content.signature.signer)],
            ["signed", moment_text(content.signature.signed), short_text(content.signature.signer)],
        ],
    }


def _made_by(record: Record) -> list[list[str]]:
    if not record.sent_by:
        return [["Captured by", practitioner_text(record.captured_by)]]
    completed = [["Completed by", practitioner_text(record.completed_by)]] if record.completed_by else []
    return [["Sent by", record.sent_by], *completed]


def _has_hygienist(content: PacketContent) -> bool:
    """Where nobody of the practice was there, an empty list of what a hygienist saw and did would say that one was."""
    found = content.hygienist_findings or content.services or content.done_under
    return not content.record.sent_by or bool(found)


def _answer(answer: Answer) -> dict[str, str]:
    return {"state": answer.state, "text": answer.text}


def _finding(finding: ToothFinding) -> list[str]:
    return [finding.tooth, finding.surface, finding.finding, finding.note]


def _service(service: Service) -> list[str]:
    return [code_text(service.code), service.tooth, str(service.quantity), service.operator, service.ordered_by]


def _review(review: Review) -> dict[str, Any]:
    return {
        "evaluation": code_text(review.evaluation) if review.evaluation else None,
        "encounter": code_text(review.encounter_code) if review.encounter_code else None,
        "findings": [_finding(one) for one in review.findings],
        "conclusions": review.conclusions,
        "diagnoses": [[one.code.number, one.code.gloss, one.tooth] for one in review.diagnoses],
        "advice": review.advice,
        "plan": [_plan_line(one) for one in review.plan],
        "limits": review.limits,
        "outcome": review.outcome,
        "follow_up": review.follow_up,
        "attestations": list(review.attestations),
        "picture_marks": [[one.view, one.text] for one in review.picture_marks],
        "orders": [_order(one) for one in review.orders],
    }


def _order(order: Order) -> list[str]:
    return [order.number, order.what, day_text(order.until), order.reason]


def _plan_line(line: PlanLine) -> list[str]:
    return [line.tooth, line.procedure, line.priority, line.rationale, line.diagnosis]


def _signature(signature: Signature) -> dict[str, Any]:
    signer = signature.signer
    groups = [signature.content_hash[at : at + 8] for at in range(0, len(signature.content_hash), 8)]
    return {
        "name": signer.name,
        "role": signer.role,
        "licence": f"{signer.licence} ({signer.state})",
        "npi": signer.npi,
        "signed": moment_text(signature.signed),
        "statement": signature.statement,
        "content_hash": " ".join(groups),
    }


def _addendum(addendum: Addendum) -> dict[str, str]:
    return {
        "author": practitioner_text(addendum.author),
        "written": moment_text(addendum.written),
        "text": addendum.text,
    }


def _retraction(retraction: Retraction | None) -> dict[str, str] | None:
    if retraction is None:
        return None
    return {"by": retraction.by, "at": moment_text(retraction.at), "reason": retraction.reason}


def _times(image: Image) -> tuple[Moment | None, ...]:
    return image.captured, image.sent, image.received, image.examined


def _image_times(image: Image, shared_zone: str | None) -> list[Any]:
    return [str(image.number), _view(image), *(_lines(one, shared_zone) for one in _times(image))]


def _lines(moment: Moment | None, shared_zone: str | None) -> list[str] | None:
    if moment is None:
        return None
    day, clock = day_text(local_time(moment).date()), clock_text(moment)
    return [day, clock] if shared_zone else [day, clock, zone_text(moment)]


def _shared_zone(images: tuple[Image, ...]) -> str | None:
    """The zone that every time of every image is told in, so that the table may say it once."""
    zones = {zone_text(one) for image in images for one in _times(image) if one}
    return zones.pop() if len(zones) == 1 else None


def _view(image: Image) -> str:
    return f"{image.view}, tooth {image.tooth}" if image.tooth else image.view


def _image(image: Image, picture: Picture) -> dict[str, Any]:
    return {
        "number": str(image.number),
        "view": _view(image),
        "path": picture.name,
        "shape": picture.width / picture.height,
        "alt": image.alt,
        "mirrored": image.mirrored,
        "captured": moment_text(image.captured) if image.captured else None,
        "device": image.device,
        "usable": image.usable,
        "unusable_reason": image.unusable_reason,
        "ordered_by": image.ordered_by,
        "control_number": image.control_number,
    }


def _image_rows(images: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Two pictures a row; a wide one alone, and each alone where there are only one or two to show."""
    rows: list[list[dict[str, Any]]] = []
    for image in images:
        alone = len(images) <= 2 or image["shape"] >= WIDE
        if alone or not rows or len(rows[-1]) == 2 or rows[-1][0]["shape"] >= WIDE:
            rows.append([image])
        else:
            rows[-1].append(image)
    return rows
