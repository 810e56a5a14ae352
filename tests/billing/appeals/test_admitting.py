"""Nothing later than the denial ever gets in, and nothing is said without an exhibit (CL-10). Pure."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.appeals.admitting import Place, Record, admissible, exhibits, too_late
from billing.appeals.arguing import TEMPLATES
from billing.appeals.letter import RECORD, Basis, Fact, Quotable, Unsourced, compose, state
from billing.outcomes.classify import DONE, Outcome

DENIED = datetime(2026, 12, 1, 8, tzinfo=UTC)
NEAR = st.integers(-10_000_000, 10_000_000).map(lambda microseconds: DENIED + timedelta(microseconds=microseconds))
ZONES = st.sampled_from(
    [UTC, timezone(timedelta(hours=-12)), timezone(timedelta(hours=14)), timezone(timedelta(hours=5.75))]
)
FAR = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=ZONES)  # noqa: DTZ001
KEYS = st.lists(st.integers(0, 200), unique=True, max_size=12)


@st.composite
def records(draw):
    return tuple(
        Record(f"r{key}", draw(st.sampled_from(list(Place))), f"Record {key}", draw(NEAR | FAR), f"{key:064x}")
        for key in draw(KEYS)
    )


ANSWER = Record("answer", Place.ANSWER, "Remittance", DENIED + timedelta(days=3), "a" * 64)


@given(records(), NEAR | FAR)
def test_only_what_is_older_than_the_denial_is_admitted(kept, denied_on):
    taken = admissible(kept, denied_on)
    assert all(one.recorded_at < denied_on for one in taken)
    assert set(taken) | set(too_late(kept, denied_on)) == set(kept)
    assert all(one.recorded_at >= denied_on for one in too_late(kept, denied_on))


@given(records(), NEAR | FAR)
def test_of_all_exhibits_the_answer_alone_may_be_younger(kept, denied_on):
    listed = exhibits(kept, ANSWER, denied_on)
    assert [one.number for one in listed] == list(range(1, len(listed) + 1))
    assert all(one.record.recorded_at < denied_on for one in listed if one.record is not ANSWER)
    assert sum(one.record is ANSWER for one in listed) == 1


@given(records())
def test_the_exhibits_stand_in_the_order_of_the_payers(kept):
    places = [one.record.place for one in exhibits(kept, ANSWER, DENIED)]
    assert places == sorted(places)


def test_a_record_of_the_same_instant_is_not_older():
    same = Record("r", Place.RECORD, "Record", DENIED, "0" * 64)
    assert admissible([same], DENIED) == ()
    assert admissible([replace(same, recorded_at=DENIED - timedelta(microseconds=1))], DENIED) != ()


def test_the_same_instant_in_another_zone_is_the_same_instant():
    there = datetime.fromisoformat("2026-12-01T00:00:00-08:00")
    assert admissible([Record("r", Place.RECORD, "Record", there, "0" * 64)], DENIED) == ()


@pytest.mark.parametrize("naive", ["record", "denial"])
def test_a_time_that_may_mean_two_instants_proves_nothing(naive):
    wall = datetime(2026, 11, 1)  # noqa: DTZ001 - the point of it
    record = Record("r", Place.RECORD, "Record", wall if naive == "record" else DENIED, "0" * 64)
    with pytest.raises(ValueError, match="no zone"):
        admissible([record], wall if naive == "denial" else DENIED)


SIGNED = Record(RECORD, Place.RECORD, "Signed record", DENIED - timedelta(days=9), "b" * 64)


def basis(*kept: Record, outcome: Outcome = Outcome.FREQUENCY, facts=None, quotables=()) -> Basis:
    return Basis(
        practice=("Riverbend",), payer=("Cedar",), level="First level", about=(), lines=(), outcome=outcome, records=(SIGNED, *kept),
        answer=ANSWER, facts=facts or {"seen": Fact("Seen.", (RECORD,))}, quotables=tuple(quotables), denied_on=DENIED, zone="UTC",
    )  # fmt: skip


DAY = date(2026, 12, 5)


def test_a_review_signed_after_the_denial_makes_no_letter():
    late = replace(basis(), records=(replace(SIGNED, recorded_at=DENIED),))
    with pytest.raises(Unsourced, match="signed after"):
        compose(late, quotes=(), written_on=DAY)


@given(records(), st.lists(st.sampled_from([RECORD, *(f"r{n}" for n in range(200))]), max_size=4))
def test_every_statement_names_exhibits_that_show_it(kept, sources):
    written = compose(basis(*kept, facts={"seen": Fact("Seen.", tuple(sources))}), quotes=(), written_on=DAY)
    numbers = {one.record.key: one.number for one in basis(*kept).exhibits}
    for one in written.statements:
        assert one.exhibits
        assert set(one.exhibits) == {numbers[source] for source in sources}
    assert bool(written.statements) == (bool(sources) and all(source in numbers for source in sources))


def test_a_statement_without_a_record_cannot_be_written():
    with pytest.raises(Unsourced):
        state(Fact("The patient was in pain.", ()), {RECORD: 1})
    with pytest.raises(Unsourced):
        state(Fact("The patient was in pain.", ("call",)), {RECORD: 1})


LATER = Record("addendum:1", Place.ADDENDUM, "Addendum", DENIED + timedelta(days=1), "c" * 64)


@pytest.mark.parametrize("key", ["anything typed", "addendum:1", "empty"])
def test_only_a_signed_field_older_than_the_denial_is_quoted(key):
    offered = [
        Quotable("conclusions", "Conclusions", "Decay in L.", RECORD), Quotable("empty", "Advice", "  ", RECORD),
        Quotable("addendum:1", "Addendum", "It hurt as well.", LATER.key),
    ]  # fmt: skip
    material = basis(LATER, quotables=offered)
    assert [one.key for one in material.may_quote] == ["conclusions"]
    with pytest.raises(Unsourced):
        compose(material, quotes=["conclusions", key], written_on=DAY)
    assert compose(material, quotes=["conclusions"], written_on=DAY).quotes[0].text == "Decay in L."


def test_every_outcome_that_is_pursued_has_its_template():
    assert set(TEMPLATES) == set(Outcome) - DONE
