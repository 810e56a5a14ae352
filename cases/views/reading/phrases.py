"""The page of the practice's phrases, and the choice of a numbering, which Capture shares."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from cases import teeth
from cases.actions.phrasing import choose_numbering, keep_phrase, keep_starting_phrases, remove_phrase
from cases.models import Phrase, PhraseSection
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.forms import NameField
from teledent.accounts.models import Role
from teledent.kit import clock
from teledent.kit.decisions import Refused


class PhraseForm(forms.Form):
    section = forms.ChoiceField(label="For", choices=[("", "Choose…"), *PhraseSection.choices])
    text = NameField(label="Phrase", max_length=300)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.DENTIST, Role.MANAGER)
def phrases(request: ActingRequest) -> HttpResponse:
    """All of them by place, and the form for one more."""
    form = PhraseForm(request.POST) if request.method == "POST" and "start" not in request.POST else PhraseForm()
    if request.method == "POST" and _kept(request, form):
        messages.success(request, "Kept.")
        return redirect("phrases")
    kept = list(Phrase.objects.filter(practice=request.actor.practice).select_related("written_by"))
    sections = [(label, [one for one in kept if one.section == key]) for key, label in PhraseSection.choices]
    context = {"sections": [pair for pair in sections if pair[1]], "form": form, "here": "reading-queue"}
    return render(request, "reading/phrases.html", context, status=422 if form.errors else 200)


def _kept(request: ActingRequest, form: PhraseForm) -> bool:
    at = clock.now()
    if "start" in request.POST:
        keep_starting_phrases(actor=request.actor, at=at)
        return True
    if not form.is_valid():
        return False
    try:
        keep_phrase(actor=request.actor, at=at, **form.cleaned_data)
    except Refused as refusal:
        form.add_error("text", refusal.sentence)
        return False
    return True


@require_POST
@role_required(Role.DENTIST, Role.MANAGER)
def remove(request: ActingRequest, row: int) -> HttpResponse:
    phrase = Phrase.objects.filter(practice=request.actor.practice, pk=row).first()
    if phrase is None:
        raise Http404("No such phrase in this practice.")
    remove_phrase(actor=request.actor, phrase=phrase)
    return redirect("phrases")


@require_POST
@role_required()
def numbering(request: ActingRequest) -> HttpResponse:
    """Keep how she reads tooth numbers, and go back to where she was."""
    said = request.POST.get("numbering", "")
    if said not in teeth.NUMBERINGS:
        raise Refused("Choose Universal, FDI or Palmer.")
    choose_numbering(person=request.actor.person, numbering=said)
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return redirect(back if safe else "home")
