"""The list as a file and back from strangers' bytes: no cell is computed, and whatever is wrong is said in words."""

import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest

from billing.school_days.columns import BORN, CHILD, COLUMNS, MEMBER, NAME, NOTE, WHEN, cells_of
from billing.school_days.sheets import as_csv, read_sheet, write_xlsx
from teledent.kit import spreadsheets
from tests.billing.school_days.test_comparing import ALL, DAY, compared

ROWS = [cells_of(child, DAY) for child in ALL]


def read(tmp_path, content):
    """As the storage keeps it: without an ending."""
    path = tmp_path / "0f3a"
    path.write_bytes(content)
    return read_sheet(source=str(path))


def workbook(tmp_path, rows=ROWS):
    path = tmp_path / "out.xlsx"
    write_xlsx(rows, path)
    return path.read_bytes()


def refused(tmp_path, content):
    found = read(tmp_path, content)
    assert found["ok"] is False
    return found["sentence"]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_out_and_in_again_is_unchanged(tmp_path, form):
    content = b"".join(as_csv(ROWS)) if form == "csv" else workbook(tmp_path)
    found = read(tmp_path, content)
    assert (found["ok"], found["ignored"]) == (True, [])
    assert [number for number, _ in found["rows"]] == [2, 3, 4]
    assert {line.verdict for line in compared(found["rows"])} == {"unchanged"}


def test_no_cell_of_the_workbook_is_a_formula(tmp_path):
    sheet = openpyxl.load_workbook(io.BytesIO(workbook(tmp_path))).active
    cells = {cell.value: cell.data_type for row in sheet.iter_rows() for cell in row}
    assert "f" not in cells.values()
    assert "'=Nils" in cells
    assert "'-2 visits, '=left" in cells
    assert cells[datetime(2017, 3, 5)] == "d"  # noqa: DTZ001 - a day has no zone


def filled(tmp_path, change):
    """The sheet as a person saves it from Excel after `change`."""
    book = openpyxl.load_workbook(io.BytesIO(workbook(tmp_path)))
    change(book.active)
    out = io.BytesIO()
    book.save(out)
    return read(tmp_path, out.getvalue())


def place(name):
    return COLUMNS.index(name) + 1


def test_days_numbers_and_formulas_that_a_person_typed_are_text(tmp_path):
    def change(sheet):
        sheet.cell(3, place(WHEN), datetime(2026, 11, 28))  # noqa: DTZ001 - a day has no zone
        sheet.cell(3, place(MEMBER), 77204881.0)
        sheet.cell(3, place(NOTE), "=1+1")
        sheet.cell(1, len(COLUMNS) + 1, "Called")
        sheet.cell(9, len(COLUMNS) + 1, "a word far below")

    found = filled(tmp_path, change)
    row = dict(found["rows"])[3]
    assert (row[WHEN], row[MEMBER], row[NOTE]) == ("2026-11-28", "77204881", "")  # nothing computed it yet
    assert found["ignored"] == ["Called"]
    assert len(found["rows"]) == 3


@pytest.mark.parametrize(
    "content",
    [
        ";".join(COLUMNS) + "\r\n" + "x;" * len(COLUMNS),
        "\t".join(COLUMNS).upper() + "\n" + "x\t" * len(COLUMNS),
        ",".join(f'" {name} "' for name in COLUMNS) + "\n" + "x," * len(COLUMNS),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_csv_of_another_country_or_program_is_read(tmp_path, content, encoding):
    found = read(tmp_path, content.replace("x", "ñ").encode(encoding))
    assert dict(found["rows"])[2][NAME] == "ñ"


def test_headings_are_asked_for_by_name(tmp_path):
    text = b"".join(as_csv(ROWS)).decode("utf-8-sig")
    assert "lacks Child key" in refused(tmp_path, text.replace("Child key", "Key").encode())
    assert "“Born” stands there twice" in refused(tmp_path, text.replace('"Grade"', '"born"').encode())
    assert refused(tmp_path, text.split("\r\n")[0].encode()) == spreadsheets.NO_ROWS


HOSTILE = {
    "empty": b"", "a picture": b"\xff\xd8\xff\xe0" + bytes(200), "nul": b"Name\0,Born\n", "half a zip": b"PK\x03\x04" + b"\0" * 60,
    "text": b"hello", "a quote that never ends": b'"' + b"a" * 200_000,
}  # fmt: skip


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_sheet_is_refused_in_words(tmp_path, content):
    assert refused(tmp_path, content).endswith(".")


def test_an_old_or_locked_workbook_says_how_to_save_it(tmp_path):
    assert refused(tmp_path, spreadsheets.OLD_EXCEL + bytes(600)) == spreadsheets.OLD


def zipped(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def test_a_zip_that_is_no_workbook_and_one_that_swells_are_refused(tmp_path):
    assert refused(tmp_path, zipped(a="b")) == spreadsheets.NO_SHEET
    assert refused(tmp_path, zipped(a=bytes(spreadsheets.MOST_UNPACKED + 1))) == spreadsheets.TOO_LARGE_INSIDE
    assert (
        refused(tmp_path, zipped(**{f"p{n}": "" for n in range(spreadsheets.MOST_PARTS + 1)}))
        == spreadsheets.TOO_LARGE_INSIDE
    )


def test_entities_of_a_workbook_swell_nothing(tmp_path):
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
    )
    book = io.BytesIO(workbook(tmp_path))
    out = io.BytesIO()
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            content = old.read(part)
            new.writestr(part.filename, f"{bomb}]><worksheet>&j;</worksheet>" if "sheet1" in part.filename else content)
    assert refused(tmp_path, out.getvalue()) == spreadsheets.NO_SHEET


def test_too_many_rows_and_too_many_bytes_are_refused(tmp_path):
    many = [ROWS[0] | {CHILD: str(number)} for number in range(spreadsheets.MOST_ROWS + 1)]
    assert refused(tmp_path, b"".join(as_csv(many))) == spreadsheets.TOO_LARGE
    assert refused(tmp_path, b"," * (spreadsheets.MOST_BYTES + 1)) == spreadsheets.TOO_LARGE
    assert len(read(tmp_path, b"".join(as_csv(many[1:])))["rows"]) == spreadsheets.MOST_ROWS


def test_a_row_far_below_is_told_of_and_one_of_no_column_of_ours_is_not(tmp_path):
    far = filled(tmp_path, lambda sheet: sheet.cell(1_048_576, 1, "far"))
    assert far["sentence"] == spreadsheets.TOO_FAR_DOWN.format(line=1_048_576)
    beside = filled(tmp_path, lambda sheet: sheet.cell(1_048_576, len(COLUMNS) + 3, "far"))
    assert len(beside["rows"]) == 3


def test_a_number_of_a_row_that_no_sheet_has_costs_nothing(tmp_path):
    book, out = io.BytesIO(workbook(tmp_path)), io.BytesIO()
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            content = old.read(part)
            new.writestr(
                part, content.replace(b'<row r="4"', b'<row r="4000000000"') if "sheet1" in part.filename else content
            )
    assert len(read(tmp_path, out.getvalue())["rows"]) == 2


def test_a_date_cell_of_the_birth_date_is_the_birth_date(tmp_path):
    found = filled(tmp_path, lambda sheet: sheet.cell(2, place(BORN), date(2017, 3, 5)))
    assert dict(found["rows"])[2][BORN] == "2017-03-05"
