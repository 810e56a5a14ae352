"""Who may do what to a case: each verb with the sentence that says it and the roles that hold it."""

from dataclasses import dataclass
from datetime import date, datetime

from cases.models import Case, CaseEvent
from cases.models.second import READ_SECOND
from cases.places import day_at_patient_place
from cases.states import BILLABLE, EDITABLE, LABELS, READABLE_SIGNED, WITH_DENTISTS, Status
from teledent.accounts.acting import Actor
from teledent.accounts.models import Licence, Person, Role, State
from teledent.kit.decisions import ALLOWED, Decision, refuse


@dataclass(frozen=True, slots=True)
class Verb:
    sentence: str
    roles: frozenset[str]


def _verb(sentence: str, *roles: str) -> Verb:
    return Verb(sentence, frozenset(roles))


VERBS: dict[str, Verb] = {
    "read": _verb("Open the case and its pictures", Role.HYGIENIST, Role.DENTIST, Role.FRONT_DESK, Role.MANAGER),
    "capture": _verb("Change what was gathered", Role.HYGIENIST),
    "submit": _verb("Sign and submit", Role.HYGIENIST),
    "withdraw": _verb("Take the case back before it is signed", Role.HYGIENIST),
    "start_review": _verb("Start reading", Role.DENTIST),
    "write_review": _verb("Write the review", Role.DENTIST),
    "hand_over": _verb("Hand the case over to another dentist", Role.DENTIST),
    "ask_second_read": _verb("Ask another dentist for a second read", Role.DENTIST, Role.MANAGER),
    "sign": _verb("Sign the review", Role.DENTIST),
    "original": _verb("Download an original file", Role.HYGIENIST, Role.DENTIST, Role.MANAGER),
    "add_addendum": _verb("Add an addendum to a signed case", Role.HYGIENIST, Role.DENTIST),
    "retract": _verb("Retract a signed case", Role.DENTIST, Role.MANAGER),
    "report": _verb("Print the signed report", Role.HYGIENIST, Role.DENTIST, Role.FRONT_DESK, Role.MANAGER),
    "follow_up": _verb("Record what the family was told", Role.HYGIENIST, Role.DENTIST, Role.FRONT_DESK),
    "close": _verb("Close the follow-up", Role.FRONT_DESK),
    "letter": _verb("Print the letter to the family", Role.HYGIENIST, Role.FRONT_DESK),
    "refer": _verb("Refer to another office", Role.HYGIENIST, Role.DENTIST, Role.FRONT_DESK),
    "call_back": _verb("Take a submitted case back to put a picture right", Role.HYGIENIST),
    "correct": _verb("Put right what a retracted case held", Role.HYGIENIST),
    "order": _verb("Order something of the hygienist, or cancel it", Role.DENTIST),
    "treat": _verb("Begin or refuse what a dentist ordered", Role.HYGIENIST),
    "merge": _verb("Put two rows of one patient together, or take them apart", Role.MANAGER),
    "record_consent": _verb("Record or withdraw consent", Role.HYGIENIST, Role.FRONT_DESK),
}


def may(actor: Actor, verb: str, case: Case, *, at: datetime) -> Decision:
    """Whether `actor` may do `verb` to `case`, which she can already see. A refusal carries the sentence to show."""
    check = _CHECKS.get(verb)
    holds = allowed_to(actor, verb)
    return check(actor, case, at) if holds and check else holds


def allowed_to(actor: Actor, verb: str) -> Decision:
    """Whether a role of hers includes the verb, whatever it is about."""
    if actor.has(*VERBS[verb].roles):
        return ALLOWED
    return refuse(f"{VERBS[verb].sentence}: your role does not include this.")


def licence_of(person: Person, *, state: str, day: date) -> Licence | None:
    """The licence of `person` that is active in `state` on `day` (RE-1); the one that lasts longest when several are."""
    active = Licence.objects.filter(credential__person=person).active_in(state, day)
    return active.select_related("credential").order_by("-ends_on").first()


def licence_decision(person: Person, case: Case, *, day: date) -> Decision:
    licence = licence_of(person, state=case.patient_state, day=day)
    if licence is not None and not licence.credential.is_dentists:
        return refuse("Your credential is not a dentist's. A manager sets its taxonomy under people and places.")
    if licence is None:
        state = State(case.patient_state).value
        return refuse(
            f"You have no active licence in {state}, where the patient was. A dentist licensed in {state} can read this case."
        )
    return ALLOWED


def has_captured(person: Person, case: Case) -> bool:
    return Case.objects.gathered_by(person).filter(pk=case.pk).exists()


def reads_second(person: Person, case: Case) -> bool:
    """Whether she is to give, or has given, a second opinion: then she never writes the first (RE-2)."""
    return case.second_reads.filter(reader=person).exists()


def _at_her_site(actor: Actor, case: Case, at: datetime) -> Decision:
    if not actor.at_site(Role.HYGIENIST, case.site_id):
        return refuse("This case belongs to a site where you do not work.")
    return ALLOWED


def _editable(actor: Actor, case: Case, at: datetime) -> Decision:
    if case.status not in EDITABLE:
        return refuse(f"The case is {LABELS[Status(case.status)].lower()}; what was submitted does not change.")
    return _at_her_site(actor, case, at)


def _start(actor: Actor, case: Case, at: datetime) -> Decision:
    if has_captured(actor.person, case):
        return refuse("You gathered part of this case yourself. Another dentist reads it.")
    if (
        case.status == Status.IN_REVIEW
        and case.lease_until
        and case.lease_until >= at
        and case.reader_id != actor.person.pk
    ):
        return refuse(f"{case.reader} is reading this case." if case.reader else "Somebody is reading this case.")
    if case.status not in (Status.SUBMITTED, Status.IN_REVIEW):
        return refuse(f"The case is {LABELS[Status(case.status)].lower()}.")
    if reads_second(actor.person, case):
        return refuse("You are asked for a second read of this case. Another dentist writes the review of record.")
    return licence_decision(actor.person, case, day=day_at_patient_place(case, at))


def called_back(case: Case) -> CaseEvent | None:
    """How the site took a submitted case back, where it has it still."""
    return case.events.filter(kind="call_back").order_by("-seq").first() if case.status == Status.DRAFT else None


def _holds(actor: Actor, case: Case, at: datetime) -> Decision:
    if case.status == Status.DRAFT and (taken := called_back(case)):
        return refuse(
            f"{taken.person_name} took this case back: {taken.details.get('reason', '')}. Your text is kept; the case comes "
            "again when it is submitted anew."
        )
    if case.status != Status.IN_REVIEW or case.reader_id != actor.person.pk:
        return refuse("You do not hold this case any more. Your text is kept; start the case again to go on.")
    if case.lease_until is None or case.lease_until < at:
        return refuse("Your hold on this case ran out. Your text is kept; start the case again to go on.")
    return ALLOWED


def _sign(actor: Actor, case: Case, at: datetime) -> Decision:
    held = _holds(actor, case, at)
    if not held:
        return held
    if has_captured(actor.person, case):
        return refuse("You gathered part of this case yourself. Another dentist reads it.")
    return licence_decision(actor.person, case, day=day_at_patient_place(case, at))


def _ask_second(actor: Actor, case: Case, at: datetime) -> Decision:
    """While it waits or is read, and after the signature as long as it stands."""
    if case.status in READ_SECOND:
        return ALLOWED
    return refuse(f"The case is {LABELS[Status(case.status)].lower()}: there is nothing to read a second time.")


def _signed(actor: Actor, case: Case, at: datetime) -> Decision:
    if case.status not in READABLE_SIGNED:
        return refuse("This works on a signed case only.")
    if actor.has(Role.DENTIST, Role.FRONT_DESK, Role.MANAGER):
        return ALLOWED
    return _at_her_site(actor, case, at)


def _add(actor: Actor, case: Case, at: datetime) -> Decision:
    """An addendum is a clinician's, whatever else she is: a dentist of the practice, or a hygienist of that site."""
    if case.status not in READABLE_SIGNED:
        return refuse("This works on a signed case only.")
    return ALLOWED if actor.has(Role.DENTIST) else _at_her_site(actor, case, at)


def _call_back(actor: Actor, case: Case, at: datetime) -> Decision:
    if case.status not in WITH_DENTISTS:
        return refuse(f"The case is {LABELS[Status(case.status)].lower()}.")
    return _at_her_site(actor, case, at)


def _correct(actor: Actor, case: Case, at: datetime) -> Decision:
    if case.status != Status.RETRACTED:
        return refuse(
            "A signed case keeps what was signed. The dentist who signed it, or a manager, retracts it first."
        )
    return _at_her_site(actor, case, at)


def _order(actor: Actor, case: Case, at: datetime) -> Decision:
    """On a signed case that stands; under a licence of that day, as any treatment decision (RE-1)."""
    if case.status not in BILLABLE:
        return refuse(
            "Orders are given on a signed case. In a review they stand in its plan and count when it is signed."
        )
    return licence_decision(actor.person, case, day=day_at_patient_place(case, at))


def _retract(actor: Actor, case: Case, at: datetime) -> Decision:
    if case.status not in (Status.SIGNED, Status.CLOSED):
        return refuse("Only a signed case can be retracted.")
    if actor.has(Role.MANAGER) or case.signature.person_id == actor.person.pk:
        return ALLOWED
    return refuse("The dentist who signed, or a manager, retracts a case.")


_CHECKS = {
    "capture": _editable,
    "submit": _editable,
    "withdraw": _at_her_site,
    "start_review": _start,
    "write_review": _holds,
    "hand_over": _holds,
    "ask_second_read": _ask_second,
    "sign": _sign,
    "add_addendum": _add,
    "call_back": _call_back,
    "correct": _correct,
    "order": _order,
    "treat": _at_her_site,
    "retract": _retract,
    "follow_up": _signed,
    "close": _signed,
    "letter": _signed,
    "refer": _signed,
}
