"""One gate a noun: a row for this actor, or 404. Views have no other way in."""

from datetime import datetime, timedelta
from uuid import UUID

from django.http import Http404

from cases.blinding import require_open_eyes
from cases.models import Asset, AssetState, Case, Derivative, Order, Patient, PatientMerge
from cases.order_states import OrderStatus
from cases.packet_pictures import RECIPES, packet_pictures
from cases.permissions import may
from cases.states import READABLE_SIGNED
from teledent.accounts.acting import Actor
from teledent.accounts.models import Role, Site
from teledent.accounts.trail import record_read

READ_ONCE_PER = timedelta(minutes=5)


def get_case(actor: Actor, public_id: UUID, *, at: datetime) -> Case:
    """The case if she may see it; the reading is put on the trail once in five minutes."""
    found = Case.objects.visible_to(actor).filter(public_id=public_id)
    case = found.select_related("practice", "site", "patient", "reader", "opened_by").first()
    if case is None or not may(actor, "read", case, at=at):
        raise Http404("No such case.")
    record_read(actor, noun="case", public_id=case.public_id, at=at)
    return case


def get_own_case(actor: Actor, public_id: UUID, *, at: datetime) -> Case:
    """The case if it belongs to a site where she is a hygienist: the gate of Capture."""
    case = get_case(actor, public_id, at=at)
    if not (actor.has(Role.HYGIENIST) and actor.at_site(Role.HYGIENIST, case.site_id)):
        raise Http404("No such case.")
    return case


def get_own_asset(actor: Actor, public_id: UUID, *, at: datetime) -> Asset:
    """A file of a case or tray of a site where she is a hygienist."""
    asset = get_asset(actor, public_id, at=at)
    if not (actor.has(Role.HYGIENIST) and actor.at_site(Role.HYGIENIST, asset.site_id)):
        raise Http404("No such file.")
    return asset


def get_own_patient(actor: Actor, public_id: UUID) -> Patient:
    """A patient of the sites where she is a hygienist, whatever other roles she holds."""
    patient = get_patient(actor, public_id)
    if not Patient.objects.of_sites(actor).filter(pk=patient.pk).exists():
        raise Http404("No such patient.")
    return patient


def get_patient(actor: Actor, public_id: UUID) -> Patient:
    """The patient if she may see her; the address of one who was merged leads to the one that stays (ID-1)."""
    visible = Patient.objects.visible_to(actor).select_related("practice")
    patient = visible.filter(public_id=public_id).first()
    if patient is None:
        gone = Patient.objects.filter(practice=actor.practice, public_id=public_id, merged_into__isnull=False).first()
        patient = visible.filter(pk=gone.stays.pk).first() if gone else None
    if patient is None:
        raise Http404("No such patient.")
    return patient


def get_merge(actor: Actor, public_id: UUID) -> PatientMerge:
    rows = PatientMerge.objects.filter(practice=actor.practice, public_id=public_id)
    merge = rows.select_related("kept", "merged", "undone_by").first()
    if merge is None:
        raise Http404("No such merge.")
    return merge


def get_asset(actor: Actor, public_id: UUID, *, at: datetime) -> Asset:
    """A file of a case she may see; at the front desk only pictures of the packet, in and not held. Or of her tray."""
    asset = (
        Asset.objects.filter(practice=actor.practice, public_id=public_id)
        .select_related("case", "site", "original")
        .first()
    )
    if asset is None:
        raise Http404("No such file.")
    if asset.case is None:
        if not (actor.has(Role.HYGIENIST) and actor.at_site(Role.HYGIENIST, asset.site_id)):
            raise Http404("No such file.")
        return asset
    case = get_case(actor, asset.case.public_id, at=at)
    if sees_packet_only(actor, case) and not _is_in_packet(asset, case):
        raise Http404("No such file.")
    return asset


def sees_packet_only(actor: Actor, case: Case) -> bool:
    """Whether she sees this case from the front desk alone: its pictures are those of the packet, as the packet has them."""
    at_site = actor.has(Role.HYGIENIST) and actor.at_site(Role.HYGIENIST, case.site_id)
    return not actor.has(Role.DENTIST, Role.MANAGER) and not at_site


def _is_in_packet(asset: Asset, case: Case) -> bool:
    if asset.is_held or asset.state != AssetState.EXAMINED or case.status not in READABLE_SIGNED:
        return False
    return str(asset.public_id) in packet_pictures(case.signature.content)


def get_own_order(actor: Actor, public_id: UUID, *, at: datetime) -> Order:
    """A dentist's order that counts, on a case of a site where she is a hygienist."""
    order = _order(actor, public_id)
    require_open_eyes(actor.person, get_own_case(actor, order.case.public_id, at=at))
    return order


def get_order(actor: Actor, public_id: UUID, *, at: datetime) -> Order:
    """An order that counts, on a case that she may see."""
    order = _order(actor, public_id)
    require_open_eyes(actor.person, get_case(actor, order.case.public_id, at=at))
    return order


def _order(actor: Actor, public_id: UUID) -> Order:
    found = Order.objects.filter(practice=actor.practice, public_id=public_id).exclude(status=OrderStatus.DRAFTED)
    order = found.select_related("case__patient", "case__site", "visit").first()
    if order is None:
        raise Http404("No such order.")
    return order


def get_derivative(actor: Actor, public_id: UUID, recipe: str, page: int, *, at: datetime) -> Derivative:
    """The newest derivative of a recipe for a file she may see, with the mirror flip as the file is labelled now."""
    asset = get_asset(actor, public_id, at=at)
    if asset.case is not None and recipe not in RECIPES and sees_packet_only(actor, asset.case):
        raise Http404("No such picture.")
    made = asset.derivatives.filter(recipe=recipe, page=page, mirrored=asset.mirrored).select_related("file")
    newest = made.order_by("-recipe_version").first()
    if newest is None:
        raise Http404("This picture is not ready.")
    return newest


def get_site(actor: Actor, public_id: UUID, *, role: str = Role.HYGIENIST) -> Site:
    """A site where she holds `role`."""
    site = Site.objects.filter(practice=actor.practice, public_id=public_id).first()
    if site is None or not actor.at_site(role, site.pk):
        raise Http404("No such site.")
    return site
