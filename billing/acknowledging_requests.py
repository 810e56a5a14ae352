"""What an acknowledgement does to requests asked by file: taken on is told, turned away brings them back to the desk.

Only of what went out by file and was not asked another way since. Everything here runs inside the caller's transaction.
"""

from datetime import datetime

from billing.authorisation_moving import move_authorisation, record_event
from billing.authorisation_states import ON_ITS_WAY, AuthorisationStatus
from billing.models import Acknowledgement, Authorisation, ExportState, FiledRequest, RequestFile, RequestHow, Verdict


def tell_request(row: Authorisation, said: Acknowledgement, *, at: datetime) -> None:
    """One request was taken on or turned away. After its answer, or once it ended, neither changes anything."""
    if row.status not in ON_ITS_WAY or row.sent_how != RequestHow.FILE:
        return
    details = {"codes": said.codes, "message": said.message, "kind": said.kind}
    if said.verdict == Verdict.ACCEPTED and row.status == AuthorisationStatus.RETURNED:
        move_authorisation(row, "take_on", person=None, at=at, details=details)
    elif said.verdict == Verdict.ACCEPTED:
        record_event(row, "taken_on", person=None, at=at, details=details)
    elif said.verdict == Verdict.REJECTED and _is_of_an_older_file(row, said):
        record_event(row, "turned_away_before", person=None, at=at, details=details)
    elif said.verdict == Verdict.REJECTED and row.status == AuthorisationStatus.SENT:
        move_authorisation(row, "turn_away", person=None, at=at, details=details)


def _is_of_an_older_file(row: Authorisation, said: Acknowledgement) -> bool:
    """Whether what stands above it in the same 277CA names a file of ours, and the request went out again since."""
    above = Acknowledgement.objects.filter(
        part=said.part, segment__lt=said.segment, authorisation__isnull=True, claim__isnull=True
    )
    batch = above.exclude(request_file=None).order_by("-segment").first()
    if batch is None:
        return False
    later = FiledRequest.objects.filter(file__state=ExportState.DONE, file_id__gt=batch.request_file_id or 0)
    return later.filter(authorisation=row).exists()


def turn_requests_away(file: RequestFile, said: Acknowledgement, *, at: datetime) -> None:
    """A file that was refused: its requests never arrived, but for those that were asked again since, in whatever way."""
    later = FiledRequest.objects.filter(file__state=ExportState.DONE, file_id__gt=file.pk).values("authorisation")
    sent = Authorisation.objects.filter(status=AuthorisationStatus.SENT, sent_how=RequestHow.FILE)
    for row in sent.filter(filed__file=file).exclude(pk__in=later).order_by("pk"):
        move_authorisation(row, "turn_away", person=None, at=at, details={"codes": said.codes, "kind": said.kind})
