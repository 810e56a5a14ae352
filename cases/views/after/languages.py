"""The words of letters: a language is data, kept by the practice, checked before anybody can print with it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.access_after import get_letter_language
from cases.actions.lettering import BadPhrases, drop_language, save_language
from cases.letters.catalogue import CATALOGUE, SHIPPED
from cases.models import LetterLanguage
from cases.models.letter import LANGUAGE_CODE
from cases.views.after.settings import FORM_METHODS
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.forms import NameField
from teledent.accounts.models import Role
from teledent.kit import clock

KEEPERS = (Role.FRONT_DESK, Role.MANAGER)


class LanguageForm(forms.Form):
    """One field a phrase, below it what it is for and which blanks it takes, and what it says in English."""

    def __init__(self, *args: Any, new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if new:
            self.fields["code"] = forms.CharField(
                label="Code of the language", max_length=3, validators=[LANGUAGE_CODE],
                help_text="Two or three small letters, as browsers name it: uk, vi, so, hmn.",
            )  # fmt: skip
        for phrase in CATALOGUE:
            blanks = ", ".join(f"{{{name}}}" for name in sorted(phrase.blanks))
            self.fields[phrase.key] = NameField(
                label=phrase.about, max_length=700, widget=forms.Textarea(attrs={"rows": 2}),
                help_text=f"{f'Blanks: {blanks}. ' if blanks else ''}English: {SHIPPED['en'][phrase.key]}",
            )  # fmt: skip

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if code in SHIPPED:
            raise ValidationError(
                "This language ships with the product. Open it in the list and change its words there."
            )
        return code

    def phrases(self) -> dict[str, str]:
        return {phrase.key: self.cleaned_data.get(phrase.key, "") for phrase in CATALOGUE}


@require_safe
@role_required(*KEEPERS)
def languages(request: ActingRequest) -> HttpResponse:
    own = {
        row.code: row
        for row in LetterLanguage.objects.filter(practice=request.actor.practice).select_related("saved_by")
    }
    codes = sorted({*SHIPPED, *own})
    rows = [(code, _name(code, own.get(code)), own.get(code), code in SHIPPED) for code in codes]
    return render(request, "after/languages.html", {"rows": rows})


def _name(code: str, own: LetterLanguage | None) -> str:
    return str(own.phrases["language"] if own else SHIPPED[code]["language"])


@require_http_methods(FORM_METHODS)
@role_required(*KEEPERS)
def language_add(request: ActingRequest) -> HttpResponse:
    return _edit(request, "", LanguageForm(request.POST or None, new=True), "Add a language")


@require_http_methods(FORM_METHODS)
@role_required(*KEEPERS)
def language(request: ActingRequest, code: str) -> HttpResponse:
    own = get_letter_language(request.actor, code)
    if own is None and code not in SHIPPED:
        raise Http404("No such language.")
    words: Mapping[str, str] = own.phrases if own else SHIPPED[code]
    return _edit(
        request, code, LanguageForm(request.POST or None, new=False, initial=dict(words)), _name(code, own), own
    )


def _edit(
    request: ActingRequest, code: str, form: LanguageForm, title: str, own: LetterLanguage | None = None
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            code = code or form.cleaned_data["code"]
            row = save_language(actor=request.actor, code=code, phrases=form.phrases(), at=clock.now())
        except BadPhrases as bad:
            for key, sentence in bad.faults.items():
                form.add_error(key, sentence)
        else:
            messages.success(request, f"{row} is saved. Letters can be printed in it.")
            return redirect("letter-languages")
    context = {"form": form, "title": title, "own": own, "ships": code in SHIPPED}
    return render(request, "after/language.html", context, status=422 if form.errors else 200)


@require_POST
@role_required(*KEEPERS)
def language_drop(request: ActingRequest, code: str) -> HttpResponse:
    own = get_letter_language(request.actor, code)
    if own is None:
        raise Http404("No such language.")
    drop_language(actor=request.actor, language=own, at=clock.now())
    messages.success(
        request, "The words that ship are back." if code in SHIPPED else "The language is taken off the list."
    )
    return redirect("letter-languages")
