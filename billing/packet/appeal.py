"""What an appeal's packet says beside the signed record, as plain frozen data, and from there to what its template lays
out. The order is the payers': the letter, what is enclosed, the record as it was signed, the answer, proof of filing."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from billing.appeals.letter import Letter, Listed, Pair
from billing.packet.content import PacketContent
from billing.packet.layout import packet_data
from billing.packet.pictures import bring_pictures
from teledent.printing.moments import Moment, day_text, moment_text
from teledent.printing.typesetting import Printed, bring_part, typeset

HERE = "billing.packet"


@dataclass(frozen=True, slots=True)
class LetterSignature:
    """`licence` is empty for the front desk; `digest` the hash, in hex, over what was signed."""

    name: str
    licence: str
    signed: Moment
    digest: str


@dataclass(frozen=True, slots=True)
class CoverNote:
    """Typed after the denial: kept apart from the evidence, with its day."""

    text: str
    written: Moment
    by: str


@dataclass(frozen=True, slots=True)
class JudgedLine:
    code: str
    charge: str
    allowed: str
    paid: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnswerSheet:
    """The remittance as it was read, of this claim alone."""

    exhibit: int
    facts: tuple[Pair, ...]
    lines: tuple[JudgedLine, ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """One step on the way to the payer, or an authorisation: what is known of it."""

    exhibit: int
    title: str
    facts: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class AppealContent:
    patient: str
    claim_number: str
    letter: Letter
    letter_digest: str
    signature: LetterSignature | None
    note: CoverNote | None
    record: PacketContent
    answer: AnswerSheet
    proofs: tuple[Proof, ...]
    by_practice: str  # whose name stands under it where nobody's signature is wanted
    to_be_signed: str  # by whom, while a signature is wanted and not there


@dataclass(frozen=True, slots=True)
class AppealOrder:
    """What `billing.packet.render.render_appeal` reads: written with ``to_json``."""

    content: AppealContent
    at: datetime


def compose_appeal(content: AppealContent, *, images_dir: Path, out: Path, at: datetime) -> Printed:
    """Write the appeal's packet as tagged PDF/UA-1 to ``out``; the same content and ``at`` give the same bytes.

    Otherwise as `billing.packet.compose.compose_packet`, whose document it holds whole.
    """

    def data_in(root: Path) -> dict[str, Any]:
        record = root / "record"
        record.mkdir(mode=0o700)
        pictures = bring_pictures(content.record.images, images_dir=images_dir, root=record)
        bring_part(record, HERE, "packet.typ", packet_data(content.record, pictures), at=at)
        return appeal_data(content)

    return typeset(HERE, "appeal.typ", data_in, out=out, at=at)


def appeal_data(content: AppealContent) -> dict[str, Any]:
    """All strings of the packet for ``appeal.typ``, but for those of the record."""
    letter = content.letter
    return {
        "patient": content.patient,
        "claim": content.claim_number,
        "practice": list(letter.practice),
        "payer": list(letter.payer),
        "written": day_text(letter.written_on),
        "level": letter.level,
        "about": [[one.label, one.value] for one in letter.about],
        "denied": moment_text(letter.denied),
        "lines": [[one.code, day_text(one.day), one.charge, one.paid, one.reasons] for one in letter.lines],
        "ask": letter.ask,
        "statements": [[one.text, _named(one.exhibits)] for one in letter.statements],
        "quotes": [[one.label, one.text, _named((one.exhibit,))] for one in letter.quotes],
        "exhibits": [_listed(one) for one in letter.exhibits],
        "digest": _grouped(content.letter_digest),
        "signature": _signature(content.signature),
        "by_practice": content.by_practice,
        "to_be_signed": content.to_be_signed,
        "note": _note(content.note),
        "answer": {
            "exhibit": str(content.answer.exhibit),
            "facts": [[one.label, one.value] for one in content.answer.facts],
            "lines": [
                [one.code, one.charge, one.allowed, one.paid, "\n".join(one.reasons)] for one in content.answer.lines
            ],
        },
        "proofs": [
            {"exhibit": str(one.exhibit), "title": one.title, "facts": [[fact.label, fact.value] for fact in one.facts]}
            for one in content.proofs
        ],
    }


def _named(numbers: tuple[int, ...]) -> str:
    """Like "exhibit 1" or "exhibits 2 to 6"."""
    if len(numbers) == 1:
        return f"exhibit {numbers[0]}"
    first, last = min(numbers), max(numbers)
    if last - first + 1 == len(numbers):
        return f"exhibits {first} to {last}"
    return f"exhibits {', '.join(map(str, numbers))}"


def _listed(one: Listed) -> list[str]:
    what = f"{one.title} (the answer that is appealed)" if one.is_answer else one.title
    return [str(one.number), what, moment_text(one.recorded), _grouped(one.sha256)]


def _grouped(digest: str) -> str:
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))


def _signature(one: LetterSignature | None) -> list[str] | None:
    return [one.name, one.licence, moment_text(one.signed), _grouped(one.digest)] if one else None


def _note(one: CoverNote | None) -> list[str] | None:
    return [one.text, moment_text(one.written), one.by] if one else None
