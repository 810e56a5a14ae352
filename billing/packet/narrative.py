"""The packet's narrative: a few plain sentences made only from what was recorded and signed (CL-10).

It joins the signed fields and adds no judgement of its own. Billing may use the same text where a receiver wants it
apart.
"""

from billing.packet.content import Code, PacketContent, Practitioner
from teledent.printing.moments import day_text, moment_text


def narrative(content: PacketContent) -> tuple[str, ...]:
    """Three paragraphs: how the record was made, what the dentist did with it, what she concluded and told back."""
    return (_collection(content), _reading(content), _result(content))


def narrative_text(content: PacketContent, *, limit: int, control_number: str) -> str:
    """The narrative as plain text of at most `limit` signs, for a receiver that wants it apart.

    What does not fit is left out by whole sentences, never silently: the last one says under which number all of it is.
    """
    whole = "\n\n".join(narrative(content))
    if len(whole) <= limit:
        return whole
    rest = f" [Continued in the documentation packet, {control_number}.]"
    kept = whole[: limit - len(rest)]
    end = max(kept.rfind(". "), kept.rfind(".\n"))
    return (kept[: end + 1] if end > 0 else kept).rstrip() + rest


def code_text(code: Code) -> str:
    """Like "D0140 limited evaluation", or the bare number."""
    return f"{code.number} {code.gloss}".strip()


def practitioner_text(person: Practitioner) -> str:
    """Like "Hana Ruiz, RDH, license 12345 (TX)"; the name alone of who sent by a link and has none."""
    if not person.licence:
        return ", ".join(part for part in (person.name, person.role) if part)
    npi = f", NPI {person.npi}" if person.npi else ""
    return f"{person.name}, {person.role}, license {person.licence} ({person.state}){npi}"


def _collection(content: PacketContent) -> str:
    visit, record = content.visit, content.record
    count = len(content.images)
    pictures = "1 picture" if count == 1 else f"{count} pictures"
    return (
        f"On {day_text(visit.day_seen)}, at {visit.site_name} ({visit.site_place}), "
        f"{practitioner_text(record.captured_by)}, recorded {pictures} of this patient together with the complaint and "
        f"history below, and submitted the record on {moment_text(record.submitted)}. "
        f"Why it was sent to be read later: {_sentence(record.why_asynchronous_hygienist)}"
    )


def _reading(content: PacketContent) -> str:
    review, signer = content.review, content.signature.signer
    done = (
        f"Evaluation performed: {code_text(review.evaluation)}."
        if review.evaluation
        else "No evaluation was performed."
    )
    encounter = f" Encounter: {code_text(review.encounter_code)}." if review.encounter_code else ""
    return (
        f"{practitioner_text(signer)}, began reading the record on {moment_text(content.record.review_started)} "
        f"and signed on {moment_text(content.signature.signed)}. {done}{encounter}"
    )


def _result(content: PacketContent) -> str:
    review = content.review
    parts = (
        ("Conclusions", review.conclusions),
        ("Advice", review.advice),
        ("Outcome", review.outcome),
        ("Follow-up", review.follow_up),
    )
    return " ".join(f"{label}: {_sentence(text)}" for label, text in parts if text.strip())


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "!", "?", "。", "؟", "।")) else f"{text}."
