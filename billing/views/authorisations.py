"""Authorisations and predeterminations: the list by what is to be done, and one request with all that may be done to it."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.core.paginator import Paginator
from django.db.models import Count, F, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from billing.access import get_authorisation
from billing.authorisation_forms import offered
from billing.authorisation_states import AUTHORISATION_MOVES, TO_SEND, AuthorisationStatus
from billing.authorised_days import ending_by_rule
from billing.models import Authorisation, AuthorisedLine, Claim, ClaimLine, Payer, RequestHow
from billing.models.authorisation import AuthorisationQuerySet
from billing.permissions import may
from billing.views.authorisation_rows import rows_of, told
from billing.views.patients import about_patient
from billing.views.request_files import by_file, newest_files, waiting_by_receiver
from billing.views.telling import chip_of
from billing.views.worklist import READERS
from cases.models import Patient
from cases.views.showing import Tab
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.models import Person
from teledent.context import Shell
from teledent.kit import clock

PER_PAGE = 25
SOON = timedelta(days=30)
TABS = {
    "drafted": "To send", "sent": "Waiting", "approved": "Approved", "soon": "Runs out soon", "expired": "Run out",
    "refused": "Refused", "all": "All",
}  # fmt: skip


class SearchForm(forms.Form):
    """Sent by POST: names belong in no address, history or log."""

    text = forms.CharField(label="Patient, number or code", max_length=60, widget=forms.TextInput(
        attrs={"type": "search", "placeholder": "Patient, number or code", "autocomplete": "off"}))  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(*READERS)
def authorisations(request: ActingRequest) -> HttpResponse:
    """Tab, payer and page stand in the address; or what a search found in any state. As many queries for many as for one."""
    zone = Shell(request).zone
    today = clock.local_date(clock.now(), zone)
    mine = Authorisation.objects.filter(practice=request.actor.practice).open_to(request.actor.person)
    payers = {str(one.public_id): one for one in Payer.objects.filter(practice=request.actor.practice).order_by("name")}
    payer = payers.get(request.GET.get("payer", ""))
    query = {"payer": str(payer.public_id)} if payer else {}
    search = SearchForm(request.POST if request.method == "POST" else None)
    sought = search.cleaned_data["text"] if search.is_valid() else ""
    found = mine.filter(payer=payer) if payer else mine
    asked = conditions(found, today)
    counts = found.aggregate(
        **{name: Count("pk", filter=wanted) if wanted else Count("pk") for name, wanted in asked.items()}
    )
    show = "" if sought else _tab_of(request, counts)
    fitting = found.filter(_called(sought)) if sought else found.filter(asked[show])
    listed = fitting.for_list().order_by(F("valid_until").asc(nulls_last=True), "sent_on", "pk")
    page = Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "show": show, "page": page, "zone": zone, "query": query, "rows": rows_of(list(page), today=today),
        "to_write": waiting_by_receiver(request.actor) if show == "drafted" else [], "files": newest_files(request.actor),
        "payers": [(key, one.name) for key, one in payers.items()], "search": search, "sought": sought,
        "tabs": [
            Tab(f"{reverse('authorisations')}?{urlencode({'show': name, **query})}", label, counts[name], name == show)
            for name, label in TABS.items()
        ],
    }  # fmt: skip
    return render(request, "claims/authorisations.html", context)


def _tab_of(request: ActingRequest, counts: Mapping[str, int]) -> str:
    """The tab of the address; else the first that has something to do."""
    show = request.GET.get("show", "")
    return show if show in TABS else next((name for name in TABS if counts[name]), "drafted")


def _called(text: str) -> Q:
    """By the payer's number, by ours, by a code that is asked for, or by the patient."""
    lines = AuthorisedLine.objects.filter(code__iexact=text)
    return (
        Q(number__iexact=text) | Q(request_id__iexact=text) | Q(pk__in=lines.values("authorisation"))
        | Q(coverage__patient__in=Patient.objects.called(text))
    )  # fmt: skip


def conditions(found: AuthorisationQuerySet, today: date) -> dict[str, Q]:
    """What each tab asks for. Approvals that end by a rule of the payer are found first, and named one by one."""
    by_rule = ending_by_rule(found, day=today)
    ended = Q(valid_until__lt=today) | Q(pk__in=[pk for pk, last in by_rule.items() if last < today])
    soon = Q(valid_until__lte=today + SOON) | Q(pk__in=[pk for pk, last in by_rule.items() if last <= today + SOON])
    approved = Q(status=AuthorisationStatus.APPROVED)
    return {
        "drafted": Q(status__in=sorted(TO_SEND)), "sent": Q(status=AuthorisationStatus.SENT),
        "approved": approved & ~ended, "soon": approved & ~ended & soon, "expired": approved & ended,
        "refused": Q(status=AuthorisationStatus.REFUSED), "all": Q(),
    }  # fmt: skip


@require_safe
@role_required(*READERS)
def authorisation(request: ActingRequest, public_id: UUID) -> HttpResponse:
    at = clock.now()
    return authorisation_page(request, get_authorisation(request.actor, public_id, at=at), at=at)


def authorisation_page(
    request: ActingRequest, row: Authorisation, *, at: datetime, failed: tuple[str, forms.Form] | None = None
) -> HttpResponse:
    """The whole page; `failed` names the form that was sent and holds it with its errors."""
    about = about_patient(row.coverage.patient)
    works = bool(may(request.actor, "keep_settings"))
    moves = {name: row.status in entry.sources for name, entry in AUTHORISATION_MOVES.items()} if works else {}
    moves["take_up"] = moves.get("take_up", False) and row.sent_how == RequestHow.FILE
    shown = offered(row, moves, today=about["day"], failed=failed)
    context = {
        **about, "row": rows_of([row], today=about["day"])[0], "authorisation": row, "forms": shown.forms, "failed": shown.failed,
        "by_file": by_file(row, request.actor, at=at),
        "as_it_is": (row.payer_id, row.member_id) == (row.coverage.payer_id, row.coverage.member_id),
        "used": _used(row, request.actor.person) if row.number else [], "events": [told(event) for event in row.events.all()][::-1],
    }  # fmt: skip
    return render(request, "claims/authorisation.html", context, status=422 if failed else 200)


def _used(row: Authorisation, person: Person) -> list[tuple[ClaimLine, str, str, str]]:
    """The lines of the patient's claims that bear its number, with the state of their claim; without those that the person
    may not see yet (RE-2)."""
    claims = Claim.objects.filter(case__patient=row.coverage.patient_id, coverage__payer=row.payer_id).open_to(person)
    lines = ClaimLine.objects.filter((row.kind, row.number), claim__in=claims)
    return [(line, *chip_of(line.claim)) for line in lines.select_related("claim").order_by("claim", "number")]
