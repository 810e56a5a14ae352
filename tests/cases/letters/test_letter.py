"""A letter, as data and on paper: what to do first, every word on its own child's page, tagged, the same bytes twice."""

import json

import pikepdf
import pytest

from cases.letters.catalogue import SHIPPED
from cases.letters.letter import Addressee, letter_of
from cases.letters.render import render_letters, render_school_list
from cases.promises import promise_in
from tests.cases.report.samples import AT, REVIEW, facts
from tests.cases.report.test_pdf import NAMES
from tests.printing.reading import flat, page_texts, tags, unspaced

LUCIA = Addressee("Lucía Villanueva", ("77 Alder Lane", "Springfield, OR 97477-0123"))


def letter(code="en", *, to=LUCIA, name="Mateo Villanueva-Reyes", **review):
    return letter_of(facts(name=name, **review), to=to, phrases=SHIPPED[code], language=code)


def words(document):
    return json.dumps(document.as_json(), ensure_ascii=False)


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        ("recall", "next regular date"),
        ("in_person", "visit in person"),
        ("refer", "specialist"),
        ("emergency", "cannot wait"),
    ],
)
def test_each_outcome_says_what_to_do_first_and_by_when(outcome, said):
    document = letter(outcome=outcome)
    assert said in document.parts[0].texts[0]
    assert "December 29, 2026" in document.parts[0].texts[1]
    assert document.parts[0].heading == "What to do"


def test_it_says_what_was_seen_what_was_not_judged_and_whom_to_call():
    said = words(letter())
    for part in ("Lucía Villanueva", "77 Alder Lane", "Tooth L: decay", "lies in front of the camera", "could not be used",
                 REVIEW["conclusions"].split("\n")[0], "541-555-0142", "TD-24817", "did not meet Mateo", "911"):  # fmt: skip
        assert part in said
    for clinical in ("K02.52", "D0140", "SHA-256", "license"):
        assert clinical not in said


def test_after_a_live_reading_it_does_not_say_that_nobody_met():
    assert "did not meet" not in words(letter(no_live_contact=False))


def test_without_a_mark_the_dentists_words_tell_it():
    document = letter(findings=[])
    assert "own words below" in document.parts[1].texts[0]


def test_in_spanish_the_frame_is_spanish_and_the_dentists_words_are_marked_as_english():
    document = letter("es")
    quoted = [part for part in document.parts if part.quoted]
    assert "en inglés" in quoted[0].heading
    assert "Diente L: caries" in words(document)
    assert REVIEW["advice"] in quoted[0].texts


@pytest.mark.parametrize("code", SHIPPED)
def test_no_letter_promises_health_by_itself(code):
    for outcome in ("recall", "in_person", "refer", "emergency"):
        document = letter(code, outcome=outcome, conclusions="", advice="", limits="")
        assert promise_in(text for part in document.parts for text in (*part.texts, *part.items)) == ""


def printed(documents, folder):
    folder.mkdir(exist_ok=True)
    source = folder / "letters.jsonl"
    source.write_text("".join(json.dumps(one.as_json()) + "\n" for one in documents))
    told = render_letters(source=str(source), out_dir=str(folder), title="Letters 2026-11-17", at=AT.isoformat())
    return folder / told["file"], told


def test_a_run_has_a_letter_a_page_in_eight_scripts_and_nothing_of_another_child(tmp_path):
    names = [*NAMES, "Mateo Villanueva-Reyes"]
    documents = [letter(("en", "es")[n % 2], name=name, to=Addressee(f"Parent {n}")) for n, name in enumerate(names)]
    path, told = printed(documents, tmp_path)
    pages = page_texts(path)
    assert told["pages"] == len(names)
    shown = [unspaced(flat(name.replace("🦷", "[U+1F9B7]"))) for name in names]
    for number, page in enumerate(pages):
        assert shown[number] in unspaced(page)
        assert "1 of 1" in page or "1 de 1" in page
        others = [name for other, name in enumerate(shown) if other != number and name in unspaced(page)]
        assert others == []
    with pikepdf.open(path) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "en-US"
    assert [tag.name for tag in tags(path)].count("H1") == len(names)


def test_a_long_letter_goes_on_on_its_own_pages_and_counts_them(tmp_path):
    long = letter(conclusions="\n\n".join("A long paragraph about what the pictures show. " * 6 for _ in range(14)))
    pages = page_texts(printed([long, letter(name="Ada Noor")], tmp_path)[0])
    assert len(pages) == 3
    assert "Page 2 of 2" in pages[1]
    assert "Page 1 of 1" in pages[2]
    assert "Ada" not in pages[0] + pages[1]
    assert "Mateo" not in pages[2]


def test_the_same_letters_give_the_same_bytes(tmp_path):
    first, second = (printed([letter(), letter("es")], tmp_path / name)[0] for name in "ab")
    assert first.read_bytes() == second.read_bytes()


def test_the_schools_list_is_tagged_and_says_every_word(tmp_path):
    data = {
        "title": "Dental results, Alder Creek Elementary", "practice": "Riverbend Dental", "phone": "541-555-0142", "withheld": 2,
        "site": "Alder Creek Elementary", "made_for": "Nurse Ortiz", "made_by": "Rita Castellane", "first_day": "2026-11-17",
        "last_day": "2026-11-18", "columns": ["Name", "Room", "Urgency", "By when", "What we ask of you"],
        "rows": [[name, "12", "Urgent", "Dec 29, 2026", "Call the family today."] for name in NAMES],
    }  # fmt: skip
    source = tmp_path / "list.json"
    source.write_text(json.dumps(data))
    told = render_school_list(source=str(source), out_dir=str(tmp_path), at=AT.isoformat())
    text = unspaced(" ".join(page_texts(tmp_path / told["file"])))
    for said in (
        *(name.replace("🦷", "[U+1F9B7]") for name in NAMES),
        "Nurse Ortiz",
        "2 more children",
        "They are not named",
    ):
        assert unspaced(flat(said)) in text, said
    assert [tag.scope for tag in tags(tmp_path / told["file"]) if tag.name == "TH"] == ["/Column"] * 5
