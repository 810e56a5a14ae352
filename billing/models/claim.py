"""A claim: the facts it was built from, frozen; its lines; what stands against it; and what happened to it."""

import uuid
from datetime import date, timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from billing.clocks import NO_DAY, Desk
from billing.clocks import Kind as ClockKind
from billing.models.coverage import Coverage
from billing.models.payer import Receiver
from billing.states import CHECKED, OWED, SENT, STANDING, UNSENT, VOID_REFUSED, Status
from cases.models import Case, Patient
from cases.models.second import hidden_cases
from teledent.accounts.models import Person, Practice


class Part(models.TextChoices):
    """A case can make two claims, and they are never mixed (CL-4)."""

    DENTIST = "dentist", "Dentist's"
    HYGIENIST = "hygienist", "Hygienist's"


class Frequency(models.TextChoices):
    """CLM05-3: what a claim is to one that the payer has."""

    ORIGINAL = "1", "Original"
    REPLACEMENT = "7", "Correction"
    VOID = "8", "Void"


class NotBilledReason(models.TextChoices):
    UNINSURED = "uninsured", "No insurance"
    GRANT = "grant", "Paid by a grant"
    NO_CONSENT = "no_consent", "No consent to bill"
    NOT_TAKEN = "not_taken", "The payer does not take it"
    OTHER = "other", "Another reason"


GONE = [Status.REPLACED.value, Status.STOPPED.value, Status.VOIDED.value]


class ClaimQuerySet(models.QuerySet["Claim"]):
    def for_list(self) -> Self:
        """With all that a row of a list shows: no query per row."""
        return self.select_related("case__patient", "case__site", "coverage__payer__receiver")

    def with_replaced(self) -> Self:
        """With the claim that a correction is about, from whose answer its clock runs; without its large columns."""
        return self.select_related("replaces").defer("replaces__facts", "replaces__draft", "replaces__problems")

    def open_to(self, person: Person) -> Self:
        """Without those that tell what she is asked to judge for herself first (RE-2)."""
        return self.exclude(hidden_cases(person))

    def hidden_from(self, person: Person) -> Self:
        """Those that `open_to` leaves out."""
        return self.filter(hidden_cases(person))

    def unsent(self) -> Self:
        return self.filter(status__in=UNSENT)

    def to_check(self) -> Self:
        """Not sent and still on their way: whoever changes what they rest on has them checked again."""
        return self.filter(status__in=CHECKED)

    def ready_for(self, receiver: Receiver) -> Self:
        ready = self.filter(practice=receiver.practice_id, status=Status.READY, coverage__payer__receiver=receiver)
        return ready.order_by("pk")

    def sent(self) -> Self:
        return self.filter(status__in=SENT)

    def needing_void(self) -> Self:
        """Sent claims of cases retracted since: the void worklist (RE-5)."""
        return self.filter(void_wanted_at__isnull=False, status__in=STANDING).order_by("void_wanted_at")

    def refused_voids(self) -> Self:
        """Voids by which a payer took nothing back."""
        return self.filter(frequency=Frequency.VOID, status__in=VOID_REFUSED)

    def live(self) -> Self:
        """Those that count once a case, part and coverage: not stopped, and not taken back by another claim."""
        return self.exclude(status__in=GONE)

    def needing_a_person(self, today: date) -> Self:
        """What the desk has to act on: at once, or because the payer's time to answer is over (`billing.clocks`)."""
        overdue = Q(desk=Desk.WAIT, due_on__lt=today)
        return self.filter(Q(desk=Desk.ACT) | overdue, due_on__isnull=False)

    def awake(self, today: date) -> Self:
        return self.filter(Q(snoozed_until__isnull=True) | Q(snoozed_until__lte=today))

    def asleep(self, today: date) -> Self:
        return self.filter(snoozed_until__gt=today)

    def owed(self) -> Self:
        """Accounts receivable: sent, not paid or closed, and not to be voided."""
        return self.filter(status__in=OWED, void_wanted_at__isnull=True)

    def by_deadline(self) -> Self:
        """The nearest day first, then the larger charge; what has no known day stands last."""
        return self.order_by("due_on", "-total", "pk")


class Claim(models.Model):
    """Status is written by `billing.moving` alone. `facts` and `draft` are frozen JSON: the claim can be written again
    from them for ever; while unsent they are read anew by each check."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="claims")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="claims")
    part = models.CharField(max_length=10, choices=Part)
    coverage = models.ForeignKey(Coverage, on_delete=models.PROTECT, null=True, blank=True, related_name="claims")
    number = models.PositiveIntegerField()
    claim_id = models.CharField(max_length=20, unique=True)  # CLM01: comes back in acknowledgements and payments
    status = models.CharField(max_length=12, choices=[(s.value, s.value) for s in Status], default=Status.DRAFT)
    revision = models.PositiveIntegerField(default=0)  # rises with every write; an export takes what it has read

    # A correction or a void: another claim of the same case, part and coverage, about one that went out (edi.md 3.3)
    frequency = models.CharField(max_length=1, choices=Frequency, default=Frequency.ORIGINAL)
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="successors")
    original_number = models.CharField(max_length=50, blank=True)  # REF*F8: the payer's own number of that one
    changed_because = models.CharField(max_length=300, blank=True)
    # A claim to the next payer: the claim whose answer it carries
    follows = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="followers")

    facts = models.JSONField(default=dict)  # billing.claims.facts.ClaimFacts
    draft = models.JSONField(default=dict)  # billing.claims.lines.ClaimDraft
    problems = models.JSONField(default=list)  # rule, source, severity, mend, sentence
    total = models.DecimalField(max_digits=10, decimal_places=2, default=0)  # dollars
    service_date = models.DateField(null=True, blank=True)
    with_marks = models.BooleanField(default=False)  # the dentist's marks are drawn into the pictures that go out
    # numbers that a clearinghouse gave to what was sent to it ahead, by kind (PWK01): they go out in the place of ours
    attachment_numbers = models.JSONField(default=dict, blank=True)
    diagnoses_left = models.JSONField(default=list)  # codes that the front desk leaves to the record

    not_billed_reason = models.CharField(max_length=12, choices=NotBilledReason, blank=True)
    not_billed_text = models.CharField(max_length=300, blank=True)
    stopped_because = models.CharField(max_length=300, blank=True)
    void_wanted_at = models.DateTimeField(null=True, blank=True)
    void_because = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, blank=True)
    exported_at = models.DateTimeField(null=True, blank=True)

    answered_at = models.DateTimeField(null=True, blank=True)  # the last answer about money that was posted
    payer_claim_number = models.CharField(max_length=50, blank=True)  # the payer's own: 277CA REF*1K or CLP07
    paid = models.DecimalField(max_digits=10, decimal_places=2, default=0)  # dollars, all answers together
    patient_share = models.DecimalField(max_digits=10, decimal_places=2, default=0)  # dollars

    sent_on = models.DateField(null=True, blank=True)  # the practice's day on which it last went out
    answered_on = models.DateField(null=True, blank=True)  # the payer's date of the answer that stands
    # of `billing.deadlines` alone, as the two below; NO_DAY: a day is not known; None: nothing runs out. As for a new draft:
    due_on = models.DateField(null=True, blank=True, default=NO_DAY)
    due_kind = models.CharField(
        max_length=10, choices=[(k.value, k.value) for k in ClockKind], blank=True, default=ClockKind.FILING.value
    )
    # days by the payer's dated rules for its lines, by clock (`billing.claims.payer_rules`): they go before the profile's
    rule_limits = models.JSONField(default=dict, blank=True)
    desk = models.CharField(max_length=4, choices=[(d.value, d.name) for d in Desk if d], blank=True)
    snoozed_until = models.DateField(null=True, blank=True)  # the day it comes back by itself
    snoozed_because = models.CharField(max_length=300, blank=True)
    assigned_to = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = ClaimQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(desk__in=[d.value for d in Desk]), name="claim_desk_is_known"),
            models.CheckConstraint(condition=Q(due_kind__in=["", *(k.value for k in ClockKind)]), name="claim_due_kind_is_known"),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True, due_kind="", desk="") | (Q(due_on__isnull=False) & ~Q(due_kind="")),
                name="claim_due_with_its_clock",
            ),
            models.CheckConstraint(
                condition=Q(snoozed_until__isnull=True, snoozed_because="")
                | (Q(snoozed_until__isnull=False) & ~Q(snoozed_because="")),
                name="claim_snoozed_with_reason",
            ),
            models.UniqueConstraint(fields=["practice", "number"], name="claim_number_once_in_practice"),
            # two constraints, because NULLs are distinct: one claim a part, whoever pays, while it lives
            models.UniqueConstraint(
                fields=["case", "part", "coverage"],
                condition=~Q(status__in=GONE) & Q(replaces__isnull=True),
                name="claim_once_while_live",
            ),
            # what replaces a claim stands beside it until it goes out; one at a time, so that the chain has one end
            models.UniqueConstraint(
                fields=["replaces"], condition=~Q(status="stopped"), name="claim_has_one_successor"
            ),
            models.CheckConstraint(condition=Q(frequency__in=Frequency.values), name="claim_frequency_is_known"),
            models.CheckConstraint(
                condition=Q(frequency="1", original_number="")
                | (Q(frequency__in=["7", "8"], replaces__isnull=False) & ~Q(original_number="")),
                name="claim_change_names_the_payers_number",
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True, changed_because="")
                | (Q(replaces__isnull=False) & ~Q(changed_because="")),
                name="claim_change_has_reason",
            ),
            models.UniqueConstraint(
                fields=["case", "part"],
                condition=~Q(status__in=GONE) & Q(coverage__isnull=True, replaces__isnull=True),
                name="claim_once_without_coverage",
            ),
            models.CheckConstraint(condition=Q(status__in=[s.value for s in Status]), name="claim_status_is_known"),
            models.CheckConstraint(condition=Q(part__in=Part.values), name="claim_part_is_known"),
            models.CheckConstraint(
                condition=~Q(status__in=["blocked", "ready", *sorted(SENT)])
                | Q(checked_at__isnull=False, service_date__isnull=False),
                name="claim_was_checked",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["ready", *sorted(SENT)]) | Q(coverage__isnull=False),
                name="claim_sent_has_coverage",
            ),
            models.CheckConstraint(
                condition=Q(status__in=sorted(SENT), exported_at__isnull=False)
                | Q(status="stopped")  # also one that was turned away, and whose case was retracted
                | (~Q(status__in=sorted(SENT)) & Q(exported_at__isnull=True)),
                name="claim_exported_has_time",
            ),
            models.CheckConstraint(
                condition=(Q(status="not_billed") & ~Q(not_billed_reason=""))
                | (~Q(status="not_billed") & Q(not_billed_reason="", not_billed_text="")) | Q(status="stopped"),
                name="claim_not_billed_has_reason",
            ),
            models.CheckConstraint(
                condition=(Q(status="stopped") & ~Q(stopped_because="")) | (~Q(status="stopped") & Q(stopped_because="")),
                name="claim_stopped_has_reason",
            ),
            models.CheckConstraint(
                condition=(Q(void_wanted_at__isnull=True) & Q(void_because=""))
                | (Q(void_wanted_at__isnull=False) & ~Q(void_because="")),
                name="claim_void_wanted_with_reason",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["practice", "status", "service_date"]),
            models.Index(fields=["case", "part"]),
            models.Index(fields=["practice", "due_on", "-total", "id"], name="claim_by_deadline"),
            models.Index(fields=["practice", "due_kind", "due_on", "-total", "id"], name="claim_by_clock"),
            models.Index(
                fields=["practice", "assigned_to", "due_on", "-total", "id"],
                condition=Q(assigned_to__isnull=False),
                name="claim_by_person",
            ),
            models.Index(
                fields=["practice", "snoozed_until"], condition=Q(snoozed_until__isnull=False), name="claim_put_off"
            ),
            models.Index(
                fields=["void_wanted_at"], condition=Q(void_wanted_at__isnull=False), name="claim_void_worklist"
            ),
        ]

    def __str__(self) -> str:
        return self.claim_id

    @property
    def file_by(self) -> date | None:
        """The last day to file it, where the payer's limit is known. What changes a claim that the payer has is not filed."""
        if self.frequency != Frequency.ORIGINAL:
            return None
        profile = self.coverage.payer.filing_limit_days if self.coverage else None
        limit = self.rule_limits.get("filing", profile)
        return self.service_date + timedelta(days=limit) if limit and self.service_date else None

    @property
    def is_void(self) -> bool:
        return self.frequency == Frequency.VOID

    @property
    def was_let_go(self) -> bool:
        """It went out and was ended as one that no payer holds."""
        return self.status == Status.STOPPED and self.exported_at is not None

    @property
    def number_with_payer(self) -> str:
        """By which the payer finds what it holds: its own number of this claim, or of the one that this was to replace
        where it turned the replacement away. "" while none is known."""
        turned_away = self.status == Status.REJECTED and not self.is_void
        return self.payer_claim_number or (self.original_number if turned_away else "")

    @property
    def deadline(self) -> date | None:
        """The nearest last day that is known."""
        return None if self.due_on == NO_DAY else self.due_on

    @property
    def blocking(self) -> list[dict[str, str]]:
        return [problem for problem in self.problems if problem["severity"] == "blocks"]


class ClaimLine(models.Model):
    """One line of the claim as `draft` has it, as a row: what later answers of the payer will speak of."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=5)
    service_date = models.DateField()
    charge = models.DecimalField(max_digits=10, decimal_places=2, null=True)  # whole quantity; None without a fee
    quantity = models.PositiveSmallIntegerField(default=1)
    tooth = models.CharField(max_length=4, blank=True)  # Universal numbering, as claims write it
    surfaces = models.CharField(max_length=7, blank=True)
    authorisation = models.CharField(max_length=50, blank=True)  # the payer's number of the one that covers this line
    predetermination = models.CharField(max_length=50, blank=True)  # its number for what it said it would pay

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["claim", "number"], name="claim_line_once"),
            models.CheckConstraint(condition=Q(charge__isnull=True) | Q(charge__gte=0), name="claim_line_not_negative"),
        ]
        ordering: ClassVar = ["number"]

    def __str__(self) -> str:
        return f"{self.number} {self.code}"

    @property
    def control_number(self) -> str:
        """REF*6R: comes back with the payment of this very line."""
        return f"{self.claim.claim_id}-{self.number}"


class BilledOnce(models.Model):
    """A once-a-day code of a patient, held by the live claim that bills it (CL-5). First: D9996."""

    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=5)
    service_date = models.DateField()
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="billed_once")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "patient", "code", "service_date"], name="billed_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.service_date}"


class ClaimEvent(models.Model):
    """The timeline of a claim: rows are only ever added. Names are copied, so that they read the same years later."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    person_name = models.CharField(max_length=120)
    details = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["pk"]  # as they were added

    def __str__(self) -> str:
        return self.kind
