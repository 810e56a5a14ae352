"""The report as PDF: the same words in the same order, tagged, in the language that it is written in."""

import json

import pikepdf
import pytest

from cases.report.colleague import colleague_report
from cases.report.family import family_report
from cases.report.render import render_report
from tests.cases.report.samples import AT, amended, facts, retracted
from tests.printing.reading import flat, page_texts, unspaced

NAMES = ("Nguyễn Thị Ánh", "Γιώργος Παππάς", "Ольга Щербак", "आरव शर्मा", "王小明", "김서연", "สมชาย ใจดี", "🦷 Kim")


def printed(document, tmp_path):
    source = tmp_path / "document.json"
    source.write_text(json.dumps(document.as_json()))
    told = render_report(source=str(source), out_dir=str(tmp_path), at=AT.isoformat())
    return tmp_path / told["file"], told


def said_in(document):
    for part in document.sections:
        yield part.heading
        for block in part.blocks:
            for value in (getattr(block, name) for name in ("texts", "items", "rows") if hasattr(block, name)):
                for one in value:
                    yield from (one if isinstance(one, tuple) else (one,))


@pytest.mark.parametrize("name", ["family-en", "family-es", "colleague", "colleague retracted", "family amended"])
def test_every_word_of_the_document_is_on_paper(name, tmp_path):
    document = {
        "family-en": lambda: family_report(facts(), language="en"),
        "family-es": lambda: family_report(facts(), language="es"),
        "colleague": lambda: colleague_report(facts()),
        "colleague retracted": lambda: colleague_report(retracted(facts())),
        "family amended": lambda: family_report(amended(facts()), language="en"),
    }[name]()
    path, told = printed(document, tmp_path)
    text = unspaced(" ".join(page_texts(path)))
    for part in (
        document.title,
        *document.sender,
        document.patient,
        document.born,
        document.case,
        document.warning,
        *said_in(document),
    ):
        assert unspaced(flat(part)) in text, part
    with pikepdf.open(path) as pdf:
        assert str(pdf.Root.Lang) == ("es-US" if document.language == "es" else "en-US")
        assert pdf.Root.MarkInfo.Marked
        assert len(pdf.pages) == told["pages"]


@pytest.mark.parametrize("name", NAMES)
def test_no_name_stops_a_report(name, tmp_path):
    path, told = printed(family_report(facts(name=name), language="en"), tmp_path)
    assert told["pages"] >= 1
    shown = name.replace("🦷", "[U+1F9B7]")
    assert unspaced(flat(shown)) in unspaced(" ".join(page_texts(path)))


def test_the_same_words_give_the_same_bytes(tmp_path):
    first, second = (
        printed(colleague_report(facts()), folder)[0] for folder in (_folder(tmp_path, "a"), _folder(tmp_path, "b"))
    )
    assert first.read_bytes() == second.read_bytes()


def _folder(parent, name):
    (parent / name).mkdir()
    return parent / name
