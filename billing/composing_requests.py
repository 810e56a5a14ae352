"""Everything of one request asked ahead as files in a folder, and its part of the 837D and the manifest. Slow: never
inside a transaction. What stands beside it is what stands beside a claim."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from billing.attachments import planned_beside
from billing.composing import Beside, NotComposable, files_in_zip, manifest_of, named_in_837, try_writing, write_beside
from billing.models import Authorisation, Receiver
from billing.requests_asked import Readable, granted_before
from billing.x12.d837_claim import ClaimSubmission
from billing.x12.envelope import Interchange


@dataclass(frozen=True, slots=True)
class ComposedRequest:
    """One request ready for the package. `row` is as it was read: the file takes it so, or not at all."""

    row: Authorisation
    submission: ClaimSubmission
    files: tuple[tuple[str, Path], ...]  # name in the ZIP, file on this machine
    manifest: dict[str, Any]


def compose_request(
    one: Readable, folder: Path, *, interchange: Interchange, receiver: Receiver, at: datetime
) -> ComposedRequest:
    """Write the request's files into `folder`, which is empty and its own. Raises NotComposable."""
    row, facts, draft = one.row, one.facts, one.draft
    if one.blocking or facts is None or draft is None or row.case is None:
        raise NotComposable(" ".join(problem.sentence for problem in one.blocking))
    planned = planned_beside(row.request_id, case_id=row.case.pk)
    submission = ClaimSubmission(
        claim_id=row.request_id,
        facts=facts,
        draft=draft,
        attachments=named_in_837(planned),
        ahead=True,
        granted=granted_before(row),
    )
    try_writing(interchange, submission)
    beside = Beside(row.case, submission, planned, receiver)
    narrative = write_beside(beside, folder, at=at)
    return ComposedRequest(
        row=row,
        submission=submission,
        files=tuple(files_in_zip(beside, folder, narrative)),
        manifest=manifest_of(beside, folder, narrative) | {"asks_for": row.kind},
    )
