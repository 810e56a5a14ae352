from billing.models import Claim
from cases.actions import signing
from tests import cast
from tests.billing import cast as billing_cast
from tests.claims_pages.reading import text_of


def page_of(client, claim):
    return client.get(f"/claims/{claim.public_id}/")


def test_it_says_what_blocks_why_and_where_to_mend_it(rita, uninsured):
    page = text_of(page_of(rita, uninsured))
    assert "There is nobody to bill." in page
    assert "Rule COV.missing" in page
    assert "1 blocks" in page
    assert "Add coverage" in page


def test_it_shows_lines_place_and_who_renders(rita, desk):
    page = text_of(page_of(rita, billing_cast.ready_claim(desk)))
    assert "D0140 Evaluation of one problem 17 Nov 2026 none 1 $72.00" in page
    assert "D9996 Teledentistry, stored and read later 17 Nov 2026 none 1 $0.00" in page
    assert "Total $72.00" in page
    assert "Place of service 02, read elsewhere · rendered by Dev Halloran" in page


def test_it_shows_each_attachment_under_its_control_number(rita, desk):
    claim = billing_cast.ready_claim(desk)
    page = text_of(page_of(rita, claim))
    number = f"{claim.claim_id}-OZ"
    assert f"Documentation packet {number}_01.pdf OZ packet {number}" in page
    assert f"Frontal {number}_02.jpg OZ photograph {number}" in page


def test_a_payer_that_wants_the_outcome_told_raises_the_line_of_the_checklist(rita, desk):
    desk.cedar.outcome_told = True
    desk.cedar.save()
    patient = cast.make_patient(desk.world)
    billing_cast.cover(desk, patient)
    case = billing_cast.signed(desk, patient=patient)
    billing_cast.run_jobs()
    page = page_of(rita, billing_cast.claims_of(case)["dentist"])
    assert "This payer wants the outcome told" in text_of(page)
    assert page.content.decode().count(f"/cases/{case.public_id}/#act-follow-up") == 2  # the problem and the checklist


def test_check_again_takes_what_was_mended(rita, desk, uninsured):
    billing_cast.cover(desk, uninsured.case.patient)
    Claim.objects.filter(pk=uninsured.pk).update(problems=[], status="draft")
    answer = rita.post(f"/claims/{uninsured.public_id}/check/", follow=True)
    assert "Checked: ready" in text_of(answer)
    uninsured.refresh_from_db()
    assert uninsured.status == "ready"


def test_some_diagnoses_may_be_left_to_the_record(rita, desk):
    claim = billing_cast.ready_claim(desk, payer=desk.state_plan, own_member_id=True, relationship="18")
    assert "K02.52 Caries of pits and fissures" in text_of(page_of(rita, claim))
    rita.post(f"/claims/{claim.public_id}/diagnoses/", {"on_claim": []})
    claim.refresh_from_db()
    assert claim.diagnoses_left == ["K02.52"]
    assert "This payer wants a diagnosis and the claim has none" in text_of(page_of(rita, claim))
    rita.post(f"/claims/{claim.public_id}/diagnoses/", {"on_claim": ["K02.52"]})
    assert "Nothing stands against this claim" in text_of(page_of(rita, claim))


def test_a_diagnosis_that_was_not_signed_is_refused(rita, desk):
    claim = billing_cast.ready_claim(desk)
    answer = rita.post(f"/claims/{claim.public_id}/diagnoses/", {"on_claim": ["K02.9"]})
    assert answer.status_code == 422
    claim.refresh_from_db()
    assert claim.diagnoses_left == []


def test_a_retracted_case_stops_its_claim_and_says_so(rita, desk):
    claim = billing_cast.ready_claim(desk)
    signing.retract_case(
        actor=desk.world.of("dev"),
        case=claim.case,
        reason="wrong_images",
        explanation="Another child",
        at=billing_cast.LATER,
    )
    page = text_of(page_of(rita, claim))
    assert "Stopped. The case was retracted. It never goes out." in page
    assert "Check again" not in page


def test_a_sent_claim_of_a_retracted_case_waits_to_be_voided(rita, desk):
    claim = billing_cast.ready_claim(desk)
    billing_cast.exported(desk)
    signing.retract_case(
        actor=desk.world.of("dev"),
        case=claim.case,
        reason="wrong_images",
        explanation="Another child",
        at=billing_cast.LATER,
    )
    assert "The payer has this claim: void it below." in text_of(page_of(rita, claim))
    listed = rita.get("/claims/?show=void")
    assert f'href="/claims/{claim.public_id}/#change"' in listed.content.decode()


def test_a_manager_reads_and_finds_no_button_that_writes(client_of, uninsured):
    page = page_of(client_of("olu"), uninsured)
    assert page.status_code == 200
    assert 'method="post" action="/claims/' not in page.content.decode()
    assert "coverage/add" not in page.content.decode()
