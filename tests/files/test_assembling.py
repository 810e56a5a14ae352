"""Any chunks in any order give either the whole file or a gap at the right place."""

from hypothesis import example, given
from hypothesis import strategies as st

from teledent.files.assembling import plan
from teledent.files.models import Chunk

SIZE = 60
RANGES = st.tuples(st.integers(0, SIZE - 1), st.integers(1, 25))


def covered_without_gap(ranges: list[tuple[int, int]]) -> int:
    """The oracle: mark each byte, count from the first."""
    marks = [any(start <= place < start + length for start, length in ranges) for place in range(SIZE)]
    return marks.index(False) if False in marks else SIZE


@example([(0, 10), (1, 30), (2, 1)])
@given(st.lists(RANGES, min_size=3, max_size=20))
def test_the_plan_reaches_exactly_as_far_as_the_bytes_do(ranges):
    chunks = [Chunk(offset=start, length=length, key=str(n)) for n, (start, length) in enumerate(ranges)]
    pieces = plan(chunks, size=SIZE)
    assert sum(piece.length for piece in pieces) == covered_without_gap(ranges)
    position = 0
    for piece in pieces:
        chunk = chunks[int(piece.key)]
        assert chunk.offset + piece.skip == position
        assert piece.skip + piece.length <= chunk.length
        position += piece.length


def test_of_chunks_that_overlap_the_one_that_reaches_furthest_is_read():
    chunks = [Chunk(offset=0, length=19, key="long")] + [Chunk(offset=0, length=n, key=str(n)) for n in range(1, 10)]
    assert [piece.key for piece in plan(chunks, size=19)] == ["long"]
