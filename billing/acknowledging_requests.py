"""What an acknowledgement does to requests asked by file: taken on is told, turned away brings them back to the desk.

Everything here runs inside the caller's transaction.
"""

from datetime import datetime

from billing.authorisation_moving import move_authorisation, record_event
from billing.authorisation_states import AuthorisationStatus
from billing.models import Acknowledgement, Authorisation, ExportState, FiledRequest, RequestFile, Verdict


def tell_request(row: Authorisation, said: Acknowledgement, *, at: datetime) -> None:
    """One request was taken on or turned away. After its answer, or once it ended, neither changes anything."""
    if row.status != AuthorisationStatus.SENT:
        return
    details = {"codes": said.codes, "message": said.message, "kind": said.kind}
    if said.verdict == Verdict.ACCEPTED:
        record_event(row, "taken_on", person=None, at=at, details=details)
    elif said.verdict == Verdict.REJECTED:
        move_authorisation(row, "turn_away", person=None, at=at, details=details)


def turn_requests_away(file: RequestFile, said: Acknowledgement, *, at: datetime) -> None:
    """A file that was refused: its requests never arrived, but for those that went out again since."""
    later = FiledRequest.objects.filter(file__state=ExportState.DONE, file_id__gt=file.pk).values("authorisation")
    rows = Authorisation.objects.filter(filed__file=file, status=AuthorisationStatus.SENT).exclude(pk__in=later)
    for row in rows.order_by("pk"):
        move_authorisation(row, "turn_away", person=None, at=at, details={"codes": said.codes, "kind": said.kind})
