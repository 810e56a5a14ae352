import pytest
from django.core.management import CommandError, call_command

from billing.management.commands import draw_lifecycle
from billing.states import CHECKED, ENDED, LABELS, MOVES, OWNERS, UNSENT, Status


def test_no_status_is_forgotten():
    reached = {move.target for move in MOVES.values()} | {Status.DRAFT}
    left = {source for move in MOVES.values() for source in move.sources}
    assert set(Status) == set(LABELS) == set(OWNERS) == reached
    assert set(Status) - left == ENDED
    assert [move.name for move in MOVES.values() if Status.STOPPED in move.sources] == ["accept_late"]
    assert CHECKED < UNSENT


def test_the_page_says_what_the_tables_say():
    call_command("draw_lifecycle", "--check")


def test_a_page_that_tells_a_tale_is_found(tmp_path, monkeypatch):
    page = tmp_path / "lifecycle.md"
    page.write_text(draw_lifecycle.lifecycle().replace("not_billed", "written_off"))
    monkeypatch.setattr(draw_lifecycle, "PAGE", page)
    with pytest.raises(CommandError, match="out of date"):
        call_command("draw_lifecycle", "--check")
