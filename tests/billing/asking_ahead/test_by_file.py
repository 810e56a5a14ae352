"""A request goes out by file: judged by both readers, once, with numbers that never repeat, and handed out byte for byte."""

import json

import pytest
from django.db import DatabaseError, transaction

from billing.actions import authorising
from billing.actions.asking_by_file import ask_all_by_file, ask_by_file, download_requests
from billing.jobs.asking_by_file import write_requests
from billing.models import Authorisation, ControlNumber, Coverage, Export, FiledRequest, Payer, RequestFile
from billing.requests_asked import granted_before
from cases.actions import consenting
from cases.models import Patient, Scope
from teledent.kit.decisions import Conflict, Refused
from tests import cast
from tests.billing import cast as money
from tests.billing.asking_ahead import cast as ahead
from tests.billing.x12.independent_reader import read, structural_faults
from tests.judges.pyx12_judge import pyx12_errors

pytestmark = pytest.mark.django_db


def the_837(file: RequestFile, tmp_path) -> str:
    content = money.unzipped(file)["requests.837d.edi"]
    path = tmp_path / "requests.edi"
    path.write_bytes(content)
    text = content.decode("ascii")
    assert pyx12_errors(path) + structural_faults(text) == []
    return text


def test_the_file_asks_for_the_lines_and_the_request_is_sent(asking, drafted, tmp_path):
    file = ahead.sent(asking, drafted)
    text = the_837(file, tmp_path)
    (claim,) = read(text).claims
    assert (claim.clm[1], claim.clm[2], claim.clm[19]) == (drafted.request_id, "92.8", "PB")
    assert "\nDTP*" not in text
    assert [(line.code, line.tooth[2] if line.tooth else "") for line in claim.lines] == [
        ("D1354", "19"), ("D1354", "A"), ("D1206", ""),
    ]  # fmt: skip
    assert (drafted.status, drafted.sent_how, drafted.sent_reference) == ("sent", "file", file.batch_id)
    assert drafted.sent_by == asking.rita.person
    assert [event.kind for event in drafted.events.all()] == ["made", "send"]


def test_what_stands_beside_is_named_by_its_number_and_frozen(asking, drafted):
    files = money.unzipped(file := ahead.sent(asking, drafted))
    (frozen,) = FiledRequest.objects.filter(file=file)
    manifest = json.loads(files["manifest.json"])
    assert [one["claim_id"] for one in manifest["requests"]] == [drafted.request_id]
    assert frozen.attachments == [part["control_number"] for part in manifest["requests"][0]["attachments"]]
    assert f"attachments/{drafted.request_id}-OZ_01.pdf" in files
    assert (frozen.total, frozen.draft["total"]) == (file.total, "92.80")
    for change in ({"total": 1}, {"facts": {}}):
        with pytest.raises(DatabaseError), transaction.atomic():
            FiledRequest.objects.filter(pk=frozen.pk).update(**change)


def test_numbers_rise_with_those_of_claims(asking, case, drafted):
    """One counter a receiver, whatever its file holds."""
    export = money.exported(asking)
    first = ahead.sent(asking, drafted)
    second = ahead.sent(asking, ahead.drafted(asking, case, kind="authorisation"))
    assert [export.control_number, first.control_number, second.control_number] == [1, 2, 3]
    assert ControlNumber.objects.get(receiver=asking.receiver).value == 3
    assert Export.objects.count() == 1


def test_it_goes_once_and_its_bytes_are_the_same_each_time(asking, drafted):
    file = ahead.sent(asking, drafted)
    with pytest.raises(Refused, match="on its way or has ended"):
        ask_by_file(actor=asking.rita, row=drafted, at=money.LATER)
    bytes_of = [b"".join(download_requests(actor=asking.rita, file=file, at=money.LATER)) for _ in range(2)]
    assert bytes_of[0] == bytes_of[1] == money.bytes_of(file)
    assert RequestFile.objects.count() == 1


def test_one_whose_file_got_lost_goes_out_again_under_its_number_and_a_new_control_number(asking, drafted, tmp_path):
    first = ahead.sent(asking, drafted)
    authorising.take_up_again(actor=asking.rita, row=drafted, reason="The receiver lost the file", at=money.LATER)
    drafted.refresh_from_db()
    with pytest.raises(Conflict):
        authorising.take_up_again(actor=asking.rita, row=drafted, reason="The receiver lost the file", at=money.LATER)
    second = ahead.sent(asking, drafted)
    assert (drafted.status, drafted.sent_reference) == ("sent", second.batch_id)
    assert [first.control_number, second.control_number] == [1, 2]
    (claim,) = read(the_837(second, tmp_path)).claims
    assert claim.clm[1] == drafted.request_id
    assert [event.kind for event in drafted.events.all()] == ["made", "send", "take_up", "send"]
    assert drafted.events.all()[2].details == {"reason": "The receiver lost the file"}


def test_only_what_went_out_by_file_is_taken_up_again_and_for_a_reason(asking, case, drafted):
    by_phone = authorising.mark_sent(
        actor=asking.rita, row=ahead.drafted(asking, case, kind="authorisation"), sent_on=money.AT.date(), sent_how="phone", at=money.AT
    )  # fmt: skip
    with pytest.raises(Refused, match="in no file of ours"):
        authorising.take_up_again(actor=asking.rita, row=by_phone, reason="The receiver lost the file", at=money.LATER)
    ahead.sent(asking, drafted)
    with pytest.raises(Refused, match="Say why"):
        authorising.take_up_again(actor=asking.rita, row=drafted, reason="-", at=money.LATER)


def test_two_clicks_are_one_file_and_another_choice_waits(asking, case, drafted):
    other = ahead.drafted(asking, case, kind="authorisation")
    file = ask_by_file(actor=asking.rita, row=drafted, at=money.LATER)
    assert ask_by_file(actor=asking.rita, row=drafted, at=money.LATER) == file
    with pytest.raises(Refused, match="being written"):
        ask_by_file(actor=asking.rita, row=other, at=money.LATER)


def test_all_that_wait_for_a_receiver_go_in_one_file_and_a_faulty_one_says_why(asking, case, drafted):
    fine = ahead.drafted(asking, case, kind="authorisation")
    faulty = ahead.drafted(asking, case, lines=[authorising.Asked("D9996")])
    file = ahead.written(ask_all_by_file(actor=asking.rita, receiver=asking.receiver, at=money.LATER))
    assert [one.authorisation for one in file.contents.all()] == [drafted, fine]
    faulty.refresh_from_db()
    assert faulty.status == "drafted"
    left = faulty.events.get(kind="left_out")
    assert "says how care was delivered" in left.details["reason"]


def test_what_fills_a_file_goes_on_in_the_next(asking, case, drafted):
    asking.receiver.claims_per_file = 1
    asking.receiver.save()
    other = ahead.drafted(asking, case, kind="authorisation")
    ahead.written(ask_all_by_file(actor=asking.rita, receiver=asking.receiver, at=money.LATER))
    files = RequestFile.objects.order_by("pk")
    assert [(file.control_number, file.request_count) for file in files] == [(1, 1), (2, 1)]
    assert [file.contents.get().authorisation for file in files] == [drafted, other]
    assert [file.continues for file in files] == [None, files[0]]


def test_what_stands_against_it_is_said_and_nothing_is_written(asking, case, drafted):
    Payer.objects.filter(pk=asking.cedar.pk).update(receiver=None)
    with pytest.raises(Refused, match="takes no files from us"):
        ask_by_file(actor=asking.rita, row=drafted, at=money.LATER)
    Payer.objects.filter(pk=asking.cedar.pk).update(receiver=asking.receiver)
    Coverage.objects.filter(patient=case.patient).update(member_id="ANOTHER")
    with pytest.raises(Refused, match="another payer or member id"):
        ask_by_file(actor=asking.rita, row=drafted, at=money.LATER)
    assert not RequestFile.objects.exists()


def test_a_request_of_no_case_has_no_record_to_name(asking, case):
    coverage = Coverage.objects.select_related("payer", "patient").get(patient=case.patient)
    row = authorising.begin_request(
        actor=asking.rita,
        coverage=coverage,
        public_id=case.public_id,
        kind="authorisation",
        lines=ahead.LINES,
        at=money.AT,
    )
    with pytest.raises(Refused, match="rests on no signed case"):
        ask_by_file(actor=asking.rita, row=row, at=money.LATER)


def test_withdrawn_consent_and_a_retracted_case_stop_it_before_it_is_written(asking, case, drafted):
    file = ask_by_file(actor=asking.rita, row=drafted, at=money.LATER)
    consenting.withdraw_consent(
        actor=asking.world.of("hana"),
        patient=case.patient,
        scope=Scope.BILLING,
        reason="The mother called",
        at=money.LATER,
    )
    money.run_jobs()
    file.refresh_from_db()
    drafted.refresh_from_db()
    assert (file.state, file.control_number, drafted.status) == ("empty", None, "drafted")
    assert "no consent in force to bill insurance" in drafted.events.get(kind="left_out").details["reason"]


def test_a_stranger_and_a_hygienist_write_no_file(asking, drafted):
    for name in ("hana", "dev"):
        with pytest.raises(Refused):
            ask_by_file(actor=asking.world.of(name), row=drafted, at=money.LATER)


def test_asked_again_it_names_the_number_of_the_earlier_answer(asking, case, drafted, tmp_path):
    ahead.sent(asking, drafted)
    said = authorising.Approval("PD-778", drafted.sent_on)
    authorising.record_approval(actor=asking.rita, row=drafted, said=said, of_lines={}, at=drafted.sent_at)
    again = ahead.drafted(asking, case)
    (claim,) = read(the_837(ahead.sent(asking, again), tmp_path)).claims
    assert claim.references == {"G3": "PD-778"}


def test_a_finished_file_never_changes(asking, drafted):
    file = ahead.sent(asking, drafted)
    for change in ({"total": 0}, {"state": "queued"}, {"chosen": []}):
        with pytest.raises(DatabaseError), transaction.atomic():
            RequestFile.objects.filter(pk=file.pk).update(**change)
    assert Authorisation.objects.get(pk=drafted.pk).filed.count() == 1


@pytest.mark.parametrize("how", ["another service", "refused", "withdrawn", "another member"])
def test_the_number_of_another_question_or_of_an_answer_that_does_not_stand_is_not_named(asking, case, drafted, how):
    said = authorising.Approval("PD-778", money.AT.date())
    if how == "refused":  # a remittance names its number with a no, too
        Authorisation.objects.filter(pk=drafted.pk).update(
            status="refused", number="PD-778", answered_on=money.AT.date(), answered_at=money.AT,
            answered_by=asking.rita.person, refused_because="CO-96",
        )  # fmt: skip
    else:
        authorising.record_approval(actor=asking.rita, row=drafted, said=said, of_lines={}, at=money.LATER)
    if how == "withdrawn":
        authorising.withdraw_request(actor=asking.rita, row=drafted, reason="The payer took it back", at=money.LATER)
    elif how == "another member":
        Coverage.objects.filter(patient=case.patient).update(member_id="ANOTHER")
    lines = [authorising.Asked("D1354", "B")] if how == "another service" else ahead.LINES[:1]
    assert granted_before(ahead.drafted(asking, case, lines=lines)) == ()


def plan_of_another(asking, case):
    """The plan is of another child now, as an unmerge may leave it."""
    Coverage.objects.filter(patient=case.patient).update(patient=cast.make_patient(asking.world, given="Otto"))


def test_a_case_of_another_patient_than_the_plan_is_not_written(asking, case, drafted):
    plan_of_another(asking, case)
    with pytest.raises(Refused, match="another patient than the plan"):
        ask_by_file(actor=asking.rita, row=drafted, at=money.LATER)


@pytest.mark.parametrize(
    "change",
    [
        plan_of_another,
        lambda asking, case: Coverage.objects.filter(patient=case.patient).update(member_id="ANOTHER"),
        lambda asking, case: Patient.objects.filter(pk=case.patient_id).update(family_name="Corrected"),
    ],
)
def test_what_changes_while_it_is_written_is_never_sent_old(asking, case, drafted, change, monkeypatch):
    """After it was read and before the commit: nothing goes out, and the job begins anew."""
    file = ask_by_file(actor=asking.rita, row=drafted, at=money.LATER)
    done = []

    def between(point):
        if point == "billing.requests.kept" and not done:
            done.append(change(asking, case))

    monkeypatch.setattr("billing.jobs.asking_by_file.faults.point", between)
    effect = write_requests(request_file_id=file.pk)
    with pytest.raises(Conflict, match="changed meanwhile"), transaction.atomic():
        effect()
    file.refresh_from_db()
    assert (file.state, FiledRequest.objects.count()) == ("queued", 0)
