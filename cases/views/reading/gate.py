"""The gate of the reading room: a case of the practice, and the draft that this dentist is writing on it."""

from datetime import datetime
from uuid import UUID

from django.http import Http404

from cases.access import get_case
from cases.models import Asset, Case, Review
from cases.offering import licensed_states, offered
from cases.permissions import may
from teledent.accounts.acting import Actor
from teledent.accounts.trail import record_ahead
from teledent.kit.decisions import Conflict


def get_draft(actor: Actor, public_id: UUID, *, at: datetime) -> tuple[Case, Review]:
    """The case and her own unsigned draft on its newest version.

    404 without a draft of hers; Conflict with the reason when she does not hold the case (any more).
    """
    case = get_case(actor, public_id, at=at)
    review = draft_of(actor, case)
    holds = may(actor, "write_review", case, at=at)
    if not holds:
        raise Conflict(holds.reason)
    return case, review


def draft_of(actor: Actor, case: Case) -> Review:
    """Her own unsigned draft on the newest version of a case; 404 where there is none."""
    review = (
        Review.objects.filter(case=case, writer=actor.person, signed_at__isnull=True)
        .select_related("submission", "writer")
        .order_by("-submission__version")
        .first()
    )
    if review is None:
        raise Http404("No draft of yours.")
    review.case = case  # the row at hand, with its patient and site
    return review


def get_picture_of(case: Case, public_id: UUID) -> Asset:
    """A file of this case that is in place."""
    asset = Asset.objects.in_place().filter(case=case, public_id=public_id).first()
    if asset is None:
        raise Http404("No such picture in this case.")
    return asset


def next_case(actor: Actor, *, at: datetime) -> Case | None:
    """The case that she would be given now. Looking it up is no reading of it."""
    states = licensed_states(actor, at=at)
    return next(iter(offered(actor, states, at=at, most=1)), None)


def get_case_ahead(actor: Actor, public_id: UUID, *, at: datetime) -> Case:
    """A case that she may start now, for fetching its pictures ahead; on the trail as that, once in five minutes."""
    waits = Case.objects.filter(practice=actor.practice, public_id=public_id).waiting(at)
    states = licensed_states(actor, at=at)
    case = next((one for state in states for one in waits.readable_by(actor.person, state, at)), None)
    if case is None:
        raise Http404("No such case waits.")
    record_ahead(actor, noun="case", public_id=case.public_id, at=at)
    return case
