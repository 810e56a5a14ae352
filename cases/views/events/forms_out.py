"""Forms for the families of a school day: asked for, followed while they are made, taken as a PDF."""

from datetime import timedelta
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from cases.access_events import get_event, get_form_run
from cases.actions.family_forms import AT_ONCE, download_forms, print_forms, without_form
from cases.models import PrintState
from cases.practice_permissions import may_at_site
from cases.views.capture.forms import posted
from cases.views.events.forms import PrintFormsForm
from cases.views.events.listing import READERS
from teledent.accounts.acting import ActingRequest, role_required
from teledent.files.sending import Answer, send_blocks
from teledent.kit import clock
from teledent.kit.decisions import Refused

CHIPS = {
    PrintState.QUEUED: ("info", "clock"), PrintState.DONE: ("ok", "circle-check"), PrintState.FAILED: ("wait", "triangle-alert"),
}  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(*READERS)
def forms(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """What was printed for this school day, and the form that prints more."""
    at, row = clock.now(), get_event(request.actor, public_id)
    keeps = bool(may_at_site(request.actor, "keep_roster", row.site)) and row.cancelled_at is None
    back_by = max(row.starts_on - timedelta(days=1), clock.local_date(at, row.site.time_zone))
    form = PrintFormsForm(posted(request), initial={"back_by": back_by, "whom": "waiting"})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            print_forms(
                actor=request.actor, event=row, everybody=said["whom"] == "everybody", back_by=said["back_by"], at=at
            )
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            return redirect("event-forms", row.public_id)
    runs = list(row.form_runs.select_related("requested_by", "file")[:20])
    waiting, everybody = without_form(row, at=at)
    context = {
        "waiting": waiting, "everybody": everybody, "at_once": AT_ONCE,
        "event": row, "form": form, "keeps": keeps, "rows": [(run, *CHIPS[PrintState(run.state)]) for run in runs],
        "making": any(run.state == PrintState.QUEUED for run in runs), "zone": row.site.time_zone,
    }  # fmt: skip
    return render(request, "events/forms.html", context, status=422 if form.errors else 200)


@require_safe
@role_required(*READERS)
def file(request: ActingRequest, public_id: UUID) -> Answer:
    run = get_form_run(request.actor, public_id)
    blocks = download_forms(actor=request.actor, run=run, at=clock.now())
    name = f"forms-{run.event.starts_on:%Y-%m-%d}.pdf"
    return send_blocks(
        request,
        blocks,
        size=run.file.size if run.file else 0,
        media_type="application/pdf",
        name=name,
        what="The forms",
    )
