"""One export is one file with its numbers, all of it or nothing (CL-8)."""

import csv
import hashlib
import io
import json
import re
import uuid
from datetime import date
from typing import Any

import pytest

from billing.actions import exporting
from billing.jobs import exporting as job
from billing.models import Attachment, ControlNumber, Coverage, Export, Part
from cases.actions import consenting
from cases.models import Derivative, Scope
from teledent.accounts.models import AccessEvent
from teledent.files import keeping
from teledent.jobs.models import Job
from teledent.kit.decisions import Refused
from tests import cast
from tests.billing import cast as money
from tests.billing.x12.independent_reader import read, structural_faults


def acns_in_837(files: dict[str, bytes]) -> set[str]:
    claims = read(files["claims.837d.edi"].decode()).claims
    return {segment[6] for claim in claims for segment in claim.paperwork}


def manifest_of(files: dict[str, bytes]) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads(files["manifest.json"])
    return manifest


def start(desk) -> Export:
    return exporting.export_claims(actor=desk.rita, receiver=desk.receiver, at=money.LATER)


def test_the_manifest_names_the_numbers_of_the_837_and_the_bytes_of_every_file(desk):
    patient = cast.make_patient(desk.world)
    money.cover(desk, patient)
    case = cast.case_at(desk.world, patient=patient)
    money.put_film(desk, case)
    money.reach_signature(desk, case)
    export = exported_after_checks(desk)
    files = money.unzipped(export)
    (claim,) = manifest_of(files)["claims"]
    named = {part["control_number"] for part in claim["attachments"]}
    assert named == acns_in_837(files) == set(Attachment.objects.values_list("control_number", flat=True))
    assert {part["kind"] for part in claim["attachments"]} == {"OZ", "RB"}
    described = [
        claim["data_sheet"],
        claim["narrative"],
        *(file for part in claim["attachments"] for file in part["files"]),
    ]
    assert {file["file"] for file in described} | {"claims.837d.edi", "manifest.json", "attachments.csv"} == set(files)
    for file in described:
        assert (len(files[file["file"]]), sha256(files[file["file"]])) == (file["bytes"], file["sha256"])


def exported_after_checks(desk) -> Export:
    money.run_jobs()
    return money.exported(desk)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_no_file_name_bears_the_patients_name(desk):
    money.ready_claim(desk)
    names = " ".join(money.unzipped(money.exported(desk))).casefold()
    assert not {word for word in ("mateo", "villanueva", "reyes", "lucia") if word in names}


def test_a_second_export_exports_nothing(desk):
    money.ready_claim(desk)
    money.exported(desk)
    with pytest.raises(Refused, match="No claim is ready"):
        start(desk)
    assert Export.objects.count() == 1


def test_downloading_again_gives_the_same_bytes_and_is_on_the_trail(desk):
    money.ready_claim(desk)
    export = money.exported(desk)
    twice = [b"".join(exporting.download_export(actor=desk.rita, export=export, at=money.LATER)) for _ in range(2)]
    assert twice[0] == twice[1]
    assert twice[0] == money.bytes_of(export)
    assert AccessEvent.objects.filter(verb="export", public_id=export.public_id).count() == 3  # asked once, read twice


def test_a_click_while_one_is_being_written_finds_that_one(desk):
    money.ready_claim(desk)
    assert start(desk) == start(desk)


def test_control_numbers_rise_and_claim_ids_stay_apart(desk):
    numbers = []
    for given in ("Mateo", "Ada"):
        money.ready_claim(desk, patient=cast.make_patient(desk.world, given=given))
        export = money.exported(desk)
        numbers.append((export.control_number, manifest_of(money.unzipped(export))["control_number"]))
    assert numbers == [(1, "000000001"), (2, "000000002")]


def test_a_case_retracted_after_composing_is_left_out(desk, monkeypatch):
    kept = money.ready_claim(desk)
    gone = money.ready_claim(desk, patient=cast.make_patient(desk.world, given="Ada"))
    before_the_look(monkeypatch, lambda: cast.retract(desk.world, gone.case, money.LATER))
    export = money.exported(desk)
    assert [c["claim_id"] for c in manifest_of(money.unzipped(export))["claims"]] == [kept.claim_id]
    gone.refresh_from_db()
    assert gone.status == "stopped"
    assert gone.void_wanted_at is None


def test_consent_withdrawn_after_the_file_was_kept_makes_the_job_begin_again_without_that_claim(desk, monkeypatch):
    kept = money.ready_claim(desk)
    gone = money.ready_claim(desk, patient=cast.make_patient(desk.world, given="Ada"))
    before_the_commit(monkeypatch, lambda: withdraw(desk, gone.case.patient))
    export = start(desk)
    with pytest.raises(AssertionError, match="Conflict"):
        money.run_jobs()
    export.refresh_from_db()
    assert (export.state, ControlNumber.objects.get().value) == ("queued", 0)
    files = money.unzipped(money.written(export))
    assert [c["claim_id"] for c in manifest_of(files)["claims"]] == [kept.claim_id]
    assert structural_faults(files["claims.837d.edi"].decode()) == []


def before_the_look(monkeypatch, happens) -> None:
    look = job._as_composed

    def first(composed):
        happens()
        return look(composed)

    monkeypatch.setattr(job, "_as_composed", first)


def before_the_commit(monkeypatch, happens) -> None:
    """Once, after the bytes are kept and before the effect."""
    keep = keeping.keep_file

    def then(path, *, folder):
        monkeypatch.setattr(keeping, "keep_file", keep)
        kept = keep(path, folder=folder)
        happens()
        return kept

    monkeypatch.setattr(keeping, "keep_file", then)


def withdraw(desk, patient) -> None:
    consenting.withdraw_consent(
        actor=desk.rita, patient=patient, scope=Scope.BILLING, reason="The mother called", at=money.LATER
    )


def test_a_control_number_taken_by_another_is_never_used_twice(desk, monkeypatch):
    money.ready_claim(desk)
    before_the_commit(monkeypatch, lambda: ControlNumber.objects.update(value=7))
    export = start(desk)
    with pytest.raises(AssertionError, match="NumberTaken"):
        money.run_jobs()
    assert money.written(export).control_number == 8


def test_a_claim_that_cannot_be_composed_holds_up_no_other(desk):
    kept = money.ready_claim(desk)
    faulty = money.ready_claim(desk, patient=cast.make_patient(desk.world, given="Ada"))
    Derivative.objects.filter(asset__case=faulty.case, asset__view="lower").update(recipe="review")
    export = money.exported(desk)
    assert [one.claim for one in export.contents.all()] == [kept]
    faulty.refresh_from_db()
    assert faulty.status == "blocked"
    assert "“Lower” is not made yet" in faulty.blocking[0]["sentence"]


def test_what_changed_since_the_last_check_is_looked_at_before_the_file_is_written(desk):
    claim = money.ready_claim(desk)
    desk.cedar.receiver.payers.update(takes_asynchronous="no")  # behind the back of every action
    export = start(desk)
    money.run_jobs()
    export.refresh_from_db()
    claim.refresh_from_db()
    assert (export.state, export.file, claim.status) == ("empty", None, "blocked")


def test_five_failures_show_the_export_as_failed_and_leave_the_claims_ready(desk, monkeypatch):
    claim = money.ready_claim(desk)
    export = start(desk)
    monkeypatch.setattr(keeping, "keep_file", _full)
    Job.objects.filter(kind=exporting.EXPORT).update(attempts=4)
    money.run_jobs()
    export.refresh_from_db()
    claim.refresh_from_db()
    assert (export.state, claim.status) == ("failed", "ready")


def _full(*_, **__):
    raise OSError("no room")


def test_the_hygienists_claim_goes_without_a_packet(desk):
    desk.cedar.rendering_on_site = "hygienist"
    desk.cedar.save()
    patient = cast.make_patient(desk.world)
    money.cover(desk, patient)
    money.with_service(desk, patient=patient)
    export = exported_after_checks(desk)
    files = money.unzipped(export)
    assert export.claim_count == len(Part) == 2
    assert structural_faults(files["claims.837d.edi"].decode()) == []
    assert [len(claim["attachments"]) for claim in manifest_of(files)["claims"]] == [1, 0]


def three(desk) -> list:
    return [
        money.ready_claim(desk, patient=cast.make_patient(desk.world, given=given)) for given in ("Mateo", "Ada", "Bo")
    ]


def test_only_the_chosen_claims_go_out_and_the_others_stay_ready(desk):
    first, second, third = three(desk)
    export = exporting.export_claims(
        actor=desk.rita, receiver=desk.receiver, at=money.LATER, chosen=[first.public_id, third.public_id]
    )
    assert [one.claim for one in money.written(export).contents.order_by("pk")] == [first, third]
    second.refresh_from_db()
    assert second.status == "ready"


def test_a_choice_that_is_not_ready_any_more_exports_nothing_and_another_waits_its_turn(desk):
    first, second, _ = three(desk)
    with pytest.raises(Refused, match="None of these"):
        exporting.export_claims(actor=desk.rita, receiver=desk.receiver, at=money.LATER, chosen=[uuid.uuid4()])
    kept = {"actor": desk.rita, "receiver": desk.receiver, "at": money.LATER}
    begun = exporting.export_claims(**kept, chosen=[first.public_id])
    assert exporting.export_claims(**kept, chosen=[first.public_id]) == begun
    with pytest.raises(Refused, match="being written"):
        exporting.export_claims(**kept, chosen=[second.public_id])


def test_what_fills_a_file_goes_on_in_the_next_with_numbers_of_its_own(desk):
    claims = three(desk)
    desk.receiver.claims_per_file = 2
    desk.receiver.save()
    money.written(start(desk))
    files = list(Export.objects.order_by("pk"))
    assert [(one.state, one.claim_count, one.control_number) for one in files] == [("done", 2, 1), ("done", 1, 2)]
    assert files[1].continues == files[0]
    ids = [c["claim_id"] for one in files for c in manifest_of(money.unzipped(one))["claims"]]
    assert ids == [claim.claim_id for claim in claims]


def test_a_choice_that_fills_a_file_goes_on_with_the_choice_alone(desk):
    first, second, third = three(desk)
    desk.receiver.claims_per_file = 1
    desk.receiver.save()
    exporting.export_claims(
        actor=desk.rita, receiver=desk.receiver, at=money.LATER, chosen=[first.public_id, third.public_id]
    )
    money.run_jobs()
    assert Export.objects.filter(state="done").count() == 2
    second.refresh_from_db()
    assert second.status == "ready"


def test_a_claim_held_while_it_is_checked_does_not_keep_the_next_ones_waiting(desk):
    """A full file's worth was looked at, one of it was held: what lies beyond goes out in the next file all the same."""
    first, second, third = three(desk)
    Coverage.objects.filter(patient=first.case.patient).update(valid_until=date(2026, 1, 2))
    desk.receiver.claims_per_file = 2
    desk.receiver.save()
    money.written(start(desk))
    files = Export.objects.order_by("pk")
    assert [(one.state, one.claim_count) for one in files] == [("done", 1), ("done", 1)]
    assert [one.contents.get().claim for one in files] == [second, third]
    first.refresh_from_db()
    assert first.status == "blocked"


def test_the_index_names_every_file_under_the_numbers_of_the_837(desk):
    money.ready_claim(desk)
    files = money.unzipped(money.exported(desk))
    rows = list(csv.DictReader(io.StringIO(files["attachments.csv"].decode("utf-8-sig"))))
    assert {row["control_number"] for row in rows} == acns_in_837(files)
    assert {row["file"] for row in rows} == {name for name in files if name.startswith("attachments/")}
    for row in rows:
        assert (len(files[row["file"]]), sha256(files[row["file"]])) == (int(row["bytes"]), row["sha256"])


@pytest.mark.parametrize(
    ("limit", "value", "said"),
    [
        ("picture_kilobytes", 1, "kB, 1 kB are allowed"),
        ("packet_kilobytes", 1, "The packet has"),
        ("claim_kilobytes", 1, "all files have"),
        ("files_per_claim", 1, "files, 1 are allowed"),
    ],
)
def test_what_the_receiver_does_not_take_holds_the_claim_and_says_by_how_much(desk, limit, value, said):
    claim = money.ready_claim(desk)
    setattr(desk.receiver, limit, value)
    desk.receiver.save()
    export = start(desk)
    money.run_jobs()
    export.refresh_from_db()
    claim.refresh_from_db()
    assert (export.state, claim.status) == ("empty", "blocked")
    assert re.search(said, claim.blocking[0]["sentence"])


def test_the_narrative_keeps_the_limit_by_whole_sentences_and_says_where_the_rest_is(desk):
    money.ready_claim(desk)
    desk.receiver.narrative_signs = 400
    desk.receiver.save()
    files = money.unzipped(money.exported(desk))
    (name,) = [name for name in files if name.startswith("narratives/")]
    text = files[name].decode()
    assert len(text) <= 400
    assert re.search(r"[.] \[Continued in the documentation packet, TD.*-OZ[.]\]$", text)
