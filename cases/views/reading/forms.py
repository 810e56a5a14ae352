"""Forms of the reading room. Each lists its fields; the action decides what is allowed."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from cases import codes, questionnaires, teeth
from cases.actions.reviewing import CHOICES, TEXT_MAX, TEXTS, TIMES
from cases.models import (
    Condition,
    DiagnosisCode,
    Icdas,
    Outcome,
    ProcedureCode,
    Review,
    ReviewDiagnosis,
    Sufficiency,
    Told,
    Urgency,
)
from cases.models.finding import CARIES, PRESENCE
from cases.views.record.forms import LongText, MomentInput, PasswordField
from teledent.accounts.forms import DayInput, NameField

REASONS = ("Blurred", "Too dark", "Too bright", "Wet or covered", "Cropped", "Wrong view")


class VersionField(forms.IntegerField):
    """The version of the draft that the page shows: a stale page is told so and writes nothing."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(min_value=0)


class ToothField(forms.CharField):
    """A tooth as the reader of `numbering` writes it, or its neutral key; cleaned to the key. Its form sets the numbering."""

    numbering: str

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "off", "size": 4})
        super().__init__(**{"label": "Tooth", "max_length": 4, "widget": widget, **options})

    def clean(self, value: Any) -> str:
        said = str(super().clean(value) or "")
        key = teeth.read(said, self.numbering) if said else ""
        if key is None:
            raise ValidationError(f"This is not a tooth. Use {teeth.EXAMPLES[self.numbering]}.")
        return key

    def prepare_value(self, value: Any) -> Any:
        """A key that a form starts from, as the reader calls it; what she typed stays as it is."""
        return teeth.label(value, self.numbering) if isinstance(value, str) and teeth.is_key(value) else value


class LettersInput(forms.TextInput):
    """Surfaces typed in one field, or tapped in several of the same name."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str | None:
        return "".join(data.getlist(name)) if hasattr(data, "getlist") else data.get(name)


def _tap(label: str, choices: Iterable[Any]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=list(choices), widget=forms.RadioSelect, required=False)


def _text(label: str, rows: int = 2, **options: Any) -> LongText:
    widget = forms.Textarea(attrs={"rows": rows})
    return LongText(label=label, max_length=TEXT_MAX, required=False, widget=widget, **options)


class ReviewForm(forms.Form):
    """The whole draft but for its lists. Saved as it is typed, so nothing is required before signing."""

    version = VersionField()
    answer = _text("Answer to the question", 3)
    evaluation = _text("What was looked at")
    conclusions = _text("Conclusions", 3)
    advice = _text("Advice")
    limits = _text("What could not be judged", 3)
    sufficiency = _tap("These records are", Sufficiency.choices)
    urgency = _tap("Urgency in your view", Urgency.choices)
    outcome = _tap("Outcome", Outcome.choices)
    outcome_by = forms.DateField(label="By when", widget=DayInput, required=False)
    follow_up = _text("Follow-up")
    told = _tap("The family", Told.choices)
    told_to = NameField(label="Who was told", max_length=120, required=False)
    told_how = NameField(label="How", max_length=60, required=False)
    told_at = forms.DateTimeField(label="When", widget=MomentInput, required=False)
    next_step = NameField(label="Next step", max_length=200, required=False)
    next_step_on = forms.DateField(label="On", widget=DayInput, required=False)
    why = _tap("Why store-and-forward", questionnaires.WHY.items())
    why_text = NameField(label="In a few words", max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():  # they stand in several sections of the panel, around other forms
            field.widget.attrs["form"] = "review"

    @classmethod
    def of(cls, review: Review) -> "ReviewForm":
        names = ("version", *TEXTS, *CHOICES, *TIMES)
        return cls(initial={name: getattr(review, name) for name in names})


class DiagnosisForm(forms.Form):
    """A code of the list of that day: typed by its number, or picked by any word of its text."""

    version = VersionField()
    code = NameField(label="Diagnosis", max_length=140)
    tooth = ToothField(required=False)

    def __init__(self, *args: Any, codes: Iterable[DiagnosisCode], numbering: str, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "diagnosis-%s", **kwargs})
        self.codes = {one.code: one.text for one in codes}
        self.fields["code"].widget = forms.TextInput(
            attrs={"list": "codes-of-that-day", "autocomplete": "off", "placeholder": "Code or words"}
        )
        self.fields["tooth"].numbering = numbering  # type: ignore[attr-defined]

    def clean_code(self) -> str:
        said = str(self.cleaned_data["code"])
        code = said.split()[0].upper() if said.split() else ""
        if code in self.codes:
            return code
        meant = [one for one, text in self.codes.items() if said.casefold() in text.casefold()]
        if len(meant) == 1:
            return meant[0]
        raise ValidationError("Not in the list of that day. Choose a code from the list.")


class PlanLineForm(forms.Form):
    version = VersionField()
    what = NameField(label="What to do", max_length=120)
    rationale = NameField(label="Why", max_length=300)
    tooth = ToothField(required=False)
    priority = forms.IntegerField(label="Priority", min_value=1, max_value=9, initial=1)
    diagnosis = forms.ChoiceField(label="For which diagnosis", required=False)

    widths: ClassVar = {"tooth": "third", "priority": "third"}

    def __init__(self, *args: Any, diagnoses: Iterable[ReviewDiagnosis], numbering: str, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "plan-%s", **kwargs})
        listed = list(diagnoses)
        for name in ("what", "rationale"):
            self.fields[name].widget.attrs |= {"list": f"phrases-{name}", "autocomplete": "off"}
        self.fields["tooth"].numbering = numbering  # type: ignore[attr-defined]
        named = [
            (str(one.pk), f"{one.code}{' on ' + teeth.label(one.tooth, numbering) if one.tooth else ''}")
            for one in listed
        ]
        self.fields["diagnosis"].choices = [("", "Choose…"), *named]  # type: ignore[attr-defined]
        if len(listed) == 1:  # the common case: one finding, one diagnosis, one line
            self.fields["diagnosis"].initial = str(listed[0].pk)
            self.fields["tooth"].initial = listed[0].tooth


class FindingForm(forms.Form):
    version = VersionField()
    tooth = ToothField()
    condition = forms.ChoiceField(label="Condition", choices=[("", "Choose…"), *Condition.choices])
    surfaces = forms.CharField(
        label="Surfaces",
        max_length=14,
        required=False,
        widget=LettersInput(attrs={"autocomplete": "off", "placeholder": "MODBL"}),
    )
    icdas = forms.ChoiceField(label="ICDAS", choices=[("", "–"), *Icdas.choices], required=False)
    note = NameField(label="Note", max_length=200, required=False)

    def __init__(self, *args: Any, numbering: str, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "finding-%s", **kwargs})
        self.fields["tooth"].numbering = numbering  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The form of an open tooth starts from its decay; a condition takes of that what it can have."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("condition") in PRESENCE:
            cleaned["surfaces"] = ""
        if cleaned.get("condition") not in CARIES:
            cleaned["icdas"] = ""
        return cleaned

    def clean_surfaces(self) -> str:
        said = str(self.cleaned_data["surfaces"]).upper().replace(" ", "").replace(",", "")
        if len(set(said)) != len(said) or not set(said) <= set(teeth.SURFACES):
            raise ValidationError("Surfaces are M, O, D, B, L, I and F, each once.")
        return said


class ViewForm(forms.Form):
    version = VersionField()
    usable = forms.TypedChoiceField(
        choices=[("yes", "Usable"), ("no", "Not usable")], coerce=lambda said: said == "yes"
    )
    reason = NameField(max_length=60, required=False)


def _offered(one: ProcedureCode) -> str:
    """A consultation says what it takes, since practices import it among the evaluations."""
    takes = " (another practitioner asked and gets your report; payers mostly want the patient seen)"
    return f"{one.code} {one.text}{takes if one.code == codes.CONSULTATION else ''}"


class SignForm(forms.Form):
    """The signature: what was performed, the attestations in plain words, the password."""

    version = VersionField()
    shown = forms.CharField(widget=forms.HiddenInput, max_length=64)
    performed = forms.BooleanField(label="I performed an evaluation all the same", required=False)
    evaluation_code = forms.ChoiceField(label="Evaluation performed", widget=forms.RadioSelect, required=False)
    no_live_contact = forms.BooleanField(label="I made it without live contact with the patient.", required=False)
    live_contact = forms.BooleanField(label="I was in live contact with the patient.", required=False)
    not_same_building = forms.BooleanField(label="I was not in the same building as the patient.", required=False)
    password = PasswordField()

    def __init__(self, *args: Any, offered: Iterable[ProcedureCode], assessable: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.assessable = assessable
        self.fields["evaluation_code"].choices = [(one.code, _offered(one)) for one in offered]  # type: ignore[attr-defined]
        if assessable:
            del self.fields["performed"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        performs = self.assessable or cleaned.get("performed")
        if not performs:
            cleaned["evaluation_code"] = ""
        elif not cleaned.get("evaluation_code") and "evaluation_code" not in self.errors:
            self.add_error("evaluation_code", "Choose the evaluation you performed.")
        if bool(cleaned.get("no_live_contact")) == bool(cleaned.get("live_contact")):
            self.add_error("no_live_contact", "Say one of the two: without live contact, or in live contact.")
        if not cleaned.get("not_same_building"):
            self.add_error(
                "not_same_building", "Store-and-forward is not for a dentist in the same building as the patient."
            )
        return cleaned
