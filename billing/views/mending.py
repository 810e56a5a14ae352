"""Where each kind of problem is mended: one table from the mend that a rule names to a page and a place on it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from django.urls import reverse

from billing.claims.facts import ClaimFacts
from billing.claims.payer_rules import PayerRule
from billing.claims.rule import Mend, Problem
from billing.models import Authorisation, Claim
from billing.rule_words import is_stale
from teledent.accounts.acting import Actor
from teledent.accounts.models import Role

About = Literal["claim", "case", "patient", "payer", "coverage", "practice"]


@dataclass(frozen=True, slots=True)
class Mending:
    label: str  # words of the button
    page: str  # name of the address
    about: About  # which row the address takes
    anchor: str = ""
    for_manager: bool = True  # she reads the page too; forms of the front desk are not hers


MENDINGS: dict[Mend, Mending] = {
    "authorisation": Mending("Record the authorisation", "claim-authorisation", "claim", for_manager=False),
    "case": Mending("Open the record", "record", "case"),
    "consent": Mending("Record consent", "claims-consent", "patient", for_manager=False),
    "coverage": Mending("Mend coverage", "coverage", "coverage", for_manager=False),
    "credential": Mending("See the credential", "claims-practice", "practice", "clinicians"),
    "codes": Mending("See the codes", "codes", "practice", "licence"),
    "diagnoses": Mending("Choose diagnoses", "claim", "claim", "diagnoses"),
    "do-not-bill": Mending("Do not bill", "claim", "claim", "do-not-bill", for_manager=False),
    "elsewhere": Mending("See what is known", "claims-patient", "patient", "elsewhere"),
    "fee": Mending("Enter the fee", "fee-add", "practice", for_manager=False),
    "lines": Mending("Look at the lines", "claim", "claim", "lines"),
    "name": Mending("Confirm the name", "claim", "claim", "problems-title", for_manager=False),
    "orders": Mending("Open the record", "record", "case", "pictures-title"),
    "outcome": Mending("Record the call", "record", "case", "act-follow-up"),
    "patient": Mending("Mend name or address", "claims-card", "patient", for_manager=False),
    "payer": Mending("Open the payer", "payer", "payer", for_manager=False),
    "payer-rules": Mending("See the payer's rules", "payer-rules", "payer"),
    "practice": Mending("See the practice", "claims-practice", "practice", "practice"),
    "services": Mending("Open the record", "record", "case", "gathered-title"),
    "site": Mending("See the place", "claims-practice", "practice", "sites"),
    "verification": Mending("Verify it", "claims-patient", "patient", "plans-title", for_manager=False),
}


ADD_COVERAGE = "Add coverage"  # in place of mending one that is not there


@dataclass(frozen=True, slots=True)
class Rest:
    """The payer's dated rule that a finding rests on."""

    code: str
    url: str
    source: str
    valid_from: date | None
    verified_on: date | None
    stale: bool  # nobody looked at the payer's own words for a year


@dataclass(frozen=True, slots=True)
class Shown:
    """One problem as `ui/_problem.html` takes it."""

    sentence: str
    why: str
    blocks: bool
    mend_url: str
    mend_label: str
    rests: tuple[Rest, ...] = ()


def shown_problems(claim: Claim, actor: Actor, facts: ClaimFacts | None = None, *, today: date) -> list[Shown]:
    """What stands against the claim, blocking first, each in the order of the rules, with the payer's rules it rests on."""
    ordered = sorted(claim.problems, key=lambda problem: problem["severity"] != "blocks")
    rules = {one.row: one for one in facts.payer_rules} if facts else {}
    return [replace(shown_problem(problem, claim, actor), rests=_rests(problem, rules, today)) for problem in ordered]


def _rests(problem: Mapping[str, Any], rules: Mapping[str, PayerRule], today: date) -> tuple[Rest, ...]:
    known = (rules[row] for row in problem.get("rests_on", ()) if row in rules)
    return tuple(rest_of(rule, today) for rule in known)


def rest_of(rule: PayerRule, today: date) -> Rest:
    url, stale = reverse("payer-rule", args=[rule.row]), is_stale(rule.verified_on, today)
    return Rest(rule.code, url, rule.source, rule.valid_from, rule.verified_on, stale)


def shown_problem(problem: Mapping[str, Any], claim: Claim, actor: Actor) -> Shown:
    """Without what it rests on: lists leave the facts of a claim in the database."""
    rule, source = problem["rule"], problem["source"]
    return Shown(
        sentence=problem["sentence"],
        why=f"Rule {rule}" if rule.startswith(source) else f"Rule {rule}, from {source}",
        blocks=problem["severity"] == "blocks",
        mend_url=mend_url(problem["mend"], claim, actor),
        mend_label=_label(problem["mend"], claim),
    )


def shown_of_request(problem: Problem, row: Authorisation, actor: Actor) -> Shown:
    """What stands against writing a request into a file; without a link where no page of its own mends it."""
    mending = MENDINGS[problem.mend]
    rows = {"case": row.case, "coverage": row.coverage, "patient": row.coverage.patient, "payer": row.payer}
    about = rows.get(mending.about)
    may_mend = mending.for_manager or actor.has(Role.FRONT_DESK)
    known = may_mend and (about is not None or mending.about == "practice")
    url = reverse(mending.page, args=[about.public_id] if about else []) if known else ""
    return Shown(
        sentence=problem.sentence,
        why=f"Rule {problem.rule}, from {problem.source}",
        blocks=problem.blocks,
        mend_url=url + (f"#{mending.anchor}" if url and mending.anchor else ""),
        mend_label=mending.label,
    )


def mend_url(mend: str, claim: Claim, actor: Actor) -> str:
    """The address that mends, or "" where this person could only look on."""
    mending = MENDINGS[mend]  # type: ignore[index]
    if not (mending.for_manager or actor.has(Role.FRONT_DESK)):
        return ""
    page, arguments = _target(mending, claim)
    anchor = f"#{mending.anchor}" if mending.anchor else ""
    return reverse(page, args=arguments) + anchor


def _label(mend: str, claim: Claim) -> str:
    mending = MENDINGS[mend]  # type: ignore[index]
    return ADD_COVERAGE if claim.coverage is None and mending.about in ("coverage", "payer") else mending.label


def _target(mending: Mending, claim: Claim) -> tuple[str, list[Any]]:
    """Without a coverage there is none to mend and no payer to open: the place where one is added."""
    patient = claim.case.patient.public_id
    if claim.coverage is None and mending.about in ("coverage", "payer"):
        return "coverage-add", [patient]
    if mending.about == "practice":
        return mending.page, []
    rows = {"claim": claim, "case": claim.case, "coverage": claim.coverage}
    if mending.about == "payer":
        return mending.page, [claim.coverage.payer.public_id] if claim.coverage else []
    return mending.page, [patient if mending.about == "patient" else rows[mending.about].public_id]  # type: ignore[union-attr]
