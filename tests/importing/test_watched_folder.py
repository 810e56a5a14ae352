"""A watched folder: what stands still is taken once, examined, and moved aside with what became of it."""

import pytest
from django.urls import reverse

from cases.actions.files import move_file, strike_file
from cases.actions.programs import add_program, stop_program
from cases.importing import watching
from cases.jobs.folders import watch_folders
from cases.models import Asset, CaseEvent, ImagingProgram
from cases.states import Status
from teledent.files.storage import StorageFull
from teledent.kit.decisions import Refused
from tests import cast
from tests.capture.conftest import as_person, disk, elsewhere, words, work  # noqa: F401 - fixtures are found by name
from tests.importing.conftest import film, photo


@pytest.fixture
def inbox(world, tmp_path, settings):
    settings.IMAGING_INBOX = tmp_path / "inbox"
    return settings.IMAGING_INBOX / str(world.practice.public_id) / "room-2"


@pytest.fixture
def program(world, inbox, disk):  # noqa: F811 - the fixture above
    made = add_program(
        actor=world.of("olu"), site=world.school, name="Chairside, room 2", way="folder", folder="room-2", at=cast.AT
    )
    watch_folders()
    return made


def lies(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def looks(times=2):
    for _ in range(times):
        watch_folders()


def test_a_file_is_taken_when_it_stands_still_and_put_aside_when_it_was_examined(program, inbox):
    (inbox / "Export").mkdir()
    (inbox / "Export" / "1.dcm").write_bytes(film()[:500])
    looks(1)
    (inbox / "Export" / "1.dcm").write_bytes(film())
    looks(1)
    assert not Asset.objects.exists()
    looks(1)
    asset = Asset.objects.get()
    assert (asset.program, asset.declared_by, asset.case, asset.site) == (program, None, None, program.site)
    assert lies(inbox) == ["Export/1.dcm"]
    work()
    looks(1)
    assert lies(inbox) == ["taken/Export/1.dcm"]


def test_the_same_bytes_come_once_whatever_they_are_called(program, inbox):
    for name in ("a.dcm", "b.dcm"):
        (inbox / name).write_bytes(film())
    looks()
    work()
    looks()
    (inbox / "a.dcm").write_bytes(film())
    looks()
    assert Asset.objects.count() == 1
    assert lies(inbox) == ["taken/a-2.dcm", "taken/a.dcm", "taken/b.dcm"]


def test_what_cannot_be_used_is_refused_with_its_reason(program, inbox):
    (inbox / "notes.doc").write_bytes(b"not a picture")
    (inbox / "cut.jpg").write_bytes(photo(3)[:400])
    looks()
    work()
    looks()
    assert lies(inbox) == [
        "refused/cut.jpg", "refused/cut.jpg.txt", "refused/notes.doc", "refused/notes.doc.txt",
    ]  # fmt: skip
    assert (inbox / "refused/notes.doc.txt").read_text() == f"{watching.NO_PICTURE}\n"
    assert (inbox / "refused/cut.jpg.txt").read_text().strip() == Asset.objects.get().refusal_sentence


@pytest.mark.parametrize("before", [True, False], ids=["before its bytes are kept", "after they were committed"])
def test_a_look_that_is_cut_short_loses_nothing_and_doubles_nothing(program, inbox, monkeypatch, before):
    (inbox / "1.dcm").write_bytes(film())

    def cut(*_, **__):
        raise StorageFull

    name = "take_file" if before else "_put_aside"
    with monkeypatch.context() as patched:
        patched.setattr(watching, name, cut)
        looks()
        work()
        looks()
    assert lies(inbox) == ["1.dcm"]
    looks()
    work()
    looks()
    assert (Asset.objects.count(), lies(inbox)) == (1, ["taken/1.dcm"])


def test_what_is_written_over_while_it_is_looked_at_is_no_loss(program, inbox, monkeypatch):
    """The program begins its numbers anew: another film under the name of one that is being taken."""
    (inbox / "1.dcm").write_bytes(film())
    looks()
    work()
    take = watching.take_file

    def taken_and_overwritten(**said):
        found = take(**said)
        (inbox / "1.dcm").write_bytes(film(seed=2))
        return found

    with monkeypatch.context() as patched:
        patched.setattr(watching, "take_file", taken_and_overwritten)
        looks(1)
    assert lies(inbox) == ["1.dcm"]
    looks()
    work()
    looks()
    assert (Asset.objects.count(), lies(inbox)) == (2, ["taken/1.dcm"])


def test_a_film_that_was_struck_off_and_is_sent_again_lies_in_the_tray_again(world, as_person, program, inbox):  # noqa: F811
    hana = world.of("hana")

    def sent():
        (inbox / "1.dcm").write_bytes(film())
        looks()
        work()
        looks()
        assert not (inbox / "1.dcm").exists()
        return Asset.objects.in_tray(hana).get()

    for number in range(3):
        asset = sent()
        assert (asset.state, Asset.objects.count()) == ("examined", number + 1)
        assert sent() == asset
        strike_file(actor=hana, asset=asset, reason="I thought it was a test", at=cast.AT)
    case = cast.case_at(world, Status.DRAFT)
    move_file(actor=hana, asset=sent(), to=case, reason="It is his after all", at=cast.AT)
    assert case.assets.get().original is not None


def test_a_film_that_was_struck_off_while_it_lay_there_does_not_come_back_by_itself(world, program, inbox):
    hana = world.of("hana")
    (inbox / "1.dcm").write_bytes(film())
    looks()
    work()
    strike_file(actor=hana, asset=Asset.objects.get(), reason="The wrong patient sat there", at=cast.AT)
    looks()
    work()
    assert (Asset.objects.get().state, lies(inbox)) == ("struck", ["taken/1.dcm"])
    (inbox / "1.dcm").write_bytes(film())
    looks()
    work()
    assert Asset.objects.in_tray(hana).get().state == "examined"


def test_a_practice_watches_its_own_folder_whatever_another_calls_its(world, elsewhere, program, inbox):  # noqa: F811
    stranger = elsewhere.of("olu")
    (site, *_) = elsewhere.practice.sites.order_by("pk")
    theirs = add_program(actor=stranger, site=site, name="Ours", way="folder", folder="room-2", at=cast.AT)
    (inbox / "1.dcm").write_bytes(film())
    looks()
    assert {one.practice for one in Asset.objects.all()} == {world.practice}
    stop_program(actor=world.of("olu"), program=program, at=cast.AT)
    (inbox / "2.dcm").write_bytes(film(seed=2))
    looks()
    assert not Asset.objects.filter(program=theirs).exists()


def test_files_in_a_folder_of_before_the_upgrade_are_told_of_with_where_to_move_them(
    world,
    elsewhere,  # noqa: F811
    as_person,  # noqa: F811
    program,
    inbox,
    caplog,
):
    (site, *_) = elsewhere.practice.sites.order_by("pk")
    add_program(actor=elsewhere.of("olu"), site=site, name="Ours", way="folder", folder="room-2", at=cast.AT)
    before = inbox.parent.parent / "room-2"
    (before / "taken").mkdir(parents=True)
    (before / "taken" / "0.dcm").write_bytes(film())
    olu, page, told = as_person("olu"), reverse("imaging-programs"), "where nobody looks any more"
    looks(1)
    assert told not in caplog.text + words(olu.get(page))
    (before / "1.dcm").write_bytes(film(seed=2))
    looks(1)
    assert f"Files lie in {before}, {told}. Move them to {inbox}," in caplog.text
    assert caplog.text.count(told) == 1  # and the practice whose they are not is not told to take them
    assert f"{before} . Move them to {inbox}" in words(olu.get(page)).replace(f"{before}.", f"{before} .")
    assert told not in words(as_person("olu", elsewhere).get(page))


def test_a_caller_stays_with_its_practice_when_it_is_stopped(world, elsewhere):  # noqa: F811
    caller = {"way": "dicom", "ae_title": "SENSOR", "address": "10.0.0.1", "at": cast.AT}
    mine = add_program(actor=world.of("olu"), site=world.school, name="Sensor", **caller)
    stop_program(actor=world.of("olu"), program=mine, at=cast.AT)
    (site, *_) = elsewhere.practice.sites.order_by("pk")
    with pytest.raises(Refused, match="Another practice has a program"):
        add_program(actor=elsewhere.of("olu"), site=site, name="Ours", **caller)
    assert add_program(actor=world.of("olu"), site=world.school, name="Sensor again", **caller).pk


def test_links_and_what_is_half_written_are_left_alone(program, inbox, tmp_path):
    secret = tmp_path / "secret.dcm"
    secret.write_bytes(film())
    (inbox / "link.dcm").symlink_to(secret)
    (inbox / ".1.dcm.part").write_bytes(film())
    looks(3)
    assert not Asset.objects.exists()
    assert secret.exists()
    assert (inbox / "refused/link.dcm").readlink() == secret
    assert ".1.dcm.part" in lies(inbox)


def test_nothing_is_taken_from_a_program_that_was_stopped(world, program, inbox):
    (inbox / "1.dcm").write_bytes(film())
    looks(1)
    stop_program(actor=world.of("olu"), program=program, at=cast.AT)
    looks()
    assert not Asset.objects.exists()


def test_an_exact_match_is_suggested_and_a_person_places_it(world, as_person, program, inbox):  # noqa: F811
    case = cast.case_at(world, Status.DRAFT)
    for name, said in (("1.dcm", {}), ("2.dcm", {"born": cast.date(2018, 3, 15), "seed": 2})):
        (inbox / name).write_bytes(film(**said))
    looks()
    work()
    page = words(as_person("hana").get(reverse("capture-tray")))
    assert page.count(f"Place it in {case.label}") == 1
    assert page.count("From Chairside, room 2") == 2
    assert not case.assets.exists()
    for asset in Asset.objects.order_by("pk"):
        move_file(actor=world.of("hana"), asset=asset, to=case, reason="Name and day agree", at=cast.AT)
    told = CaseEvent.objects.filter(case=case, kind="file_moved_here")
    assert {one.details["from"] for one in told} == {"the tray, where Chairside, room 2 sent it"}
    held = case.assets.get(hold_code="other-birth-date")
    assert "born 15 Mar 2018" in held.hold_reason


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"way": "folder", "folder": "../etc"}, "Name the folder by letters"),
        ({"way": "folder", "folder": "room-2"}, "entered already"),
        ({"way": "dicom", "ae_title": "A\\B", "address": "10.0.0.1"}, "AE title has 16"),
        ({"way": "dicom", "ae_title": "SENSOR", "address": ""}, "Enter the address"),
        ({"way": "dicom", "ae_title": "SENSOR", "address": "here"}, "valid IPv4 or IPv6"),
    ],
)
def test_a_program_is_entered_as_it_can_be_known(world, as_person, program, said, sentence):  # noqa: F811
    olu = as_person("olu")
    answer = olu.post(reverse("imaging-programs"), {"name": "One", "site": world.school.public_id, **said})
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert ImagingProgram.objects.count() == 1


def test_a_manager_enters_and_stops_one(world, elsewhere, as_person):  # noqa: F811
    olu, page = as_person("olu"), reverse("imaging-programs")
    said = {
        "name": "Sensor",
        "site": world.school.public_id,
        "way": "dicom",
        "ae_title": "SENSOR",
        "address": "10.0.0.1",
    }
    assert olu.post(page, said).status_code == 302
    made = ImagingProgram.objects.get()
    olu.post(page, {"name": "Chair", "site": world.school.public_id, "way": "folder", "folder": "room-3"})
    assert f"/{world.practice.public_id}/room-3" in words(olu.get(page))
    assert "SENSOR at 10.0.0.1" in words(olu.get(page))
    assert as_person("olu", elsewhere).post(reverse("imaging-program-stop", args=[made.public_id])).status_code == 404
    assert olu.post(reverse("imaging-program-stop", args=[made.public_id])).status_code == 302
    assert "Stopped" in words(olu.get(page))
    with pytest.raises(Refused, match="your role does not include this"):
        stop_program(actor=world.of("hana"), program=made, at=cast.AT)
