"""The signed report as a page, and its PDF: asked for with one click, made by the worker, handed out as often as wanted."""

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from cases.access import get_case
from cases.actions.reporting import download_report, may_print, print_report
from cases.blinding import require_open_eyes
from cases.models import Audience, Case, Report, ReportState
from cases.report.document import Document, Language
from cases.report.phrases import LANGUAGES
from cases.reporting import family_language, report_of
from cases.views.record.page import standing, workplace_of
from teledent.accounts.acting import ActingRequest, role_required
from teledent.files.sending import Answer, send_blocks
from teledent.kit import canonical, clock

WHAT = "The report"


@dataclass(frozen=True, slots=True)
class Choice:
    """A tab of the page: another reader or another language."""

    label: str
    href: str
    current: bool
    language: str = ""
    count: None = None


@require_safe
@role_required()
def report(request: ActingRequest, public_id: UUID, audience: str) -> HttpResponse:
    case, language, document = _shown(request, public_id, audience)
    printed = _printed(case, audience, document)
    context = {
        **standing(case), "here": workplace_of(request.actor), "case": case, "zone": case.site.time_zone,
        "document": document, "audience": audience, "language": language,
        "readers": [Choice(one.label, _address(case, one.value, language), one.value == audience) for one in Audience],
        "languages": _languages(case, audience, language),
        "print": may_print(case), "printed": printed, "pdf_address": _address(case, audience, language, "report-pdf"),
        "making": printed is not None and printed.state == ReportState.QUEUED,
        "failed": printed is not None and printed.state == ReportState.FAILED,
    }  # fmt: skip
    return render(request, "record/report.html", context)


@require_POST
@role_required()
def make(request: ActingRequest, public_id: UUID, audience: str) -> HttpResponse:
    case, language, _ = _shown(request, public_id, audience)
    print_report(actor=request.actor, case=case, audience=audience, language=language, at=clock.now())
    return redirect(_address(case, audience, language))


@require_safe
@role_required()
def pdf(request: ActingRequest, public_id: UUID, audience: str) -> Answer:
    """The PDF of what the report says now; 404 when nobody asked for it."""
    case, _, document = _shown(request, public_id, audience)
    printed = _printed(case, audience, document)
    if printed is None:
        raise Http404("This report was not printed.")
    blocks = download_report(actor=request.actor, report=printed, at=clock.now())
    size = printed.file.size if printed.file else 0
    return send_blocks(
        request, blocks, size=size, media_type="application/pdf", name=printed.file_name, what=WHAT
    )  # fmt: skip


def _shown(request: ActingRequest, public_id: UUID, audience: str) -> tuple[Case, Language, Document]:
    """The case, the language asked for or the family's own, and the report in it. 404 without a signature."""
    case = get_case(request.actor, public_id, at=clock.now())
    require_open_eyes(request.actor.person, case)
    asked = request.POST.get("language") or request.GET.get("language") or ""
    language: Language = "es" if asked == "es" else "en" if asked == "en" else family_language(case)
    document = report_of(case, audience=audience, language=language) if audience in Audience.values else None
    if document is None:
        raise Http404("There is no such report.")
    return case, document.language, document


def _printed(case: Case, audience: str, document: Document) -> Report | None:
    """The row that holds these very words."""
    digest = canonical.sha256_of(document.as_json())
    return (
        Report.objects.filter(case=case, audience=audience, language=document.language, digest=digest)
        .select_related("file", "case__patient")
        .first()
    )


def _address(case: Case, audience: str, language: str, name: str = "report") -> str:
    address = reverse(name, args=[case.public_id, audience])
    return f"{address}?language={language}" if audience == Audience.FAMILY else address


def _languages(case: Case, audience: str, language: Language) -> list[Choice]:
    if audience != Audience.FAMILY:
        return []
    return [Choice(word, _address(case, audience, key), key == language, key) for key, word in LANGUAGES.items()]
