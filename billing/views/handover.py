"""Claims for other programs: those of an export, or of the list as it is filtered; each download on the trail."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.http import Http404
from django.views.decorators.http import require_safe

from billing.access import get_export
from billing.handover.records import records
from billing.handover.writing import TooManyRows, as_csv, as_json, write_xlsx
from billing.models import Claim, Payer
from billing.models.claim import ClaimQuerySet
from billing.permissions import may
from billing.views.worklist import TABS, FilterForm, filtered
from teledent.accounts import trail
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.models import Role
from teledent.files.keeping import blocks_of
from teledent.files.sending import Answer, send_blocks
from teledent.files.storage import scratch_folder
from teledent.kit import clock
from teledent.kit.decisions import Refused, require

MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@require_safe
@role_required(Role.FRONT_DESK)
def of_export(request: ActingRequest, public_id: UUID, form: str) -> Answer:
    """The claims of a finished export, from the facts that went out."""
    at, export = clock.now(), get_export(request.actor, public_id)
    claims = Claim.objects.filter(exports__export=export)
    name = f"claims-{export.batch_id}" if export.batch_id else "claims"
    return _sent(request, claims, form, name=name, noun="export", public_id=export.public_id, at=at)


@require_safe
@role_required(Role.FRONT_DESK)
def of_worklist(request: ActingRequest, form: str) -> Answer:
    """The claims of the list that the address names, as the worklist filters it; those not checked yet are left out."""
    at, actor = clock.now(), request.actor
    chosen = FilterForm(request.GET, payers=list(Payer.objects.filter(practice=actor.practice))).chosen()
    fits = TABS.get(request.GET.get("show", "all"), TABS["all"])[1]
    claims = filtered(Claim.objects.filter(practice=actor.practice).open_to(actor.person), chosen).filter(fits)
    return _sent(request, claims, form, name=f"claims-{at:%Y%m%d}", noun="claims", public_id=None, at=at)


def _sent(
    request: ActingRequest,
    claims: ClaimQuerySet,
    form: str,
    *,
    name: str,
    noun: str,
    public_id: UUID | None,
    at: datetime,
) -> Answer:
    if form not in MEDIA:
        raise Http404("No such form.")
    actor = request.actor
    require(may(actor, "export"))
    if request.method != "HEAD":
        trail.record("export", noun=noun, public_id=public_id, person=actor.person, practice=actor.practice, at=at)
    return send_blocks(
        request, _blocks(claims, form, at), size=None, media_type=MEDIA[form], name=f"{name}.{form}", what="The list"
    )


def _blocks(claims: ClaimQuerySet, form: str, at: datetime) -> Iterator[bytes]:
    if form == "csv":
        return as_csv(records(claims))
    return as_json(records(claims), at=at) if form == "json" else _workbook(claims)


def _workbook(claims: ClaimQuerySet) -> Iterator[bytes]:
    """Written to a folder of its own first, for a workbook is a ZIP; read from there in blocks."""
    with scratch_folder() as folder:
        path = folder / "claims.xlsx"
        try:
            write_xlsx(records(claims), path)
        except TooManyRows as many:
            raise Refused("One sheet holds 1,048,575 lines. Filter the list, or take it as CSV.") from many
        yield from blocks_of(path)
