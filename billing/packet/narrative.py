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
    """Like "Hana Ruiz, RDH, license 12345 (TX)"; without a licence as `short_text`."""
    if not person.licence:
        return short_text(person)
    npi = f", NPI {person.npi}" if person.npi else ""
    return f"{person.name}, {person.role}, license {person.licence} ({person.state}){npi}"


def short_text(person: Practitioner) -> str:
    """Like "Hana Ruiz, RDH"; the name alone of who sent by a link and has no role."""
    return ", ".join(part for part in (person.name, person.role) if part)


def _collection(content: PacketContent) -> str:
    how = _sent(content) if content.record.sent_by else _gathered(content)
    return f"{how} Why it was sent to be read later: {_sentence(content.record.why_asynchronous_hygienist)}"


def _gathered(content: PacketContent) -> str:
    visit, record = content.visit, content.record
    where = f"{visit.site_name} ({visit.site_place})" if visit.site_name else visit.site_place
    return (
        f"On {day_text(visit.day_seen)}, at {where}, {practitioner_text(record.captured_by)}, recorded {_pictures(content)} of "
        f"this patient together with the complaint and history below, and submitted the record on "
        f"{moment_text(record.submitted)}."
    )


def _sent(content: PacketContent) -> str:
    """Who completed it submitted it as well: of the sending itself her version tells no time."""
    record, submitted = content.record, moment_text(content.record.submitted)
    what, alone = "the complaint and history below", "Nobody of the practice was there."
    if record.completed_by is None:
        return (
            f"On {submitted}, {record.sent_by}, sent {_pictures(content)} of this patient together with {what}. {alone}"
        )
    first = (
        "sent a question about this patient with records of the office"
        if record.of_office
        else ("sent pictures of this patient together with a complaint and history")
    )
    return (
        f"{record.sent_by}, {first}. {alone} "
        f"{practitioner_text(record.completed_by)}, completed the record with {_pictures(content)} and {what}, and submitted it "
        f"on {submitted}."
    )


def _pictures(content: PacketContent) -> str:
    count = len(content.images)
    return "1 picture" if count == 1 else f"{count} pictures"


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
