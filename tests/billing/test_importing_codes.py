from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from cases.models import ProcedureCode

HEAD = "code,from,until,use,text\n"


@pytest.fixture
def run(world, tmp_path: Path):
    def importing(text: str) -> None:
        file = tmp_path / "codes.csv"
        file.write_text(text, encoding="utf-8")
        call_command("import_codes", str(file), "--practice", world.practice.name, stdout=StringIO())

    return importing


def test_the_practices_list_replaces_our_glosses_of_the_same_codes(run, world):
    run(HEAD + 'D0140,2026-01-01,,evaluation,"Limited, in our words"\nX0001,2026-01-01,2026-12-31,on_site,Varnish\n')
    rows = ProcedureCode.objects.filter(practice=world.practice, code="D0140")
    assert [(row.text, row.imported) for row in rows] == [("Limited, in our words", True)]
    assert ProcedureCode.objects.filter(practice=world.practice, code="D9996", imported=False).exists()


def test_the_same_file_twice_is_the_same_list(run, world):
    for _ in range(2):
        run(HEAD + "X0001,2026-01-01,,on_site,Varnish\n")
    assert ProcedureCode.objects.filter(practice=world.practice, code="X0001").count() == 1


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("Q0140,2026-01-01,,evaluation,Text", "D or X and four digits"),
        ("X0001,01/02/2026,,evaluation,Text", "is no date"),
        ("X0001,2026-01-01,,billing,Text", "is no use"),
        ("X0001,2026-01-01,2025-01-01,other,Text", "ends before it begins"),
        ("X0001,2026-01-01,,other,", "cannot be blank"),
        ("X0001,2026-01-01,,other,Text, with a comma", "5 columns"),
        ("X0009,2026-06-01,,other,Again", "same days as in line 2"),
        ("D9996,2026-01-01,,on_site,Text", "how care was delivered, never what it was; its use is teledentistry"),
        ("D9995,2026-01-01,,evaluation,Text", "how care was delivered"),
    ],
)
def test_a_bad_row_is_named_by_its_line_and_nothing_is_imported(run, world, row, said):
    with pytest.raises(CommandError, match=f"(?s)Nothing was imported.*Line 3: .*{said}"):
        run(f"{HEAD}X0009,2026-01-01,,other,Good\n{row}\n")
    assert not ProcedureCode.objects.filter(practice=world.practice, imported=True).exists()


def test_other_columns_are_refused(run):
    with pytest.raises(CommandError, match="Line 1: the columns must be code, from, until, use, text"):
        run("procedure,text\nX0001,Text\n")
