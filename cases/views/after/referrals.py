"""Referring a case: the form, one referral with its progress, and the directory of offices."""

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.access import get_case
from cases.access_after import get_referral, get_referral_place
from cases.actions.referring import (
    download_referral,
    may_go_out,
    may_send,
    pictures_to_send,
    refer,
    save_place,
    send_referral,
)
from cases.blinding import require_open_eyes
from cases.models import Case, PrintState, Referral, ReferralPlace, Signature, Urgency
from cases.permissions import may
from cases.practice_permissions import may_in_practice
from cases.views.after.settings import FORM_METHODS
from cases.views.record.page import standing, workplace_of
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.forms import ADDRESS, ADDRESS_WIDTHS, NameField, PhoneInput
from teledent.accounts.models import Role
from teledent.files.sending import Answer, send_blocks
from teledent.kit import clock
from teledent.kit.decisions import Conflict, Refused, require

REFERRERS = (Role.HYGIENIST, Role.DENTIST, Role.FRONT_DESK)
KEEPERS = (Role.FRONT_DESK, Role.MANAGER)


class ReferForm(forms.Form):
    place = forms.ModelChoiceField(
        label="To whom",
        queryset=ReferralPlace.objects.none(),
        to_field_name="public_id",
        empty_label="Choose an office",
    )
    urgency = forms.ChoiceField(label="How urgent", choices=Urgency.choices, widget=forms.RadioSelect)
    reason = NameField(label="What is asked", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    pictures = forms.MultipleChoiceField(
        label="Pictures that go along", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="The report for a colleague always goes along. Pictures are the copies made for claims, without metadata.",
    )  # fmt: skip

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = ReferralPlace.objects.filter(practice=case.practice, in_use=True)
        self.fields["place"].queryset = places  # type: ignore[attr-defined]
        shown = [(str(asset.public_id), asset.view_label) for asset in pictures_to_send(case)]
        self.fields["pictures"].choices = shown  # type: ignore[attr-defined]

    def clean_pictures(self) -> list[UUID]:
        return [UUID(one) for one in self.cleaned_data["pictures"]]


class SentForm(forms.Form):
    how = NameField(label="How it went", max_length=60, help_text="Fax, secure mail, handed to the parent.")


class PlaceForm(forms.ModelForm):  # type: ignore[type-arg]
    widths: ClassVar = {"name": "half", "specialty": "half", "phone": "half", "fax": "half", **ADDRESS_WIDTHS}

    name = NameField(label="Name", max_length=120)
    specialty = NameField(
        label="Specialty", max_length=80, help_text="Children’s dentist, oral surgeon, general dentist."
    )
    note = NameField(
        label="Worth knowing", max_length=200, required=False, help_text="Takes Medicaid, sees children who gag easily."
    )

    class Meta:
        model = ReferralPlace
        fields: ClassVar = ["name", "specialty", *ADDRESS, "phone", "fax", "note", "in_use"]
        widgets: ClassVar = {"phone": PhoneInput, "fax": PhoneInput}


@require_http_methods(FORM_METHODS)
@role_required(*REFERRERS)
def refer_case(request: ActingRequest, public_id: UUID) -> HttpResponse:
    at = clock.now()
    case = get_case(request.actor, public_id, at=at)
    require(may(request.actor, "refer", case, at=at))
    require_open_eyes(request.actor.person, case)  # the urgency and the report are the first reader's
    form = ReferForm(request.POST or None, case=case, initial=_suggested(case))
    if request.method == "POST" and form.is_valid():
        try:
            made = refer(actor=request.actor, case=case, at=at, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            return redirect("referral", made.public_id)
    context = {
        **standing(case), "case": case, "here": workplace_of(request.actor), "form": form, "going": may_go_out(case, at=at),
        "has_places": form.fields["place"].queryset.exists(),  # type: ignore[attr-defined]
        "may_keep": bool(may_in_practice(request.actor, "referral_places")),
        "pictures": [(box, reverse("picture", args=[box.data["value"], "thumbnail", 1])) for box in form["pictures"]],
    }  # fmt: skip
    return render(request, "after/refer.html", context, status=422 if form.errors else 200)


def _suggested(case: Case) -> dict[str, Any]:
    """The dentist's urgency, and every picture that may go along."""
    signature = Signature.objects.filter(case=case).first()
    urgency = signature.content["review"]["urgency"] if signature else ""
    return {"urgency": urgency, "pictures": [str(one.public_id) for one in pictures_to_send(case)]}


@require_safe
@role_required()
def referral(request: ActingRequest, public_id: UUID) -> HttpResponse:
    row = _seen(request, public_id)
    return _page(request, row, SentForm())


def _seen(request: ActingRequest, public_id: UUID) -> Referral:
    """The referral, once its case let her in."""
    row = get_referral(request.actor, public_id)
    case = get_case(request.actor, row.case.public_id, at=clock.now())
    require_open_eyes(request.actor.person, case)
    return row


def _page(request: ActingRequest, row: Referral, form: SentForm, *, status: int = 200) -> HttpResponse:
    at = clock.now()
    context = {
        **standing(row.case), "row": row, "case": row.case, "here": workplace_of(request.actor), "form": form,
        "zone": row.case.site.time_zone, "making": row.state == PrintState.QUEUED, "going": may_send(row, at=at),
        "may_refer": bool(may(request.actor, "refer", row.case, at=at)),
    }  # fmt: skip
    return render(request, "after/referral.html", context, status=status)


@require_safe
@role_required(*REFERRERS)
def file(request: ActingRequest, public_id: UUID) -> Answer:
    row = _seen(request, public_id)
    blocks = download_referral(actor=request.actor, referral=row, at=clock.now())
    size = row.file.size if row.file else 0
    return send_blocks(
        request, blocks, size=size, media_type="application/zip", name=row.file_name, what="The referral"
    )


@require_POST
@role_required(*REFERRERS)
def sent(request: ActingRequest, public_id: UUID) -> HttpResponse:
    row = _seen(request, public_id)
    form = SentForm(request.POST)
    if form.is_valid():
        try:
            send_referral(actor=request.actor, referral=row, how=form.cleaned_data["how"], at=clock.now())
        except Conflict:
            raise
        except Refused as refusal:
            form.add_error("how", refusal.sentence)
        else:
            messages.success(request, "The record says that it went out.")
            return redirect("referral", row.public_id)
    return _page(request, row, form, status=422)


@require_safe
@role_required(*KEEPERS)
def places(request: ActingRequest) -> HttpResponse:
    rows = ReferralPlace.objects.filter(practice=request.actor.practice).order_by("-in_use", "name")
    return render(request, "after/places.html", {"rows": rows})


@require_http_methods(FORM_METHODS)
@role_required(*KEEPERS)
def place_add(request: ActingRequest) -> HttpResponse:
    return _place(request, ReferralPlace(practice=request.actor.practice), "Add an office")


@require_http_methods(FORM_METHODS)
@role_required(*KEEPERS)
def place(request: ActingRequest, public_id: UUID) -> HttpResponse:
    row = get_referral_place(request.actor, public_id)
    return _place(request, row, row.name)


def _place(request: ActingRequest, row: ReferralPlace, title: str) -> HttpResponse:
    form = PlaceForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        try:
            save_place(actor=request.actor, place=form.instance, at=clock.now())
        except ValidationError:
            form.add_error("name", "An office of this name is in the directory already.")
        else:
            messages.success(request, f"{form.instance.name} is saved.")
            return redirect("referral-places")
    context = {"form": form, "title": title, "back": "referral-places", "action": "Save"}
    return render(request, "after/edit.html", context, status=422 if form.errors else 200)
