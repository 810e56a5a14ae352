"""Absent and refused as devices said it, taken over by the list of the day in the order in which it was said (DE-2)."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from cases.actions.attending import mark_child
from cases.actions.devices import speaking
from cases.device.marking import MarkAct, by_our_clock
from cases.models import Device, EventChild, ForwardedMark, Patient, ScreeningEvent
from cases.practice_permissions import may_at_site
from teledent.accounts.acting import Actor
from teledent.kit import canonical
from teledent.kit.decisions import Conflict, Refused, require

OTHER_CONTENT = "This mark came before with other content. The first one counts."
AT_ONCE = "The same mark was sent twice at the same moment. Send it again."
NOT_LISTED = "This child is not on the list of this school day any more."
LATER = "Something else was said of this child later; that counts."


def forward_mark(
    *, actor: Actor, device: Device, event: ScreeningEvent, public_id: UUID, act: MarkAct, at: datetime
) -> tuple[ForwardedMark, bool]:
    """Keep what was said, and take it over where nothing later was said; the second says whether it is new.

    What cannot be taken over is kept all the same, and its receipt says why. Raises Conflict for other content under the id.
    """
    require(may_at_site(actor, "mark_children", event.site))
    try:
        with transaction.atomic():
            speaking(device, clock_offset_ms=act.clock_offset_ms, at=at)
            known = ForwardedMark.objects.filter(public_id=public_id).first()
            if known is not None and known.sha256 != act.sha256:
                raise Conflict(OTHER_CONTENT)
            return (known, False) if known else (_kept(actor, device, event, public_id, act, at), True)
    except IntegrityError:
        raise Conflict(AT_ONCE) from None


def _kept(
    actor: Actor, device: Device, event: ScreeningEvent, public_id: UUID, act: MarkAct, at: datetime
) -> ForwardedMark:
    against = _taken_over(actor, event, act, at)
    receipt = {"act": public_id, "applied": not against, "received_at": at, "sentence": against}
    return ForwardedMark.objects.create(
        public_id=public_id, device=device, event=event, patient_public_id=act.patient, mark=act.mark, note=act.note, said_at=act.at,
        sent_at=act.sent_at, clock_offset_ms=act.clock_offset_ms, sha256=act.sha256, person=actor.person, received_at=at,
        applied=not against, receipt=canonical.plain(receipt),
    )  # fmt: skip


def _taken_over(actor: Actor, event: ScreeningEvent, act: MarkAct, at: datetime) -> str:
    """Why the list does not take it over; empty when it did."""
    named = Patient.objects.filter(practice=actor.practice, public_id=act.patient).first()
    place = EventChild.objects.filter(event=event, patient=named.stays).first() if named else None
    if place is None:
        return NOT_LISTED
    if _said_later(place, act):
        return LATER
    try:
        mark_child(actor=actor, event=event, patient=place.patient, mark=act.mark, note=act.note, at=at)
    except Refused as refused:
        return refused.sentence
    return ""


def _said_later(place: EventChild, act: MarkAct) -> bool:
    """By another act of a device, or on the page of the day: a mark there that came from no device."""
    acts = list(ForwardedMark.objects.filter(event=place.event_id, patient_public_id=act.patient))
    if any(by_our_clock(one.said_at, one.clock_offset_ms) > act.said_at for one in acts):
        return True
    forwarded = {one.received_at for one in acts if one.applied}
    return place.marked_at is not None and place.marked_at not in forwarded and place.marked_at > act.said_at
