"""Entering a paper remittance: scans by the real receiver and decoder, a form that keeps what was typed."""

import base64
import hashlib
import uuid

import pytest
from django.urls import reverse

from billing.models import PaperScan, Remittance
from teledent.kit import clock
from tests import cast
from tests.billing import cast as money
from tests.claims_pages.reading import text_of
from tests.corpus import documents, photographs
from tests.corpus.hostile import HOSTILE

TUS = {"Tus-Resumable": "1.0.0"}
PAPER = "/claims/answers/paper/"


def announce(client, content: bytes, *, size: int | None = None, name: str = "eob.pdf"):
    metadata = {"id": str(uuid.uuid4()), "sha256": hashlib.sha256(content).hexdigest(), "filename": name}
    said = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in metadata.items())
    headers = {**TUS, "Upload-Length": str(size or len(content)), "Upload-Metadata": said}
    return client.post(f"{PAPER}uploads/", headers=headers)


def bring(client, content: bytes, **said) -> PaperScan:
    answer = announce(client, content, **said)
    assert answer.status_code == 201, answer.content
    headers = {**TUS, "Upload-Offset": "0"}
    taken = client.generic(
        "PATCH", answer["Location"], content, content_type="application/offset+octet-stream", headers=headers
    )
    assert taken.status_code == 204, taken.content
    money.run_jobs()
    return PaperScan.objects.latest("pk")


def form_of(desk, claim=None, **said) -> dict[str, str]:
    kept = {
        "public_id": str(uuid.uuid4()), "payer": str(desk.cedar.pk), "method": "CHK", "trace": "10077", "paid_on": "2026-11-17",
        "amount": "60.00", "others": "", "claims": "0", "find": "",
    }  # fmt: skip
    return {**kept, **said}


def fields_of(response) -> dict[str, str]:
    """What a browser would send of the form as it stands."""
    entry = response.context["entry"]
    forms = [entry.head, *(form for claim in entry.claims for form in (claim.head, *claim.lines))]
    said = {field.html_name: field.value() for form in forms for field in form}
    counts = {"claims": len(entry.claims)} | {f"c{one.place}-lines": len(one.lines) for one in entry.claims}
    return {name: "" if value is None else str(value) for name, value in {**said, **counts}.items()}


def test_a_remittance_is_scanned_typed_and_posted(rita, desk, sent):
    scan = bring(rita, documents.saved(documents.pdf(2)))
    assert (scan.state, scan.pages.count()) == ("readable", 2)
    page = rita.get(reverse("paper-page", args=[scan.public_id, 2]))
    assert (page["Content-Type"], page["Content-Security-Policy"]) == ("image/jpeg", "sandbox; default-src 'none'")

    answer = rita.post(PAPER, form_of(desk, find="villanueva", do="find"))
    assert f"add:{sent}" in answer.content.decode()
    answer = rita.post(PAPER, {**fields_of(answer), "do": f"add:{sent}"})
    assert answer.status_code == 200
    said = fields_of(answer)
    assert (said["c0-claim"], said["c0l0-code"], said["c0l0-charge"]) == (str(sent), "D0140", "72.00")

    said |= {"c0l0-paid": "60.00", "c0l0-adjustments": "CO-45 10.00", "do": "post"}
    answer = rita.post(PAPER, said)
    assert answer.status_code == 422
    assert "Out by 2.00: the charge less what was taken off is 62.00, and 60.00 is typed as paid." in text_of(answer)
    said = {**fields_of(answer), "c0l0-adjustments": "CO-45 12.00", "amount": "59.00", "do": "post"}
    answer = rita.post(PAPER, said)
    assert "Out by -1.00: the claims come to 60.00, and the check says 59.00." in text_of(answer)
    answer = rita.post(PAPER, {**fields_of(answer), "amount": "60.00", "do": "post"})
    made = Remittance.objects.get()
    assert answer["Location"] == reverse("remittance", args=[made.public_id])
    money.run_jobs()
    sent.refresh_from_db()
    assert (sent.paid, made.scans.get()) == (60, scan)
    page = text_of(rita.get(answer["Location"]))
    assert "Typed by Rita Castellane" in page
    assert "SHA-256" in page

    bring(rita, documents.saved(documents.pdf(1)))
    answer = rita.post(PAPER, {**said, "public_id": str(uuid.uuid4()), "amount": "60.00"})
    assert answer.status_code == 422
    assert reverse("remittance", args=[made.public_id]) in answer.content.decode()
    assert Remittance.objects.count() == 1


def test_rows_are_added_and_taken_off_with_everything_that_was_typed(rita, desk, sent):
    answer = rita.post(PAPER, form_of(desk, find="LOST-1", do="blank", amount="5.00"))
    answer = rita.post(PAPER, {**fields_of(answer), "c0l0-code": "D0140", "do": f"add:{sent}"})
    answer = rita.post(PAPER, {**fields_of(answer), "do": "line:0"})
    said = fields_of(answer)
    assert (said["claims"], said["c0-claim"], said["c0-lines"], said["c0l0-code"]) == ("2", "LOST-1", "3", "D0140")
    said = fields_of(rita.post(PAPER, {**said, "do": "drop:0"}))
    assert (said["claims"], said["c0-claim"], said["amount"]) == ("1", str(sent), "5.00")
    assert not [name for name in said if name.startswith("c1")]


@pytest.mark.parametrize(
    "said",
    [
        {"claims": "99999999"}, {"claims": "-1"}, {"claims": "x"}, {"claims": "1", "c0-lines": "9" * 400}, {"do": "line:" + "9" * 300},
        {"do": "drop:x"}, {"do": "add:" + "'" * 90}, {"payer": "0"}, {"amount": "NaN"}, {"amount": "1e99"}, {"public_id": "x"},
        {"trace": "\x00\u202e"}, {"paid_on": "2999-01-01"}, {"claims": "1", "c0-lines": "1", "c0l0-adjustments": "CO-45 " + "9" * 200},
    ],
)  # fmt: skip
def test_what_no_form_of_ours_would_send_is_answered_in_words(rita, desk, sent, said):
    answer = rita.post(PAPER, {**form_of(desk), "do": "post", **said})
    assert answer.status_code in (200, 422)
    assert not Remittance.objects.exists()


NOT_PAPER = {
    "not a PDF": b"MZ\x90\x00" + b"\x00" * 300,
    "a web page": b"<html><script>alert(1)</script></html>",
    "a PDF cut in half": documents.saved(documents.pdf(5))[:900],
    "a locked PDF": documents.locked("secret"),
    "too many pages": documents.saved(documents.pdf(60)),
    "a film of a camera": HOSTILE["DICOM of several frames"].build(),
}


@pytest.mark.parametrize("name", list(NOT_PAPER))
def test_a_hostile_scan_is_refused_in_words_and_enters_nothing(rita, desk, name):
    scan = bring(rita, NOT_PAPER[name])
    assert scan.state == "refused"
    assert scan.reason
    assert scan.pages.count() == 0
    assert scan.reason in text_of(rita.get(PAPER))
    rita.post(reverse("paper-scan-off", args=[scan.public_id]))
    assert scan.reason not in text_of(rita.get(PAPER))
    assert rita.get(reverse("paper-page", args=[scan.public_id, 1])).status_code == 404


def test_an_armed_pdf_leaves_pixels_alone(rita, desk):
    scan = bring(rita, documents.armed())
    content = b"".join(rita.get(reverse("paper-page", args=[scan.public_id, 1])).streaming_content)
    assert content.startswith(b"\xff\xd8\xff")
    assert b"JavaScript" not in content


def test_a_photograph_of_the_sheet_will_do(rita, desk):
    assert bring(rita, photographs.encoded(photographs.four_corners(900, 600), "JPEG")).state == "readable"


def test_an_empty_and_a_huge_scan_are_refused_before_a_byte_is_sent(rita, desk):
    assert announce(rita, b"").status_code == 400
    huge = announce(rita, b"x", size=51 << 20)
    assert (huge.status_code, "50 MB at most" in huge.content.decode()) == (422, True)


def test_the_same_scan_twice_is_named(rita, desk):
    content = documents.saved(documents.pdf(1))
    bring(rita, content)
    again = announce(rita, content)
    assert (again.status_code, again.content.decode()) == (422, "This scan is here already.")


@pytest.mark.parametrize("who", ["hana", "dev", "stranger", "other desk"])
def test_a_loose_scan_is_hers_alone(rita, desk, client_of, who):
    scan = bring(rita, documents.saved(documents.pdf(1)))
    if who == "other desk":
        person = cast.Person.objects.create_user("joe@example.org", cast.PASSWORD, name="Joe")
        cast.Membership.objects.create(
            person=person, practice=desk.world.practice, role="front_desk", starts_on=cast.date(2026, 1, 1)
        )
        desk.world.people["joe"] = person
    client = (
        client_of("joe")
        if who == "other desk"
        else client_of("rita", cast.build_world("Second "))
        if who == "stranger"
        else client_of(who)
    )
    assert client.get(reverse("paper-page", args=[scan.public_id, 1])).status_code == 404
    assert client.post(reverse("paper-scan-off", args=[scan.public_id])).status_code == 404
    assert scan.name not in client.get(PAPER).content.decode()


def test_managers_look_at_the_scan_of_what_was_entered(rita, client_of, desk, sent):
    scan = bring(rita, documents.saved(documents.pdf(1)))
    said = fields_of(rita.post(PAPER, {**form_of(desk), "do": f"add:{sent}"}))
    with clock.standing_at(clock.now()):
        rita.post(PAPER, {**said, "c0l0-paid": "72.00", "amount": "72.00", "do": "post"})
    money.run_jobs()
    assert client_of("olu").get(reverse("paper-page", args=[scan.public_id, 1])).status_code == 200
    assert client_of("olu").get(PAPER).status_code == 404
    assert rita.post(reverse("paper-scan-off", args=[scan.public_id])).status_code == 409
