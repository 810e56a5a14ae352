"""Sending anew from the pages: a form with a reason, one export however often it is pressed, and both files at hand (CL-8)."""

import re

from django.urls import reverse

from billing.models import Export
from cases.actions import consenting
from cases.models import Scope
from tests import cast
from tests.billing import cast as billing_cast
from tests.claims_pages.reading import text_of

REASON = "The clearinghouse lost the file"


def form_id(page):
    return re.search(r'name="public_id" value="([^"]+)"', page.content.decode())[1]


def test_a_claim_is_sent_anew_once_and_every_page_says_so(rita, sent):
    address = reverse("claim", args=[sent.public_id])
    said = {"public_id": form_id(rita.get(address)), "reason": REASON}
    answers = [rita.post(f"{address}anew/", said, follow=True) for _ in range(2)]
    assert len({answer.redirect_chain[-1] for answer in answers}) == 1
    assert "Being written" in text_of(answers[0])
    first, second = Export.objects.order_by("pk")
    billing_cast.written(second)
    claim = text_of(rita.get(address))
    assert f"Sent anew. {REASON}" in claim
    assert "Rita Castellane sent the claim anew" in claim
    assert re.search(r"control number 000000002.*control number 000000001", claim)
    listed = text_of(rita.get(reverse("exports")))
    assert f"sent anew: {REASON}" in listed
    page = text_of(rita.get(reverse("export", args=[second.public_id])))
    assert f"Claim {sent.claim_id} sent anew. {REASON} Asked by Rita Castellane" in page
    assert f"1 claim of this file sent anew. {REASON}" in text_of(rita.get(reverse("export", args=[first.public_id])))
    for one in (first, second):
        assert rita.get(reverse("export-file", args=[one.public_id])).status_code == 200


def test_a_filler_comes_back_in_its_form_and_what_stands_in_the_way_is_said_in_its_place(rita, desk, sent):
    address, export = reverse("claim", args=[sent.public_id]), Export.objects.get()
    said = {"public_id": form_id(rita.get(address)), "reason": "n/a"}
    for place in (f"{address}anew/", reverse("export-anew", args=[export.public_id])):
        answer = rita.post(place, said)
        assert answer.status_code == 422
        assert "Say why it is sent anew" in text_of(answer)
    consenting.withdraw_consent(
        actor=desk.rita,
        patient=sent.case.patient,
        scope=Scope.BILLING,
        reason="The mother called",
        at=billing_cast.LATER,
    )
    page = rita.get(address)
    assert "The family has taken back a consent" in text_of(page)
    assert f"{address}anew/" not in page.content.decode()
    refused = rita.post(f"{address}anew/", {**said, "reason": REASON})
    assert refused.status_code == 422
    assert "The family has taken back a consent" in text_of(refused)
    assert Export.objects.count() == 1


def test_a_whole_file_is_sent_anew_and_says_what_was_left_out(rita, desk):
    kept = billing_cast.ready_claim(desk)
    gone = billing_cast.ready_claim(desk, patient=cast.make_patient(desk.world, given="Ada"))
    first = billing_cast.exported(desk)
    cast.retract(desk.world, gone.case, billing_cast.LATER)
    page = rita.get(reverse("export", args=[first.public_id]))
    said = {"public_id": form_id(page), "reason": REASON}
    rita.post(reverse("export-anew", args=[first.public_id]), said)
    second = billing_cast.written(Export.objects.get(anew_of=first))
    page = text_of(rita.get(reverse("export", args=[second.public_id])))
    assert f"The whole file sent anew. {REASON}" in page
    assert re.search(rf"Left out .*{gone.claim_id}", page)
    assert [one.claim for one in second.contents.all()] == [kept]
    assert "was retracted. Ask the payer for a void" in text_of(rita.get(reverse("claim", args=[gone.public_id])))


def test_a_manager_sees_that_and_why_and_sends_nothing(client_of, sent):
    olu = client_of("olu")
    page = olu.get(reverse("claim", args=[sent.public_id])).content.decode()
    assert "Sent" in page
    assert "/anew/" not in page
    assert olu.post(f"/claims/{sent.public_id}/anew/").status_code == 404
