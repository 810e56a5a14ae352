"""The report's page and its PDF: asked for once, made by the worker, handed out with the same bytes, stopped with the consent."""

import pytest

from cases.actions import consenting, signing
from cases.actions.reporting import PRINT
from cases.models import Report, ReportState, Scope
from cases.states import Status
from teledent.accounts.models import AccessEvent
from teledent.jobs import queue
from teledent.jobs.models import Job
from teledent.jobs.performing import perform
from teledent.kit import clock
from tests import cast


def address(case, audience="family", more=""):
    return f"/cases/{case.public_id}/report/{audience}/{more}"


def work():
    while job := queue.claim(owner="test", kinds=[PRINT], at=clock.now()):
        perform(job)
        job.refresh_from_db()
        assert job.state == Job.State.DONE, job.last_error


@pytest.mark.parametrize(
    "status", [status for status in Status if status not in (Status.SIGNED, Status.CLOSED, Status.RETRACTED)]
)
def test_before_the_signature_there_is_none(case_at, client_of, status):
    assert client_of("dev").get(address(case_at(status))).status_code == 404


@pytest.mark.parametrize("audience", ["family", "colleague"])
def test_the_page_becomes_a_pdf_once(case_at, client_of, audience, django_capture_on_commit_callbacks):
    case, rita = case_at(Status.SIGNED), client_of("rita")
    assert "Make PDF" in rita.get(address(case, audience)).content.decode()
    for _ in range(2):
        rita.post(address(case, audience, "print/"))
    report = Report.objects.get()
    assert Job.objects.filter(kind=PRINT).count() == 1
    assert "being made" in rita.get(address(case, audience)).content.decode()
    work()
    assert "Download PDF" in rita.get(address(case, audience)).content.decode()
    files = [b"".join(rita.get(address(case, audience, "pdf/")).streaming_content) for _ in range(2)]
    assert files[0] == files[1]
    assert files[0].startswith(b"%PDF")
    report.refresh_from_db()
    assert (report.state, report.file.size) == (ReportState.DONE, len(files[0]))
    assert AccessEvent.objects.filter(verb="report", public_id=case.public_id).count() == 2
    assert case.events.filter(kind="report_printed").count() == 1


def test_the_family_reads_it_in_its_own_language_unless_another_is_chosen(case_at, client_of, world):
    case = case_at(Status.SIGNED)
    case.patient.language = "Spanish"
    case.patient.save(update_fields=["language"])
    page = client_of("rita").get(address(case)).content.decode()
    assert 'lang="es"' in page
    assert "Lo que se vio" in page
    assert "What was seen" in client_of("rita").get(address(case), {"language": "en"}).content.decode()


def test_an_addendum_makes_another_report_and_the_first_stays(case_at, client_of, world):
    case, rita = case_at(Status.SIGNED), client_of("rita")
    rita.post(address(case, "colleague", "print/"))
    work()
    signing.add_addendum(
        actor=world.of("dev"),
        case=case,
        text="The mother called: no pain since.",
        password=cast.PASSWORD,
        at=clock.now(),
    )
    page = rita.get(address(case, "colleague")).content.decode()
    assert "The mother called: no pain since." in page
    assert "Make PDF" in page
    assert rita.get(address(case, "colleague", "pdf/")).status_code == 404
    rita.post(address(case, "colleague", "print/"))
    assert Report.objects.filter(case=case).count() == 2


def test_a_retracted_report_says_so_first(case_at, client_of):
    page = client_of("dev").get(address(case_at(Status.RETRACTED))).content.decode()
    assert page.index("Do not rely on it") < page.index("What to do")


def test_withdrawn_consent_stops_it_and_the_record_stays(case_at, client_of, world):
    case, rita = case_at(Status.SIGNED), client_of("rita")
    rita.post(address(case, "family", "print/"))
    work()
    consenting.withdraw_consent(
        actor=world.of("rita"),
        patient=case.patient,
        scope=Scope.TELEDENTISTRY,
        reason="The father wrote",
        at=clock.now(),
    )
    page = rita.get(address(case)).content.decode()
    assert "no report goes out any more" in page
    assert "Download PDF" not in page
    assert rita.get(address(case, "family", "pdf/")).status_code == 422
    assert rita.post(address(case, "colleague", "print/")).status_code == 422
    assert Report.objects.count() == 1
    assert rita.get(f"/cases/{case.public_id}/").status_code == 200


@pytest.mark.parametrize("audience", ["nurse", "family-", "0"])
def test_no_other_reader(case_at, client_of, audience):
    assert client_of("rita").get(address(case_at(Status.SIGNED), audience)).status_code == 404


def test_a_language_that_we_do_not_have_is_the_familys_own(case_at, client_of):
    page = client_of("rita").get(address(case_at(Status.SIGNED)), {"language": "fr"})
    assert (page.status_code, 'lang="en"' in page.content.decode()) == (200, True)
