"""Damage is said, never passed over: no set counts as whole that lost a segment, and none takes its neighbours with it."""

import random
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing.x12.reading import BrokenEdiError
from tests.billing.x12.envelopes import Marks, interchange
from tests.billing.x12.reading_back import Told, read_back, told, whole
from tests.billing.x12.remittances import Billed, BilledLine, Check, Moved, denied, paid, remittance

slowly = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
BILLED = Billed("TD26-1", (BilledLine("A", "D0191", Decimal("45.00")), BilledLine("B", "D9996", Decimal("30.10"))))
FIRST = Check(
    "EFT1", (paid(BILLED, contractual=Decimal("7.00")), denied(BILLED)), moved=(Moved("WO", "X1", Decimal("1.25")),)
)
SECOND = Check("EFT2", (paid(BILLED),))
THIRD = Check("EFT3", (denied(BILLED),))
GOOD = [told(FIRST), told(SECOND), told(THIRD)]
TEXT = interchange([remittance(FIRST, "0001"), remittance(SECOND, "0002"), remittance(THIRD, "0003")])


def faults(data: bytes) -> list[BrokenEdiError]:
    return [one for one in read_back(data) if isinstance(one, BrokenEdiError)]


def set_ends() -> list[int]:
    """Where in TEXT each set has its last byte, its terminator left out."""
    return [TEXT.index("~", TEXT.index(f"*000{no}~", TEXT.index("~SE*", TEXT.index(f"*000{no}~")))) for no in (1, 2, 3)]


def test_a_file_that_breaks_off_keeps_what_was_whole_and_says_so():
    data, ends = TEXT.encode(), set_ends()
    for cut in range(len(data)):
        found = read_back(data[:cut])
        assert [one for one in found if isinstance(one, Told)] == GOOD[: sum(1 for end in ends if end <= cut)], cut
        # IEA whole but for its terminator is whole
        assert any(isinstance(one, BrokenEdiError) for one in found) is (cut < len(data) - 1), cut


@pytest.mark.parametrize(
    "other", [Marks(), Marks("|", ">", "!", "'"), Marks(end="\n"), Marks("\x1d", "\x1f", "^", "\x1c")]
)
def test_a_file_that_breaks_off_does_not_take_the_next_one_with_it(other: Marks):
    data, following = TEXT.encode(), interchange([remittance(SECOND, "0009")], other).encode()
    for cut in range(150, len(data) - 2):
        found = read_back(data[:cut] + following)
        assert found[-1] == told(SECOND), cut
        assert any(isinstance(one, BrokenEdiError) for one in found), cut


def test_a_lost_segment_is_never_hidden():
    segments = TEXT.split("~")[:-1]
    for at, lost in enumerate(segments):
        found = read_back(("~".join([*segments[:at], *segments[at + 1 :]]) + "~").encode())
        assert any(isinstance(one, BrokenEdiError) for one in found), lost
        assert all(one in GOOD for one in found if isinstance(one, Told)), lost


def test_any_stretch_of_whole_segments_may_be_lost_and_is_missed():
    segments, draw = TEXT.split("~")[:-1], random.Random(1)
    for _ in range(300):
        first, last = sorted(draw.sample(range(len(segments) + 1), 2))
        if (first, last) == (0, len(segments)):
            continue
        found = read_back(("~".join([*segments[:first], *segments[last:]]) + "~").encode())
        assert any(isinstance(one, BrokenEdiError) for one in found), (first, last)
        assert all(one in GOOD for one in found if isinstance(one, Told)), (first, last)


def test_a_lost_terminator_costs_its_own_set_and_behind_an_se_the_next():
    for at in (at for at, sign in enumerate(TEXT) if sign == "~" and at > 106):
        for instead in ("", "x", "\n", "*", "\0"):
            found = read_back((TEXT[:at] + instead + TEXT[at + 1 :]).encode())
            kept = [one for one in found if isinstance(one, Told)]
            assert all(one in GOOD for one in kept), (at, instead)
            least = 1 if at in set_ends() else 2
            assert len(kept) >= least or at < TEXT.index("ST*"), (at, instead)
            assert len(kept) < len(GOOD) or at >= set_ends()[-1] or "stand" in str(found), (at, instead)


@given(st.integers(0, len(TEXT) - 1), st.integers(0, 255))
@slowly
def test_one_changed_byte_never_loses_a_set_in_silence(at: int, byte: int):
    data = bytearray(TEXT.encode())
    data[at] = byte
    found = read_back(bytes(data))
    assert len([one for one in found if isinstance(one, Told)]) == 3 or any(
        isinstance(one, BrokenEdiError) for one in found
    )


@given(st.lists(st.tuples(st.integers(0, len(TEXT) - 1), st.binary(max_size=3), st.integers(0, 300)), max_size=6))
@slowly
def test_whatever_happens_to_its_bytes_a_file_is_read_or_refused(wounds: list[tuple[int, bytes, int]]):
    data = TEXT.encode()
    for at, put, taken in wounds:
        data = data[:at] + put + data[at + taken :]
    assert all(isinstance(one, Told | BrokenEdiError) for one in read_back(data))


@given(st.binary(max_size=300))
@slowly
def test_whatever_stands_in_a_set_it_is_read_or_refused(middle: bytes):
    data = TEXT.encode()
    at = data.index(b"LX*1")
    found = read_back(data[:at] + middle + data[at:])
    assert all(isinstance(one, Told | BrokenEdiError) for one in found)


@pytest.mark.parametrize("at", [0, 3, 104, 105], ids=["I of ISA", "first separator", "ISA16", "terminator"])
def test_a_damaged_isa_is_said_and_costs_its_own_interchange_at_most(at: int):
    following = interchange([remittance(SECOND, "0009")], Marks("|", ">", "!", "'"))
    damaged = TEXT[:at] + "Q" + TEXT[at + 1 :]
    found = read_back((damaged + following).encode())
    assert found[-1] == told(SECOND)
    assert len(found) == 4 if at == 104 else isinstance(found[0], BrokenEdiError)


def test_a_damaged_first_byte_of_st_is_said_once():
    (fault,) = faults(TEXT.replace("~ST*835*0002", "~XT*835*0002").encode())[:1]
    assert "stands outside any transaction set" in fault.reason
    assert len(faults(TEXT.replace("~ST*835*0002", "~XT*835*0002").encode())) == 2  # and GE counts one more
    assert whole(TEXT.replace("~ST*835*0002", "~XT*835*0002").encode()) == [told(FIRST), told(THIRD)]


TRAILERS = {
    "~GE*3*": "~GE*4*",
    "~GE*3*777": "~GE*3*778",
    "~IEA*1*": "~IEA*2*",
    "~IEA*1*000000777": "~IEA*1*000000778",
    "~IEA*1*000000777~": "~",
    "~GE*3*777~": "~",
    "~GS*HP*": "~GX*HP*",
}


@pytest.mark.parametrize(("was", "now"), TRAILERS.items())
def test_a_trailer_that_disagrees_is_said_and_the_sets_are_read(was: str, now: str):
    data = TEXT.replace(was, now).encode()
    assert whole(data) == GOOD
    assert 1 <= len(faults(data)) <= 3


@pytest.mark.parametrize(("was", "now"), [("*0002~", "*0009~"), ("~SE*", "~SE*1"), ("~SE*", "~SE**"), ("~SE*", "~S*")])
def test_an_se_that_disagrees_costs_its_set(was: str, now: str):
    at = TEXT.rindex(was, 0, set_ends()[1] + 1)
    found = read_back((TEXT[:at] + now + TEXT[at + len(was) :]).encode())
    assert [one for one in found if isinstance(one, Told)] in ([told(FIRST), told(THIRD)], [told(FIRST)])
    assert any(isinstance(one, BrokenEdiError) for one in found)


def test_leading_zeros_in_a_trailer_say_nothing():
    data = (
        TEXT.replace("~SE*", "~SE*000").replace("~GE*3*777", "~GE*03*0777").replace("~IEA*1*000000777", "~IEA*01*777")
    )
    assert read_back(data.encode()) == GOOD
