"""A link is made for a colleague whom the practice knows; its address and code are shown once."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from cases.actions.consultations import make_consultation
from cases.views.links.making import LASTS, address_of, code_of, sites_of
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.forms import NameField, PhoneInput
from teledent.accounts.models import Role, Site
from teledent.kit import clock

FORM_METHODS = ["GET", "HEAD", "POST"]


class ConsultationForm(forms.Form):
    """To whom the link goes, how long it works, and whose hygienists look after what comes."""

    public_id = forms.UUIDField(widget=forms.HiddenInput)
    colleague = NameField(label="The dentist", max_length=60)
    office = NameField(label="The office", max_length=80)
    phone = forms.CharField(
        label="Phone of the office",
        max_length=20,
        widget=PhoneInput,
        help_text="To call where a question is not clear.",
    )
    lasts = forms.ChoiceField(label="How long something can be asked by it", choices=LASTS, widget=forms.RadioSelect)
    site = forms.ModelChoiceField(
        label="Site whose hygienists look after it", queryset=Site.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, sites: QuerySet[Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = sites  # type: ignore[attr-defined]


@require_http_methods(FORM_METHODS)
@role_required(Role.HYGIENIST, Role.FRONT_DESK)
def add(request: ActingRequest) -> HttpResponse:
    sites = sites_of(request.actor)
    initial = {"public_id": uuid4(), "lasts": "7", "site": sites.first()}
    form = ConsultationForm(request.POST if request.method == "POST" else None, sites=sites, initial=initial)
    context: dict[str, Any] = {"form": form, "one_site": sites.count() == 1, "here": "follow-up"}
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        lasts = timedelta(days=int(said.pop("lasts")))
        asked, token = make_consultation(actor=request.actor, lasts=lasts, at=clock.now(), **said)
        address = address_of(request, "consult-start", token)
        context |= {
            "asked": asked,
            "address": address,
            "code": code_of(address),
            "secure": address.startswith("https://"),
        }
        return render(request, "consultations/made.html", context)
    return render(request, "consultations/make.html", context, status=422 if form.errors else 200)
