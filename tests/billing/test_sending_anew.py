"""What went out goes out again only as an act of its own, with a reason, from the same facts (CL-8)."""

import uuid
from datetime import timedelta
from functools import partial

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from billing.actions import exporting, sending_anew
from billing.models import Attachment, BilledOnce, Export, ExportClaim
from cases.actions import consenting
from cases.models import Derivative, Scope
from teledent.accounts.models import AccessEvent
from teledent.files import keeping
from teledent.kit.decisions import Conflict, Refused
from tests import cast
from tests.billing import cast as money
from tests.billing.test_exporting import manifest_of
from tests.billing.x12.independent_reader import read, structural_faults
from tests.services.standing import built_once

REASON = "The clearinghouse lost the file"
TOMORROW = money.LATER + timedelta(days=1)


def again(desk, claim, **said) -> Export:
    kept = {"reason": REASON, "public_id": uuid.uuid4(), "at": TOMORROW, "actor": desk.rita, **said}
    return sending_anew.send_claim_anew(claim=claim, **kept)


def whole(desk, export, **said) -> Export:
    kept = {"reason": REASON, "public_id": uuid.uuid4(), "at": TOMORROW, "actor": desk.rita, **said}
    return sending_anew.send_export_anew(export=export, **kept)


def withdraw(desk, claim, scope=Scope.BILLING) -> None:
    consenting.withdraw_consent(
        actor=desk.rita, patient=claim.case.patient, scope=scope, reason="The mother called", at=TOMORROW
    )


def test_the_new_file_says_the_same_under_new_numbers_and_the_first_stays(desk, sent):
    first, numbers = Export.objects.get(), set(Attachment.objects.values_list("control_number", flat=True))
    bytes_before, before = money.bytes_of(first), money.unzipped(first)
    type(sent.case.patient).objects.update(street="1 New Street", card_family_name="Other")  # since it went out
    second = money.written(again(desk, sent))
    after = money.unzipped(second)
    old, new = (read(files["claims.837d.edi"].decode()) for files in (before, after))
    assert not set(numbers_of(old)) & set(numbers_of(new))
    assert body_of(old) == body_of(new)
    assert structural_faults(after["claims.837d.edi"].decode()) == []
    assert {part["control_number"] for part in manifest_of(after)["claims"][0]["attachments"]} == numbers
    assert set(Attachment.objects.values_list("control_number", flat=True)) == numbers
    assert (second.control_number, second.set_number, second.batch_id) == (2, "0002", f"TD{desk.receiver.pk}-000000002")
    assert b"".join(exporting.download_export(actor=desk.rita, export=first, at=TOMORROW)) == bytes_before


ENVELOPE = {"ISA": 13, "GS": 6, "ST": 2, "BHT": 3}  # where each says its control number


def numbers_of(interchange) -> list[tuple[str, str]]:
    return [(one.tag, one[ENVELOPE[one.tag]]) for one in interchange.segments if one.tag in ENVELOPE]


def body_of(interchange) -> list[tuple[str, list[str]]]:
    """Every segment that is not envelope: CLM01 and PWK06 among them."""
    outside = {*ENVELOPE, "SE", "GE", "IEA"}
    return [(one.tag, one.elements) for one in interchange.segments if one.tag not in outside]


def test_one_record_says_who_when_and_why_and_nothing_is_billed_twice(desk, sent):
    before = (sent.status, sent.revision + 1, sent.exported_at)  # the move is an event; nothing else changes
    export = money.written(again(desk, sent))
    (row,) = Export.objects.filter(anew_of__isnull=False)
    assert (row, row.requested_by.name, row.requested_at, row.reason) == (export, "Rita Castellane", TOMORROW, REASON)
    event = sent.events.get(kind="send_anew")
    assert (event.person_name, event.details["reason"], event.details["control_number"]) == (
        "Rita Castellane",
        REASON,
        2,
    )
    assert AccessEvent.objects.filter(verb="export", public_id=export.public_id).count() == 1
    sent.refresh_from_db()
    assert (sent.status, sent.revision, sent.exported_at) == before
    assert BilledOnce.objects.count() == 1
    assert ExportClaim.objects.filter(claim=sent).count() == 2
    with pytest.raises(Refused, match="No claim is ready"):
        exporting.start_export(desk.receiver, by=None, at=TOMORROW)


def test_two_clicks_make_one(desk, sent):
    form = uuid.uuid4()
    first = again(desk, sent, public_id=form)
    assert again(desk, sent) == first  # another page, while the first is being written
    money.written(first)
    assert again(desk, sent, public_id=form) == first  # the same form, after it was written
    assert Export.objects.filter(anew_claim=sent).count() == 1
    later = again(desk, sent, reason="The payer asks for it once more")  # another act
    assert (later.state, later.anew_of) == ("queued", first)


def test_a_claim_that_did_not_go_out_is_not_sent_anew(desk):
    with pytest.raises(Refused, match="has not gone out"):
        again(desk, money.ready_claim(desk))


def test_it_is_refused_without_a_reason_by_others_and_where_the_family_or_the_dentist_took_it_back(desk, sent):
    stranger = cast.build_world("Second ").of("rita")
    for ask in (partial(again, desk, sent), partial(whole, desk, Export.objects.get())):
        for filler in ("", "n/a", "...", "x", "test"):
            refused(partial(ask, reason=filler), "Say why")
        for name in ("olu", "dev", "hana"):
            refused(partial(ask, actor=desk.world.of(name)), "role")
        refused(partial(ask, actor=stranger), "another practice")
        refused(ask, "retracted", after=partial(cast.retract, desk.world, sent.case, TOMORROW))
    for scope in (Scope.BILLING, Scope.TELEDENTISTRY, Scope.PHOTOGRAPHS):
        refused(partial(again, desk, sent), "taken back a consent", after=partial(withdraw, desk, sent, scope))
    assert again(desk, sent).state == "queued"  # nothing of that stood in its way


def refused(ask, sentence, *, after=lambda: None) -> None:
    """`ask` is refused once `after` has happened; what happened is taken back."""
    with transaction.atomic():
        after()
        with pytest.raises(Refused, match=sentence):
            ask()
        transaction.set_rollback(True)


def test_the_database_holds_one_at_a_time_and_who_asked_when_and_why(desk, sent):
    queued = again(desk, sent)
    rita = desk.world.people["rita"]
    row = {"receiver": desk.receiver, "requested_at": TOMORROW, "anew_of": queued.anew_of}
    for wrong in (
        {**row, "anew_claim": sent, "reason": REASON, "requested_by": rita},
        {**row, "reason": "", "requested_by": rita},
        {**row, "reason": REASON},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Export.objects.create(**wrong)
    asked = Export.objects.filter(pk=queued.pk)
    for change in ({"reason": "Another"}, {"requested_by": None}, {"requested_at": money.LATER}, {"anew_claim": None}):
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            asked.update(**change)
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        asked.delete()


@built_once
def two(desk):
    """An export of two claims."""
    claims = [money.ready_claim(desk, patient=cast.make_patient(desk.world, given=name)) for name in ("Mateo", "Ada")]
    return money.exported(desk), claims


def test_a_whole_file_is_sent_anew(desk, two):
    export, claims = two
    second = money.written(whole(desk, export))
    assert [one.claim for one in second.contents.order_by("claim")] == claims
    assert (second.claim_count, second.total, second.control_number) == (2, export.total, 2)
    with pytest.raises(Conflict, match="something else"):
        again(desk, claims[0], public_id=second.public_id)


@pytest.mark.parametrize("happens", ["withdrawn", "retracted"])
def test_what_happens_after_the_file_was_kept_makes_the_job_begin_again(desk, two, monkeypatch, happens):
    export, (kept, gone) = two
    act = {
        "withdrawn": lambda: withdraw(desk, gone),
        "retracted": lambda: cast.retract(desk.world, gone.case, TOMORROW),
    }
    second, keep = whole(desk, export), keeping.keep_file

    def then(path, *, folder):
        monkeypatch.setattr(keeping, "keep_file", keep)
        found = keep(path, folder=folder)
        act[happens]()
        return found

    monkeypatch.setattr(keeping, "keep_file", then)
    with pytest.raises(AssertionError, match="Conflict"):
        money.run_jobs()
    assert [one.claim for one in money.written(second).contents.all()] == [kept]
    said = {"withdrawn": "taken back a consent", "retracted": "was retracted"}[happens]
    assert said in gone.events.get(kind="left_out").details["reason"]
    gone.refresh_from_db()
    assert gone.status == "exported"


def test_a_claim_that_can_no_longer_be_composed_says_so_and_keeps_its_state(desk, sent):
    Derivative.objects.filter(asset__case=sent.case, asset__view="lower").update(recipe="review")
    export = again(desk, sent)
    money.run_jobs()
    export.refresh_from_db()
    sent.refresh_from_db()
    assert (export.state, sent.status, sent.billed_once.count()) == ("empty", "exported", 1)
    assert "“Lower” is not made yet" in sent.events.get(kind="left_out").details["reason"]


def test_an_export_of_ready_claims_goes_on_beside_it_and_takes_only_those(desk, sent):
    ready = money.ready_claim(desk, patient=cast.make_patient(desk.world, given="Ada"))
    anew = again(desk, sent)
    usual = exporting.export_claims(actor=desk.rita, receiver=desk.receiver, at=TOMORROW)
    assert usual != anew
    money.run_jobs()
    assert [one.claim for one in money.written(usual).contents.all()] == [ready]
    assert [one.claim for one in money.written(anew).contents.all()] == [sent]


def test_a_page_that_waits_counts_in_the_database(desk, sent, django_assert_num_queries):
    first = Export.objects.get()
    one, all_of_it = again(desk, sent), Export(anew_of=first)
    with django_assert_num_queries(2) as asked:
        assert [sending_anew.claims_asked_anew(export).count() for export in (one, all_of_it)] == [1, 1]
    assert not any('"facts"' in query["sql"] for query in asked.captured_queries)
