"""A second read, blind: pictures and what was gathered beside an opinion of one's own, saved and signed on one page."""

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cases import teeth
from cases.access import get_case
from cases.actions.phrasing import numbering_of
from cases.actions.second_reading import TEXT_MAX, save_second_read, shown_to_second, sign_second_read
from cases.family_told import family_wrote
from cases.models import Case, Outcome, SecondRead, Sufficiency, Urgency
from cases.models.second import READ_SECOND
from cases.record import read_record
from cases.second import CHOICES, HEADINGS, TEXTS
from cases.views.reading.forms import VersionField
from cases.views.record.forms import LongText, PasswordField
from cases.views.record.gallery import absent_of, pictures_of
from cases.views.record.page import exchange_of
from cases.views.showing import banner_of_case, enrolment_of
from cases.wording import gathered_in_words
from teledent.accounts.acting import ActingRequest, Actor, role_required
from teledent.accounts.confirming import WrongPassword
from teledent.accounts.models import Role
from teledent.kit import clock
from teledent.kit.decisions import Conflict, Refused

SAVED = "Saved. Nobody sees it before it is signed."
SIGNED = "Your second opinion on {label} is signed. The review of record shows beside it once that is signed too."


class OpinionForm(forms.Form):
    """Nothing is required before signing; the action says what is missing."""

    version = VersionField()
    urgency = forms.ChoiceField(
        label="Urgency in your view", choices=Urgency.choices, widget=forms.RadioSelect, required=False
    )
    sufficiency = forms.ChoiceField(
        label=HEADINGS["sufficiency"], choices=Sufficiency.choices, widget=forms.RadioSelect, required=False
    )
    outcome = forms.ChoiceField(label="Outcome", choices=Outcome.choices, widget=forms.RadioSelect, required=False)
    password = PasswordField(required=False, help_text="Only to sign.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in TEXTS:
            self.fields[name] = LongText(label=HEADINGS[name], max_length=TEXT_MAX, required=False)
        self.order_fields(["version", *TEXTS, *CHOICES, "password"])


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.DENTIST)
def second(request: ActingRequest, public_id: UUID) -> HttpResponse:
    at = clock.now()
    case = get_case(request.actor, public_id, at=at)
    read = own_second_read(request.actor, case)
    if read.signed_at is not None:
        messages.info(request, "Your second opinion is signed and does not change.")
        return redirect("record", case.public_id)
    if case.status not in READ_SECOND and request.method != "POST":  # what is typed by now is saved all the same
        messages.info(request, f"The case is {case.shown_status.lower()}: there is nothing to read a second time.")
        return redirect("record", case.public_id)
    names = ("version", *TEXTS, *CHOICES)
    form = OpinionForm(
        request.POST if request.method == "POST" else None, initial={name: getattr(read, name) for name in names}
    )
    signs = request.POST.get("act") == "sign"
    shown = request.POST.get("shown", "")
    if form.is_valid() and _written(request.actor, read, form, signs=signs, shown=shown, at=at):
        messages.success(request, SIGNED.format(label=case.label) if signs else SAVED)
        return redirect("record" if signs else "second-read", case.public_id)
    return _page(request, case, read, form)


def own_second_read(actor: Actor, case: Case) -> SecondRead:
    """The opinion that is asked of her; 404 for everybody else."""
    read = SecondRead.objects.filter(case=case, reader=actor.person).select_related("asked_by", "submission").first()
    if read is None:
        raise Http404("No second read of this case is asked of you.")
    return read


def _written(actor: Actor, read: SecondRead, form: OpinionForm, *, signs: bool, shown: str, at: datetime) -> bool:
    """Save, and sign when she pressed that; what was saved stays saved when the signature is refused."""
    said = form.cleaned_data
    columns = {name: said[name] for name in (*TEXTS, *CHOICES)}
    try:
        version = save_second_read(actor=actor, read=read, version=said["version"], at=at, **columns)
        if signs:
            form.data = {**form.data, "version": str(version)}  # as it is saved now, should the signature be refused
            sign_second_read(actor=actor, read=read, version=version, password=said["password"], at=at, shown=shown)
    except Conflict:
        raise
    except WrongPassword as refusal:
        form.add_error("password", refusal.sentence)
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
    return not form.errors


def _page(request: ActingRequest, case: Case, read: SecondRead, form: OpinionForm) -> HttpResponse:
    submission, numbering = case.submissions.order_by("-version")[0], numbering_of(request.actor.person)
    gathered = gathered_in_words(submission.content, partial(teeth.label, numbering=numbering))
    context = {
        "case": case, "read": read, "form": form, "here": "reading-queue", "zone": case.site.time_zone,
        "shown": shown_to_second(read_record(case), submission),
        "patient": banner_of_case(case, enrolment=enrolment_of(case.patient, site_id=case.site_id)),
        "gathered": gathered, "numbering": numbering, "submission": submission, "exchange": exchange_of(case),
        "family_wrote": family_wrote([case.patient_id]).get(case.patient_id),
        "pictures": pictures_of(case), "absent": absent_of(case.assets.all()),
        "texts": [form[name] for name in TEXTS], "choices": [form[name] for name in CHOICES],
    }  # fmt: skip
    return render(request, "reading/second.html", context, status=422 if form.errors else 200)
