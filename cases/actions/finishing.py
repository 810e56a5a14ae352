"""What a hygienist finished on her device is submitted under her own session, once nothing stands against it (CA-6, CA-7)."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from cases.actions.devices import speaking
from cases.actions.submitting import STATEMENT, Stop, submit_case, what_stops
from cases.actions.treating import lock_with_origin
from cases.device_state import hashes_of, rows_of, state_of
from cases.models import URGENT, AssetState, Case, Device, Forward, Submission
from cases.moving import record_event
from cases.permissions import may
from cases.places import day_at_patient_place
from cases.record import read_record
from cases.states import EDITABLE, ENDED_UNSIGNED
from teledent.accounts.acting import Actor
from teledent.accounts.models import Person


@dataclass(frozen=True, slots=True)
class Finished:
    """The submitted version, or what stands against it."""

    case: Case
    submission: Submission | None = None
    stops: tuple[Stop, ...] = field(default=())


@transaction.atomic
def finish_case(
    *, actor: Actor, device: Device, case: Case, revision: int, clock_offset_ms: int | None, at: datetime
) -> Finished:
    """Submit what was finished, or say what stands against it. Again, when it is submitted, the same answer.

    Nothing is signed that she did not see: the case has to be what her newest manifest says, or she submits it on its page.
    """
    speaking(device, clock_offset_ms=clock_offset_ms, at=at)
    case = lock_with_origin(case)
    if case.status not in EDITABLE:
        return _ended(actor, case, at)
    forward = Forward.objects.filter(case=case).select_related("device").order_by("-revision").first()
    stops = _against(actor, case, device, forward, revision, at)
    if forward is None or stops:
        return Finished(case, stops=stops)
    finished = forward.content["finished"]
    details = {
        "device": device.name,
        "on_device_at": finished["at"],
        "offset_ms": forward.clock_offset_ms,
        "revision": revision,
    }
    record_event(case.pk, "finished_on_device", person=actor.person, at=at, details=details)
    submission = submit_case(actor=actor, case=case, at=at)
    case.refresh_from_db()
    return Finished(case, submission)


def _ended(actor: Actor, case: Case, at: datetime) -> Finished:
    submission = case.submissions.order_by("-version").first()
    if submission is None or case.status in ENDED_UNSIGNED:
        return Finished(case, stops=(Stop(may(actor, "submit", case, at=at).reason, "state"),))
    return Finished(case, submission)


def _against(
    actor: Actor, case: Case, device: Device, forward: Forward | None, revision: int, at: datetime
) -> tuple[Stop, ...]:
    if forward is None:
        return (Stop("Nothing of this case was forwarded yet. Send it first.", "revision"),)
    if forward.device_id != device.pk:
        return (
            Stop(f"{forward.device.name} forwarded this case last. Look at it and submit it on its page.", "changed"),
        )
    if forward.revision != revision:
        return (Stop(f"Revision {forward.revision} came last. Send the newest one first.", "revision"),)
    finished = forward.content["finished"]
    if finished is None:
        return (Stop("The case was not finished on the device.", "revision"),)
    if finished["by"] != str(actor.person.public_id):
        return (Stop(f"{_name_of(actor, finished['by'])} finished this case: it waits for her to sign in.", "person"),)
    if finished["statement"] != STATEMENT:
        return (Stop("What is signed by submitting reads otherwise now. Submit the case on its page.", "changed"),)
    stops = (*_files_to_come(case), *_changed(case, forward))
    return stops + what_stops(actor=actor, case=case, record=read_record(case), day=day_at_patient_place(case, at))


def _name_of(actor: Actor, public_id: str) -> str:
    person = Person.objects.filter(memberships__practice=actor.practice, public_id=public_id).first()
    return person.name if person else "Somebody else"


def _files_to_come(case: Case) -> tuple[Stop, ...]:
    """An urgent case may be read while its originals arrive (CA-7)."""
    files = list(case.assets.counted())
    late = sum(file.state == AssetState.DECLARED for file in files)
    if not late or case.urgency in URGENT:
        return ()
    return (Stop(f"{late} of {len(files)} files are still on their way.", "files"),)


def _changed(case: Case, forward: Forward) -> tuple[Stop, ...]:
    """Fields that are not what she finished: changed here, or in conflict."""
    hashes = hashes_of(forward)
    whole = rows_of(case, hashes).keys() >= hashes.keys()
    if not forward.receipt["conflicts"] and whole and state_of(case, hashes) == forward.base:
        return ()
    return (
        Stop("The case differs from what was finished on the device. Look at it and submit it on its page.", "changed"),
    )
