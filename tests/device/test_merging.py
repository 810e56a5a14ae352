"""Three states of a case, field by field: nothing that one side alone changed is lost, and nothing is written over unseen."""

from hypothesis import given
from hypothesis import strategies as st

from cases.device.merging import merge

STATES = st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 3), max_size=6)


def after(server, writes):
    return {field: value for field, value in {**server, **writes}.items() if value is not None}


@given(STATES, STATES, STATES)
def test_what_only_one_side_changed_counts_and_a_disagreement_writes_nothing(base, device, server):
    merged = merge(base, device, server)
    stands = after(server, merged.writes)
    for field in {*base, *device, *server}:
        was, said, there = base.get(field), device.get(field), server.get(field)
        if there == was:
            assert stands.get(field) == said
        elif said == was:
            assert stands.get(field) == there
        elif said != there:
            assert field in {one.field for one in merged.disagreements}
            assert stands.get(field) == there
    assert not {one.field for one in merged.disagreements} & set(merged.writes)


@given(STATES, STATES, STATES)
def test_the_same_state_again_writes_nothing_and_disagrees_as_before(base, device, server):
    first = merge(base, device, server)
    again = merge(first.base, device, after(server, first.writes))
    assert not again.writes
    assert again.disagreements == first.disagreements


@given(STATES, STATES, STATES, STATES, STATES)
def test_what_the_server_alone_changed_is_never_taken_back_by_a_device_that_did_not_know_it(
    base, device, server, later, changed
):
    """However often the device sends what it holds."""
    first = merge(base, device, server)
    there = {**after(server, first.writes), **changed}
    second = merge(first.base, device, there)
    assert not second.writes.keys() & {field for field in changed if changed[field] != first.base.get(field)}
    third = merge(second.base, later, after(there, second.writes))
    for field in changed:
        if changed[field] not in (first.base.get(field), device.get(field), later.get(field)):
            assert field not in third.writes


def test_both_took_it_away_or_said_the_same_is_no_disagreement():
    assert merge({"a": 1, "b": 1}, {"b": 2}, {"b": 2}).disagreements == ()
