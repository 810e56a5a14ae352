"""What stands in the demonstration: every status, records that verify, files that are there, nobody's picture twice."""

from collections import Counter

import pytest

from billing.demonstration.building import build_demonstration
from billing.demonstration.stories import STORIES
from billing.models import Claim
from billing.states import Status as ClaimStatus
from cases.event_reading import children_of, tally_of
from cases.imaging.sniff import DICOM
from cases.models import (
    Aftercare,
    Asset,
    Case,
    CaseEvent,
    Derivative,
    Kind,
    Letter,
    LetterRun,
    Patient,
    Referral,
    SchoolList,
    ScreeningEvent,
)
from cases.states import LABELS, Status
from cases.verifying import misfits
from teledent.files.models import StoredFile
from teledent.files.storage import private
from teledent.jobs.models import Job
from tests.demonstration.conftest import NOW, PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


def test_every_status_of_a_case_is_there():
    assert {status for status in Status if not Case.objects.filter(status=status).exists()} == set(), LABELS


def test_every_status_of_a_claim_is_there():
    # only a payer's rule says which code is included in another; a correction or a void is the visitor's to make
    not_told = {ClaimStatus.CLOSED_ZERO, ClaimStatus.REPLACED, ClaimStatus.VOIDED}
    assert set(Claim.objects.values_list("status", flat=True)) == set(ClaimStatus) - not_told


def test_every_kind_of_case_is_there():
    assert set(Case.objects.values_list("kind", flat=True)) == set(Kind)


def test_every_record_verifies():
    assert [sentence for case in Case.objects.all() for sentence in misfits(case)] == []


def test_every_stored_file_is_there():
    assert [file.key for file in StoredFile.objects.all() if not private().exists(file.key)] == []


def test_every_examined_file_has_its_pictures():
    for asset in Asset.objects.filter(state="examined"):
        made = Derivative.objects.filter(asset=asset, mirrored=asset.mirrored).values_list("recipe", flat=True)
        assert set(made) == {"review", "claim", "thumbnail"}


def test_every_radiograph_is_to_be_packed_for_the_viewer():
    films = set(Asset.objects.filter(state="examined", media_type="application/dicom").values_list("pk", flat=True))
    waiting = Job.objects.active().filter(kind="cases.pack_samples").values_list("payload__asset_id", flat=True)
    assert films
    assert set(waiting) == films


def test_no_two_files_share_their_bytes():
    assert [
        sha for sha, times in Counter(Asset.objects.values_list("declared_sha256", flat=True)).items() if times > 1
    ] == []


def test_something_is_overdue_and_something_is_due_within_hours():
    due = sorted((case.due_at - NOW).total_seconds() / 3600 for case in Case.objects.filter(status=Status.SUBMITTED))
    assert due[0] < 0
    assert any(0 < hours < 6 for hours in due)


def test_files_wait_that_name_another_child_and_one_came_cut_short():
    held = Asset.objects.exclude(hold_code="").get()
    assert (held.case.patient.given_name, held.hold_reason) == ("Jasper", "The file names “Fenwick, Jonah”.")
    assert Asset.objects.get(state="refused").refusal_code == "truncated"


def test_the_tray_holds_what_the_card_held():
    tray = Asset.objects.filter(case__isnull=True)
    assert [asset.state for asset in tray] == ["examined"] * 4
    assert tray.filter(media_type=DICOM.mime).count() == 1


def test_an_urgent_case_waits_for_a_picture_that_is_on_its_way():
    assert Asset.objects.get(state="declared").case.urgency == "urgent"


def test_nothing_happens_in_the_future_and_no_timeline_runs_backwards():
    for case in Case.objects.all():
        times = list(CaseEvent.objects.filter(case=case).order_by("seq").values_list("at", flat=True))
        assert times[-1] <= NOW
        moved = CaseEvent.objects.filter(
            case=case, kind__in=["opened", "submit", "start_review", "sign", "retract", "close"]
        )
        assert list(moved.order_by("seq")) == list(moved.order_by("at", "seq"))


SCRIPTS = {
    "Latin": (0x41, 0x250), "Greek": (0x370, 0x400), "Cyrillic": (0x400, 0x530), "Hebrew": (0x590, 0x600), "Arabic": (0x600, 0x700),
    "Devanagari": (0x900, 0x980), "Thai": (0xE00, 0xE80), "Han": (0x4E00, 0xA000), "Hangul": (0xAC00, 0xD7B0),
}  # fmt: skip


@pytest.mark.parametrize("script", SCRIPTS)
def test_names_are_written_in_nine_scripts(script):
    first, end = SCRIPTS[script]
    assert any(first <= ord(patient.given_name[0]) < end for patient in Patient.objects.all())


def test_building_again_adds_nothing(demonstration):
    before = (
        Case.objects.count(),
        Asset.objects.count(),
        CaseEvent.objects.count(),
        Claim.objects.count(),
        StoredFile.objects.count(),
    )
    build_demonstration(at=NOW, password=PASSWORD, width=240, photographs=2)
    after = (
        Case.objects.count(),
        Asset.objects.count(),
        CaseEvent.objects.count(),
        Claim.objects.count(),
        StoredFile.objects.count(),
    )
    assert after == before
    assert before[0] == len(STORIES) + 1  # and the treatment visit that an order began


def test_follow_ups_stand_in_every_state_but_one_and_papers_are_made():
    stands = set(Aftercare.objects.to_do().values_list("state", flat=True))
    assert stands == {"pending", "sent", "tried", "unreachable", "told", "booked", "attended", "declined"} - {"sent"}
    for papers in (LetterRun, SchoolList, Referral):
        assert [one.state for one in papers.objects.all()] == ["done"], papers
    assert SchoolList.objects.get().withheld > 0
    assert set(Letter.objects.values_list("language", flat=True)) <= {"en", "es"}


def test_a_school_day_is_kept_and_another_is_planned():
    today, later = ScreeningEvent.objects.order_by("starts_on")
    tally = tally_of(children_of(today, at=NOW))
    assert tally.expected > 10
    assert (tally.absent, later.children.count()) == (1, 0)
    assert tally.done + tally.begun > 0
