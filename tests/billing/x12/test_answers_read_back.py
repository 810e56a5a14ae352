"""TA1, 999 and 277CA say what was written, and a damaged one never turns a refusal into silence."""

import io
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing.x12.answers import (
    BatchAnswer,
    ClaimAnswer,
    GroupAnswer,
    InterchangeAnswer,
    SetAnswer,
    SyntaxFault,
    read_277ca,
    read_999,
    read_ta1,
)
from billing.x12.reading import BrokenEdiError, TransactionSet, read_sets
from tests.billing.x12.acknowledgements import ClaimVerdict, SetVerdict, claim_answer, syntax_answer, ta1
from tests.billing.x12.envelopes import PLAIN, Marks, acknowledged_interchange, interchange
from tests.billing.x12.remittance_strategies import cents, marks, names, numbers
from tests.billing.x12.remittances import Segment

slowly = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
VERDICTS = {
    "A": "accepted",
    "E": "with_errors",
    "P": "with_errors",
    "R": "rejected",
    "M": "rejected",
    "W": "rejected",
    "X": "rejected",
}
statuses = st.lists(
    st.tuples(st.sampled_from(("A0", "A1", "A2", "A3", "A5", "A6", "A7", "A8")), st.sampled_from(("20", "21", "562")), st.just("85")),
    min_size=1, max_size=3,
).map(tuple)  # fmt: skip
claim_verdicts = st.builds(
    ClaimVerdict, claim_id=numbers, statuses=statuses, charge=cents, payer_number=st.just("") | numbers,
    clearinghouse_number=st.just("") | numbers, message=st.just("") | names, given=names, family=names,
)  # fmt: skip
faults = st.lists(
    st.tuples(st.just("NM1"), st.just("8"), st.just("8"), st.lists(st.tuples(st.just("9"), st.just("7")), max_size=2).map(tuple)),
    max_size=3,
).map(tuple)  # fmt: skip
set_verdicts = st.builds(SetVerdict, number=numbers, code=st.sampled_from("AERMWX"), faults=faults)


def first(text: str) -> TransactionSet:
    found = next(read_sets(io.BytesIO(text.encode())))
    assert isinstance(found, TransactionSet)
    return found


def answers_in(segments: list[Segment], dress: Marks = PLAIN) -> list:
    found = first(interchange([recounted(segments)], dress))
    return list(read_999(found) if found.kind == "999" else read_277ca(found))


def recounted(segments: list[Segment]) -> list[Segment]:
    return [*segments[:-1], ["SE", str(len(segments)), segments[-1][2]]]


@given(st.sampled_from("AER"), marks)
@slowly
def test_a_ta1_says_of_which_interchange_it_speaks(code: str, dress: Marks):
    found = first(acknowledged_interchange(ta1("000000042", code, "005"), dress))
    assert list(read_ta1(found)) == [InterchangeAnswer(2, "000000042", VERDICTS[code], "005")]


@given(st.lists(set_verdicts, max_size=4), st.sampled_from("AEPR"), marks)
@slowly
def test_a_999_names_each_set_with_its_verdict_and_the_group(verdicts: list[SetVerdict], code: str, dress: Marks):
    *sets, group = answers_in(syntax_answer("17", verdicts, code, received=9), dress)
    assert [(one.group_number, one.set_number, one.verdict) for one in sets] == [
        ("17", verdict.number, VERDICTS[verdict.code]) for verdict in verdicts
    ]
    assert (group.group_number, group.verdict, group.received) == ("17", VERDICTS[code], "9")


@given(set_verdicts)
@slowly
def test_a_999_says_where_the_faults_are(verdict: SetVerdict):
    answer, _ = answers_in(syntax_answer("17", [verdict], "E"))
    said = []
    for segment, position, fault, elements in verdict.faults:
        said.append(SyntaxFault(segment, position, "", fault))
        said += [SyntaxFault(segment, position, place, why) for place, why in elements]
    assert answer.faults == said


@given(st.lists(claim_verdicts, max_size=4), statuses, marks)
@slowly
def test_a_277ca_names_each_claim_with_every_status(verdicts: list[ClaimVerdict], fate: tuple, dress: Marks):
    batch, *claims = answers_in(claim_answer("TDB42", verdicts, fate[0]), dress)
    assert (batch.level, batch.batch_id, batch.accepted) == ("21", "TDB42", fate[0][0] in ("A0", "A1", "A2", "A5"))
    assert [told(one) for one in claims] == [
        (
            one.claim_id,
            one.statuses,
            one.charge,
            one.payer_number,
            one.clearinghouse_number,
            one.message,
            f"{one.given} {one.family}",
        )
        for one in verdicts
    ]


def told(answer: ClaimAnswer) -> tuple:
    assert (answer.service_date is None, answer.answered_on is None) == (False, False)
    codes = tuple((one.category, one.code, one.entity) for one in answer.statuses)
    return (
        answer.claim_id, codes, answer.charge, answer.payer_claim_number, answer.clearinghouse_number, answer.message,
        answer.patient_name,
    )  # fmt: skip


@given(claim_verdicts)
@slowly
def test_one_refusal_refuses_a_claim(verdict: ClaimVerdict):
    _, answer = answers_in(claim_answer("TDB42", [verdict]))
    assert answer.accepted is all(status[0] in ("A0", "A1", "A2", "A5") for status in verdict.statuses)


def test_a_refusal_of_a_line_refuses_its_claim():
    segments = claim_answer("TDB42", [ClaimVerdict("TD26-1")])
    line: list[Segment] = [
        ["SVC", ["AD", "D9996"], "30"],
        ["STC", ["A7", "562"], "20261005", "U"],
        ["DTP", "472", "D8", "20260101"],
    ]
    _, answer = answers_in([*segments[:-1], *line, segments[-1]])
    assert (answer.accepted, answer.charge, str(answer.service_date)) == (False, Decimal("100.00"), "2026-09-14")


@pytest.mark.parametrize("tag", ["BHT", "HL", "NM1", "TRN", "STC", "REF", "DTP"])
def test_a_damaged_tag_of_a_277ca_is_refused(tag: str):
    segments = claim_answer("TDB42", [ClaimVerdict("TD26-1", payer_number="ICN1")])
    at = max(at for at, one in enumerate(segments) if one[0] == tag)
    segments[at][0] = "X" + tag[1:]
    with pytest.raises(BrokenEdiError, match="may not stand here"):
        answers_in(segments)


@pytest.mark.parametrize("tag", ["AK1", "AK2", "IK3", "IK4", "IK5", "AK9"])
def test_a_lost_segment_of_a_999_is_never_hidden(tag: str):
    verdicts = [SetVerdict("0001", "R", (("NM1", "8", "8", (("9", "7"),)),)), SetVerdict("0002")]
    segments = syntax_answer("17", verdicts, "P")
    at = next(at for at, one in enumerate(segments) if one[0] == tag)
    damaged = [["XK0", *one[1:]] if index == at else one for index, one in enumerate(segments)]
    with pytest.raises(BrokenEdiError):
        answers_in(damaged)
    if tag in ("AK1", "AK2", "IK5", "AK9"):
        with pytest.raises(BrokenEdiError):
            answers_in([*segments[:at], *segments[at + 1 :]])


def test_a_level_that_is_none_is_refused():
    segments = claim_answer("TDB42", [ClaimVerdict("TD26-1")])
    segments[-6 if segments[-6][0] == "HL" else -5][3] = "P7"
    with pytest.raises(BrokenEdiError, match="HL03"):
        answers_in(segments)


@pytest.mark.parametrize("code", ["", "Q", "AA"])
def test_a_verdict_that_is_none_is_refused(code: str):
    with pytest.raises(BrokenEdiError, match="neither yes nor no"):
        list(read_ta1(first(acknowledged_interchange(ta1("000000042", code)))))
    with pytest.raises(BrokenEdiError, match="neither yes nor no"):
        answers_in(syntax_answer("17", [SetVerdict("0001", code)]))


def test_another_kind_of_277_is_refused():
    text = interchange([claim_answer("TDB42", [])]).replace("005010X214", "005010X212")
    with pytest.raises(BrokenEdiError, match="no claim acknowledgement"):
        list(read_277ca(first(text)))


def test_the_kinds_of_answer_are_what_they_say():
    group = answers_in(syntax_answer("17", []))
    batch = answers_in(claim_answer("TDB42", []))
    assert [type(one) for one in [*group, *batch]] == [GroupAnswer, BatchAnswer]
    assert SetAnswer(1, "17", "0001").verdict == "rejected"  # until IK5 says otherwise
