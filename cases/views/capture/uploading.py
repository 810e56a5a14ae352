"""The resumable receiver behind Capture's gate: a hygienist sends files into cases of her sites."""

from functools import partial
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from cases.access import get_own_asset, get_own_case
from cases.actions.files import declare_file, file_received, takes_files
from cases.models import Asset, AssetState
from cases.views.capture.file_forms import declared_labels
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.models import Role
from teledent.files import receiver
from teledent.files.models import StoredFile, Upload
from teledent.files.receiver import Declared
from teledent.kit import clock


class _Known(Exception):
    """The case holds these bytes already, under another id: the sender goes on with that one."""

    def __init__(self, asset: Asset) -> None:
        self.asset = asset


class _Ended(Exception):
    """The case takes no file any more; `sentence` says why."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence


@role_required(Role.HYGIENIST)
def uploads(request: ActingRequest) -> HttpResponse:
    """POST announces a file; `case` in its metadata says where it belongs.

    409 names the row that holds the same bytes; 410 says that the case takes no file any more.
    """
    admit = partial(_admit, request)
    try:
        return receiver.collection(request, sender_id=request.actor.person.pk, admit=admit, address=_address)
    except _Known as known:
        asset = known.asset
        answer = {"id": str(asset.public_id), "arrived": asset.state != AssetState.DECLARED, "view": asset.view_label}
        return JsonResponse(answer, status=409)
    except _Ended as ended:
        return _gone(ended.sentence)


def _admit(request: HttpRequest, declared: Declared) -> None:
    """Declare the file in its case, or raise: a case that is not hers is not there, a closed one refuses."""
    at = clock.now()
    actor = request.actor  # type: ignore[attr-defined]
    try:
        wanted = UUID(declared.metadata.get("case", ""))
    except ValueError:
        raise Http404("No such case.") from None
    case = get_own_case(actor, wanted, at=at)
    open_still = takes_files(case)
    if not open_still and not case.assets.filter(public_id=declared.public_id, original__isnull=False).exists():
        raise _Ended(open_still.reason)
    asset = declare_file(
        actor=actor, site=case.site, case=case, public_id=declared.public_id, size=declared.size, sha256=declared.sha256,
        name=declared.metadata.get("filename", ""), at=at, **declared_labels(declared.metadata, zone=case.site.time_zone, at=at),
    )  # fmt: skip
    if asset.case_id != case.pk:
        raise Http404("No such file in this case.")
    if asset.public_id != declared.public_id:
        raise _Known(asset)


def _address(public_id: UUID) -> str:
    return reverse("capture-upload", args=[public_id])


@role_required(Role.HYGIENIST)
def upload(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """HEAD and PATCH of one file. The case may have been submitted meanwhile: a declared file still comes in (CA-7)."""
    asset = get_own_asset(request.actor, public_id, at=clock.now())
    if asset.state == AssetState.STRUCK:
        return _gone("This file was struck off; it is not wanted any more.")
    if asset.case is not None and asset.original is None:
        open_still = takes_files(asset.case)
        if not open_still:
            return _gone(open_still.reason)
    return receiver.resource(request, public_id=public_id, finished=partial(_arrived, asset))


def _gone(sentence: str) -> HttpResponse:
    return HttpResponse(sentence, status=410, content_type="text/plain")


def _arrived(asset: Asset, upload: Upload, stored: StoredFile) -> None:
    at = clock.now()
    file_received(asset, stored, sent_at=upload.first_byte_at or at, at=at)
