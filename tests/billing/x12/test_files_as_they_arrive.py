"""However a file arrives, it is read as it was written: encodings, line breaks, wraps, words around it, any chunk."""

import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing.x12 import arriving
from billing.x12.reading import BrokenEdiError, TransactionSet, read_sets
from tests.billing.x12.envelopes import Marks, encoded, interchange, wrapped
from tests.billing.x12.reading_back import read_back, told
from tests.billing.x12.remittance_strategies import any_check, marks
from tests.billing.x12.remittances import ZERO, Answer, Check, Cut, remittance

slowly = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
ANSWER = Answer("TD26-1", ZERO, cuts=(Cut("CO", "45", ZERO),), given="RENÉE", family="MUÑOZ-GROẞMANN".replace("ẞ", "ß"))
CHECK = Check("EFT1", (ANSWER,), payer_name="KRÄFTIG & SÖHNE")
TEXT = interchange([remittance(CHECK)])
ODD = Marks("|", ">", "!", "\r\n")
LETTER = "Dear practice,\n\nbetween ISA* and IEA* stands VISA*00* what we paid. ISA\nST - 835\n\n"


def sets_of(data: bytes) -> list[tuple[str, str]]:
    return [
        (one.kind, one.envelope.control_number)
        for one in read_sets(io.BytesIO(data))
        if isinstance(one, TransactionSet)
    ]


@pytest.fixture
def chunk(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> int:
    monkeypatch.setattr(arriving, "CHUNK", request.param)
    size: int = request.param
    return size


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-bom", "cp1252", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("chunk", [1, 2, 3, 64, 1 << 16], indirect=True)
def test_every_encoding_is_read_whatever_the_chunks(chunk: int, encoding: str):
    assert read_back(encoded(TEXT, encoding)) == [told(CHECK)]


@pytest.mark.parametrize("end", ["~", "~\n", "~\r\n", "~\r", "\n", "\r\n", "\r", "'\n\n", "\x1c", "\x1e\r\n"])
@pytest.mark.parametrize("chunk", [1, 7, 1 << 16], indirect=True)
def test_every_end_of_a_segment_is_read_whatever_the_chunks(chunk: int, end: str):
    assert read_back(interchange([remittance(CHECK)], Marks(end=end)).encode()) == [told(CHECK)]


@pytest.mark.parametrize("width", [*range(1, 12), 76, 79, 80, 81, 105, 106, 107, 108, 109, 132, 256])
@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_lines_may_be_wrapped_at_any_width(width: int, line_break: str):
    assert read_back(wrapped(TEXT + TEXT, width, line_break).encode()) == [told(CHECK), told(CHECK)]


@given(
    st.lists(
        st.tuples(any_check, marks, st.sampled_from(["", "\n", "\r\n\r\n", "\0" * 80, LETTER])), min_size=1, max_size=4
    )
)
@slowly
def test_interchanges_with_other_delimiters_may_follow_each_other(parts: list[tuple[Check, Marks, str]]):
    text = "".join(between + interchange([remittance(check)], dress) for check, dress, between in parts)
    assert read_back(text.encode()) == [told(check) for check, _, _ in parts]


@given(any_check, marks, st.integers(1, 200))
@slowly
def test_chunks_may_end_anywhere(check: Check, dress: Marks, size: int):
    text = LETTER + interchange([remittance(check)], dress) + LETTER + interchange([remittance(check)], ODD)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(arriving, "CHUNK", size)
        assert read_back(text.encode()) == [told(check), told(check)]


@pytest.mark.parametrize("dress", [Marks(), Marks(end="\n"), Marks("\x1d", "\x1f", "^", "\x1c")])
def test_an_isa_may_lack_the_blanks_of_its_widths(dress: Marks):
    assert read_back(interchange([remittance(CHECK)], dress, trimmed=True).encode()) == [told(CHECK)]


@pytest.mark.parametrize("size", [1 << 16, (1 << 16) + 2, 1 << 18])
def test_what_comes_after_a_long_padding_is_read(size: int):
    assert read_back(TEXT.encode() + b"\0" * size + TEXT.encode()) == [told(CHECK), told(CHECK)]
    assert read_back(TEXT.encode() + b" " * size + TEXT.encode()) == [told(CHECK), told(CHECK)]


def test_the_last_terminator_may_be_missing():
    assert read_back(TEXT.removesuffix("~").encode()) == [told(CHECK)]
    assert read_back((TEXT.removesuffix("~") + TEXT).encode()) == [told(CHECK), told(CHECK)]


def test_blanks_between_segments_do_not_matter():
    isa, after = TEXT.split("~", 1)
    spaced = after.replace("~", " ~ \t ")
    assert read_back(f"{isa}~{spaced}".encode()) == [told(CHECK)]


def test_a_patient_may_be_called_isa():
    check = Check("EFT1", (Answer("TD26-1", ZERO, family="ISA", given="JO"),) * 3)
    assert read_back((LETTER + interchange([remittance(check)])).encode()) == [told(check)]


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe", b"\xef\xbb\xbf", b"ISA", b"ISA*00*", b"Dear practice", b"\0" * 200_000, b"%PDF-1.7\n"]
)
def test_a_file_that_is_none_says_so(data: bytes):
    (broken,) = read_back(data)
    assert isinstance(broken, BrokenEdiError)
    assert (broken.number, "no whole ISA" in broken.reason) == (0, True)


def test_numbers_count_the_segments_of_the_file():
    segments = TEXT.count("~")
    found = [
        one.number
        for one in read_sets(io.BytesIO((LETTER + TEXT + LETTER + TEXT).encode()))
        if isinstance(one, TransactionSet)
    ]
    assert found == [3, segments + 3]


def test_each_set_knows_its_envelope():
    data = interchange([remittance(CHECK)], control=5) + interchange([remittance(CHECK)], ODD, control=6)
    assert sets_of(data.encode()) == [("835", "000000005"), ("835", "000000006")]
