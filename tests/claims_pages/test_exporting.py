import hashlib
import io
import json
import zipfile

import pytest

from billing.models import Claim, Export
from teledent.accounts.models import AccessEvent
from tests import cast
from tests.billing import cast as billing_cast
from tests.claims_pages.reading import text_of


@pytest.fixture
def press(rita, desk):
    def post():
        return rita.post(f"/claims/receivers/{desk.receiver.public_id}/export/", follow=True)

    return post


def bytes_of(response):
    return b"".join(response.streaming_content)


def test_the_trips_of_a_child_and_an_adult_and_a_medicaid_child_reach_exported(rita, desk, press):
    on_a_plan = billing_cast.ready_claim(desk)
    adult = billing_cast.signed_adult(desk)
    child = cast.make_patient(desk.world, given="Kofi", family="Lindgren")
    billing_cast.cover(desk, child, desk.state_plan, own_member_id=True, relationship="18", subscriber_given_name="")
    of_state = billing_cast.signed(desk, patient=child)
    billing_cast.run_jobs()
    assert "Export 3 ready" in text_of(rita.get("/claims/"))
    assert "Being written 3 claims." in text_of(press())
    billing_cast.run_jobs()
    page = text_of(rita.get(f"/claims/exports/{Export.objects.get().public_id}/"))
    assert "3 claims written, $195.25." in page
    assert set(Claim.objects.values_list("status", flat=True)) == {"exported"}
    codes = {
        line.code
        for case in (on_a_plan.case, adult, of_state)
        for line in billing_cast.claims_of(case)["dentist"].lines.all()
    }
    assert codes == {"D0140", "D0171", "D9996"}


def test_two_clicks_make_one_export(rita, desk, press):
    billing_cast.ready_claim(desk)
    first, second = press(), press()
    assert first.redirect_chain == second.redirect_chain
    assert Export.objects.count() == 1
    assert "Writing for Example Clearinghouse" in text_of(rita.get("/claims/"))


def test_a_click_when_nothing_is_left_exports_nothing_and_says_so(rita, desk, press):
    billing_cast.ready_claim(desk)
    press()
    billing_cast.run_jobs()
    assert "No claim is ready for Example Clearinghouse" in text_of(press())
    assert Export.objects.count() == 1


def test_while_it_is_written_the_page_asks_again_and_then_stops(rita, desk, press):
    billing_cast.ready_claim(desk)
    assert b'hx-trigger="every 1s"' in press().content
    billing_cast.run_jobs()
    assert b"hx-trigger" not in rita.get(f"/claims/exports/{Export.objects.get().public_id}/").content


def test_the_file_is_the_same_each_time_and_each_download_is_on_the_trail(rita, desk):
    billing_cast.ready_claim(desk)
    export = billing_cast.exported(desk)
    address = f"/claims/exports/{export.public_id}/file/"
    before = AccessEvent.objects.filter(verb="export").count()
    first, second = rita.get(address), rita.get(address)
    assert first["Content-Type"] == "application/zip"
    assert first["Content-Disposition"] == f'attachment; filename="{export.file_name}"'
    content = bytes_of(first)
    assert (content, hashlib.sha256(content).hexdigest()) == (bytes_of(second), export.file.sha256)
    assert int(first["Content-Length"]) == len(content)
    assert AccessEvent.objects.filter(verb="export", public_id=export.public_id).count() == before + 2


def test_the_page_of_an_export_shows_numbers_that_the_manifest_bears(rita, desk):
    billing_cast.ready_claim(desk)
    export = billing_cast.exported(desk)
    page = text_of(rita.get(f"/claims/exports/{export.public_id}/"))
    content = bytes_of(rita.get(f"/claims/exports/{export.public_id}/file/"))
    manifest = json.loads(zipfile.ZipFile(io.BytesIO(content)).read("manifest.json"))
    assert manifest["control_number"] in page
    assert all(one["control_number"] in page for claim in manifest["claims"] for one in claim["attachments"])
    assert export.file.sha256 in page


def test_the_data_sheet_is_the_one_that_went_out(rita, desk):
    claim = billing_cast.ready_claim(desk)
    export = billing_cast.exported(desk)
    sheet = rita.get(f"/claims/{claim.public_id}/data-sheet/")
    assert sheet["Content-Type"] == "application/pdf"
    assert sheet.content == billing_cast.unzipped(export)[f"data_sheets/{claim.claim_id}_data_sheet.pdf"]


def test_a_claim_that_did_not_go_out_has_no_data_sheet(rita, uninsured):
    answer = rita.get(f"/claims/{uninsured.public_id}/data-sheet/")
    assert answer.status_code == 422
    assert "No export has taken this claim yet" in text_of(answer)


@pytest.mark.parametrize(("state", "said"), [("empty", "Nothing was exported."), ("failed", "could not be written")])
def test_an_export_that_came_to_nothing_says_what_to_do(rita, desk, state, said):
    export = Export.objects.create(receiver=desk.receiver, requested_at=cast.AT, finished_at=cast.AT, state=state)
    page = text_of(rita.get(f"/claims/exports/{export.public_id}/"))
    assert said in page
    assert "Download" not in page


def test_an_export_without_a_file_is_not_downloaded(rita, desk):
    export = Export.objects.create(receiver=desk.receiver, requested_at=cast.AT)
    assert rita.get(f"/claims/exports/{export.public_id}/file/").status_code == 422


def test_a_store_that_does_not_answer_is_said_so(rita, desk, settings, tmp_path):
    claim = billing_cast.ready_claim(desk)
    export = billing_cast.exported(desk)
    (tmp_path / "files" / export.file.key).unlink()
    for address in (f"/claims/exports/{export.public_id}/file/", f"/claims/{claim.public_id}/data-sheet/"):
        answer = rita.get(address)
        assert (answer.status_code, answer["Retry-After"]) == (503, "10")
        assert b"The export is safe" in answer.content


def test_a_manager_sees_exports_and_takes_no_file(client_of, desk):
    billing_cast.ready_claim(desk)
    export = billing_cast.exported(desk)
    olu = client_of("olu")
    assert "Download" not in text_of(olu.get("/claims/exports/"))
    assert olu.get(f"/claims/exports/{export.public_id}/file/").status_code == 404
