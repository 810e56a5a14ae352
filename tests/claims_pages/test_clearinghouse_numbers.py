"""Numbers that a clearinghouse gave to what was sent to it ahead go out in the place of ours, and in the remarks."""

import pytest
from django.db import DatabaseError, transaction

from billing.models import Attachment, Claim
from tests import cast
from tests.billing import cast as money
from tests.billing.test_exporting import manifest_of
from tests.billing.x12.independent_reader import read, structural_faults
from tests.claims_pages.reading import text_of

NEA = "NEA#12345678"


def give(rita, claim, **numbers):
    return rita.post(f"/claims/{claim.public_id}/attachment-numbers/", numbers, follow=True)


def test_the_clearinghouses_number_goes_out_in_pwk_manifest_and_remarks(rita, desk):
    claim = money.ready_claim(desk)
    page = give(rita, claim, OZ=" nea#1234 5678 ")
    assert f"{NEA} ours {claim.claim_id}-OZ" in text_of(page)
    assert "entered the clearinghouse's attachment numbers" in text_of(page)
    files = money.unzipped(money.exported(desk))
    text = files["claims.837d.edi"].decode()
    assert structural_faults(text) == []
    (sent,) = read(text).claims
    assert f"~PWK*OZ*EL***AC*{NEA}~" in text.replace("\n", "")
    assert f"NTE*ADD*{NEA}~" in text
    (told,) = manifest_of(files)["claims"]
    assert [one["control_number"] for one in told["attachments"]] == [NEA]
    assert told["attachments"][0]["files"][0]["file"] == f"attachments/{claim.claim_id}-OZ_01.pdf"
    kept = Attachment.objects.get(claim=claim)
    assert (kept.control_number, kept.issued_number, kept.named) == (f"{claim.claim_id}-OZ", NEA, NEA)
    assert sent.paperwork


def test_one_number_that_holds_photographs_and_radiographs_is_named_once(rita, desk):
    patient = cast.make_patient(desk.world)
    money.cover(desk, patient)
    case = cast.case_at(desk.world, patient=patient)
    money.put_film(desk, case)
    money.reach_signature(desk, case)
    money.run_jobs()
    claim = money.claims_of(case)["dentist"]
    give(rita, claim, OZ=NEA, RB=NEA)
    files = money.unzipped(money.exported(desk))
    text = files["claims.837d.edi"].decode().replace("\n", "")
    assert (text.count(f"PWK*OZ*EL***AC*{NEA}~"), text.count("PWK*RB"), text.count(f"NTE*ADD*{NEA}~")) == (1, 0, 1)
    assert {one["control_number"] for one in manifest_of(files)["claims"][0]["attachments"]} == {NEA}
    assert Attachment.objects.filter(claim=claim, issued_number=NEA).count() == 2


def test_left_empty_our_own_number_goes_out_again(rita, desk):
    claim = money.ready_claim(desk)
    give(rita, claim, OZ=NEA)
    assert "took the clearinghouse's attachment numbers out" in text_of(give(rita, claim, OZ=""))
    text = money.unzipped(money.exported(desk))["claims.837d.edi"].decode()
    assert NEA not in text
    assert f"AC*{claim.claim_id}-OZ" in text


@pytest.mark.parametrize("wrong", ["N", "NEA:1234", "NEA*12", "-123-", "A" * 51])
def test_what_is_no_number_is_said_and_stays_as_typed(rita, desk, wrong):
    claim = money.ready_claim(desk)
    answer = rita.post(f"/claims/{claim.public_id}/attachment-numbers/", {"OZ": wrong})
    assert answer.status_code == 422
    assert f'value="{wrong}"' in answer.content.decode()
    assert Claim.objects.get(pk=claim.pk).attachment_numbers == {}


def test_a_number_of_another_childs_claim_is_refused(rita, desk):
    first = money.ready_claim(desk)
    give(rita, first, OZ=NEA)
    second = money.ready_claim(desk, patient=cast.make_patient(desk.world, given="Ada"))
    answer = give(rita, second, OZ=NEA)
    assert f"Claim {first} bears this number, for another case." in text_of(answer)


def test_a_number_mistyped_on_a_claim_that_went_out_is_given_where_it_belongs_with_a_reason(rita, desk):
    first = money.ready_claim(desk)
    give(rita, first, OZ=NEA)
    money.exported(desk)
    second = money.ready_claim(desk, patient=cast.make_patient(desk.world, given="Ada"))
    assert "Why does another case" in text_of(give(rita, second, OZ=NEA, shared_because="..."))
    assert Claim.objects.get(pk=second.pk).attachment_numbers == {}
    page = text_of(give(rita, second, OZ=NEA, shared_because="Mistyped on the other claim"))
    assert f"as on {first}: Mistyped on the other claim" in page
    assert Claim.objects.get(pk=second.pk).attachment_numbers == {"OZ": NEA}


def test_a_number_of_a_claim_that_was_stopped_is_free(rita, desk):
    first = money.ready_claim(desk)
    give(rita, first, OZ=NEA)
    cast.retract(desk.world, first.case, money.LATER)
    second = money.ready_claim(desk, patient=cast.make_patient(desk.world, given="Ada"))
    assert f"{NEA} ours" in text_of(give(rita, second, OZ=NEA))


def test_what_went_out_keeps_its_numbers(rita, desk):
    claim = money.ready_claim(desk)
    money.exported(desk)
    assert "What went out keeps its numbers." in text_of(give(rita, claim, OZ=NEA))
    with pytest.raises(DatabaseError), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(attachment_numbers={"OZ": NEA})
