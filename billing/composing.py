"""Everything of one claim as files in a folder: packet, data sheet, pictures under their control numbers; and its part
of the 837D and of the manifest, made from the same frozen facts. Slow: never inside a transaction."""

import hashlib
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, cast
from zoneinfo import ZoneInfo

from billing.attachments import Picture, Planned, planned_attachments
from billing.claims.facts import ClaimFacts
from billing.claims.lines import ClaimDraft, authorisations_of
from billing.limits import Enclosed, over_limit
from billing.models import Claim, Receiver
from billing.packet.codec import to_json
from billing.packet.content import PacketContent
from billing.packet.narrative import narrative_text
from billing.packet.render import DataSheetOrder, PacketOrder
from billing.packet_content import packet_content
from billing.sheet_content import sheet_content
from billing.x12.d837 import write_837d
from billing.x12.d837_claim import Attachment, ClaimSubmission
from billing.x12.envelope import Interchange
from billing.x12.segments import NotWritableError
from cases import teeth
from cases.models import Case, Signature
from teledent.files.keeping import blocks_of
from teledent.files.storage import open_streaming
from teledent.jobs.decoder import ChildFailed, in_child
from teledent.kit import clock

logger = logging.getLogger(__name__)
RENDER_PACKET = "billing.packet.render:render_packet"
BURN = "cases.imaging.burn:burn_marks"
RENDER_SHEET = "billing.packet.render:render_data_sheet"


class NotComposable(Exception):
    """This claim cannot go out as it stands. `sentence` says why and what to do; the other claims are not held up."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Composed:
    """One claim ready for the package. `revision` is the claim's, so that the export takes what was composed or nothing."""

    claim: Claim
    revision: int
    submission: ClaimSubmission
    files: tuple[tuple[str, Path], ...]  # name in the ZIP, file on this machine
    manifest: dict[str, Any]


def compose_claim(
    claim: Claim, folder: Path, *, interchange: Interchange, receiver: Receiver, at: datetime
) -> Composed:
    """Write the claim's files into `folder`, which is empty and its own. Raises NotComposable."""
    facts, draft = ClaimFacts.from_json(claim.facts), ClaimDraft.from_json(claim.draft)
    planned = planned_attachments(claim)
    submission = ClaimSubmission(
        claim_id=claim.claim_id,
        facts=facts,
        draft=draft,
        frequency=cast(Literal["1", "7", "8"], claim.frequency),
        payer_claim_number=claim.original_number,
        attachments=named_in_837(planned),
    )
    try_writing(interchange, submission)
    beside = Beside(claim.case, submission, planned, receiver)
    narrative = write_beside(beside, folder, at=at)
    numbers, issued = (
        dict.fromkeys(one.named for one in planned),
        dict.fromkeys(one.issued for one in planned if one.issued),
    )
    sheet = sheet_content(claim.claim_id, facts, draft, attachments=numbers, issued=issued, changes=_changes(claim))
    sheet_name = f"{claim.claim_id}_data_sheet.pdf"
    render(RENDER_SHEET, to_json(DataSheetOrder(sheet, at)), folder, sheet_name)
    in_zip = f"data_sheets/{sheet_name}"
    return Composed(
        claim=claim,
        revision=claim.revision,
        submission=submission,
        files=((in_zip, folder / sheet_name), *files_in_zip(beside, folder, narrative)),
        manifest=manifest_of(beside, folder, narrative)
        | {
            "payer_claim_number": submission.payer_claim_number,
            "service_date": draft.service_date.isoformat(),
            "data_sheet": _described(in_zip, folder / sheet_name, "application/pdf"),
        },
    )


def named_in_837(planned: Iterable[Planned]) -> tuple[Attachment, ...]:
    """PWK: what stands beside, by its control numbers."""
    return tuple(
        Attachment(one.named, cast(Literal["RB", "OZ"], str(one.kind)), is_issued=bool(one.issued)) for one in planned
    )


@dataclass(frozen=True, slots=True)
class Beside:
    """What is to stand beside one claim or request of a signed case, within what the receiver takes."""

    case: Case
    submission: ClaimSubmission
    planned: tuple[Planned, ...]
    receiver: Receiver

    @property
    def what(self) -> str:
        return "request" if self.submission.ahead else "claim"


def write_beside(beside: Beside, folder: Path, *, at: datetime) -> str:
    """Pictures with the marks drawn in, packet and narrative into `folder`; returns the narrative's name, "" where nothing
    stands beside. Raises NotComposable."""
    planned, facts = beside.planned, beside.submission.facts
    if not planned:
        return ""
    caption = marks_caption(beside.case.pk, zone=facts.case.time_zone)
    for picture in (picture for one in planned for picture in one.pictures):
        copy_picture(picture, folder)
        if picture.marks:
            _draw_marks(picture, folder, caption=caption)
    number = beside.submission.claim_id
    authorised = authorisations_of(beside.submission.draft.lines)
    content = packet_content(beside.case, number, facts, planned, authorised=authorised)
    _print_packet(content, planned, folder, at=at)
    _require_within_limits(beside, folder)
    return _write_narrative(number, content, planned, folder, limit=beside.receiver.narrative_signs)


def _changes(claim: Claim) -> str:
    """What a correction or a void says of itself on paper."""
    kind = claim.get_frequency_display()
    return f"{kind} of the payer's claim {claim.original_number}" if claim.original_number else ""


def marks_caption(case_id: int, *, zone: str) -> str:
    """What stands below a picture with marks: whose they are, and that they are not the picture's. `zone` dates them."""
    signature = Signature.objects.get(case=case_id)
    day = clock.local_date(signature.at, zone)
    return (
        f"Annotated by {signature.person_name}, signed {day:%-d %b %Y}. The marks are no part of the original picture."
    )


def interchange_of(receiver: Receiver, *, control_number: int, zone: str, at: datetime) -> Interchange:
    """The envelope by the receiver's settings. ISA13, GS06 and ST02 are the same number; BHT03 bears it too."""
    return Interchange(
        sender_id=receiver.sender_id,
        receiver_id=receiver.receiver_id,
        submitter_name=receiver.submitter_name,
        receiver_name=receiver.name,
        contact_name=receiver.contact_name,
        contact_phone=receiver.contact_phone,
        contact_email=receiver.contact_email,
        control_number=control_number,
        group_number=control_number,
        set_number=f"{control_number:04d}",
        batch_id=f"TD{receiver.pk}-{control_number:09d}",
        created_at=at.astimezone(ZoneInfo(zone)),
        usage=cast(Literal["T", "P"], receiver.usage),
        sender_qualifier=receiver.sender_qualifier,
        receiver_qualifier=receiver.receiver_qualifier,
        readable=receiver.readable,
    )


def try_writing(interchange: Interchange, submission: ClaimSubmission) -> None:
    """One that cannot be written must not spoil the file of the others. Raises NotComposable."""
    try:
        for _ in write_837d(replace(interchange, control_number=1, group_number=1), [submission]):
            pass
    except NotWritableError as error:
        what = "request" if submission.ahead else "claim"
        raise NotComposable(f"The {what} cannot be written as an 837D: {error}") from error


def copy_picture(picture: Picture, folder: Path) -> None:
    """Bring the claim JPEG of a picture into `folder`. Raises NotComposable while it is not made."""
    if picture.derivative is None:
        raise NotComposable(
            f"The claim picture of “{picture.asset.view_label}” is not made yet. Try again in a minute; if it stays so, "
            "open the case and have the picture examined again."
        )
    with (folder / picture.file_name).open("xb") as out:
        for block in open_streaming(picture.derivative.file.key):
            out.write(block)


def _draw_marks(picture: Picture, folder: Path, *, caption: str) -> None:
    marks = [dict(one) for one in picture.marks]
    try:
        in_child(BURN, source=str(folder / picture.file_name), marks=marks, caption=caption)
    except ChildFailed as failed:
        _raise_if_passing(failed)
        logger.warning("Marks could not be drawn into %s: %s", picture.file_name, failed.kind)
        raise NotComposable(
            f"The dentist's marks could not be drawn into “{picture.asset.view_label}”. Take the marks off this claim, or "
            "open the case and have the picture examined again."
        ) from failed


def _raise_if_passing(failed: ChildFailed) -> None:
    """Memory, time, a crash: trying again is right, so the failure is not the claim's."""
    if failed.code != "error":
        raise failed


def _print_packet(content: PacketContent, planned: tuple[Planned, ...], folder: Path, *, at: datetime) -> None:
    order = PacketOrder(content, at)
    render(RENDER_PACKET, to_json(order), folder, next(one.packet for one in planned if one.packet))


def _require_within_limits(beside: Beside, folder: Path) -> None:
    """A file that the receiver would turn away holds its own claim, not the others."""
    names = [("The packet", one.packet, True) for one in beside.planned if one.packet]
    names += [
        (f"“{picture.asset.view_label}”", picture.file_name, False)
        for one in beside.planned
        for picture in one.pictures
    ]
    enclosed = [Enclosed(said, is_packet, (folder / name).stat().st_size) for said, name, is_packet in names]
    if sentence := over_limit(enclosed, beside.receiver, beside.what):
        raise NotComposable(sentence)


def _write_narrative(
    number: str, content: PacketContent, planned: tuple[Planned, ...], folder: Path, *, limit: int
) -> str:
    """The narrative as plain text beside the packet; returns its name."""
    of_packet = next(one.named for one in planned if one.packet)
    name = f"{number}_narrative.txt"
    text = narrative_text(content, limit=limit, control_number=of_packet)
    (folder / name).write_text(text, encoding="utf-8", newline="\n")
    return name


def render(target: str, order: str, folder: Path, name: str) -> dict[str, Any]:
    """Lay out one document in the limited child, beside its pictures, and give it its name."""
    source = folder / "order.json"
    source.write_text(order, encoding="utf-8")
    try:
        made = in_child(target, source=str(source), out_dir=str(folder))
    except ChildFailed as failed:
        _raise_if_passing(failed)
        logger.warning("%s could not be laid out: %s", name, failed.kind)
        raise NotComposable(
            "The documents could not be laid out. Check that every picture opens on the case's page, then check it again."
        ) from failed
    finally:
        source.unlink()
    (folder / made["file"]).rename(folder / name)
    return made


def files_in_zip(beside: Beside, folder: Path, narrative: str) -> Iterator[tuple[str, Path]]:
    """What `write_beside` wrote, by its name in the ZIP."""
    if narrative:
        yield f"narratives/{narrative}", folder / narrative
    for one in beside.planned:
        names = [one.packet] if one.packet else []
        for name in (*names, *(picture.file_name for picture in one.pictures)):
            yield f"attachments/{name}", folder / name


def manifest_of(beside: Beside, folder: Path, narrative: str) -> dict[str, Any]:
    """What an index needs, and an X12 275 later: numbers, who bills whom, and the files under each control number."""
    submission = beside.submission
    facts = submission.facts
    ways = {one.acn: one.transmission for one in submission.attachments}
    said = f"narratives/{narrative}"
    return {
        "claim_id": submission.claim_id,
        "frequency": submission.frequency,
        "payer_id": facts.coverage.payer.payer_id if facts.coverage else "",
        "billing_npi": facts.practice.npi,
        "narrative": _described(said, folder / narrative, "text/plain; charset=utf-8") if narrative else None,
        "total": f"{submission.draft.total:.2f}",
        "attachments": [
            {
                "control_number": one.named,
                "kind": str(one.kind),
                "transmission": ways[one.named],
                "files": list(_files_of(one, folder)),
            }
            for one in beside.planned
        ],
    }


def _files_of(one: Planned, folder: Path) -> Iterator[dict[str, Any]]:
    if one.packet:
        yield _described(f"attachments/{one.packet}", folder / one.packet, "application/pdf")
    for picture in one.pictures:
        asset = picture.asset
        yield {
            **_described(f"attachments/{picture.file_name}", folder / picture.file_name, "image/jpeg"),
            "captured_at": asset.captured_at.isoformat() if asset.captured_at else None,
            "view": asset.view_label,
            "annotated": bool(picture.marks),
            "tooth": teeth.universal(asset.tooth) if asset.tooth else "",
        }


def _described(name: str, path: Path, media_type: str) -> dict[str, Any]:
    digest, size = hashlib.sha256(), 0
    for block in blocks_of(path):
        digest.update(block)
        size += len(block)
    return {"file": name, "sha256": digest.hexdigest(), "bytes": size, "type": media_type}
