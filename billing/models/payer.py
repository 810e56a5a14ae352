"""Who receives claims, who pays them, and what each wants: differences between payers are rows, never code."""

import uuid
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q

from cases.models.code import PROCEDURE
from teledent.accounts.models import Address, Person, Practice

ENVELOPE_ID = RegexValidator(r"^[A-Za-z0-9 ._-]{2,15}\Z", "Two to fifteen letters and digits, as the receiver gave it.")
QUALIFIER = RegexValidator(r"^(01|14|20|27|28|29|30|33|ZZ)\Z", "A qualifier is 01, 14, 20, 27 to 30, 33 or ZZ.")
PLACE = RegexValidator(r"^\d{2}\Z", "Two digits, for example 02 for teledentistry.")


class Usage(models.TextChoices):
    TEST = "T", "Test"
    PRODUCTION = "P", "Production"


class Receiver(models.Model):
    """Where the files go: a clearinghouse or a payer of its own. Control numbers rise for each receiver (edi.md 3.1)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="receivers")
    name = models.CharField(max_length=60)
    sender_id = models.CharField("Our id there", max_length=15, validators=[ENVELOPE_ID])
    sender_qualifier = models.CharField("Kind of our id", max_length=2, default="ZZ", validators=[QUALIFIER])
    receiver_id = models.CharField("Its id", max_length=15, validators=[ENVELOPE_ID])
    receiver_qualifier = models.CharField("Kind of its id", max_length=2, default="ZZ", validators=[QUALIFIER])
    usage = models.CharField("Files are for", max_length=1, choices=Usage, default=Usage.TEST)
    readable = models.BooleanField("A line for each segment", default=False)
    submitter_name = models.CharField("We sign as", max_length=60)
    contact_name = models.CharField("Contact", max_length=60)
    contact_phone = models.CharField("Contact's phone", max_length=20)
    contact_email = models.EmailField("Contact's e-mail", blank=True)
    claims_per_file = models.PositiveSmallIntegerField(
        "Claims in one file, at most", default=500, validators=[MinValueValidator(1), MaxValueValidator(5_000)]
    )
    # what it takes beside a claim (edi.md 5); a claim that exceeds a limit is held and says by how much
    picture_kilobytes = models.PositiveIntegerField(
        "Kilobytes of one picture, at most", default=2_000, validators=[MinValueValidator(50)]
    )
    packet_kilobytes = models.PositiveIntegerField(
        "Kilobytes of the packet, at most", default=10_000, validators=[MinValueValidator(50)]
    )
    claim_kilobytes = models.PositiveIntegerField(
        "Kilobytes of everything beside one claim, at most", default=15_000, validators=[MinValueValidator(50)]
    )
    files_per_claim = models.PositiveSmallIntegerField(
        "Files beside one claim, at most", default=40, validators=[MinValueValidator(1)]
    )
    narrative_signs = models.PositiveIntegerField(
        "Characters of the narrative, at most", default=2_000, validators=[MinValueValidator(200)]
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(claims_per_file__gte=1, claims_per_file__lte=5_000), name="receiver_file_holds_claims"
            ),
            models.UniqueConstraint(fields=["practice", "name"], name="receiver_name_once_in_practice"),
            models.CheckConstraint(condition=Q(usage__in=Usage.values), name="receiver_usage_is_known"),
        ]
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class ControlNumber(models.Model):
    """The last control number used for a receiver. Moved on by compare-and-set alone; it never goes back."""

    receiver = models.OneToOneField(Receiver, on_delete=models.PROTECT, related_name="control_number")
    value = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(value__lte=999_999_999), name="control_number_has_nine_digits")
        ]

    def __str__(self) -> str:
        return f"{self.value:09d}"


class DosBasis(models.TextChoices):
    SIGNED = "signed", "The day the dentist signed"
    CAPTURE = "capture", "The day the patient was seen"


class OnSiteRendering(models.TextChoices):
    HYGIENIST = "hygienist", "The hygienist, under her own NPI"
    SUPERVISING = "supervising", "The supervising dentist"
    NOT_BILLABLE = "not_billable", "Not billable to this payer"


class Facility(models.TextChoices):
    ORIGINATING = "originating", "The site where the patient was"
    READING = "reading", "The address where the dentist read"


class Takes(models.TextChoices):
    YES = "yes", "Yes"
    NO = "no", "No"
    UNKNOWN = "unknown", "Not known"


class FilingCode(models.TextChoices):
    """Kinds of plan, as 837D SBR09 writes them."""

    COMMERCIAL = "CI", "Commercial insurance"
    MEDICAID = "MC", "Medicaid"
    BLUE = "BL", "Blue Cross, Blue Shield"
    DENTAL_HMO = "17", "Dental maintenance organization"
    HMO = "HM", "Health maintenance organization"
    PPO = "12", "Preferred provider organization"
    POS = "13", "Point of service plan"
    EPO = "14", "Exclusive provider organization"
    INDEMNITY = "15", "Indemnity insurance"
    MEDICARE_HMO = "16", "Medicare HMO"
    OTHER_NON_FEDERAL = "11", "Other non-federal programme"
    CHAMPUS = "CH", "TRICARE"
    DISABILITY = "DS", "Disability"
    FEDERAL = "FI", "Federal employees"
    LIABILITY = "LM", "Liability medical"
    AUTOMOBILE = "AM", "Automobile medical"
    MEDICARE_A = "MA", "Medicare, part A"
    MEDICARE_B = "MB", "Medicare, part B"
    OTHER_FEDERAL = "OF", "Other federal programme"
    TITLE_V = "TV", "Title V"
    VETERANS = "VA", "Veterans"
    WORKERS = "WC", "Workers' compensation"
    UNKNOWN = "ZZ", "Mutually defined"


class SignedBy(models.TextChoices):
    """Whose signature an appeal letter bears where the payer wants one."""

    NOBODY = "nobody", "Nobody: the letter goes out under the practice's name"
    FRONT_DESK = "front_desk", "The front desk"
    DENTIST = "dentist", "The dentist who treated"


def three_evaluations() -> list[str]:
    """Evaluations that payers most often accept beside D9996."""
    return ["D0140", "D0170", "D0171"]


class Payer(models.Model):
    """One payer as the practice knows it: id, receiver, and the settings that rules CL-2 to CL-5 and CH-2 read."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="payers")
    name = models.CharField(max_length=60)
    payer_id = models.CharField("Payer's electronic id", max_length=80)
    receiver = models.ForeignKey(Receiver, on_delete=models.PROTECT, null=True, blank=True, related_name="payers")
    filing_code = models.CharField("Kind of plan", max_length=2, choices=FilingCode, blank=True)
    street = models.CharField(max_length=55, blank=True)
    street_2 = models.CharField("Suite, floor", max_length=55, blank=True)
    city = models.CharField(max_length=30, blank=True)
    state = models.CharField(max_length=2, choices=Address._meta.get_field("state").choices, blank=True)
    zip_code = models.CharField(
        "ZIP code", max_length=10, blank=True, validators=Address._meta.get_field("zip_code").validators
    )
    takes_asynchronous = models.CharField("Takes D9996", max_length=7, choices=Takes, default=Takes.UNKNOWN)
    companion_codes = models.JSONField("Evaluations that D9996 may ride with", default=three_evaluations)
    enrolled_dentists = models.JSONField(  # public ids; empty: no list is kept, and nobody is warned
        "Dentists enrolled with this payer", default=list, blank=True
    )
    dos_basis = models.CharField(
        "The dentist's claim is dated", max_length=7, choices=DosBasis, default=DosBasis.SIGNED
    )
    place_teledentistry = models.CharField(
        "Place of service, read elsewhere", max_length=2, default="02", validators=[PLACE]
    )
    place_at_home = models.CharField(
        "Place of service, patient at home", max_length=2, default="10", validators=[PLACE]
    )
    rendering_on_site = models.CharField(  # empty: nobody has decided, and the hygienist's claim is held (CL-4)
        "Who renders on-site services", max_length=12, choices=OnSiteRendering, blank=True
    )
    supervising_dentist = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    service_facility = models.CharField(
        "Service facility on the dentist's claim", max_length=11, choices=Facility, default=Facility.ORIGINATING
    )
    outcome_told = models.BooleanField("Wants the outcome told before the claim", default=False)
    diagnosis_required = models.BooleanField("Wants a diagnosis on the claim", default=False)
    epsdt = models.BooleanField("Check-up programme for children under 21 (EPSDT)", default=False)
    accepts_assignment = models.BooleanField("We take this payer's fee as payment", default=True)
    filing_limit_days = models.PositiveSmallIntegerField(
        "Days to file after the date of service", null=True, blank=True
    )
    appeal_signed_by = models.CharField(
        "An appeal letter is signed by", max_length=10, choices=SignedBy, default=SignedBy.DENTIST
    )
    correction_days = models.PositiveSmallIntegerField(  # empty, as with the two beside it: not known
        "Days to correct a claim after the answer", null=True, blank=True
    )
    appeal_days = models.PositiveSmallIntegerField("Days to appeal after the answer", null=True, blank=True)
    answer_expected_days = models.PositiveSmallIntegerField("Days until an answer is expected", default=30)
    verify_every_days = models.PositiveSmallIntegerField(  # empty: the payer states no limit
        "Days for which a verification holds", null=True, blank=True, validators=[MinValueValidator(1)]
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "name"], name="payer_name_once_in_practice"),
            models.CheckConstraint(condition=Q(dos_basis__in=DosBasis.values), name="payer_dos_basis_is_known"),
            models.CheckConstraint(condition=Q(takes_asynchronous__in=Takes.values), name="payer_takes_is_known"),
            models.CheckConstraint(condition=Q(service_facility__in=Facility.values), name="payer_facility_is_known"),
            models.CheckConstraint(
                condition=Q(rendering_on_site__in=["", *OnSiteRendering.values]),
                name="payer_rendering_is_known_or_open",
            ),
            models.CheckConstraint(condition=Q(appeal_signed_by__in=SignedBy.values), name="payer_signed_by_is_known"),
        ]
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        codes = self.companion_codes
        if not isinstance(codes, list) or len(set(map(str, codes))) != len(codes):
            raise ValidationError({"companion_codes": "List each code once."})
        for code in codes:
            PROCEDURE(str(code))
        if self.receiver_id and self.receiver and self.receiver.practice_id != self.practice_id:
            raise ValidationError({"receiver": "This receiver belongs to another practice."})
