"""A corrected case in place of a retracted one: for whom, and with which of its pictures (ID-3)."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cases.access import get_own_case, get_own_patient
from cases.actions.correcting import open_corrected
from cases.models import Asset, AssetState, Case, Patient, RetractionReason
from cases.states import Status
from cases.views.capture.forms import posted
from cases.views.capture.page import load_files, tile_of, to_case
from cases.views.showing import banner_of_case, enrolment_of
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.forms import NameField
from teledent.accounts.models import Role
from teledent.kit import clock
from teledent.kit.decisions import Refused

FOUND_MAX = 12
SAME, OTHER = "same", "other"


class CorrectForm(forms.Form):
    """Whose case it is, and the pictures that are hers. Another child is found by name among the patients of her sites."""

    public_id = forms.UUIDField(widget=forms.HiddenInput)
    whose = forms.ChoiceField(label="Whose case is it?", widget=forms.RadioSelect)
    text = NameField(label="The other child's name or id", max_length=60, required=False)
    patient = forms.ChoiceField(label="Which of these", widget=forms.RadioSelect, required=False)
    pictures = forms.MultipleChoiceField(required=False)

    def __init__(self, data: Any = None, *, case: Case, files: list[Asset], found: list[Patient], wrong: bool) -> None:
        ids = [str(one.public_id) for one in files]
        super().__init__(data, initial={"public_id": uuid4(), "whose": SAME, "pictures": [] if wrong else ids})
        self.found = found
        self.fields["whose"].choices = [(SAME, f"{case.patient.name}, as before"), (OTHER, "Another child")]  # type: ignore[attr-defined]
        self.fields["pictures"].choices = [(one, one) for one in ids]  # type: ignore[attr-defined]
        if found:
            named = [(str(one.public_id), f"{one.name}, born {one.birth_date:%-d %b %Y}") for one in found]
            self.fields["patient"].choices = named  # type: ignore[attr-defined]
        else:
            del self.fields["patient"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("whose") == OTHER and not cleaned.get("patient"):
            if self.found:
                self.add_error("patient", "Choose the child.")
            else:
                self.add_error("text", "Write a name or id of a child at your sites; then choose the child.")
        return cleaned

    @property
    def chosen(self) -> list[str]:
        return list(self["pictures"].value() or [])


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.HYGIENIST)
def correct(request: ActingRequest, public_id: UUID) -> HttpResponse:
    at = clock.now()
    case = get_own_case(request.actor, public_id, at=at)
    if case.status != Status.RETRACTED:
        messages.info(request, "A case is corrected when it was signed and retracted.")
        return to_case(case)
    files = [one for one in load_files(case) if one.original_id and one.state != AssetState.STRUCK]
    found = _found(request, case)
    wrong = case.retraction.reason == RetractionReason.WRONG_IMAGES
    form = CorrectForm(posted(request), case=case, files=files, found=found, wrong=wrong)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        other = said["whose"] == OTHER
        patient = get_own_patient(request.actor, UUID(said["patient"])) if other else case.patient
        try:
            made = open_corrected(
                actor=request.actor, case=case, patient=patient, pictures=[UUID(one) for one in said["pictures"]], at=at,
                public_id=said["public_id"],
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(
                request, f"{made.label} is open in place of {case.label}. Look at everything, then submit it."
            )
            return redirect("capture-case", made.public_id)
    context = {
        "case": case, "form": form, "retraction": case.retraction, "zone": case.site.time_zone,
        "tiles": [(tile_of(one, editable=False), str(one.public_id) in form.chosen) for one in files],
        "banner": banner_of_case(case, enrolment=enrolment_of(case.patient, site_id=case.site_id)),
    }  # fmt: skip
    return render(request, "capture/correct.html", context, status=422 if form.errors else 200)


def _found(request: ActingRequest, case: Case) -> list[Patient]:
    text = request.POST.get("text", "").strip()[:60]
    if request.POST.get("whose") != OTHER or len(text) < 2:
        return []
    mine = Patient.objects.of_sites(request.actor).called(text).exclude(pk=case.patient_id)
    return list(mine.order_by("family_key", "given_key", "pk")[:FOUND_MAX])
