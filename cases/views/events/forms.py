"""Forms of school days. Each lists its fields: what is not listed cannot be set from outside."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, ClassVar
from uuid import uuid4

from django import forms
from django.http import QueryDict

from cases.events.columns import MEMBER, PAYER
from cases.family_forms.words import ENGLISH
from cases.models import EventChild, ScreeningEvent
from cases.views.capture.consent import Standing
from cases.views.capture.forms import ConsentForm, ReasonField
from teledent.accounts.forms import DayInput, NameField
from teledent.accounts.models import Membership, Person, Practice, Role, Site, State

A_YEAR = timedelta(days=364)


class EventForm(forms.Form):
    """What is planned. Which dentists and hygienists may be chosen comes from the practice's roles."""

    widths: ClassVar = {
        "site": "half",
        "supervising_dentist": "half",
        "starts_on": "third",
        "ends_on": "third",
        "aim": "third",
    }
    taps: ClassVar = ("team",)

    public_id = forms.UUIDField(widget=forms.HiddenInput)
    revision = forms.IntegerField(widget=forms.HiddenInput, initial=0)
    site = forms.ModelChoiceField(
        label="School or site", queryset=Site.objects.none(), to_field_name="public_id", empty_label="Choose"
    )
    starts_on = forms.DateField(label="First day", widget=DayInput)
    ends_on = forms.DateField(label="Last day", widget=DayInput)
    aim = forms.IntegerField(label="Children to see", required=False, min_value=1, max_value=5000)
    supervising_dentist = forms.ModelChoiceField(
        label="Supervising dentist", queryset=Person.objects.none(), to_field_name="public_id", required=False,
        empty_label="Not decided yet",
    )  # fmt: skip
    team = forms.ModelMultipleChoiceField(
        label="Team", queryset=Person.objects.none(), to_field_name="public_id", required=False,
        widget=forms.CheckboxSelectMultiple, help_text="Hygienists who work at this site.",
    )  # fmt: skip
    note = NameField(label="Note", max_length=300, required=False, help_text="Room, entrance, whom to ask for.")
    field_order = ["site", "supervising_dentist", "starts_on", "ends_on", "aim", "team", "note"]  # noqa: RUF012

    def __init__(self, data: QueryDict | None, *, practice: Practice, event: ScreeningEvent | None = None) -> None:
        super().__init__(data, initial=_initial(event))
        sites, people = Site.objects.filter(practice=practice), Person.objects.filter(is_active=True).order_by("name")
        held = Membership.objects.filter(practice=practice)
        self.fields["site"].queryset = sites.filter(pk=event.site_id) if event else sites  # type: ignore[attr-defined]
        for name, role in (("supervising_dentist", Role.DENTIST), ("team", Role.HYGIENIST)):
            chosen = people.filter(pk__in=held.filter(role=role).values("person"))
            self.fields[name].queryset = chosen  # type: ignore[attr-defined]

    @property
    def details(self) -> dict[str, Any]:
        names = ("starts_on", "ends_on", "supervising_dentist", "aim", "note")
        return {name: self.cleaned_data[name] for name in names}


def _initial(event: ScreeningEvent | None) -> dict[str, Any]:
    if event is None:
        return {"public_id": uuid4(), "revision": 0}
    dentist = event.supervising_dentist
    return {
        "public_id": event.public_id, "revision": event.revision, "site": event.site.public_id, "starts_on": event.starts_on,
        "ends_on": event.ends_on, "aim": event.aim, "note": event.note,
        "supervising_dentist": dentist.public_id if dentist else None,
        "team": [person.public_id for person in event.team.all()],
    }  # fmt: skip


class CancelForm(forms.Form):
    revision = forms.IntegerField(widget=forms.HiddenInput)
    reason = ReasonField("Why it does not take place")


class LimitForm(forms.Form):
    widths: ClassVar = {"state": "half", "most": "half"}

    state = forms.ChoiceField(choices=State.choices)
    most = forms.IntegerField(
        label="Auxiliaries at a time",
        required=False,
        min_value=1,
        max_value=99,
        help_text="Empty takes the limit away.",
    )


class MarkForm(forms.Form):
    mark = forms.ChoiceField(choices=[("", ""), *EventChild._meta.get_field("mark").choices], required=False)  # type: ignore[misc]
    note = NameField(max_length=200, required=False)


class LastYearForm(forms.Form):
    """Which of last year's grades come along; those that left the school do not."""

    taps: ClassVar = ("grades",)

    grades = forms.MultipleChoiceField(
        label="Grades of last year", widget=forms.CheckboxSelectMultiple, help_text="Leave out who left the school."
    )

    def __init__(self, *args: Any, grades: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["grades"].choices = [(grade, f"Grade {grade}" if grade else "No grade") for grade in grades]  # type: ignore[attr-defined]


class PrintFormsForm(forms.Form):
    taps: ClassVar = ("whom",)

    whom = forms.ChoiceField(
        label="For whom", choices=[("waiting", "Families that have not answered"), ("everybody", "Everybody who was not seen yet")],
        widget=forms.RadioSelect,
    )  # fmt: skip
    back_by = forms.DateField(label="Back at school by", widget=DayInput, help_text="It stands on every form.")


class WhoseForm(forms.Form):
    child = forms.UUIDField()
    paper = forms.ChoiceField(choices=[("ours", "The form printed here"), ("other", "Another paper")])
    reason = NameField(max_length=200, required=False)  # needed where the page was another child's


class AsideForm(forms.Form):
    because = ReasonField("Why no answer is entered from it")


class HealthField(NameField):
    """What a page says of allergies, medicines and illnesses, in the family's words."""

    def __init__(self, help_text: str) -> None:
        rows = forms.Textarea(attrs={"rows": 2})
        super().__init__(
            label="Health: what is written there", max_length=500, required=False, widget=rows, help_text=help_text
        )


class HealthForm(forms.Form):
    """What an entered page says of health, put right."""

    health = HealthField("Left empty, nobody is shown it any more.")
    reason = ReasonField("Why it is changed")


class TakeBackForm(forms.Form):
    """All that was entered from a page, taken back; `answer` is the one that she sees as entered."""

    answer = forms.UUIDField(widget=forms.HiddenInput)
    reason = ReasonField("Why it is taken back")

    def __init__(self, data: QueryDict | None = None, **kwargs: Any) -> None:
        super().__init__(data, auto_id="back-%s", **kwargs)  # it stands beside another form that asks for a reason


class EnterForm(ConsentForm):
    """What a family answered on a page that lies beside it; the page is the evidence. Its day is the one on the paper: an
    older paper entered as of today would undo what the family said after it (CO-2)."""

    child = forms.UUIDField(widget=forms.HiddenInput)  # whom the page was shown as filed under
    evidence = witness = None  # type: ignore[assignment]
    valid_from = forms.DateField(label="Signed on", widget=DayInput, help_text="The day that stands on the paper.")
    valid_until = forms.DateField(
        label="Until", widget=DayInput, required=False, help_text="Empty is a year from that day."
    )
    payer = NameField(label="Insurance company or Medicaid", max_length=80, required=False)
    member_id = NameField(label="Member number", max_length=40, required=False)
    health = HealthField(
        "Allergies, medicines, illnesses, in the family's words. The hygienist and the dentist see it."
    )
    widths: ClassVar = {**ConsentForm.widths, "payer": "half", "member_id": "half"}

    @property
    def scope_fields(self) -> list[forms.BoundField]:
        """In the order of the paper."""
        return [self[f"scope_{scope}"] for scope in ENGLISH.asked]

    def say_what_stands(self, standing: Iterable[Standing]) -> None:
        """Beside each scope: she sees at once where a paper says other than what is on file."""
        for one in standing:
            self.fields[f"scope_{one.scope}"].help_text = f"So far: {one.word.lower()}"

    @property
    def written_fields(self) -> list[forms.BoundField]:
        """What a family may leave empty."""
        return [self["payer"], self["member_id"], self["health"]]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("valid_from") and not cleaned.get("valid_until"):
            cleaned["valid_until"] = cleaned["valid_from"] + A_YEAR
        return cleaned

    @property
    def answer(self) -> dict[str, Any]:
        names = ("scopes", "signer_name", "signer_authority", "language", "valid_from", "valid_until")
        said = self.cleaned_data
        return {
            **{name: said[name] for name in names}, "child": said["child"], "health": said["health"],
            "insurance": {PAYER: said["payer"], MEMBER: said["member_id"]},
        }  # fmt: skip
