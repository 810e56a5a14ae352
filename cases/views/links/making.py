"""A link is made for the patient whom the page is about; its address and code are shown once."""

from datetime import timedelta
from typing import Any
from urllib.parse import urljoin
from uuid import UUID, uuid4

import segno
from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cases.access import get_patient
from cases.actions.linking import make_link
from cases.by_link.words import LANGUAGES
from cases.letters.catalogue import SHIPPED, language_spoken
from cases.models import BY_LINK, Kind, Patient
from cases.questionnaires import WHY
from cases.views.links.listing import MAKERS
from cases.views.showing import banner_of_patient, enrolment_of
from teledent.accounts.acting import ActingRequest, Actor, role_required
from teledent.accounts.days import today_in
from teledent.accounts.models import Role, Site
from teledent.accounts.trail import record_read
from teledent.kit import clock

QUIET = 4  # modules of white round a code
LASTS = [("1", "1 day"), ("3", "3 days"), ("7", "7 days"), ("14", "14 days")]
FORM_METHODS = ["GET", "HEAD", "POST"]


class LinkForm(forms.Form):
    """What the link is for, how long it lasts, and in which language it speaks."""

    public_id = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label="What the pictures are for", choices=BY_LINK, widget=forms.RadioSelect)
    why = forms.ChoiceField(label="Why a dentist reads them later", choices=list(WHY.items()), widget=forms.RadioSelect)
    language = forms.ChoiceField(label="Language of the family", choices=LANGUAGES, widget=forms.RadioSelect)
    lasts = forms.ChoiceField(label="How long it works", choices=LASTS, widget=forms.RadioSelect)
    asks_birth_date = forms.BooleanField(
        label="Ask for the patient’s birth date", required=False, help_text="Five wrong ones lock the link."
    )
    site = forms.ModelChoiceField(
        label="Site whose hygienists look after it", queryset=Site.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, sites: QuerySet[Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = sites  # type: ignore[attr-defined]

    @property
    def taps(self) -> list[forms.BoundField]:
        return [self[name] for name in ("kind", "why", "language", "lasts")]


def sites_of(actor: Actor) -> QuerySet[Site]:
    """The front desk acts for every site, a hygienist for hers."""
    mine, ids = Site.objects.filter(practice=actor.practice), actor.sites(Role.HYGIENIST)
    return mine if actor.has(Role.FRONT_DESK) or ids is None else mine.filter(pk__in=ids)


def _initial(patient: Patient, sites: QuerySet[Site]) -> dict[str, Any]:
    enrolment = enrolment_of(patient)
    return {
        "public_id": uuid4(), "kind": Kind.POST_TREATMENT, "language": language_spoken(patient.language, SHIPPED), "lasts": "3",
        "asks_birth_date": True, "site": enrolment.site if enrolment else sites.first(),
    }  # fmt: skip


@require_http_methods(FORM_METHODS)
@role_required(*MAKERS)
def make(request: ActingRequest, public_id: UUID) -> HttpResponse:
    at = clock.now()
    patient, sites = get_patient(request.actor, public_id), sites_of(request.actor)
    record_read(request.actor, noun="patient", public_id=patient.public_id, at=at)
    form = LinkForm(request.POST if request.method == "POST" else None, sites=sites, initial=_initial(patient, sites))
    day = today_in(request.actor.practice, at)
    context: dict[str, Any] = {
        "form": form, "patient": patient, "banner": banner_of_patient(patient, day=day, enrolment=enrolment_of(patient)),
        "one_site": sites.count() == 1, "here": "follow-up",
    }  # fmt: skip
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        lasts = timedelta(days=int(said.pop("lasts")))
        made = make_link(actor=request.actor, patient=patient, lasts=lasts, at=at, **said)
        address = address_of(request, "send-start", made.token)
        context |= {
            "link": made.link,
            "address": address,
            "code": code_of(address),
            "secure": address.startswith("https://"),
        }
        return render(request, "links/made.html", context)
    return render(request, "links/make.html", context, status=422 if form.errors else 200)


def address_of(request: HttpRequest, name: str, token: str) -> str:
    """The whole address of a link, below PUBLIC_URL where it is set; `name` is that of its first page."""
    path = reverse(name, args=[token])
    return urljoin(settings.PUBLIC_URL, path) if settings.PUBLIC_URL else request.build_absolute_uri(path)


def code_of(address: str) -> tuple[str, int]:
    """The QR code of an address as the data of one SVG path, and the side of its square in modules."""
    rows = list(segno.make(address, error="m", micro=False).matrix_iter(border=QUIET))
    dots = (f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return "".join(dots), len(rows)
