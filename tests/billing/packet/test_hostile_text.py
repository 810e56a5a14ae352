"""People's text is data: it is printed as it was typed, whatever it looks like, and never stops a document."""

import ast
import re
import unicodedata
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import billing.packet
from billing.packet.compose import compose_packet
from billing.packet.content import Answer
from teledent.printing.glyphs import printable, printable_text
from tests.billing.packet.samples import AT, packet
from tests.printing.reading import page_texts, unspaced

TYPED = (
    '#read("/etc/passwd")',
    '#import "@preview/cetz:0.3.0"',
    "$x^2$ *bold* _italic_ `code` @ref <label> = heading",
    "back\\slash \\u{41} \\n // comment /* block */",
    "- list + enum / term: ~ -- --- ... \"quotes\" 'single'",
    "[content] {code} ]} #panic() #(1 + 1)",
    "line one\nline two\n\nnew paragraph",
    "https://example.org/a?b=c&d=e",
    "W" * 400,
    "שלום (abc) 12.5",
    "نعم 12 (abc)",
)


def rtl(text):
    """The reader gives such a text's words in the order of the line, and its brackets as they look there."""
    return unicodedata.bidirectional(text[0]) in {"R", "AL"}


@pytest.mark.parametrize("text", TYPED)
def test_text_is_printed_as_typed_in_every_kind_of_place(print_packet, text):
    content = packet(images=(), complaint=Answer("answered", text))
    content = replace(
        content,
        patient=replace(content.patient, legal_name=text),
        review=replace(content.review, conclusions=text, plan=(replace(content.review.plan[0], rationale=text),)),
    )
    whole = unspaced(" ".join(page_texts(print_packet(content))))
    words = re.findall(r"[\w.]+", text) if rtl(text) else [text]
    assert all(whole.count(unspaced(word)) >= 4 for word in words)


def test_a_word_too_long_for_its_line_stays_on_the_paper(print_packet):
    content = packet(images=())
    finding = replace(content.review.findings[0], tooth="T" * 60, note="N" * 300)
    content = replace(content, review=replace(content.review, conclusions="W" * 900, findings=(finding,)))
    document = pypdfium2.PdfDocument(print_packet(content))
    for page in document:
        text = page.get_textpage()
        boxes = [text.get_charbox(at) for at in range(text.count_chars())]
        assert max(box[2] for box in boxes) < 612 - 40
    document.close()


def test_a_long_name_stays_in_its_half_of_the_page(print_packet):
    content = packet(images=())
    content = replace(content, patient=replace(content.patient, legal_name="W" * 39))
    document = pypdfium2.PdfDocument(print_packet(content))
    text = document[0].get_textpage()
    letters = [at for at, char in enumerate(text.get_text_range()) if char == "W"][:39]
    assert max(text.get_charbox(at)[2] for at in letters) < 306
    document.close()


def test_a_very_long_name_leaves_the_running_line_on_the_paper(print_packet):
    content = packet(images=())
    content = replace(content, patient=replace(content.patient, name_in_use="Wilhelmina " * 25))
    document = pypdfium2.PdfDocument(print_packet(content))
    text = document[1].get_textpage()
    boxes = [text.get_charbox(at) for at in range(text.count_chars())]
    assert max(box[3] for box in boxes) < 792 - 18
    assert "Case TD-2026-00451" in text.get_text_range()
    document.close()


def test_a_character_that_no_typeface_has_is_named_and_listed(print_packet):
    content = packet(images=(), complaint=Answer("answered", "My \U0001f9b7 hurts"))
    whole = " ".join(page_texts(print_packet(content)))
    assert "My [U+1F9B7] hurts" in whole
    assert "Characters printed by their code" in whole
    assert "U+1F9B7 TOOTH" in whole


def test_no_list_of_replaced_characters_where_none_was_replaced(print_packet):
    assert "printed by their code" not in " ".join(page_texts(print_packet(packet(images=()))))


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("a\x00b", "a[U+0000]b"),
        ("a\u202eb", "a[U+202E]b"),
        ("a\ud800b", "a[U+D800]b"),
        ("a\ue000b", "a[U+E000]b"),
        ("a\ufeffb", "a[U+FEFF]b"),
        ("\U0001f468\u200d\U0001f469", "[U+1F468]\u200d[U+1F469]"),
        ("e\u0301", "e\u0301"),
        ("李\u0483", "李[U+0483]"),
        ("a\r\nb\u2028c\td", "a\nb\nc d"),
        ("نمی\u200cدانم", "نمی\u200cدانم"),
    ],
)
def test_what_becomes_of_a_character(typed, shown):
    assert printable_text(typed, set()) == shown


def test_replaced_characters_are_told_once_in_order():
    tree, replaced = printable({"b": ["\U0001f9b7", "\x00"], "a": "\U0001f9b7", "n": None, "t": True})
    assert tree == {"b": ["[U+1F9B7]", "[U+0000]"], "a": "[U+1F9B7]", "n": None, "t": True}
    assert replaced == ("U+0000 without a name", "U+1F9B7 TOOTH")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(text=st.text(alphabet=st.characters(codec=None), max_size=60))
def test_no_text_at_all_stops_a_packet(tmp_path, text):
    content = packet(images=(), complaint=Answer("answered", text))
    content = replace(
        content,
        signature=replace(content.signature, statement=text),
        patient=replace(content.patient, name_in_use=text),
    )
    assert compose_packet(content, images_dir=tmp_path, out=tmp_path / "packet.pdf", at=AT).pages >= 3


def test_our_own_words_never_give_an_all_clear():
    folder = Path(billing.packet.__file__).parent
    ours = [path.read_text() for path in folder.glob("*.typ")]
    for path in folder.glob("*.py"):
        ours += [
            node.value
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]
    assert len(ours) > 100
    claims = re.compile(
        r"no (cavit|caries|decay|disease|problem)|healthy|sound teeth|all clear|nothing wrong|within normal",
        re.IGNORECASE,
    )
    assert [text for text in ours if claims.search(text)] == []
