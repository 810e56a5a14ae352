"""Forms of what the front desk keeps. Each lists its fields: what is not listed cannot be set from outside."""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from billing.claims.latin import unwritable
from billing.models import Coverage, Fee, OnSiteRendering, Payer, Receiver, Takes, Verification, VerifiedHow
from cases.models import CodeUse, Patient, ProcedureCode, Scope
from cases.views.capture.forms import ConsentForm
from teledent.accounts.acting import Actor
from teledent.accounts.forms import ADDRESS, ADDRESS_WIDTHS, DayInput, NameField, PhoneInput
from teledent.accounts.models import Membership, Person, Role

NOT_LATIN = "Payers read Latin letters only. Copy the name as the insurance card prints it."


def add_refusal(form: forms.BaseForm, refusal: ValidationError) -> None:
    """What an action found wrong, beside its field; above the form where the form has no such field."""
    found = refusal.error_dict if hasattr(refusal, "error_dict") else {"": refusal.error_list}
    for name, errors in found.items():
        form.add_error(name if name in form.fields else None, errors)


class CardNameField(NameField):
    """A name as a claim writes it: Latin letters, marks allowed."""

    def clean(self, value: Any) -> Any:
        said = super().clean(value)
        if unwritable(said or ""):
            raise ValidationError(NOT_LATIN)
        return said


class CardForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a claim says of the patient and the front desk copies from the card. Nothing clinical, and no legal name."""

    card_given_name = CardNameField(label="Given name on the card", max_length=35)
    card_family_name = CardNameField(label="Family name on the card", max_length=60)

    widths: ClassVar = {"card_given_name": "half", "card_family_name": "half", **ADDRESS_WIDTHS}

    class Meta:
        model = Patient
        fields: ClassVar = ["card_given_name", "card_family_name", *ADDRESS]


class CoverageForm(forms.ModelForm):  # type: ignore[type-arg]
    """One plan of a patient. The public id is made with the form, so that the same form sent twice is one coverage."""

    public_id = forms.UUIDField(widget=forms.HiddenInput)
    subscriber_given_name = CardNameField(label="Subscriber's given name on the card", max_length=35, required=False)
    subscriber_family_name = CardNameField(label="Subscriber's family name on the card", max_length=60, required=False)
    member_id = CardNameField(label="Member id", max_length=80, help_text="As the card prints it.")

    widths: ClassVar = {
        "payer": "half", "priority": "half", "relationship": "half", "member_id": "half", "group_number": "half", "group_name": "half",
        "subscriber_given_name": "half", "subscriber_family_name": "half", "subscriber_birth_date": "half", "subscriber_sex": "half",
        "valid_from": "half", "valid_until": "half", **ADDRESS_WIDTHS,
    }  # fmt: skip
    groups: ClassVar = (
        ("The plan", ("payer", "priority", "member_id", "own_member_id", "group_number", "group_name")),
        (
            "The subscriber",
            ("relationship", "subscriber_given_name", "subscriber_family_name", "subscriber_birth_date", "subscriber_sex"),
        ),
        ("The subscriber's address, where it is not the patient's", tuple(ADDRESS)),
        ("In force", ("valid_from", "valid_until")),
    )  # fmt: skip

    class Meta:
        model = Coverage
        fields: ClassVar = [
            "payer", "priority", "relationship", "own_member_id", "member_id", "group_number", "group_name",
            "subscriber_given_name", "subscriber_family_name", "subscriber_birth_date", "subscriber_sex", *ADDRESS, "valid_from",
            "valid_until",
        ]  # fmt: skip
        widgets: ClassVar = dict.fromkeys(("subscriber_birth_date", "valid_from", "valid_until"), DayInput)
        labels: ClassVar = {"own_member_id": "The patient has a member id of her own"}
        help_texts: ClassVar = {
            "own_member_id": "As in Medicaid: the claim then names the patient as the subscriber.",
            "subscriber_given_name": "Only where the patient is not the subscriber.",
        }

    def __init__(self, *args: Any, payers: QuerySet[Payer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["public_id"].initial = self.instance.public_id
        self.fields["payer"].queryset = payers  # type: ignore[attr-defined]

    @property
    def grouped(self) -> list[tuple[str, list[forms.BoundField]]]:
        return [(heading, [self[name] for name in names]) for heading, names in self.groups]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("valid_from"), cleaned.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", "The last day lies before the first.")
        return cleaned


class VerifyForm(forms.ModelForm):  # type: ignore[type-arg]
    """Asked about the plan: when, how, what it says. The public id is made with the form: sent twice it is one row.
    `about` is the plan as it was shown: an answer about another member id is not recorded."""

    public_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    about = forms.CharField(widget=forms.HiddenInput, max_length=300)
    reference = NameField(label="Reference number", max_length=60, required=False)
    note = NameField(label="What else was learned", max_length=300, required=False)

    widths: ClassVar = dict.fromkeys(
        ("verified_on", "how", "asynchronous", "authorisation", "reference", "note"), "half"
    )

    class Meta:
        model = Verification
        fields: ClassVar = ["verified_on", "how", "asynchronous", "authorisation", "reference", "note"]
        widgets: ClassVar = {"verified_on": DayInput}

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        """`today` is the day where the patient is, which UTC may call another."""
        kwargs["initial"] = {"verified_on": today, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.fields["how"].choices = [("", "Choose"), *VerifiedHow.choices]  # type: ignore[attr-defined]
        self.today = today

    def clean_verified_on(self) -> date:
        day: date = self.cleaned_data["verified_on"]
        if day > self.today:
            raise ValidationError("This day has not come yet.")
        return day


class BillingConsentForm(ConsentForm):
    """The two scopes that a claim rests on; the others are asked in Capture."""

    SCOPES = (Scope.BILLING, Scope.TELEDENTISTRY)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for scope in set(Scope) - set(self.SCOPES):
            del self.fields[f"scope_{scope.value}"]

    @property
    def scope_fields(self) -> list[forms.BoundField]:
        return [self[f"scope_{scope.value}"] for scope in self.SCOPES]


class _OncePerPractice(forms.ModelForm):  # type: ignore[type-arg]
    """The practice is no field of the form, so the model's own check of unique names leaves it out."""

    noun = ""

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        rows = self._meta.model._default_manager.filter(practice_id=self.instance.practice_id, name=name)
        if rows.exclude(pk=self.instance.pk).exists():
            raise ValidationError(f"The practice has a {self.noun} of this name already.")
        return name


class ReceiverForm(_OncePerPractice):
    noun = "receiver"
    name = NameField(max_length=60, help_text="The clearinghouse, or a payer that takes files itself.")
    submitter_name = NameField(label="We sign as", max_length=60)
    contact_name = NameField(label="Contact", max_length=60)

    widths: ClassVar = {
        "name": "half", "usage": "half", "sender_id": "half", "sender_qualifier": "half", "receiver_id": "half",
        "receiver_qualifier": "half", "submitter_name": "half", "contact_name": "half", "contact_phone": "half", "contact_email": "half",
        **dict.fromkeys(
            ("claims_per_file", "picture_kilobytes", "packet_kilobytes", "claim_kilobytes", "files_per_claim", "narrative_signs"),
            "half",
        ),
    }  # fmt: skip

    class Meta:
        model = Receiver
        fields: ClassVar = [
            "name", "usage", "sender_id", "sender_qualifier", "receiver_id", "receiver_qualifier", "submitter_name", "contact_name",
            "contact_phone", "contact_email", "readable", "claims_per_file", "picture_kilobytes", "packet_kilobytes",
            "claim_kilobytes", "files_per_claim", "narrative_signs",
        ]  # fmt: skip
        widgets: ClassVar = {"contact_phone": PhoneInput}
        help_texts: ClassVar = {
            "sender_id": "As the receiver gave it.",
            "sender_qualifier": "Two signs; ZZ where nothing else was agreed.",
            "readable": "Files are easier to read so; the receiver has to allow it.",
            "claims_per_file": "More go on in the next file. 500 with their pictures are about a gigabyte; an 837D takes 5,000.",
            "picture_kilobytes": "Our claim pictures seldom reach 2,000.",
            "claim_kilobytes": "Packet and pictures of one claim together.",
        }


class PayerForm(_OncePerPractice):
    """The payer's profile: what rules CL-2 to CL-5 and CH-2 read."""

    noun = "payer"
    name = NameField(max_length=60)
    takes_asynchronous = forms.ChoiceField(
        label="Takes D9996",
        choices=Takes.choices,
        widget=forms.RadioSelect,
        help_text="Not known blocks nothing and is shown.",
    )
    companion_codes = forms.MultipleChoiceField(
        label="Evaluations that D9996 may ride with", widget=forms.CheckboxSelectMultiple, required=False,
        help_text="The payer's own list. Without any, no D9996 goes out to this payer.",
    )  # fmt: skip
    enrolled_dentists = forms.MultipleChoiceField(
        label="Dentists enrolled with this payer", widget=forms.CheckboxSelectMultiple, required=False,
        help_text="Whoever is not ticked is warned before reading. Without any, no list is kept.",
    )  # fmt: skip
    rendering_on_site = forms.ChoiceField(
        label="Who renders on-site services", widget=forms.RadioSelect, required=False,
        choices=[("", "Not answered yet"), *OnSiteRendering.choices],
        help_text="Until somebody answers, the hygienist's claims to this payer are held.",
    )  # fmt: skip
    widths: ClassVar = {
        "name": "half", "payer_id": "half", "receiver": "half", "filing_code": "half", "dos_basis": "half", "service_facility": "half",
        "place_teledentistry": "half", "place_at_home": "half", "supervising_dentist": "half", "filing_limit_days": "half",
        "correction_days": "half", "appeal_days": "half", "answer_expected_days": "half", "appeal_signed_by": "half",
        "verify_every_days": "half", **ADDRESS_WIDTHS,
    }  # fmt: skip
    taps: ClassVar = ("takes_asynchronous", "companion_codes", "enrolled_dentists", "rendering_on_site")
    groups: ClassVar = (
        ("Who pays", ("name", "payer_id", "receiver", "filing_code")),
        (
            "How long",
            ("filing_limit_days", "answer_expected_days", "correction_days", "appeal_days", "verify_every_days"),
        ),
        ("Where letters go", tuple(ADDRESS)),
        ("Store-and-forward", ("takes_asynchronous", "companion_codes")),
        (
            "The dentist's claim",
            ("enrolled_dentists", "dos_basis", "service_facility", "place_teledentistry", "place_at_home"),
        ),
        ("The hygienist's claim", ("rendering_on_site", "supervising_dentist")),
        ("Asks for", ("outcome_told", "diagnosis_required", "epsdt", "accepts_assignment")),
        ("Appeals", ("appeal_signed_by",)),
    )

    class Meta:
        model = Payer
        fields: ClassVar = [
            "name", "payer_id", "receiver", "filing_code", "filing_limit_days", "correction_days", "appeal_days",
            "answer_expected_days", "verify_every_days", *ADDRESS, "takes_asynchronous", "companion_codes",
            "enrolled_dentists", "dos_basis", "service_facility", "place_teledentistry", "place_at_home", "rendering_on_site",
            "supervising_dentist", "outcome_told", "diagnosis_required", "epsdt", "accepts_assignment", "appeal_signed_by",
        ]  # fmt: skip
        help_texts: ClassVar = {
            "payer_id": "The id that the receiver routes by.",
            "receiver": "Where this payer's claims are sent.",
            "place_teledentistry": "02 unless the payer says otherwise.",
            "place_at_home": "10 unless the payer says otherwise.",
            "filing_limit_days": "Empty: not known, and lists say so.",
            "correction_days": "Counted from the day of the answer. Empty: not known.",
            "appeal_days": "Counted from the day of the answer. Empty: not known.",
            "answer_expected_days": "After that an unanswered claim needs somebody.",
            "verify_every_days": "After that a plan has to be verified again. Empty: the payer states no limit.",
        }

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["receiver"].queryset = Receiver.objects.filter(practice=actor.practice)  # type: ignore[attr-defined]
        self.fields["answer_expected_days"].required = False
        self.fields["receiver"].empty_label = "Not chosen yet"  # type: ignore[attr-defined]
        dentists = Membership.objects.filter(practice=actor.practice, role=Role.DENTIST).values("person")
        people = Person.objects.filter(pk__in=dentists).order_by("name")
        self.fields["supervising_dentist"].queryset = people  # type: ignore[attr-defined]
        self.fields["enrolled_dentists"].choices = [(str(one.public_id), one.name) for one in people]  # type: ignore[attr-defined]
        self.fields["companion_codes"].choices = _evaluations(actor, self.instance.companion_codes)  # type: ignore[attr-defined]

    @property
    def grouped(self) -> list[tuple[str, list[forms.BoundField]]]:
        return [(heading, [self[name] for name in names]) for heading, names in self.groups]

    def clean_answer_expected_days(self) -> int:
        """Left empty it is as for a new payer."""
        days: int | None = self.cleaned_data["answer_expected_days"]
        return Payer._meta.get_field("answer_expected_days").get_default() if days is None else days

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("rendering_on_site") == OnSiteRendering.SUPERVISING and not cleaned.get("supervising_dentist"):
            self.add_error("supervising_dentist", "Name the dentist who renders on-site services.")
        return cleaned


def _evaluations(actor: Actor, kept: Sequence[str]) -> list[tuple[str, str]]:
    """The practice's evaluation codes with their words, and what the payer's list holds besides."""
    rows = ProcedureCode.objects.filter(practice=actor.practice, use=CodeUse.EVALUATION).order_by("code", "valid_from")
    known = {row.code: f"{row.code} {row.text}" for row in rows}
    return sorted({**{code: code for code in kept}, **known}.items())


class FeeForm(forms.Form):
    """The full fee of one code from a day on. A new one ends the one before; the action sees to it."""

    code = forms.ChoiceField()
    amount = forms.DecimalField(
        label="Fee", min_value=0, max_digits=8, decimal_places=2, help_text="US dollars for one unit. 0.00 is a fee."
    )
    valid_from = forms.DateField(label="From", widget=DayInput, help_text="The fee before it ends on the day before.")
    valid_until = forms.DateField(label="Until", widget=DayInput, required=False)

    widths: ClassVar = {"code": "half", "amount": "half", "valid_from": "half", "valid_until": "half"}

    def __init__(self, *args: Any, actor: Actor, fee: Fee, **kwargs: Any) -> None:
        self.fee = fee
        kept = {name: getattr(fee, name) for name in ("code", "amount", "valid_from", "valid_until")} if fee.pk else {}
        kwargs["initial"] = {**kept, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        rows = ProcedureCode.objects.filter(practice=actor.practice).order_by("code", "valid_from")
        known = {row.code: f"{row.code} {row.text}" for row in rows}
        self.fields["code"].choices = sorted({**({fee.code: fee.code} if fee.pk else {}), **known}.items())  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("valid_from"), cleaned.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", "The last day lies before the first.")
        return cleaned

    def filled(self) -> Fee:
        """The fee as the form has it, not saved."""
        for name, value in self.cleaned_data.items():
            setattr(self.fee, name, value)
        return self.fee
