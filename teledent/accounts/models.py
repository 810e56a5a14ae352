"""Who may act, for whom and where: people, practices, sites, memberships, credentials, and the trail of access."""

import uuid
from datetime import date, datetime
from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from teledent.kit import identifiers


class Role(models.TextChoices):
    HYGIENIST = "hygienist", "Hygienist"
    DENTIST = "dentist", "Dentist"
    FRONT_DESK = "front_desk", "Front desk"
    MANAGER = "manager", "Manager"


class State(models.TextChoices):
    """US states and the territories that license dentists, by postal code."""

    AL = "AL", "Alabama"
    AK = "AK", "Alaska"
    AZ = "AZ", "Arizona"
    AR = "AR", "Arkansas"
    CA = "CA", "California"
    CO = "CO", "Colorado"
    CT = "CT", "Connecticut"
    DE = "DE", "Delaware"
    DC = "DC", "District of Columbia"
    FL = "FL", "Florida"
    GA = "GA", "Georgia"
    HI = "HI", "Hawaii"
    ID = "ID", "Idaho"
    IL = "IL", "Illinois"
    IN = "IN", "Indiana"
    IA = "IA", "Iowa"
    KS = "KS", "Kansas"
    KY = "KY", "Kentucky"
    LA = "LA", "Louisiana"
    ME = "ME", "Maine"
    MD = "MD", "Maryland"
    MA = "MA", "Massachusetts"
    MI = "MI", "Michigan"
    MN = "MN", "Minnesota"
    MS = "MS", "Mississippi"
    MO = "MO", "Missouri"
    MT = "MT", "Montana"
    NE = "NE", "Nebraska"
    NV = "NV", "Nevada"
    NH = "NH", "New Hampshire"
    NJ = "NJ", "New Jersey"
    NM = "NM", "New Mexico"
    NY = "NY", "New York"
    NC = "NC", "North Carolina"
    ND = "ND", "North Dakota"
    OH = "OH", "Ohio"
    OK = "OK", "Oklahoma"
    OR = "OR", "Oregon"
    PA = "PA", "Pennsylvania"
    PR = "PR", "Puerto Rico"
    RI = "RI", "Rhode Island"
    SC = "SC", "South Carolina"
    SD = "SD", "South Dakota"
    TN = "TN", "Tennessee"
    TX = "TX", "Texas"
    UT = "UT", "Utah"
    VT = "VT", "Vermont"
    VI = "VI", "Virgin Islands"
    VA = "VA", "Virginia"
    WA = "WA", "Washington"
    WV = "WV", "West Virginia"
    WI = "WI", "Wisconsin"
    WY = "WY", "Wyoming"


def check_npi(value: str) -> None:
    if not identifiers.npi_is_valid(value):
        raise ValidationError("This is not an NPI: ten digits, the last one a check digit. Compare it with the card.")


TAXONOMY_CODE = RegexValidator(
    identifiers.TAXONOMY.pattern + r"\Z", "A taxonomy code has ten characters and ends in X."
)
ZIP_CODE = RegexValidator(r"^\d{5}(-?\d{4})?\Z", "Write the ZIP code as 12345 or 12345-6789.")
ZIP_PLUS_FOUR = RegexValidator(r"^\d{5}-?\d{4}\Z", "Claims need all nine digits here: 12345-6789.")
TAX_ID = RegexValidator(r"^\d{2}-?\d{7}\Z", "A tax id has nine digits: 12-3456789.")
TIME_ZONE_MAX = 64


class Address(models.Model):
    """A US postal address, as the parts that 837D N3 and N4 take."""

    street = models.CharField(max_length=55)
    street_2 = models.CharField("Suite, floor", max_length=55, blank=True)
    city = models.CharField(max_length=30)
    state = models.CharField(max_length=2, choices=State)
    zip_code = models.CharField("ZIP code", max_length=10, validators=[ZIP_CODE])

    class Meta:
        abstract = True

    def one_line(self) -> str:
        lines = [self.street, self.street_2, f"{self.city}, {self.state} {self.zip_code}"]
        return ", ".join(line for line in lines if line.strip(", "))


class PersonManager(BaseUserManager["Person"]):
    """Creates people; `get_by_natural_key` compares e-mails without case because people type them so."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Person":
        person = self.model(email=self.normalize_email(email).casefold(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email=(username or "").casefold())


class Person(AbstractBaseUser):
    """One account for one human being. What she may do comes from her memberships alone."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField("E-mail", unique=True)
    name = models.CharField("Name as it is signed", max_length=120)
    is_active = models.BooleanField("May sign in", default=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = PersonManager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(email=models.functions.Lower("email")), name="person_email_is_lower_case"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def initials(self) -> str:
        words = [word for word in self.name.removeprefix("Dr. ").split(",")[0].split() if word]
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


class PasswordTries(models.Model):
    """Tries that a signed-in person spent where her password is asked again, since the last right one."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="+")
    taken = models.PositiveSmallIntegerField(default=0)
    last_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.taken} since {self.last_at:%H:%M}"


class Practice(Address):
    """The billing entity. An installation may hold several and none sees another's."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=60)
    phone = models.CharField(max_length=20)
    group_npi = models.CharField("Group NPI", max_length=10, validators=[check_npi])
    tax_id = models.CharField("Tax id (TIN)", max_length=10, validators=[TAX_ID])
    taxonomy = models.CharField("Taxonomy code", max_length=10, validators=[TAXONOMY_CODE])
    on_call_phone = models.CharField("On-call number for red flags", max_length=20, blank=True)
    is_demonstration = models.BooleanField(default=False, editable=False)

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.zip_code and not identifiers.zip_has_plus_four(self.zip_code):
            raise ValidationError({"zip_code": ZIP_PLUS_FOUR.message})


class Site(Address):
    """A school or clinic where hygienists capture."""

    class Kind(models.TextChoices):
        SCHOOL = "school", "School"
        CLINIC = "clinic", "Clinic of the practice"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="sites")
    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=60)
    phone = models.CharField(max_length=20, blank=True)
    time_zone = models.CharField(max_length=TIME_ZONE_MAX, default="America/Los_Angeles")
    place_of_service = models.CharField(
        "Place of service code",
        max_length=2,
        validators=[RegexValidator(r"^\d{2}\Z", "Two digits, for example 03 for a school.")],
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "name"], name="site_name_once_in_practice")
        ]
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def on(self, day: date) -> Self:
        return self.not_over(day).filter(starts_on__lte=day)

    def not_over(self, day: date) -> Self:
        """In force on `day` or beginning later."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day))


class Membership(models.Model):
    """The only source of "may": a person holds a role in a practice, at one site or all, from and until a day."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, help_text="Empty means every site.")
    starts_on = models.DateField("From")
    ends_on = models.DateField("Until", null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_is_known"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="membership_ends_after_start",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["person", "role", "practice"])]

    def __str__(self) -> str:
        return f"{self.get_role_display()} at {self.site or 'every site'}"

    def clean(self) -> None:
        if self.site_id and self.practice_id and self.site is not None and self.site.practice_id != self.practice_id:
            raise ValidationError({"site": "This site belongs to another practice."})


class Credential(Address):
    """What a licensed person signs with: NPI, taxonomy, and the practice address that prints as item 56."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="credential")
    title = models.CharField("Title after the name", max_length=20, blank=True, help_text="For example RDH or DDS.")
    npi = models.CharField("NPI", max_length=10, validators=[check_npi], blank=True)
    taxonomy = models.CharField("Taxonomy code", max_length=10, validators=[TAXONOMY_CODE], blank=True)
    phone = models.CharField(max_length=20)

    def __str__(self) -> str:
        return f"{self.person.name}, NPI {self.npi or 'missing'}"

    @property
    def is_dentists(self) -> bool:
        """Whether it may stand under a reading: the taxonomy's group of dentists, or none on file yet."""
        return not self.taxonomy or self.taxonomy.startswith("1223")


class LicenceQuerySet(models.QuerySet["Licence"]):
    def active_in(self, state: str, day: date) -> Self:
        return self.filter(state=state, starts_on__lte=day, ends_on__gte=day)


class Licence(models.Model):
    """A licence of one state with its dates. Active means: in that state, on that day (RE-1)."""

    credential = models.ForeignKey(Credential, on_delete=models.PROTECT, related_name="licences")
    state = models.CharField(max_length=2, choices=State)
    number = models.CharField(max_length=30)
    starts_on = models.DateField("From")
    ends_on = models.DateField("Until")

    objects = LicenceQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["state", "number", "credential"], name="licence_once"),
            models.CheckConstraint(condition=Q(ends_on__gte=models.F("starts_on")), name="licence_ends_after_start"),
        ]
        ordering: ClassVar = ["state", "-ends_on"]

    def __str__(self) -> str:
        return f"{self.state} {self.number}"


class AccessEventQuerySet(models.QuerySet["AccessEvent"]):
    def seen_since(
        self, *, person: Person | None, verb: str, noun: str, public_id: uuid.UUID | None, since: datetime
    ) -> bool:
        return self.filter(person=person, verb=verb, noun=noun, public_id=public_id, at__gte=since).exists()

    def unsealed(self) -> Self:
        return self.filter(seal__isnull=True).order_by("id")


class AccessEvent(models.Model):
    """Who looked at what, and when. Plain rows, sealed in batches; ids and names of things only, never contents."""

    at = models.DateTimeField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, null=True, related_name="+")
    verb = models.CharField(
        max_length=30
    )  # read, original, export, changed, denied, sign-in, sign-in-failed, password-failed
    noun = models.CharField(max_length=30)
    public_id = models.UUIDField(null=True)
    seal = models.ForeignKey("AccessSeal", on_delete=models.PROTECT, null=True, related_name="events")

    objects = AccessEventQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["person", "noun", "public_id", "at"]),
            models.Index(fields=["id"], condition=Q(seal__isnull=True), name="access_event_unsealed"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.noun}"


class AccessSeal(models.Model):
    """A hash over a batch of access events and the seal before it; its head also stands in a file outside the database."""

    at = models.DateTimeField()
    count = models.PositiveIntegerField()
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        # two sealers at once would both continue the same seal; the chain has no fork
        constraints: ClassVar = [models.UniqueConstraint(fields=["previous"], name="seal_continues_once")]

    def __str__(self) -> str:
        return self.digest[:12]
