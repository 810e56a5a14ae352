"""What the payer before made of the claim: loops 2320 and 2330 of the claim, 2430 of its lines."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import groupby

from billing.claims.earlier_lines import LineAnswer, PayerAdjustment
from billing.claims.facts import Coverage, EarlierAnswer
from billing.claims.lines import ClaimLine
from billing.x12.d837_parts import person, subscriber
from billing.x12.segments import Segment, day, fit, required, signed_amount

TRIPLETS = 6  # of reason, amount, quantity in one CAS


def earlier_payer_loops(answer: EarlierAnswer, *, signature_on_file: bool) -> Iterator[Segment]:
    """2320, 2330A, 2330B [4-11a]."""
    coverage = answer.coverage
    yield subscriber(coverage, "18" if coverage.patient_is_subscriber else coverage.relationship)
    yield from _adjustments(answer.adjustments)
    yield ("AMT", "D", signed_amount(answer.paid))  # what it paid for the claim
    on_file = "Y" if signature_on_file else "N"
    yield ("OI", "", "", on_file, "", "", "Y" if signature_on_file else "I")
    yield person("IL", coverage.subscriber_name, "MI", required(coverage.member_id, 80, "The earlier member id"))
    name = required(coverage.payer.name, 60, "The earlier payer's name")
    yield ("NM1", "PR", "2", name, "", "", "", "", "PI", _payer_id(coverage))
    if not answer.lines:  # where lines were judged, each says when
        yield ("DTP", "573", "D8", day(answer.answered_on))
    if answer.authorisation:
        yield ("REF", "G1", required(answer.authorisation, 50, "The number of the earlier payer's authorisation"))
    if number := fit(answer.claim_number, 50):
        yield ("REF", "F8", number)


def line_authorisation(answer: EarlierAnswer, line: ClaimLine) -> Iterator[Segment]:
    """In 2400 of one line, whose number is another than that of others: REF04 says that it is the earlier payer's."""
    for one in answer.covered:
        if one.number == line.number and not answer.authorisation:
            number = required(one.authorisation, 50, "The number of the earlier payer's authorisation")
            yield ("REF", "G1", number, "", ("2U", _payer_id(answer.coverage)))


def line_judgement(answer: EarlierAnswer, line: ClaimLine) -> Iterator[Segment]:
    """2430 of one line; nothing where the payer judged the claim as a whole."""
    for judged in answer.lines:
        if judged.number == line.number:
            yield from _judged(answer, judged, line)


def _judged(answer: EarlierAnswer, judged: LineAnswer, line: ClaimLine) -> Iterator[Segment]:
    code = judged.code if len(judged.code) == len(line.code) else line.code
    yield ("SVD", _payer_id(answer.coverage), signed_amount(judged.paid), ("AD", code), "", str(line.quantity))
    yield from _adjustments(judged.adjustments)
    yield ("DTP", "573", "D8", day(answer.answered_on))


def _adjustments(adjustments: Iterable[PayerAdjustment]) -> Iterator[Segment]:
    """CAS: one group a segment, six at most in each, none of nothing."""
    told = sorted((one for one in adjustments if one.amount != Decimal(0)), key=lambda one: one.group)
    for group, ones in groupby(told, key=lambda one: one.group):
        of_group = list(ones)
        for first in range(0, len(of_group), TRIPLETS):
            some = of_group[first : first + TRIPLETS]
            triplets = ((fit(one.reason, 5), signed_amount(one.amount), "") for one in some)
            yield ("CAS", group, *(part for triplet in triplets for part in triplet))


def _payer_id(coverage: Coverage) -> str:
    return required(coverage.payer.payer_id, 80, "The earlier payer's id")
