"""The check: read the facts anew, say what stands against the claim, and make it ready or hold it.

Runs whenever something that the claim rests on has changed, and once more for every claim just before an export.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from billing.claims.facts import ONCE_A_DAY, ClaimFacts
from billing.claims.facts import Coverage as BilledCoverage
from billing.claims.lines import ClaimDraft, draft_claim, rules_of
from billing.claims.payer_rules import strictest_limits
from billing.claims.rule import Mend, Problem
from billing.claims.rules import check
from billing.coordination import with_earlier_answer
from billing.models import BilledOnce, Claim, ClaimLine, Coverage, DosBasis, Part, Priority
from billing.moving import move_claim, record_event, write
from billing.permissions import may
from billing.snapshot import NAME_CONFIRMED, Snapshot, read_snapshot
from billing.states import CHECKED, Status
from billing.still_held import held_still
from billing.terms import read_rules
from cases import policies
from cases.models import Case
from cases.moving import lock
from cases.places import zone_of_patient_place
from teledent.accounts.acting import Actor
from teledent.accounts.models import Person
from teledent.kit import clock
from teledent.kit.decisions import Refused, require
from teledent.kit.text import is_filler, printable

SAYS_THE_SAME = "This correction says what claim {claim} said. A payer takes that for a second bill: change what was wrong, or drop it."
# lines of the checklist that a rule of the claim says in its own words, by the beginning of that rule's id
_SAID_BY_RULES = {policies.OUTCOME: "CH-2.", policies.FINDINGS: "RE-3.", policies.IMAGES: "CA-2.billed"}
_MENDS: dict[str, Mend] = {policies.IMAGES: "orders", policies.OUTCOME: "outcome"}


def recheck_claim(*, actor: Actor, claim: Claim, at: datetime) -> Claim:
    """A person's "check again". A claim that was sent or ended is returned as it stands."""
    require(may(actor, "work_claims"))
    if claim.practice_id != actor.practice.pk:
        raise Refused("This claim belongs to another practice.")
    return check_claim(claim.pk, at=at, person=actor.person)


@transaction.atomic
def choose_diagnoses(*, actor: Actor, claim: Claim, left: Sequence[str], at: datetime) -> Claim:
    """Leave some of the record's diagnoses off the claim, which holds four; the record keeps them all."""
    require(may(actor, "work_claims"))
    lock(claim.case_id)
    claim = Claim.objects.get(pk=claim.pk, practice=actor.practice)
    if claim.status not in CHECKED:
        raise Refused("This claim is not being worked on any more; nothing was changed.")
    known = {one["code"] for one in claim.facts.get("diagnoses", ())}
    if unknown := set(left) - known:
        raise Refused(f"The signed review does not name {', '.join(sorted(unknown))}.")
    write(claim, diagnoses_left=sorted(set(left)))
    return check_claim(claim.pk, at=at, person=actor.person)


@transaction.atomic
def confirm_name(*, actor: Actor, claim: Claim, reason: str, at: datetime) -> Claim:
    """Say that the patient whose legal name changed after the signature is the one it was signed for (ID-3).

    Marriage, adoption, a misspelling. It holds for this case's claims and this very name; the packet and the record go
    on saying what was signed.
    """
    require(may(actor, "work_claims"))
    lock(claim.case_id)
    claim = check_claim(Claim.objects.get(pk=claim.pk, practice=actor.practice).pk, at=at, person=actor.person)
    if all(problem["rule"] != "ID-3.name" for problem in claim.problems) or claim.status not in CHECKED:
        raise Refused("There is no changed name to confirm on this claim.")
    if is_filler(reason):
        raise Refused("Say why the name changed; the claim's timeline keeps it.")
    patient = ClaimFacts.from_json(claim.facts).patient
    if patient.signed_as is None or patient.known_as is None:
        raise Refused("There is no changed name to confirm on this claim.")
    record_event(claim, NAME_CONFIRMED, person=actor.person, at=at, details={
        "signed": patient.signed_as.legal_name, "now": patient.known_as.legal_name, "reason": printable(reason).strip()[:300],
    })  # fmt: skip
    for pk in Claim.objects.filter(case=claim.case_id).to_check().order_by("pk").values_list("pk", flat=True):
        check_claim(pk, at=at, person=actor.person)
    claim.refresh_from_db()
    return claim


def check_unsent(patient_id: int, *, at: datetime, person: Person) -> None:
    """Check a patient's unsent claims at once: the person who mended one wants to see it ready."""
    unsent = Claim.objects.filter(case__patient=patient_id).to_check().order_by("case_id", "pk")
    for claim_id in unsent.values_list("pk", flat=True):
        check_claim(claim_id, at=at, person=person)


@transaction.atomic
def check_claim(claim_id: int, *, at: datetime, person: Person | None = None) -> Claim:
    """Lock the case, read status, consent and all facts anew, and move the claim to ready or hold it.

    A claim that was sent or ended is returned untouched, and so is a void, which says what was sent. `BilledOnce` is
    taken or released in this transaction.
    """
    case = lock(Claim.objects.values_list("case_id", flat=True).get(pk=claim_id))
    claim = Claim.objects.get(pk=claim_id)
    if claim.status not in CHECKED or claim.is_void:
        return claim
    coverage = coverage_of(claim, case)
    snapshot = _read(case, coverage, claim, at=at)
    facts, draft, problems = judged(snapshot, claim.part, coverage)
    if not _blocked(problems) and not _hold_once_a_day(claim, case, draft):
        snapshot = _read(case, coverage, claim, at=at)  # another claim was a moment faster
        facts, draft, problems = judged(snapshot, claim.part, coverage)
    problems += (*_says_the_same(claim, facts, draft), *_after_refused_void(claim))
    if _blocked(problems):
        claim.billed_once.all().delete()
    return _settle(claim, coverage, facts, draft, problems, person=person, at=at)


def _read(case: Case, coverage: Coverage | None, claim: Claim, *, at: datetime) -> Snapshot:
    """The case as it stands, with the answer of the payer before where the claim goes to the next one."""
    snapshot = read_snapshot(case, coverage=coverage, at=at, claim=claim)
    return replace(snapshot, facts=with_earlier_answer(snapshot.facts, claim)) if claim.follows_id else snapshot


def _says_the_same(claim: Claim, facts: ClaimFacts, draft: ClaimDraft) -> tuple[Problem, ...]:
    """A correction that changes nothing is taken for a second bill."""
    if claim.replaces is None or ClaimDraft.from_json(claim.replaces.draft) != draft:
        return ()
    sent = ClaimFacts.from_json(claim.replaces.facts)
    told = ("practice", "patient", "site", "earlier_answer")
    if _as_billed(sent.coverage) != _as_billed(facts.coverage) or any(
        getattr(sent, name) != getattr(facts, name) for name in told
    ):
        return ()
    return (Problem("CL-8.same", "837D CLM05-3", "warns", "lines", SAYS_THE_SAME.format(claim=claim.replaces)),)


def _after_refused_void(claim: Claim) -> tuple[Problem, ...]:
    """A case that is billed again waits while the payer refuses to take its first claim back."""
    if claim.replaces_id is not None or claim.follows_id is not None:
        return ()
    voids = Claim.objects.refused_voids().filter(case=claim.case_id, part=claim.part)
    return tuple(held_still(void) for void in voids.select_related("replaces").order_by("pk")[:1])


def _as_billed(coverage: BilledCoverage | None) -> BilledCoverage | None:
    """What of a plan goes out; what was asked about it does not."""
    return coverage and replace(
        coverage,
        verified_on=None,
        verified_how="",
        verifications=(),
        payer=replace(coverage.payer, verify_every_days=None),
    )


def judged(
    snapshot: Snapshot, part: str, coverage: Coverage | None
) -> tuple[ClaimFacts, ClaimDraft, tuple[Problem, ...]]:
    """The draft that the facts make, and everything that stands against it: rules, checklist, and nowhere to send it."""
    facts = snapshot.facts
    draft = draft_claim(facts, "dentist" if part == Part.DENTIST else "hygienist")
    problems = list(check(facts, draft))
    if part == Part.DENTIST:
        problems += _from_checklist(snapshot, problems)
    if coverage is not None and coverage.payer.receiver_id is None:
        sentence = f"{coverage.payer.name} names no receiver, so there is nowhere to send the claim. Choose one in the payer's profile."
        problems.append(Problem("PAY.receiver", "837D 1000B", "blocks", "payer", sentence))
    return facts, draft, tuple(problems)


def _from_checklist(snapshot: Snapshot, said: Iterable[Problem]) -> list[Problem]:
    """CH-1: the same checklist blocks the claim, in the same words; what a rule said already is not said twice."""
    rules = [problem.rule for problem in said]
    return [
        Problem(f"CH-1.{key}", "CH-1", "blocks", _MENDS.get(key, "case"), f"{label}: {note}.")
        for key, label, note in snapshot.checklist
        if not any(rule.startswith(_SAID_BY_RULES.get(key, "\0")) for rule in rules)
    ]


def coverage_of(claim: Claim, case: Case) -> Coverage | None:
    """Whom this claim bills. What changes a claim, or follows one to the next payer, bills whom it was made for."""
    if claim.coverage_id is not None and (claim.replaces_id or claim.follows_id):
        return Coverage.objects.select_related("payer__receiver").get(pk=claim.coverage_id)
    return coverage_for(case, claim.part)


def coverage_for(case: Case, part: str) -> Coverage | None:
    """The patient's primary coverage that is in force on the date of service, of two the one that began last; else the
    newest primary, which the rules then refuse by its dates."""
    primary = list(
        Coverage.objects.filter(patient=case.patient_id, priority=Priority.PRIMARY).select_related("payer__receiver")
    )
    days = _service_days(primary, case, part)
    in_force = [one for one in primary if one.is_in_force(days[one.payer_id])]
    return max(in_force or primary, key=lambda one: one.valid_from or date.min, default=None)


def _service_days(coverages: Sequence[Coverage], case: Case, part: str) -> dict[int, date]:
    """The day that would date a claim to each payer: by its dated rule for what the dentist did, else its profile (CL-2)."""
    signature = case.signature
    seen = date.fromisoformat(signature.content["day_seen"])
    if part != Part.DENTIST:
        return {one.payer_id: seen for one in coverages}
    signed = clock.local_date(signature.at, zone_of_patient_place(case, case.site))
    codes = (signature.encounter_code, signature.content["review"]["evaluation_code"])
    book = read_rules({one.payer_id for one in coverages}, codes)
    payers = {one.payer_id: one.payer for one in coverages}
    return {
        pk: seen if book.dos_basis_for(payer, codes, day=signed) == DosBasis.CAPTURE else signed
        for pk, payer in payers.items()
    }


def _blocked(problems: Iterable[Problem]) -> bool:
    return any(problem.blocks for problem in problems)


def _hold_once_a_day(claim: Claim, case: Case, draft: ClaimDraft) -> bool:
    """Take the day for each once-a-day line (CL-5), give back days no longer needed. False: another claim has it.

    A day that another claim of this part of the case holds is shared: this one replaces that, or follows it.
    """
    wanted = {(line.code, line.service_date) for line in draft.lines if line.code in ONCE_A_DAY}
    family = BilledOnce.objects.filter(claim__case=case, claim__part=claim.part)
    held = {(row.code, row.service_date): row for row in family}
    claim.billed_once.filter(pk__in=[row.pk for key, row in held.items() if key not in wanted]).delete()
    try:
        with transaction.atomic():
            BilledOnce.objects.bulk_create(
                BilledOnce(practice=case.practice, patient=case.patient, code=code, service_date=day, claim=claim)
                for code, day in sorted(wanted - held.keys())
            )
    except IntegrityError:
        return False
    return True


def _settle(
    claim: Claim,
    coverage: Coverage | None,
    facts: ClaimFacts,
    draft: ClaimDraft,
    problems: tuple[Problem, ...],
    *,
    person: Person | None,
    at: datetime,
) -> Claim:
    """Write what the check found; nothing at all when nothing has changed."""
    target = Status.BLOCKED if _blocked(problems) else Status.READY
    found: dict[str, Any] = {
        "coverage_id": coverage.pk if coverage else None,
        "facts": facts.to_json(),
        "draft": draft.to_json(),
        "problems": [problem.to_json() for problem in problems],
        "total": draft.total,
        "service_date": draft.service_date,
        "rule_limits": strictest_limits(rules_of(facts, draft)),
    }
    if claim.status == target and all(getattr(claim, column) == value for column, value in found.items()):
        return claim
    if claim.draft != found["draft"]:
        claim.lines.all().delete()
        ClaimLine.objects.bulk_create(_line_rows(claim, draft))
    if claim.status == target:
        write(claim, checked_at=at, **found)
        return claim
    name = "hold" if target == Status.BLOCKED else "make_ready"
    rules = [problem.rule for problem in problems if problem.blocks]
    return move_claim(claim, name, person=person, at=at, details={"rules": rules}, checked_at=at, **found)


def _line_rows(claim: Claim, draft: ClaimDraft) -> Iterable[ClaimLine]:
    return (
        ClaimLine(
            claim=claim,
            number=line.number,
            code=line.code,
            service_date=line.service_date,
            charge=line.charge,
            quantity=line.quantity,
            tooth=line.tooth,
            surfaces=line.surfaces,
            authorisation=line.authorisation,
            predetermination=line.predetermination,
        )
        for line in draft.lines
    )
