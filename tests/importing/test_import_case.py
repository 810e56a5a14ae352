"""Folders as cameras and imaging programs leave them: what is taken, what waits, what is left alone."""

import io
import os
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pydicom.data import get_testdata_file

from cases.models import Asset, Case
from teledent.files.models import StoredFile
from tests.cast import AT, case_at, consent_to, make_patient
from tests.importing.conftest import TAKEN, film, photo

NOT_PICTURES = {
    "Thumbs.db": b"\xd0\xcf\x11\xe0old",
    ".DS_Store": b"\0\0\0\1Bud1",
    "M0001.CTG": b"\0" * 64,
    "notes.jpg": b"call the nurse",
    "empty.jpg": b"",
}


def brought(name: str) -> bytes:
    """A file that pydicom brings in its package."""
    return Path(get_testdata_file(name)).read_bytes()


@pytest.fixture
def draft(world):
    return case_at(world, at=TAKEN - timedelta(minutes=20))


def test_a_camera_card_waits_in_the_tray(run, card):
    assert run(card) == [
        ("waiting in tray", "DCIM/100CANON/IMG_0001.JPG  Nobody is named exactly: a person decides whose it is.")
    ]
    asset = Asset.objects.get()
    assert (asset.case, asset.state, asset.view, asset.device) == (None, "examined", "", "Brightfield C3")
    assert (asset.captured_at, asset.captured_source) == (TAKEN, "file")


def test_with_a_case_the_files_go_there_without_a_view(run, card, draft):
    assert run(card, case=draft.label) == [("taken", f"DCIM/100CANON/IMG_0001.JPG  In {draft.label}.")]
    asset = draft.assets.get()
    assert (asset.view, asset.declared_by.name, asset.hold_code) == ("", "Hana Okafor", "")
    assert list(draft.events.order_by("seq").values_list("kind", flat=True)) == [
        "opened",
        "file_declared",
        "file_received",
        "file_examined",
    ]


def test_what_is_no_picture_is_left_alone_whatever_it_is_called(run, card):
    for name, content in NOT_PICTURES.items():
        (card / name).write_bytes(content)
    found = run(card)
    assert sorted(name for outcome, name in found if outcome == "not a picture") == sorted(NOT_PICTURES)
    assert Asset.objects.count() == 1


def test_a_picture_without_a_suffix_is_a_picture(run, card):
    (card / "scan").write_bytes(photo(2, file_format="PNG"))
    assert [outcome for outcome, _ in run(card)] == ["waiting in tray"] * 2


def test_a_directory_of_an_imaging_program_is_no_picture_and_its_files_never_crash(run, card):
    (card / "DICOMDIR").write_bytes(brought("DICOMDIR"))
    assert ("not a picture", "DICOMDIR") in run(card)


@pytest.mark.parametrize("with_case", [False, True])
def test_a_second_run_doubles_nothing(run, card, draft, with_case):
    (card / "IMG_0002.JPG").write_bytes(photo(2))
    (card / "copy of IMG_0002.JPG").write_bytes(photo(2))
    options = {"case": draft.label} if with_case else {}
    first = [outcome for outcome, _ in run(card, **options)]
    kept = (Asset.objects.count(), StoredFile.objects.count())
    assert sorted(first) == sorted(["taken" if with_case else "waiting in tray"] * 2 + ["already here"])
    assert [outcome for outcome, _ in run(card, **options)] == ["already here"] * 3
    assert (Asset.objects.count(), StoredFile.objects.count()) == kept


def test_what_waited_in_the_tray_leaves_it_when_it_is_imported_into_a_case(run, card, draft):
    run(card)
    assert run(card, case=draft.label)[0][0] == "taken"
    assert list(Asset.objects.order_by("pk").values_list("state", "struck_reason")) == [
        ("struck", f"Imported into {draft.label}"), ("examined", ""),
    ]  # fmt: skip
    assert run(card) == [("already here", f"DCIM/100CANON/IMG_0001.JPG  In {draft.label}.")]


def test_what_was_moved_from_the_tray_by_hand_is_found_again(run, card, draft):
    run(card)
    Asset.objects.update(case=draft)
    assert run(card) == [("already here", f"DCIM/100CANON/IMG_0001.JPG  In {draft.label}.")]


def test_a_truncated_picture_is_refused_with_its_sentence_and_the_others_are_taken(run, card):
    (card / "IMG_0002.JPG").write_bytes(photo(2)[:900])
    refused = [row for row in run(card) if row[0] == "refused"]
    assert refused == [
        ("refused", "IMG_0002.JPG  The file is incomplete. Take the picture again, or copy it from the device again.")
    ]
    assert sorted(outcome for outcome, _ in run(card)) == ["already here", "refused"]


def test_a_link_is_not_followed_nor_a_linked_folder(run, card, tmp_path):
    secret = tmp_path / "elsewhere"
    secret.mkdir()
    (secret / "a.jpg").write_bytes(photo(5))
    (card / "link.jpg").symlink_to(secret / "a.jpg")
    (card / "folder").symlink_to(secret)
    found = run(card)
    assert [name.split("  ")[0] for outcome, name in found if outcome == "not readable"] == ["folder", "link.jpg"]
    assert Asset.objects.count() == 1


def test_a_pipe_is_not_opened(run, card):
    os.mkfifo(card / "pipe.jpg")
    assert ("not a picture", "pipe.jpg") in run(card)


@pytest.mark.parametrize(
    "name", ["a\nb.jpg", "\x1b[2Jx.jpg", "\u202egpj.exe", "' OR 1=1 --.jpg", "名前.jpg", "x" * 250]
)
def test_hostile_names_are_data(run, card, name):
    (card / name).write_bytes(photo(3))
    rows = run(card)
    assert [outcome for outcome, _ in rows] == ["waiting in tray"] * 2
    assert not any(sign in row for _, row in rows for sign in "\n\x1b\u202e")


def test_a_name_that_is_no_text_is_imported(run, card):
    (card / os.fsdecode(b"\xff\xfe.jpg")).write_bytes(photo(3))
    assert [outcome for outcome, _ in run(card)] == ["waiting in tray"] * 2


def test_an_unreadable_file_is_reported_and_the_rest_goes_on(run, card, monkeypatch):
    (card / "locked.jpg").write_bytes(photo(4))
    opened = os.open
    monkeypatch.setattr("cases.importing.folder.os.open", lambda path, *flags: _refuse(path) or opened(path, *flags))
    rows = run(card)
    assert rows[0] == ("not readable", "locked.jpg  It cannot be read (Permission denied). Copy it again.")
    assert rows[1][0] == "waiting in tray"


def _refuse(path):
    if path.name == "locked.jpg":
        raise PermissionError(13, "Permission denied")


def test_a_film_that_names_the_patient_exactly_goes_to_the_open_draft(run, tmp_path, draft):
    (tmp_path / "film").write_bytes(film())
    assert run(tmp_path) == [("taken", f"film  In {draft.label}.")]
    assert (draft.assets.get().device, draft.assets.get().view) == ("Northlight Imaging NL Sensor 2", "")


@pytest.mark.parametrize(
    "said",
    [
        {"name": "VILLANUEVA^MATHEO"},
        {"identifier": "AC-20418"},
        {"identifier": ""},
        {"born": date(2018, 3, 15)},
        {"name": "VILLANUEVA"},
    ],
)
def test_a_film_that_names_the_patient_nearly_waits_in_the_tray(run, tmp_path, draft, said):
    (tmp_path / "film").write_bytes(film(**said))
    assert [outcome for outcome, _ in run(tmp_path)] == ["waiting in tray"]


def test_of_two_open_drafts_none_is_guessed(run, tmp_path, world, draft):
    case_at(world, patient=draft.patient, at=TAKEN)
    (tmp_path / "film").write_bytes(film())
    assert [outcome for outcome, _ in run(tmp_path)] == ["waiting in tray"]


def test_a_case_that_is_submitted_takes_no_film_by_itself(run, tmp_path, world):
    case_at(world, "submitted", at=AT)
    (tmp_path / "film").write_bytes(film())
    assert [outcome for outcome, _ in run(tmp_path)] == ["waiting in tray"]


def test_a_twin_with_the_same_id_makes_the_name_unsafe(run, tmp_path, world, draft):
    make_patient(world)
    (tmp_path / "film").write_bytes(film())
    assert [outcome for outcome, _ in run(tmp_path)] == ["waiting in tray"]


def test_a_film_of_another_child_is_held_in_the_case_that_was_named(run, tmp_path, draft):
    (tmp_path / "film").write_bytes(film(name="TRENT^JO"))
    assert run(tmp_path, case=draft.label) == [("held", f"film  The file names “TRENT, JO”. In {draft.label}.")]


def test_a_picture_that_is_on_another_patient_is_held(run, card, world, draft):
    run(card, case=draft.label)
    sister = make_patient(world, given="Lucia", born=date(2016, 1, 2))
    consent_to(world, sister, at=TAKEN)
    other = case_at(world, patient=sister, at=TAKEN)
    assert run(card, case=str(other.number))[0][0] == "held"


def test_pictures_that_pydicom_brings_land_in_the_tray_or_are_refused(run, tmp_path):
    names = ["CT_small.dcm", "JPEG2000.dcm", "MR_truncated.dcm", "rtplan.dcm", "SC_rgb_rle_2frame.dcm", "reportsi.dcm", "no_meta.dcm",
             "badVR.dcm", "examples_overlay.dcm", "JPGExtended.dcm", "SC_rgb_jpeg_dcmtk.dcm", "DICOMDIR"]  # fmt: skip
    for name in names:
        (tmp_path / name).write_bytes(brought(name))
    (tmp_path / "mine.jpg").write_bytes(photo(1))
    outcomes = dict.fromkeys(outcome for outcome, _ in run(tmp_path))
    assert set(outcomes) <= {"waiting in tray", "refused", "not a picture"}
    assert Case.objects.count() == 0
    assert not Asset.objects.filter(state__in=["received", "failed"]).exists()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"site": "Nowhere"}, "There is no site Nowhere."),
        ({"by": "nobody@example.org"}, "Nobody signs in as nobody@example.org."),
        ({"by": "bo@example.org"}, "bo@example.org cannot import at Alder Creek Elementary"),
        ({"by": "dev@example.org"}, "dev@example.org cannot import at Alder Creek Elementary"),
        ({"case": "TD-99999"}, "There is no case TD-99999 at Alder Creek Elementary."),
        ({"case": "robert'); --"}, "There is no case robert'); -- at Alder Creek Elementary."),
    ],
)
def test_wrong_arguments_are_named_and_nothing_is_imported(run, card, options, sentence):
    with pytest.raises(CommandError, match="Nothing was imported"):
        run(card, **options)
    with pytest.raises(CommandError) as said:
        run(card, **options)
    assert sentence in str(said.value)
    assert Asset.objects.count() == 0


def test_a_site_may_be_named_by_its_id(run, card, world):
    assert run(card, site=str(world.school.public_id))[0][0] == "waiting in tray"


def test_a_case_that_is_submitted_takes_no_more_files_and_nothing_could_be_done(world, card):
    case = case_at(world, "submitted", at=AT)
    out = io.StringIO()
    with pytest.raises(CommandError, match="No file could be taken"):
        call_command(
            "import_case", str(card), site="Alder Creek Elementary", by="hana@example.org", case=case.label, stdout=out
        )
    assert "what was submitted does not change" in out.getvalue()
    assert StoredFile.objects.filter(key__startswith="originals/").count() == 0


@pytest.mark.parametrize("content", [{}, {"a.jpg": b"text"}])
def test_a_folder_without_a_picture_is_an_error(run, tmp_path, content):
    for name, text in content.items():
        (tmp_path / name).write_bytes(text)
    with pytest.raises(CommandError, match="No file could be taken"):
        run(tmp_path)
