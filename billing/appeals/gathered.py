"""How a letter says who made the record, and whose words it quotes from it. Pure.

Of what was sent by a link nobody of the practice saw the patient or asked anything, and the letter says neither.
"""

from billing.packet.content import PacketContent
from billing.packet.narrative import practitioner_text
from teledent.printing.moments import day_text, moment_text


def how_made(content: PacketContent) -> str:
    visit, record = content.visit, content.record
    if record.sent_by:
        return _sent(content)
    return (
        f"The patient was seen on {day_text(visit.day_seen)} at {visit.site_name or visit.site_place} by "
        f"{practitioner_text(record.captured_by)}, who signed and submitted the record on {moment_text(record.submitted)}."
    )


def _sent(content: PacketContent) -> str:
    """Who completed it submitted it as well."""
    record, submitted = content.record, moment_text(content.record.submitted)
    if record.completed_by is None:
        return f"Pictures of the patient were sent on {submitted} by {record.sent_by}."
    return (
        f"Pictures of the patient were sent by {record.sent_by}. {practitioner_text(record.completed_by)}, completed the record "
        f"and submitted it on {submitted}."
    )


def whose_words(content: PacketContent) -> tuple[str, str]:
    """Before the complaint, and before what was seen when the record was made."""
    record, by = content.record, content.record.captured_by.name
    if not record.sent_by:
        return f"Complaint, asked by {by}", f"Seen by {by}"
    wrote = f"Complaint, as {by} completed it" if record.completed_by else f"Complaint, as {by}, wrote it"
    return wrote, f"Seen in the pictures by {by}"
