"""What a manager reports of a school day comes out, whichever way the children are grouped."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from cases.events.standing import Agreed, Standing
from cases.events.summary import part, parts_by


@dataclass(frozen=True)
class Child:
    room: str
    standing: Standing
    agreed: Agreed
    urgent: bool


children = st.lists(
    st.builds(Child, st.sampled_from("ABC"), st.sampled_from(Standing), st.sampled_from(Agreed), st.booleans())
)


@given(children)
def test_the_parts_come_to_the_whole(found):
    whole, parts = part("Together", found), parts_by(found, lambda child: child.room)
    for name in ("answered", "agreed", "seen_of_agreed", "urgent"):
        assert sum(getattr(one, name) for one in parts) == getattr(whole, name)
    for name in ("expected", "done", "absent", "refused", "unresolved"):
        assert sum(getattr(one.tally, name) for one in parts) == getattr(whole.tally, name)
    assert [one.label for one in parts] == list(dict.fromkeys(child.room for child in found))


@given(children)
def test_no_share_is_more_than_all(found):
    whole = part("Together", found)
    assert 0 <= whole.seen_of_agreed <= whole.agreed <= whole.answered <= whole.tally.expected == len(found)
