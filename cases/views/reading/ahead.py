"""Pictures before they are needed: samples made on demand, and the next case fetched while this one is read.

What is fetched ahead goes into the memory of the reading room's own worker and never into a cache of the browser. It is
an access by this dentist and stands on the trail as such, under its own verb: nobody has looked at it yet.
"""

from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from cases.access import get_case
from cases.actions.preparing import prepare_samples
from cases.imaging.recipes import SAMPLES, SAMPLES_VERSION
from cases.models import Asset, Case, Derivative
from cases.views.reading.gate import get_case_ahead, get_picture_of, next_case
from cases.views.record.gallery import pictures_of
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.models import Role
from teledent.files.sending import Answer, send_blocks
from teledent.files.storage import open_streaming
from teledent.kit import clock

RECIPES = ("review", SAMPLES)


@require_POST
@role_required(Role.DENTIST)
def samples(request: ActingRequest, public_id: UUID, image: UUID) -> HttpResponse:
    """Have the samples of a picture made that was examined before there were any: ready, queued, or none."""
    case = get_case(request.actor, public_id, at=clock.now())
    return JsonResponse({"state": prepare_samples(get_picture_of(case, image))})


@require_safe
@role_required(Role.DENTIST)
def ahead(request: ActingRequest) -> HttpResponse:
    """What "Start next" would open now, as addresses: each picture's own, its hash, and where to fetch it ahead. Nothing is
    started, and nothing clinical is in the answer."""
    case = next_case(request.actor, at=clock.now())
    return JsonResponse({"pictures": [_listed(case, one) for one in _derivatives(case)] if case else []})


def _derivatives(case: Case) -> list[Derivative]:
    """The large copy or the samples of each picture, in the order in which they are read."""
    pictures = pictures_of(case)
    order = {(one.asset.pk, one.page): one.number for one in pictures}
    turned = {one.asset.pk: one.asset.mirrored for one in pictures}
    made = Derivative.objects.filter(asset__in=turned, recipe__in=RECIPES).select_related("asset", "file")
    newest: dict[tuple[int, str, int], Derivative] = {}
    for one in made.order_by("recipe_version"):
        if one.mirrored == turned[one.asset_id] and (one.recipe != SAMPLES or one.recipe_version == SAMPLES_VERSION):
            newest[one.asset_id, one.recipe, one.page] = one
    return sorted(newest.values(), key=lambda one: (order.get((one.asset_id, one.page), 0), one.recipe))


def _listed(case: Case, one: Derivative) -> dict[str, object]:
    place = [one.asset.public_id, one.recipe, one.page]
    return {
        "address": reverse("picture", args=place), "etag": f'"{one.file.sha256}"', "size": one.file.size,
        "ahead": reverse("reading-ahead-picture", args=[case.public_id, *place]),
    }  # fmt: skip


@require_safe
@role_required(Role.DENTIST)
def picture_ahead(request: ActingRequest, public_id: UUID, image: UUID, recipe: str, page: int) -> Answer:
    """The bytes of a picture of a case that she may start now. No cache keeps them; packed ones stay packed."""
    case = get_case_ahead(request.actor, public_id, at=clock.now())
    asset = Asset.objects.in_place().filter(case=case, public_id=image).first()
    made = asset and asset.derivatives.filter(recipe=recipe, page=page, mirrored=asset.mirrored)
    newest = made.select_related("file").order_by("-recipe_version").first() if made and recipe in RECIPES else None
    if newest is None:
        raise Http404("No such picture.")
    return send_blocks(
        request, open_streaming(newest.file.key), size=newest.file.size, media_type=newest.file.media_type,
        name=f"{image}-{recipe}-{page}.bin", what="The picture",
    )  # fmt: skip
