"""What a sender does by a link: agrees and opens the case, answers, sends pictures, sends the whole. She is no actor.

Every act asks again whether the link is open, under the lock of what it changes. Who she is stands in her own words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from cases import questionnaires
from cases.actions.capturing import clean_answer
from cases.actions.consenting import keep_answer, require_after_withdrawals
from cases.actions.files import judge_again, named_file
from cases.actions.opening import next_number
from cases.actions.submitting import Signer, put_before_dentists
from cases.by_link.asking import (
    DEVICE,
    FILE_SIZE_MAX,
    FILES_MAX,
    NEEDED_SCOPES,
    VIEWS,
    asked_by_link,
    flags_up,
    urgency_of,
    with_flags,
)
from cases.by_link.words import Words
from cases.consent_policies import consent_stands
from cases.merging import require_standing
from cases.models import (
    Asset,
    AssetState,
    Case,
    Consent,
    ConsentScope,
    Evidence,
    Origin,
    PatientPlace,
    Scope,
    SendingLink,
    Submission,
    Urgency,
)
from cases.models.asset import AssetQuerySet
from cases.moving import lock, record_event
from cases.notices import tell_of_sent
from cases.places import zone_of_patient_place
from cases.policies import COLLECTED, GATHERED, HISTORY, Step, blocking, checklist
from cases.readers import reads_from
from cases.record import CaseRecord, read_record
from teledent.accounts.trail import record
from teledent.kit import clock
from teledent.kit.decisions import Refused
from teledent.kit.text import printable

STATEMENT = "sent-2026-11"
LEAST_URGENT_FIRST = tuple(reversed(Urgency.values))
TAKEN_AWAY = "Taken away by the sender before sending"
LACKING = {GATHERED: "pictures", COLLECTED: "pictures", HISTORY: "questions"}


class Shut(Refused):
    """The link is not open any more: it was sent, revoked, ran out, or its case went on without it."""


class Lacking(Refused):
    """Something is to be done before it can be sent; `key` names it among the words of the page."""

    def __init__(self, key: str) -> None:
        super().__init__(f"Not sent yet: {key}.")
        self.key = key


class AgreedBefore(Refused):
    """Somebody agreed by this link already, and that answer counts."""


@dataclass(frozen=True, slots=True)
class Who:
    """Who is there, as she typed it, and by what authority she speaks for the patient."""

    name: str
    authority: str

    @property
    def kept(self) -> tuple[str, str]:
        return printable(self.name)[:60], printable(self.authority)[:40]


@dataclass(frozen=True, slots=True)
class Agreed:
    """What the sender typed and ticked before anything is gathered: who she is, where the patient is, what she agrees to."""

    who: Who
    state: str
    place: str
    billing: bool


@transaction.atomic
def open_link(*, link: SendingLink, at: datetime) -> None:
    """Somebody pressed the button on the first page of a link. The trail tells it once: who has the link may press for ever."""
    if SendingLink.objects.filter(pk=link.pk, opened_at__isnull=True).update(opened_at=at):
        record("opened", noun="link", public_id=link.public_id, person=None, practice=link.practice, at=at)


@transaction.atomic
def is_born_on(*, link: SendingLink, said: date | None, at: datetime) -> bool:
    """Whether the birth date is right. A wrong one costs a try; the last one locks the link for good.

    Under the link's lock: many that are sent at once are looked at one after the other, and no more than the tries.
    """
    link = _usable(link, at)
    if said == link.patient.birth_date:
        return True
    SendingLink.objects.filter(pk=link.pk, tries_left__gt=0).update(tries_left=F("tries_left") - 1)
    record("denied", noun="link", public_id=link.public_id, person=None, practice=link.practice, at=at)
    return False


def agree(*, link: SendingLink, words: Words, agreed: Agreed, flags: Sequence[str], at: datetime) -> Case:
    """Keep the consent and open the case for it. Raises AgreedBefore where it is open already: nothing of this answer is kept
    but the red flags, which are of whoever says them. A button pressed twice is one answer."""
    case = _opened(link, words, agreed, flags, at=at)
    if case is not None:
        return case
    before = SendingLink.objects.get(pk=link.pk)
    keep_flags(link=before, flags=flags, at=at)
    if before.case is None or not _is_the_same(before, agreed):
        raise AgreedBefore("Somebody agreed by this link already. Only that answer counts.")
    return before.case


def _is_the_same(link: SendingLink, agreed: Agreed) -> bool:
    """What is said now and what was said when the link's case was opened."""
    billing = ConsentScope.objects.filter(consent__case=link.case, scope=Scope.BILLING)
    said = (*agreed.who.kept, [agreed.billing])
    return (link.signer_name, link.signer_authority, list(billing.values_list("given", flat=True))) == said


@transaction.atomic
def _opened(link: SendingLink, words: Words, agreed: Agreed, flags: Sequence[str], *, at: datetime) -> Case | None:
    patient = require_standing(link.patient)  # before the link's own lock, as a merge takes them
    link = _usable(link, at)
    if link.case is not None:  # its lock is not taken here: sending takes it before the link's
        return None
    link.signer_name, link.signer_authority = agreed.who.kept
    case = Case(
        practice=link.practice, site=link.site, patient=patient, kind=link.kind, origin=Origin.LINK, opened_by=None, opened_at=at,
        patient_place=agreed.place if agreed.place == PatientPlace.HOME else PatientPlace.ELSEWHERE, patient_state=agreed.state,
        questionnaire=questionnaires.VERSION, answers=with_flags(_said_already(link), flags),
    )  # fmt: skip
    case.day_seen = clock.local_date(at, zone_of_patient_place(case, link.site))
    if not reads_from(link.practice, case.patient_state, day=case.day_seen, at=at):
        raise Lacking("no_dentist")
    case.number = next_number(link.practice, "case")
    case.save(force_insert=True)
    SendingLink.objects.filter(pk=link.pk).update(
        case=case, signer_name=link.signer_name, signer_authority=link.signer_authority
    )
    details = {"kind": link.kind, "site": link.site.name, "link": link.public_id}
    record_event(case.pk, "opened", person=None, at=at, details=details, name_of_nobody=link.sender)
    _consent(link, case, words, billing=agreed.billing, at=at)
    return case


def _said_already(link: SendingLink) -> dict[str, Any]:
    """Who asks for a second opinion is the sender; why it is read later is what the practice said (CA-4)."""
    asked = questionnaires.question(link.kind, "requester")
    return {"why": link.why, **({"requester": link.signer_name} if asked else {})}


def _consent(link: SendingLink, case: Case, words: Words, *, billing: bool, at: datetime) -> None:
    """Only inside the transaction that opens the case, under the patient's lock."""
    scopes: dict[str, bool] = {**dict.fromkeys(NEEDED_SCOPES, True), Scope.BILLING: billing}
    require_after_withdrawals(case.patient, scopes, case.day_seen)
    consent = Consent(
        patient=case.patient, case=case, text_version=words.version, text_sha256=words.sha256, language=words.name,
        signer_name=link.signer_name, signer_authority=link.signer_authority, evidence=Evidence.LINK, valid_from=case.day_seen,
        recorded_by=None, recorded_at=at,
    )  # fmt: skip
    keep_answer(consent, scopes, at=at, name_of_nobody=link.sender)


@transaction.atomic
def keep_answers(*, link: SendingLink, answers: Mapping[str, Any], at: datetime) -> None:
    """Merge what the sender said by key; a key with None takes an answer back."""
    case = _open_case(link, at)
    known = {key for q in asked_by_link(case.kind) for key in (q.key, q.text_key)} | {"red_flags"}
    said = {**case.answers, **{key: clean_answer(value) for key, value in answers.items() if key in known}}
    _write(case, {key: value for key, value in said.items() if value is not None})


@transaction.atomic
def keep_flags(*, link: SendingLink, flags: Sequence[str], shown: Sequence[str] = (), at: datetime) -> None:
    """Which red flags are up: those that she says, beside those of the case that were not `shown` to her."""
    case = _open_case(link, at)
    unseen = [flag for flag in flags_up(case.answers) if flag not in shown]
    _write(case, with_flags(case.answers, list(dict.fromkeys([*unseen, *flags]))))


def _write(case: Case, answers: Mapping[str, Any], **columns: Any) -> None:
    """The revision rises, so that a page of the site that is open meanwhile is told so. The urgency follows the answers while it is
    what they made it; one that the site set never falls."""
    urgency = urgency_of(case.kind, answers)
    if case.urgency and case.urgency != urgency_of(case.kind, case.answers):
        urgency = max(case.urgency, urgency, key=LEAST_URGENT_FIRST.index)
    Case.objects.filter(pk=case.pk).update(answers=answers, urgency=urgency, revision=F("revision") + 1, **columns)


@transaction.atomic
def declare_picture(
    *, link: SendingLink, public_id: UUID, size: int, sha256: str, name: str, view: str, captured_at: datetime | None, at: datetime
) -> Asset:  # fmt: skip
    """Say that a picture will come. The same bytes or the same id again return the row that there is.

    Raises Refused beyond what a link takes, or when the id was announced for something else.
    """
    case = _open_case(link, at)
    known = Asset.objects.filter(public_id=public_id).first()
    if known is not None:
        if (known.case_id, known.declared_size, known.declared_sha256) != (case.pk, size, sha256):
            raise Refused("This file was announced before, for something else.")
        return known
    same = case.assets.filter(declared_sha256=sha256).exclude(state__in=[AssetState.STRUCK, AssetState.REFUSED]).first()
    if same is not None:
        return same
    if size > FILE_SIZE_MAX or pictures_of(case).count() >= FILES_MAX or view not in VIEWS[case.kind]:
        raise Refused("This link takes no such file any more.")
    asset = Asset.objects.create(
        public_id=public_id, practice=case.practice, site=case.site, case=case, declared_name=printable(name)[:120],
        declared_size=size, declared_sha256=sha256, declared_by=None, declared_at=at, view=view, device=DEVICE,
        captured_at=captured_at or at, captured_source="device",
    )  # fmt: skip
    record_event(
        case.pk, "file_declared", person=None, at=at, details=named_file(asset), name_of_nobody=case.sending_link.sender
    )
    return asset


def pictures_of(case: Case) -> AssetQuerySet:
    """The sender's own: neither a person of the practice nor one of its programs brought them."""
    return case.assets.filter(declared_by__isnull=True, program__isnull=True)


@transaction.atomic
def take_away(*, link: SendingLink, public_id: UUID, at: datetime) -> None:
    """The sender leaves a picture out. Its row and its bytes stay, struck off (CA-7)."""
    case = _open_case(link, at)
    asset = pictures_of(case).counted().select_for_update().filter(public_id=public_id).first()
    if asset is None:
        return
    Asset.objects.filter(pk=asset.pk).update(state=AssetState.STRUCK, struck_reason=TAKEN_AWAY)
    details = {**named_file(asset), "reason": TAKEN_AWAY}
    record_event(case.pk, "file_struck", person=None, at=at, details=details, name_of_nobody=case.sending_link.sender)


@transaction.atomic
def send_case(*, link: SendingLink, sender: Who | None, reached: str, at: datetime) -> Submission:
    """The sender submits what she gathered, under her own statement, and the link has done its one thing (CA-6).

    `sender` is None where who agreed sends as well. `reached` says in words whom she reached where a red flag is up (CA-5).
    Raises Lacking, and nothing is sent.
    """
    case = _open_case(link, at)
    if sender is not None:
        name, authority = sender.kept
        SendingLink.objects.filter(pk=link.pk).update(sender_name=name, sender_authority=authority)
    day = clock.local_date(at, zone_of_patient_place(case, case.site))
    answers = {**case.answers, **({"reached": reached} if flags_up(case.answers) else {})}
    moved = _day_of_sending(case, day)
    _write(case, answers, **moved)
    case = lock(case.pk)
    if moved:
        judge_again(case, at=at)
    seen = read_record(case)
    if lacking := what_lacks(seen, day=day, zone=zone_of_patient_place(case, case.site)):
        raise Lacking(lacking)
    sent = SendingLink.objects.filter(pk=link.pk, sent_at__isnull=True, revoked_at__isnull=True)
    if not sent.update(sent_at=at):
        raise Shut("This link was used already.")
    submission = put_before_dentists(case, seen, Signer(case.sending_link.sender, STATEMENT), at=at)
    tell_of_sent(case, at=at)
    record("sent", noun="link", public_id=link.public_id, person=None, practice=case.practice, at=at)
    return submission


def _day_of_sending(case: Case, day: date) -> dict[str, date]:
    """The day seen is that of sending, unless the site has set another one than that of the consent."""
    opened_on = clock.local_date(case.opened_at, zone_of_patient_place(case, case.site))
    return {"day_seen": day} if case.day_seen == opened_on != day else {}


def what_lacks(seen: CaseRecord, *, day: date, zone: str) -> str:
    """What is to be done before it can be sent, as a key of the words; empty when nothing is."""
    images = seen.counted_images
    if not any(image.is_clinical for image in images):
        return "pictures"
    if any(image.is_unusable for image in images):
        return "unusable"
    if any(image.state == AssetState.DECLARED for image in images):
        return "arriving"
    missing = blocking(checklist(seen), Step.SUBMIT)
    if missing:
        return LACKING.get(missing[0].key, "other")
    return "" if consent_stands(seen, today=day, zone=zone) else "other"


def _usable(link: SendingLink, at: datetime) -> SendingLink:
    """The link under its lock, if it is open still."""
    SendingLink.objects.select_for_update().only("pk").get(pk=link.pk)
    row = SendingLink.objects.select_related("practice", "site", "case").usable(at).filter(pk=link.pk).first()
    if row is None or row.patient_id != link.patient_id:
        raise Shut("This link does not work any more.")
    return row


def _open_case(link: SendingLink, at: datetime) -> Case:
    """The link's case under its lock, if both are open still."""
    if link.case_id is None:
        raise Shut("Nothing was agreed to yet.")
    case = lock(link.case_id)
    if not SendingLink.objects.usable(at).filter(pk=link.pk, case=case).exists():
        raise Shut("This link does not work any more.")
    return case
