from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.billing import cast as money


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("export_claims", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_writes_the_same_bytes_as_the_storage_holds(desk, tmp_path):
    claim = money.ready_claim(desk)
    said = run("--out", str(tmp_path / "out"))
    assert "1 claims, $72.00" in said
    export = claim.exports.get().export
    (written,) = (tmp_path / "out").iterdir()
    assert written.name == export.file_name
    assert written.read_bytes() == money.bytes_of(export)


def test_a_second_run_exports_nothing_and_says_why(desk, tmp_path):
    money.ready_claim(desk)
    run("--out", str(tmp_path / "out"))
    assert "No claim is ready" in run("--out", str(tmp_path / "again"))
    assert list((tmp_path / "again").iterdir()) == []


def test_an_unknown_receiver_is_an_error(desk, tmp_path):
    with pytest.raises(CommandError, match="No such receiver"):
        run("--out", str(tmp_path), "--receiver", "Nowhere")
