"""From rows to what an appeal may rest on: its records with when they were kept, the facts that they show, the answer.

Nothing here decides what is admitted: `billing.appeals` does, by the instant of the payer's first answer (CL-10).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import TypeVar
from zoneinfo import ZoneInfo

from billing.appeal_authorisations import authorisations_of, authorised_fact, authorised_records
from billing.appeals.admitting import Place, Record, admissible
from billing.appeals.gathered import how_made, whose_words
from billing.appeals.letter import RECORD, AppealedLine, Basis, Fact, Pair, Quotable
from billing.attachments import Planned, planned_attachments
from billing.claims.facts import ClaimFacts
from billing.code_meanings import meanings_for
from billing.models import Acknowledgement, Claim, ClaimPayment, ExportClaim, ExportState, PaymentState, Verdict
from billing.outcomes.classify import Outcome
from billing.outcomes.meanings import Meanings
from billing.packet.appeal import AnswerSheet, JudgedLine, Proof
from billing.packet.content import PacketContent
from billing.packet.narrative import code_text, practitioner_text
from billing.packet_content import packet_content
from billing.posting import load
from billing.signed import follow_ups_of
from billing.x12.r835 import REVERSAL
from cases.models import Signature
from teledent.kit import canonical
from teledent.kit.decisions import Refused
from teledent.printing.moments import Moment, day_text, moment_text

ANSWER = "answer"
Said = TypeVar("Said")


@dataclass(frozen=True, slots=True)
class Appealed:
    """One line that is appealed, as it was decided."""

    code: str
    outcome: str
    charge: Decimal
    paid: Decimal
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Material:
    """All that a packet is made of: what the letter is composed from, and the rest of its pages."""

    basis: Basis
    record: PacketContent
    planned: tuple[Planned, ...]  # pictures that are admitted
    answer: AnswerSheet
    proofs: tuple[Proof, ...]
    patient: str


def denied_at(claim: Claim) -> datetime | None:
    """The instant of the payer's first answer about money, taken back or not; None without one.

    The earlier of when it came here and when its day began where the patient was: of a check whose day lies ahead the
    practice knew when it came, and a paper that lay on the desk was an answer before it was entered.
    """
    rows = ClaimPayment.objects.filter(claim=claim, state=PaymentState.POSTED).exclude(status_code=REVERSAL)
    said = rows.values_list("remittance__received_at", "remittance__paid_on")
    zone = ZoneInfo(claim.case.site.time_zone)
    instants = [min(came, datetime.combine(day, time(), zone)) if day else came for came, day in said]
    return min(instants, default=None)


def read_material(
    claim: Claim, lines: Iterable[Appealed], *, level: str, outcome: str, denied_on: datetime
) -> Material:
    """A fixed number of queries. Raises Refused when the answer was taken back meanwhile."""
    appealed = tuple(lines)
    posted = load([claim.claim_id], practice_id=claim.practice_id)[claim.claim_id]
    if not posted.standing:
        raise Refused("The payer took its answer back, so there is nothing to appeal now.")
    payment = (
        ClaimPayment.objects.select_related("remittance__part__file", "remittance__payer")
        .prefetch_related("lines", "remittance__scans")
        .get(pk=posted.standing[-1].pk)
    )
    facts = ClaimFacts.from_json(claim.facts)
    signature = Signature.objects.select_related("person").get(case=claim.case_id)
    content, planned, pictures = _record(claim, facts, signature, denied_on=denied_on)
    zone = facts.case.time_zone
    words = meanings_for(claim.practice_id, _codes_of(payment, appealed))
    answer = Record(ANSWER, Place.ANSWER, _title_of(payment), payment.remittance.received_at, _digest_of(payment))
    authorised = tuple(
        one for one in authorisations_of(claim, facts) if one.answered_at and one.answered_at < denied_on
    )
    filed = [*_filed(claim, zone=zone), *authorised_records(authorised, zone=zone)]
    basis = Basis(
        practice=(content.practice.name, *content.practice.address, content.practice.phone),
        payer=_payer(facts),
        level=level,
        about=_about(claim, facts),
        lines=tuple(_line(claim, one, words, payment) for one in appealed),
        outcome=Outcome(outcome),
        records=(*_signed_records(claim, signature), *pictures, *(record for record, _ in filed)),
        answer=answer,
        facts=_facts(content, admissible(pictures, denied_on), claim, payment, zone=zone) | authorised_fact(authorised),
        quotables=tuple(_quotables(content, claim)),
        denied_on=denied_on,
        zone=zone,
    )
    numbers = {one.record.key: one.number for one in basis.exhibits}
    return Material(
        basis=basis,
        record=content,
        planned=planned,
        answer=_sheet(payment, words, numbers[ANSWER]),
        proofs=tuple(replace(proof, exhibit=numbers[record.key]) for record, proof in filed if record.key in numbers),
        patient=content.patient.name_in_use,
    )


# --- the signed record and its pictures ----------------------------------------------------------------------------


def _record(
    claim: Claim, facts: ClaimFacts, signature: Signature, *, denied_on: datetime
) -> tuple[PacketContent, tuple[Planned, ...], tuple[Record, ...]]:
    """The packet as it stood before the denial, its pictures as they were taken, and a record for each of them."""
    planned = planned_attachments(claim)
    assets = {one.asset.pk: one.asset for part in planned for one in part.pictures if one.asset.received_at}
    pictures = tuple(
        Record(
            f"picture:{asset.public_id}", Place.PICTURE, f"Picture: {asset.view_label.lower()}", asset.received_at,
            asset.original.sha256,
        )
        for asset in assets.values() if asset.original and asset.received_at
    )  # fmt: skip
    taken = {one.key for one in admissible(pictures, denied_on)}
    kept = tuple(
        replace(part, pictures=tuple(
            replace(one, marks=()) for one in part.pictures if f"picture:{one.asset.public_id}" in taken
        )) for part in planned
    )  # fmt: skip
    content = packet_content(claim.case, claim.claim_id, facts, kept)
    told = _before(follow_ups_of(signature), content.follow_ups, "recorded_at", denied_on)
    added = _before(claim.case.addenda.all(), content.addenda, "at", denied_on)
    return replace(content, follow_ups=told, addenda=added), kept, pictures


def _before(rows: Iterable[object], said: tuple[Said, ...], column: str, denied_on: datetime) -> tuple[Said, ...]:
    """What was `said` of `rows`, for those that were kept before the denial."""
    kept = [Record(str(at), Place.ADDENDUM, "", getattr(row, column), "") for at, row in enumerate(rows)]
    return tuple(said[int(one.key)] for one in admissible(kept, denied_on))


def _signed_records(claim: Claim, signature: Signature) -> Iterator[Record]:
    title = f"Record of case {claim.case.label}, signed by {signature.person_name}"
    yield Record(RECORD, Place.RECORD, title, signature.at, signature.digest)
    for row in claim.case.addenda.all():
        yield Record(f"addendum:{row.pk}", Place.ADDENDUM, f"Addendum by {row.person_name}", row.at, row.digest)


def _quotables(content: PacketContent, claim: Claim) -> Iterator[Quotable]:
    """Signed fields in the order of the record; an addendum is a record of its own."""
    review, signer = content.review, content.signature.signer.name
    complaint, gathered = whose_words(content)
    fields = (
        ("complaint", complaint, content.complaint.text),
        ("gathered", gathered, _findings(content.hygienist_findings)),
        ("findings", f"Findings of {signer}", _findings(review.findings)),
        ("conclusions", f"Conclusions of {signer}", review.conclusions),
        ("diagnoses", f"Diagnoses of {signer}", "; ".join(f"{code_text(one.code)} {one.tooth}".strip() for one in review.diagnoses)),
        ("plan", f"Plan of {signer}", "; ".join(f"{one.procedure}: {one.rationale}" for one in review.plan)),
        ("advice", f"Advice of {signer}", review.advice),
        ("limits", f"What {signer} could not judge", review.limits),
    )  # fmt: skip
    for key, label, text in fields:
        yield Quotable(key, label, text, RECORD)
    for row in claim.case.addenda.all():
        yield Quotable(f"addendum:{row.pk}", f"Addendum by {row.person_name}", row.text, f"addendum:{row.pk}")


def _findings(findings: Iterable[object]) -> str:
    parts = ((getattr(one, name) for name in ("tooth", "surface", "finding", "note")) for one in findings)
    return "; ".join(" ".join(filter(None, one)) for one in parts)


# --- facts that the letter may state -------------------------------------------------------------------------------


def _facts(
    content: PacketContent, pictures: tuple[Record, ...], claim: Claim, payment: ClaimPayment, *, zone: str
) -> dict[str, Fact]:
    record, review = content.record, content.review
    signed = content.signature
    facts = {
        "seen": Fact(how_made(content), (RECORD,)),
        "read": Fact(
            f"{practitioner_text(signed.signer)}, began reading it on {moment_text(record.review_started)} and signed the review on "
            f"{moment_text(signed.signed)}.", (RECORD,)),
        "why": Fact(
            f"Why it was read later and not live: {_stop(record.why_asynchronous_hygienist)} The dentist: "
            f"{_stop(record.why_asynchronous_dentist)}", (RECORD,)),
        "answered": Fact(_answered(payment), (ANSWER,)),
    }  # fmt: skip
    if review.evaluation:
        encounter = (
            f" The encounter was recorded as {code_text(review.encounter_code)}." if review.encounter_code else ""
        )
        facts["evaluation"] = Fact(
            f"The evaluation performed was {code_text(review.evaluation)}.{encounter}", (RECORD,)
        )
    if pictures:
        last = Moment(max(one.recorded_at for one in pictures), zone)
        count = "One picture was" if len(pictures) == 1 else f"{len(pictures)} pictures were"
        facts["pictures"] = Fact(
            f"{count} received whole, the last on {moment_text(last)}, and kept unchanged since.",
            tuple(one.key for one in pictures),
        )
    return facts | _filing_facts(claim, zone=zone)


def _filing_facts(claim: Claim, *, zone: str) -> dict[str, Fact]:
    facts: dict[str, Fact] = {}
    sent = list(_exports(claim))
    if sent:
        first, export = sent[0], sent[0].export
        when = moment_text(Moment(export.finished_at, zone)) if export.finished_at else ""
        facts["went_out"] = Fact(
            f"The claim was written into the file for {export.receiver.name} on {when}, control number "
            f"{export.control_number:09d}, batch {export.batch_id}.", (_key_of(first),))  # fmt: skip
        numbers = list(dict.fromkeys(one.named for one in claim.attachments.all()))
        if numbers:
            said = f"The documents went with it under attachment control number {', '.join(numbers)}."
            facts["attached"] = Fact(said, (_key_of(first),))
    accepted = [one for one in _acknowledgements(claim) if one.verdict != Verdict.REJECTED]
    if accepted:
        best = max(accepted, key=lambda one: (one.kind == "277", one.kind == "999"))
        when = moment_text(Moment(best.received_at, zone))
        facts["acknowledged"] = Fact(f"It was acknowledged by a {best.kind}, {best.get_verdict_display().lower()}, which came in on "
                                     f"{when}.", (f"acknowledgement:{best.pk}",))  # fmt: skip
    return facts


def _answered(payment: ClaimPayment) -> str:
    remittance = payment.remittance
    day = f"On {day_text(remittance.paid_on)} you" if remittance.paid_on else "You"
    number = f", your claim number {payment.payer_claim_number}" if payment.payer_claim_number else ""
    return f"{day} answered by remittance {remittance}{number}: ${payment.paid} paid of ${payment.charge}."


def _stop(text: str) -> str:
    text = text.strip() or "not stated"
    return text if text.endswith((".", "!", "?")) else f"{text}."


# --- how the claim was filed, and the answer ------------------------------------------------------------------------


def _exports(claim: Claim) -> Iterable[ExportClaim]:
    rows = ExportClaim.objects.filter(claim=claim, export__state=ExportState.DONE)
    return rows.select_related("export__receiver", "export__file").order_by("export__finished_at", "pk")


def _acknowledgements(claim: Claim) -> Iterable[Acknowledgement]:
    of_claim = Acknowledgement.objects.filter(claim=claim)
    of_export = Acknowledgement.objects.filter(export__contents__claim=claim)
    return (of_claim | of_export).select_related("part__file").order_by("received_at", "pk").distinct()


def _key_of(one: ExportClaim) -> str:
    return f"export:{one.export_id}"


def _filed(claim: Claim, *, zone: str) -> Iterator[tuple[Record, Proof]]:
    for one in _exports(claim):
        export = one.export
        if export.file is None or export.finished_at is None:
            continue
        title = f"Claim file {export.file_name}"
        facts = (
            Pair("For", export.receiver.name), Pair("Written", moment_text(Moment(export.finished_at, zone))),
            Pair("Control number", f"{export.control_number:09d}"), Pair("Batch", export.batch_id), Pair("Claim", claim.claim_id),
        )  # fmt: skip
        yield Record(_key_of(one), Place.FILING, title, export.finished_at, export.file.sha256), Proof(0, title, facts)
    for answer in _acknowledgements(claim):
        title = f"Acknowledgement {answer.kind}: {answer.get_verdict_display().lower()}"
        facts = (
            Pair("Of", answer.names), Pair("Came in", moment_text(Moment(answer.received_at, zone))),
            Pair("Dated", day_text(answer.answered_on) if answer.answered_on else ""), Pair("Codes", ", ".join(answer.codes)),
            Pair("Payer's claim number", answer.payer_claim_number),
        )  # fmt: skip
        kept = Record(f"acknowledgement:{answer.pk}", Place.FILING, title, answer.received_at, answer.part.file.sha256)
        yield kept, Proof(0, title, tuple(one for one in facts if one.value))


def _payer(facts: ClaimFacts) -> tuple[str, ...]:
    payer = facts.coverage.payer if facts.coverage else None
    place = payer.address if payer else None
    lines = (place.street, place.street2, f"{place.city}, {place.state} {place.zip_code}") if place else ()
    return tuple(line for line in (payer.name if payer else "", *lines) if line)


def _about(claim: Claim, facts: ClaimFacts) -> tuple[Pair, ...]:
    card = facts.patient.card_name
    coverage = facts.coverage
    said = (
        ("Patient", f"{card.first} {card.last}".strip()),
        ("Born", day_text(facts.patient.birth_date)),
        ("Member", coverage.member_id if coverage else ""),
        ("Our claim", claim.claim_id),
        ("Your claim", claim.payer_claim_number),
        ("Day of service", day_text(claim.service_date) if claim.service_date else ""),
    )
    return tuple(Pair(label, value) for label, value in said if value)


def _codes_of(payment: ClaimPayment, lines: Iterable[Appealed]) -> Iterator[str]:
    for one in lines:
        yield from one.codes
    yield from (f"{group}-{reason}" for group, reason, _ in payment.adjustments)
    yield from payment.remarks
    for line in payment.lines.all():
        yield from (f"{group}-{reason}" for group, reason, _ in line.adjustments)
        yield from line.remarks


def _line(claim: Claim, one: Appealed, words: Meanings, payment: ClaimPayment) -> AppealedLine:
    day = _day_of(payment)
    reasons = "; ".join(f"{code} {words.said(code, day)}".strip() for code in dict.fromkeys(one.codes))
    return AppealedLine(one.code, claim.service_date or day, f"{one.charge:.2f}", f"{one.paid:.2f}", reasons)


def _day_of(payment: ClaimPayment) -> date:
    return payment.remittance.paid_on or payment.remittance.received_at.date()


def _title_of(payment: ClaimPayment) -> str:
    remittance = payment.remittance
    return f"Remittance {remittance}, {'read from its 835' if remittance.part else 'entered from paper'}"


def _digest_of(payment: ClaimPayment) -> str:
    """Of the file it was read from, of the first scan, or of what was typed where there is neither."""
    remittance = payment.remittance
    if remittance.part is not None:
        return remittance.part.file.sha256
    scan = next(iter(remittance.scans.all()), None)
    typed = {
        "number": remittance.trace,
        "paid": payment.paid,
        "charge": payment.charge,
        "adjustments": payment.adjustments,
    }
    return scan.sha256 if scan else canonical.sha256_of(typed)


def _sheet(payment: ClaimPayment, words: Meanings, exhibit: int) -> AnswerSheet:
    remittance, day = payment.remittance, _day_of(payment)
    said = (
        ("Payer", remittance.payer.name if remittance.payer else remittance.payer_name),
        ("Check or transfer", remittance.trace),
        ("Paid on", day_text(remittance.paid_on) if remittance.paid_on else ""),
        ("Claim as named there", payment.claim_identifier),
        ("Payer's claim number", payment.payer_claim_number),
        ("Charge and paid ($)", f"{payment.charge} and {payment.paid}"),
        ("Patient's share ($)", str(payment.patient_share)),
        ("Reasons of the claim", "; ".join(_reasons(payment.adjustments, payment.remarks, words, day))),
        ("Where it comes from", remittance.part.file.name if remittance.part else "Entered by hand from paper"),
    )
    lines = tuple(
        JudgedLine(
            line.code, str(line.charge), "" if line.allowed is None else str(line.allowed), str(line.paid),
            tuple(_reasons(line.adjustments, line.remarks, words, day)),
        )
        for line in payment.lines.all()
    )  # fmt: skip
    return AnswerSheet(exhibit, tuple(Pair(label, value) for label, value in said if value), lines)


def _reasons(adjustments: Iterable[Iterable[str]], remarks: Iterable[str], words: Meanings, day: date) -> Iterator[str]:
    for group, reason, amount in adjustments:
        yield f"{group}-{reason} {amount} {words.said(f'{group}-{reason}', day)}".strip()
    for remark in remarks:
        yield f"{remark} {words.said(remark, day)}".strip()
