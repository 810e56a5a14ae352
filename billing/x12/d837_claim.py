"""Loop 2300 of the 837D: one claim with its providers, its place, the payer before, and its lines.

A request asked ahead (predetermination or prior authorisation) is the same loop with CLM19 and without a date of
service: nothing has been done.

Comments name the loop, and in brackets the item of the paper claim form (2024) that holds the same.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from billing.claims.facts import ClaimFacts, Clinician
from billing.claims.lines import ClaimDraft, ClaimLine, authorisation_of, is_epsdt, predetermination_of
from billing.claims.remarks import remarks, remarks_ahead
from billing.x12.d837_earlier import earlier_payer_loops, line_authorisation, line_judgement
from billing.x12.d837_parts import address, person
from billing.x12.segments import NotWritableError, Segment, amount, day, required

MAX_ATTACHMENTS = 10
CLAIM_ID = re.compile(r"[A-Z0-9][A-Z0-9-]{0,19}")  # 38 are allowed, payers cut after 20
CONTROL_NUMBER = re.compile(r"[A-Z0-9#-]{2,80}")


@dataclass(frozen=True, slots=True)
class Attachment:
    """What stands ready beside the claim under its attachment control number (ACN), or what a clearinghouse has already,
    under the number that it gave: then one number may hold several kinds, and the remarks name it too."""

    acn: str
    kind: Literal["RB", "OZ"]  # RB radiographs; OZ photographs and the documentation packet
    transmission: Literal["EL", "FT", "EM", "BM", "FX"] = "EL"
    is_issued: bool = False


@dataclass(frozen=True, slots=True)
class Granted:
    """The number under which a payer answered a request: REF*G3 of a predetermination, REF*G1 of an authorisation."""

    kind: Literal["G1", "G3"]
    number: str


@dataclass(frozen=True, slots=True)
class ClaimSubmission:
    """One claim as sent. The id is the practice's own, unique for ever; it comes back in acknowledgements and payment.

    Frequency 7 replaces and 8 voids an earlier claim; both need the payer's own number of that claim. `ahead`: it asks
    about planned care, and the dates of `draft` are the day of asking, which never goes out. `granted`: the numbers that
    the payer gave to an earlier request.
    """

    claim_id: str
    facts: ClaimFacts
    draft: ClaimDraft
    attachments: tuple[Attachment, ...] = ()
    frequency: Literal["1", "7", "8"] = "1"
    payer_claim_number: str = ""
    ahead: bool = False
    granted: tuple[Granted, ...] = ()

    def __post_init__(self) -> None:
        if not CLAIM_ID.fullmatch(self.claim_id):
            raise ValueError(f"A claim id has at most 20 letters, digits and hyphens, not {self.claim_id!r}.")
        if (self.frequency != "1") != bool(self.payer_claim_number):
            raise ValueError("The payer's claim number goes with a replacement or a void, and only with these.")
        if self.ahead and (self.frequency != "1" or self.facts.earlier_answer is not None):
            raise ValueError("A request asked ahead replaces nothing, and no payer has answered it before.")
        kinds = [one.kind for one in self.granted]
        if len(set(kinds)) != len(kinds):
            raise ValueError("A claim bears one number of a predetermination and one of an authorisation.")
        acns = [one.acn for one in self.attachments]
        ours = [one.acn for one in self.attachments if not one.is_issued]
        if len(acns) > MAX_ATTACHMENTS or len(set(ours)) != len(ours):
            raise ValueError(f"A claim names at most {MAX_ATTACHMENTS} attachments, each once.")
        if malformed := [acn for acn in acns if not CONTROL_NUMBER.fullmatch(acn)]:
            raise ValueError(f"Not an attachment control number: {malformed!r}.")


def claim_loop(submission: ClaimSubmission) -> Iterator[Segment]:
    """2300 to 2400 of one claim."""
    facts, draft = submission.facts, submission.draft
    yield _clm(submission)
    if not submission.ahead:
        yield ("DTP", "472", "D8", day(draft.service_date))  # [24]: every line bears the claim's date
    for tooth in facts.patient.missing_teeth:
        yield ("DN2", tooth, "M", "", "", "", "JP")  # [33]
    for one in _first_of_each(submission.attachments):
        yield ("PWK", one.kind, one.transmission, "", "", "AC", one.acn)  # [39]
    yield from _numbers(submission)
    for text in _remarks(submission):
        yield ("NTE", "ADD", text)  # [35]
    if draft.diagnoses:
        qualifiers = ["ABK"] + ["ABF"] * (len(draft.diagnoses) - 1)
        yield (
            "HI",
            *((q, code.replace(".", "")) for q, code in zip(qualifiers, draft.diagnoses, strict=True)),
        )  # [34a]
    yield from _providers(draft)
    if facts.earlier_answer is not None:
        on_file = facts.case.consents.signature_on_file
        yield from earlier_payer_loops(facts.earlier_answer, signature_on_file=on_file)
    for line in draft.lines:
        yield from _line(submission, line)


def _first_of_each(attachments: tuple[Attachment, ...]) -> Iterator[Attachment]:
    """Each number once, under the first kind that it holds."""
    known: set[str] = set()
    for one in attachments:
        if one.acn not in known:
            yield one
        known.add(one.acn)


def _remarks(submission: ClaimSubmission) -> tuple[str, ...]:
    if submission.ahead:
        return remarks_ahead(submission.facts)
    issued = dict.fromkeys(one.acn for one in submission.attachments if one.is_issued)
    return remarks(submission.facts, submission.draft, tuple(issued))


def _numbers(submission: ClaimSubmission) -> Iterator[Segment]:
    """REF, in the order of the guide: predetermination, the payer's own claim, authorisation [2]."""
    if number := _predetermination(submission):
        yield ("REF", "G3", required(number, 50, "The number of the predetermination"))
    if submission.payer_claim_number:
        yield ("REF", "F8", required(submission.payer_claim_number, 50, "The payer's claim number"))
    if number := _authorisation(submission):
        yield ("REF", "G1", required(number, 50, "The number of the authorisation"))


def _predetermination(submission: ClaimSubmission) -> str:
    """As `_authorisation`, of what the payer said it would pay."""
    granted = (one.number for one in submission.granted if one.kind == "G3")
    return next(granted, predetermination_of(submission.draft.lines))


def _authorisation(submission: ClaimSubmission) -> str:
    """The number that stands on the claim as a whole: of the request before, or that of every line that has one."""
    granted = (one.number for one in submission.granted if one.kind == "G1")
    return next(granted, authorisation_of(submission.draft.lines))


def _clm(submission: ClaimSubmission) -> Segment:
    facts, draft = submission.facts, submission.draft
    on_file = facts.case.consents.signature_on_file
    assigned = facts.coverage is not None and facts.coverage.payer.accepts_assignment
    return (
        "CLM",
        submission.claim_id,  # CLM01 [23]
        amount(draft.total),  # CLM02 [32]
        "",  # CLM03 and CLM04: not in this claim
        "",
        (draft.place_of_service, "B", submission.frequency),  # CLM05 [38]
        "Y",  # CLM06 the dentist's signature is in the record [53]
        "A" if assigned else "C",  # CLM07
        "Y" if on_file else "N",  # CLM08 benefits go to the practice [37]
        "Y" if on_file else "I",  # CLM09 release of information [36]
        "",  # CLM10: not in this claim
        "",  # CLM11 [45-47]: no accident is claimed
        "01" if is_epsdt(facts, draft.service_date) else "",  # CLM12 [1]
        *("", "", "", "", "", ""),  # CLM13 to CLM18: not in this claim
        "PB" if submission.ahead else "",  # CLM19 asked ahead [1]
    )


def _providers(draft: ClaimDraft) -> Iterator[Segment]:
    """2310B, 2310C, 2310E."""
    if draft.rendering is None:
        raise NotWritableError("A claim without a rendering provider.")
    yield _clinician("82", draft.rendering)  # [53, 54]
    yield ("PRV", "PE", "PXC", required(draft.rendering.taxonomy, 50, "The rendering provider's taxonomy"))  # [56a]
    if draft.service_facility is not None:
        name = required(draft.service_facility.name, 60, "The name of the place of service")
        yield ("NM1", "77", "2", name)  # [56] on paper is the dentist's own address
        yield from address(draft.service_facility.address, "The address of the place of service")
    if draft.supervising is not None:
        yield _clinician("DQ", draft.supervising)


def _clinician(entity: str, clinician: Clinician) -> Segment:
    return person(entity, clinician.name, "XX", required(clinician.npi, 10, "The NPI"))


def _line(submission: ClaimSubmission, line: ClaimLine) -> Iterator[Segment]:
    """2400."""
    if line.charge is None:
        raise NotWritableError(f"{line.code} has no fee.")
    yield ("LX", str(line.number))
    yield (
        "SV3",
        ("AD", line.code, *line.modifiers),  # SV301 [29], -3 to -6; -7, the description [30]: the code says it
        amount(line.charge),  # SV302 [31]
        "",  # SV303: one place of service a claim
        line.oral_cavity,  # SV304 [25]
        "",  # SV305: no prosthesis
        str(line.quantity) if line.quantity > 1 else "",  # SV306 [29b]: left out when it is one
        "",
        "",
        "",
        "",
        tuple(str(pointer) for pointer in line.pointers),  # SV311 [29a]
    )
    if line.tooth:
        yield ("TOO", "JP", line.tooth, tuple(line.surfaces))  # [26-28]
    # DTP*472 of the line: not repeated, some receivers refuse it
    if line.predetermination and not _predetermination(submission):
        yield ("REF", "G3", required(line.predetermination, 50, "The number of the predetermination"))  # [2]
    if line.authorisation and not _authorisation(submission):
        yield ("REF", "G1", required(line.authorisation, 50, "The number of the authorisation"))  # [2]
    if submission.facts.earlier_answer is not None:
        yield from line_authorisation(submission.facts.earlier_answer, line)
    yield ("REF", "6R", f"{submission.claim_id}-{line.number}")  # comes back with the payment of this very line
    if submission.facts.earlier_answer is not None:
        yield from line_judgement(submission.facts.earlier_answer, line)
