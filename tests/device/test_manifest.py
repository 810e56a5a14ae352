"""A manifest is read whole or refused with every place that does not fit; nothing hostile gets further than a sentence."""

import json
from datetime import date

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cases.device.manifest import read_envelope, read_manifest
from cases.device.reading import Unreadable, read_json, sha256_of
from tests.device import said

TODAY = date(2026, 11, 17)


def read(content):
    return read_manifest(content, today=TODAY, file_size_max=1 << 20)


def faults(**changed):
    with pytest.raises(Unreadable) as refused:
        read(said.manifest(**changed))
    return refused.value.faults


def test_what_was_gathered_is_read():
    picture = said.file()
    found = read(
        said.manifest(
            files=[picture], finished={"at": "2026-11-17T09:39:00-08:00", "by": picture["id"], "statement": "s"}
        )
    )
    assert found.answers["allergies"] == ["penicillin"]
    assert [mark.place for mark in found.marks] == [("LLD", "decay")]
    assert str(found.files[0].id) == picture["id"]
    assert found.finished.at.isoformat() == "2026-11-17T09:39:00-08:00"


def test_somebody_new_is_read_by_the_rules_of_the_form():
    guardian = {"name": "Rana Haddad", "relationship": "Mother", "phone": "", "has_authority": True}
    who = {"id": None, "another": False, "new": said.person({"guardian": guardian})}
    found = read(said.manifest(patient=who)).patient
    assert (found.new.details["given_name"], found.new.room, found.new.guardian["relationship"]) == (
        "Noor",
        "12",
        "Mother",
    )


@pytest.mark.parametrize(("changed", "place"), [
    ({"files": [said.file(), said.file(b"two", sha256="F" * 64)]}, "files[1].sha256 is not a SHA-256"),
    ({"files": [said.file(size=0)]}, "files[0].size is not a whole number from 1"),
    ({"files": [said.file(view="selfie")]}, "files[0].view is none"),
    ({"files": [said.file(captured_at="2026-11-17T09:33:40")]}, "files[0].captured_at is not a time with its offset"),
    ({"files": [said.file(), said.file(view="upper")]}, "files[1] says something a second time"),
    ({"files": [said.file()] * 61}, "files has more than 60"),
    ({"case": "A" * 36}, "case is not a UUID"), ({"revision": True}, "revision is not a whole number"),
    ({"kind": "treatment_visit"}, "kind is none"), ({"urgency": "soon"}, "urgency is none"), ({"colour": "red"}, "colour is not known"),
    ({"day_seen": "2026-11-19"}, "day_seen is not a day"), ({"patient": None}, "patient is not an object"),
    ({"patient": {"id": None, "new": None, "another": False}}, "patient names nobody"),
    ({"patient": {"id": None, "new": said.person({"birth_date": "1899-01-01"}), "another": False}}, "patient.new.birth_date is not a day"),
    ({"patient": {"id": None, "new": said.person({"card_given_name": "نور"}), "another": False}}, "patient.new.card_given_name is to be"),
    ({"patient": {"id": None, "new": said.person({"guardian": {"name": "R", "relationship": "", "phone": "", "has_authority": True}}),
                  "another": False}}, "patient.new.guardian.relationship is empty"),
    ({"answers": {"allergies": ["cats"]}}, "answers.allergies is not a list"),
    ({"answers": {"callback": "1"}}, "answers.callback is not known"),
    ({"answers": {"why": ["no_dentist"]}}, "answers.why is none"), ({"answers": []}, "answers is not an object"),
    ({"marks": [{"tooth": "33", "condition": "decay", "surfaces": "", "icdas": "", "note": ""}]}, "marks[0].tooth is none"),
    ({"marks": [{"tooth": "UR6", "condition": "missing", "surfaces": "O", "icdas": "", "note": ""}]}, "marks[0].surfaces are not said"),
    ({"marks": [{"tooth": "UR6", "condition": "sealant", "surfaces": "", "icdas": "5", "note": ""}]}, "marks[0].icdas belongs to decay"),
    ({"marks": [{"tooth": "UR6", "condition": one, "surfaces": "", "icdas": "", "note": ""} for one in ("missing", "present")]},
     "marks[1] says something a second time"),
    ({"services": [{"code": "1206", "tooth": "", "quantity": 1, "ordered_by": "Dr. H"}]}, "services[0].code is not D or X"),
    ({"finished": {"at": "2026-11-17T09:39:00-08:00", "by": "me", "statement": ""}}, "finished.by is not a UUID"),
])  # fmt: skip
def test_a_fault_names_its_place(changed, place):
    assert any(sentence.startswith(place) for sentence in faults(**changed)), faults(**changed)


def test_the_answer_that_excludes_others_gives_way_to_them_as_on_the_page():
    answers = {"allergies": ["none_known", "latex"], "complaint": [], "complaint_text": "Bites on one side"}
    assert read(said.manifest(answers=answers)).answers == {
        "allergies": ["latex"], "complaint": ["other"], "complaint_text": "Bites on one side"
    }  # fmt: skip


def test_a_manifest_of_another_version_says_so_alone():
    assert faults(version=2) == (
        "version is not 1: this manifest is of another version of the product. Update the device.",
    )


@pytest.mark.parametrize("raw", [
    b"", b"[]", b"null", b"{", b'{"a": 1.5}', b'{"a": NaN}', b'{"a": 1, "a": 2}', b"\xff\xfe", b'{"a": "\\ud800"}', b'{"a": "\\u0000"}',
    b'{"a": ' + b"9" * 5000 + b"}", b'{"a": ' + b"[" * 5000 + b"]" * 5000 + b"}", b'{"a":' * 3000 + b"1" + b"}" * 3000,
    b'{"a": 9223372036854775808}', b" " * 2000,
])  # fmt: skip
def test_what_no_device_sends_is_refused_before_anything_looks_at_it(raw):
    with pytest.raises(Unreadable):
        read_json(raw, size_max=100_000 if len(raw) != 2000 else 1000)


def test_an_envelope_whose_manifest_was_changed_on_the_way_is_refused():
    sent = said.envelope(said.manifest())
    sent["manifest"]["urgency"] = "routine"
    with pytest.raises(Unreadable, match="did not arrive as it was sent"):
        read_envelope(said.as_bytes(sent), today=TODAY, file_size_max=1)


def test_the_hash_does_not_depend_on_the_order_of_keys():
    content = said.manifest()
    assert sha256_of(dict(reversed(content.items()))) == sha256_of(content)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.text(max_size=50), lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.text(max_size=5), inner, max_size=3), max_leaves=8,
)  # fmt: skip
PLACES = [(key,) for key in said.manifest()] + [
    ("patient", "new"), ("patient", "id"), ("marks", 0, "tooth"), ("marks", 0, "surfaces"), ("answers", "allergies"), ("answers", "why"),
    ("files", 0, "captured_at"), ("files", 0, "id"), ("opened", "at"), ("services", 0, "code"),
]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(place=st.sampled_from(PLACES), value=JSON)
def test_nothing_put_in_any_place_is_more_than_a_sentence(place, value):
    content = said.manifest(files=[said.file()])
    inner = content
    for step in place[:-1]:
        inner = inner[step]
    assume(inner[place[-1]] != value or type(inner[place[-1]]) is not type(value))
    inner[place[-1]] = value
    sentences = told(lambda: read(content))
    raw = json.dumps({**said.envelope(said.manifest()), "manifest": content}).encode()
    assert told(
        lambda: read_envelope(raw, today=TODAY, file_size_max=9)
    )  # its hash is another one, whatever else it says
    assert all(isinstance(sentence, str) and len(sentence) < 300 for sentence in sentences)


def told(reading):
    try:
        reading()
    except Unreadable as refused:
        return refused.faults
    return ()
