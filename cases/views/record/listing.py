"""All cases of the practice, for the manager. Names are looked up by POST: they belong in no address and no log."""

import re

from django import forms
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cases.models import Case, Patient
from cases.states import LABELS, Status
from cases.views.record.page import CHIPS
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.models import Role, Site
from teledent.context import Shell

PER_PAGE = 50
NUMBER = re.compile(r"\s*(?:td-?)?0*(\d{1,9})\s*\Z", re.IGNORECASE)


class FilterForm(forms.Form):
    status = forms.ChoiceField(
        required=False, choices=[("", "Any status"), *((s.value, word) for s, word in LABELS.items())]
    )
    site = forms.ChoiceField(label="School or clinic", required=False)

    def __init__(self, *args: object, sites: list[Site], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        named = [(str(site.public_id), site.name) for site in sites]
        self.fields["site"].choices = [("", "Any school or clinic"), *named]  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, str]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class SearchForm(forms.Form):
    text = forms.CharField(label="Name or case number", max_length=80)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.MANAGER)
def records(request: ActingRequest) -> HttpResponse:
    """The list, filtered by the address; or what a search found, a case number leading straight to its record."""
    mine = Case.objects.visible_to(request.actor)
    search = SearchForm(request.POST if request.method == "POST" else None)
    form = FilterForm(request.GET, sites=list(Site.objects.filter(practice=request.actor.practice)))
    chosen = form.chosen()
    found = mine.filter(**{{"site": "site__public_id"}.get(name, name): value for name, value in chosen.items()})
    if search.is_bound and search.is_valid():
        number = NUMBER.match(search.cleaned_data["text"])
        exact = mine.filter(number=number[1]).first() if number else None
        if exact:
            return redirect("record", exact.public_id)
        called = Patient.objects.filter(practice=request.actor.practice).called(search.cleaned_data["text"])
        found = mine.filter(patient__in=called.values("pk"))
    page = Paginator(_listed(found), PER_PAGE).get_page(request.GET.get("page"))
    rows = [(case, LABELS[Status(case.status)], *CHIPS[Status(case.status)]) for case in page]
    context = {
        "page": page,
        "rows": rows,
        "form": form,
        "chosen": chosen,
        "search": search,
        "zone": Shell(request).zone,
    }
    return render(request, "record/records.html", context, status=422 if search.errors else 200)


def _listed(cases: QuerySet[Case]) -> QuerySet[Case]:
    return cases.select_related("patient", "site", "reader", "opened_by").order_by("-opened_at", "-pk")
