"""From what a dentist ordered to a file and its answer, through the pages that the front desk sees."""

import re
import uuid

import pytest

from billing.models import Authorisation, Claim, Coverage, Payer, Receiver, RequestFile
from cases.actions import ordering
from tests import cast
from tests.billing import cast as money
from tests.billing.answers.conftest import bring  # noqa: F401
from tests.billing.answers.paper import check, file_of, taken_on
from tests.billing.answers.test_acknowledgements import claims_answer
from tests.billing.asking_ahead import cast as ahead
from tests.billing.asking_ahead.test_answers import FULL, estimate
from tests.billing.x12.independent_reader import read, structural_faults
from tests.claims_pages.reading import text_of
from tests.services.standing import built_once


@built_once
def ordered(desk):
    """A signed case whose dentist ordered varnish and silver fluoride on 19."""
    ahead.with_fees(desk)
    case = ahead.signed_case(desk)
    for kind, tooth in (("silver_fluoride", "LL6"), ("fluoride", "")):
        ordering.give_orders(
            actor=desk.world.of("dev"), case=case, kind=kind, reason="White spots", password=cast.PASSWORD, at=money.AT,
            **({"tooth_keys": [tooth]} if tooth else {}),
        )  # fmt: skip
    return case


def coverage_of(case):
    return Coverage.objects.get(patient=case.patient)


def page_of(row):
    return f"/claims/authorisations/{row.public_id}/"


def test_orders_of_a_signed_case_become_a_request_a_file_and_its_bytes(rita, desk, ordered):
    coverage = coverage_of(ordered)
    begin = rita.get(f"/claims/coverage/{coverage.public_id}/authorisation/").content.decode()
    (where,) = re.findall(rf'href="(/claims/coverage/[^"]+/authorisation/{ordered.public_id}/)"', begin)
    form = rita.get(where).content.decode()
    assert 'value="D1354"' in form
    assert 'value="19"' in form
    assert 'value="D1206"' in form
    said = {
        "public_id": str(uuid.uuid4()), "kind": "predetermination", "reason": "", "rows": "2", "l0-code": "D1354", "l0-tooth": "19",
        "l0-units": "1", "l1-code": "D1206", "l1-tooth": "", "l1-units": "1",
    }  # fmt: skip
    assert rita.post(where, said).status_code == 302
    row = Authorisation.objects.get()
    assert (row.case, row.lines.count()) == (ordered, 2)
    assert "Write the file" in text_of(rita.get(page_of(row)))
    followed = rita.post(f"{page_of(row)}write/")
    file = RequestFile.objects.get()
    assert followed.url == f"/claims/authorisations/files/{file.public_id}/"
    assert "Being written" in text_of(rita.get(followed.url))
    money.run_jobs()
    done = text_of(rita.get(followed.url))
    assert "1 request written, $65.45 of planned care." in done
    assert row.request_id in done
    first, again = (b"".join(rita.get(f"{followed.url}file/").streaming_content) for _ in range(2))
    assert first == again
    file.refresh_from_db()
    text = money.unzipped(file)["requests.837d.edi"].decode()
    assert structural_faults(text) == []
    assert read(text).claims[0].asks_ahead
    shown = text_of(rita.get(page_of(row)))
    assert "Sent" in shown
    assert "Write the file" not in shown


def test_what_stands_against_it_is_said_with_the_place_that_mends_it(rita, desk, ordered):
    row = ahead.drafted(desk, ordered)
    Payer.objects.filter(pk=desk.cedar.pk).update(receiver=None)
    page = rita.get(page_of(row))
    assert "This payer takes no files from us" in text_of(page)
    assert f'href="/claims/payers/{desk.cedar.public_id}/"' in page.content.decode()
    assert "Write the file" not in text_of(page)
    refused = rita.post(f"{page_of(row)}write/", follow=True)
    assert "takes no files from us" in text_of(refused)
    assert not RequestFile.objects.exists()


def test_all_that_wait_go_in_one_file_and_what_may_not_is_named(rita, desk, ordered):
    fine, faulty = (
        ahead.drafted(desk, ordered),
        ahead.drafted(desk, ordered, lines=[ahead.authorising.Asked("D9996")]),
    )
    page = rita.get("/claims/authorisations/?show=drafted")
    assert "Write 2 requests for Example Clearinghouse" in text_of(page)
    followed = rita.post(f"/claims/receivers/{desk.receiver.public_id}/requests/")
    money.run_jobs()
    done = text_of(rita.get(followed.url))
    assert fine.request_id in done
    assert f"Left out the timeline of each says why {faulty.request_id}" in " ".join(done.split())
    assert "says how care was delivered" in text_of(rita.get(page_of(faulty)))
    assert (
        "Write" not in text_of(rita.get("/claims/authorisations/?show=sent")).split("Newest files")[0].split("Find")[0]
    )


def test_a_full_file_leads_to_the_one_that_goes_on_and_back(rita, desk, ordered):
    Receiver.objects.filter(pk=desk.receiver.pk).update(claims_per_file=1)
    for kind in ("authorisation", "predetermination"):
        ahead.drafted(desk, ordered, kind=kind)
    rita.post(f"/claims/receivers/{desk.receiver.public_id}/requests/")
    money.run_jobs()
    first, second = RequestFile.objects.order_by("pk")
    where = "/claims/authorisations/files/{}/".format
    full, rest = rita.get(where(first.public_id)), rita.get(where(second.public_id))
    assert "This file is full." in text_of(full)
    assert f'href="{where(second.public_id)}"' in full.content.decode()
    assert "The file before was full." in text_of(rest)
    assert f'href="{where(first.public_id)}"' in rest.content.decode()


def test_the_answer_stands_on_its_page_and_the_remittance_leads_to_it(rita, desk, ordered, bring):  # noqa: F811
    row = ahead.drafted(desk, ordered)
    ahead.sent(desk, row)
    bring(claims_answer(taken_on((row.request_id, "A2:20"))))
    bring(file_of(check(estimate(row, *FULL, refs=("G3*PD-778",)), amount="0"), number=906))
    page = rita.get(page_of(row))
    shown = text_of(page)
    for said in ("PD-778", "$30.10", "$7.35", "Answer without money", "was told that it was taken on"):
        assert said in shown
    (remittance,) = re.findall(r'href="(/claims/remittances/[^"]+)"', page.content.decode())
    assert page_of(row) in rita.get(remittance).content.decode()


def test_what_was_turned_away_is_to_be_sent_again(rita, desk, ordered, bring):  # noqa: F811
    row = ahead.drafted(desk, ordered)
    ahead.sent(desk, row)
    bring(claims_answer(taken_on((row.request_id, "A3:21:IL"))))
    shown = text_of(rita.get(page_of(row)))
    assert "the payer never saw it" in shown
    assert "A3:21:IL" in shown
    assert "Send it again by file" in shown
    assert row.request_id in text_of(rita.get("/claims/authorisations/?show=drafted"))


@pytest.mark.parametrize("person", ["hana", "dev"])
def test_only_the_desk_writes_files(desk, ordered, client, person):
    row = ahead.drafted(desk, ordered)
    client.force_login(desk.world.people[person])
    assert client.post(f"{page_of(row)}write/").status_code in (302, 403, 404)
    assert not RequestFile.objects.exists()


def test_a_waiting_answer_speaks_of_the_request_and_leads_to_it(rita, desk, ordered, bring):  # noqa: F811
    """No claim is named and none is offered, though one of the same charge was sent for the same member."""
    row = ahead.drafted(desk, ordered)
    bring(file_of(check(estimate(row, *FULL), amount="0")))
    Claim.objects.filter(case=ordered).update(status="exported", exported_at=money.LATER, total="92.80")
    page = rita.get("/claims/answers/?show=waiting")
    assert "The request of this number waits for no answer to a file of ours." in text_of(page)
    assert page_of(row) in page.content.decode()
    assert "Post to" not in text_of(page)
    assert "No claim of this charge" not in text_of(page)


def test_what_went_out_by_file_is_taken_up_again_on_its_page_for_a_reason(rita, desk, ordered):
    row = ahead.drafted(desk, ordered)
    assert "Take it up again" not in text_of(rita.get(page_of(row)))
    ahead.sent(desk, row)
    assert "Take it up again" in text_of(rita.get(page_of(row)))
    refused = rita.post(f"{page_of(row)}again/", {"reason": "-"})
    assert (refused.status_code, "Say why it is to be sent again" in text_of(refused)) == (422, True)
    page = text_of(rita.post(f"{page_of(row)}again/", {"reason": "The receiver lost the file"}, follow=True))
    for said in (
        "To send again",
        "Send it again by file",
        "Write the file",
        "its file got lost",
        "The receiver lost the file",
    ):
        assert said in page
    rita.post(f"{page_of(row)}write/")
    money.run_jobs()
    row.refresh_from_db()
    assert (row.status, row.filed.count()) == ("sent", 2)
