"""What a payer says it paid: one remittance is one check or transfer, from an 835 or typed from paper, in one model.

Amounts are dollars and signed as the 835 signs them: a reversal takes back with negative amounts, and a positive
provider adjustment lessens the check. Rows are written once; what a person decides later stands beside, on the claims.
"""

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from billing.models.answer import EdiPart
from billing.models.authorisation import Authorisation
from billing.models.claim import Claim, ClaimLine
from billing.models.payer import Payer
from billing.x12.r835 import PREDETERMINATION
from teledent.accounts.models import Person, Practice


class RemittanceState(models.TextChoices):
    READING = "reading", "Being read"
    HELD = "held", "Out of balance: not posted"
    POSTING = "posting", "Being posted"
    POSTED = "posted", "Posted"


class RemittanceQuerySet(models.QuerySet["Remittance"]):
    def whole(self) -> Self:
        """Without what is being read or was left half read by a worker that died."""
        return self.exclude(state=RemittanceState.READING)


class Remittance(models.Model):
    """BPR, TRN and who pays whom. `identity` is a digest of what makes a payment this payment and no other."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="remittances")
    part = models.OneToOneField(EdiPart, on_delete=models.PROTECT, null=True, related_name="remittance")  # None: paper
    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, null=True, related_name="remittances")
    state = models.CharField(max_length=7, choices=RemittanceState, default=RemittanceState.READING)
    identity = models.CharField(max_length=64, blank=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2)  # BPR02, negative when it is taken from the practice
    method = models.CharField(max_length=3, blank=True)  # BPR04
    paid_on = models.DateField(null=True)
    trace = models.CharField(max_length=50, blank=True)  # TRN02: number of the check or transfer
    originator = models.CharField(max_length=10, blank=True)  # TRN03
    payer_name = models.CharField(max_length=60, blank=True)
    payer_identifier = models.CharField(max_length=80, blank=True)
    payee_npi = models.CharField(max_length=10, blank=True)
    claims_total = models.DecimalField(max_digits=12, decimal_places=2, default=0)  # sum of CLP04
    provider_total = models.DecimalField(max_digits=12, decimal_places=2, default=0)  # sum of PLB, as signed there
    out_by = models.DecimalField(
        max_digits=12, decimal_places=2, default=0
    )  # BPR02 less what the parts add up to; not 0.00: held
    claim_count = models.PositiveIntegerField(default=0)
    received_at = models.DateTimeField()
    entered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")  # of a paper one
    posted_at = models.DateTimeField(null=True)

    objects = RemittanceQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=RemittanceState.values), name="remittance_state_is_known"),
            models.CheckConstraint(
                condition=(Q(state="held") & ~Q(out_by=0)) | Q(state="reading") | Q(state__in=["posting", "posted"], out_by=0),
                name="remittance_posts_only_in_balance",
            ),
            models.CheckConstraint(
                condition=Q(state="posted", posted_at__isnull=False) | (~Q(state="posted") & Q(posted_at__isnull=True)),
                name="remittance_posted_has_time",
            ),
            models.CheckConstraint(
                condition=Q(part__isnull=False, entered_by__isnull=True) | Q(part__isnull=True, entered_by__isnull=False),
                name="remittance_by_file_or_by_hand",
            ),
            models.UniqueConstraint(
                fields=["practice", "identity"], condition=~Q(state="reading"), name="remittance_once_in_practice"
            ),
        ]  # fmt: skip
        indexes: ClassVar = [models.Index(fields=["practice", "state", "-received_at"])]
        ordering: ClassVar = ["-received_at", "-pk"]

    def __str__(self) -> str:
        return self.trace or "Without a number"


class ProviderAdjustment(models.Model):
    """PLB: money of no claim, as signed there."""

    remittance = models.ForeignKey(Remittance, on_delete=models.CASCADE, related_name="provider_adjustments")
    reason = models.CharField(max_length=3)
    reference = models.CharField(max_length=50, blank=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.reason} {self.amount}"


class PaymentState(models.TextChoices):
    READ = "read", "Read"
    POSTED = "posted", "Posted"
    WAITING = "waiting", "Waits for a person"
    SET_ASIDE = "set_aside", "Set aside"
    NOTED = "noted", "Answers a request"  # no money: what the payer would pay


class Waiting(models.TextChoices):
    """Why one claim of a remittance was not posted by itself."""

    NO_CLAIM = "no_claim", "No claim of ours bears this number."
    ANOTHER_CHARGE = "charge", "Our claim of this number was sent with another charge."
    NOT_SENT = "not_sent", "Our claim of this number has not gone out."
    OUT_OF_BALANCE = "balance", "Its amounts do not add up."
    LINES = "lines", "Its lines fit ours in more than one way, or not at all."
    ANSWERED_BEFORE = "answered", "The payer answered this claim before and does not take that answer back."
    NOTHING_TO_REVERSE = "reversal", "It takes back an answer that was never posted."
    NO_MONEY = "estimate", "It answers an estimate: nothing is posted."
    REQUEST_NOT_OUT = "r_not_out", "The request of this number waits for no answer to a file of ours."
    REQUEST_ANSWERED = "r_before", "The request of this number was answered before."
    REQUEST_CHARGE = "r_charge", "Our request of this number went out with another charge."
    REQUEST_LINES = "r_lines", "Its lines fit those of our request in more than one way, or not at all."
    REQUEST_PARTLY = (
        "r_partly",
        "It takes a line in part, or other units than were asked. Record the answer on the request.",
    )
    REQUEST_NOT_THEIRS = "r_whose", "It comes from another payer than was asked, or names another member."
    REQUEST_KEPT_OUT = "r_kept", "It could not be recorded by itself. Record the answer on the request."
    NO_NUMBER = "number", "It approves a request and names no number of an authorisation, which a claim has to carry."


class ClaimPaymentQuerySet(models.QuerySet["ClaimPayment"]):
    def to_post(self) -> Self:
        return self.filter(state=PaymentState.READ).order_by("pk")

    def waiting(self) -> Self:
        return self.filter(state=PaymentState.WAITING, remittance__state=RemittanceState.POSTED)


class ClaimPayment(models.Model):
    """CLP: one claim as it was judged in one remittance. Posted to a claim of ours, or waiting with the reason."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    remittance = models.ForeignKey(Remittance, on_delete=models.CASCADE, related_name="payments")
    segment = models.PositiveIntegerField()
    state = models.CharField(max_length=9, choices=PaymentState, default=PaymentState.READ)
    waits_because = models.CharField(max_length=9, choices=Waiting, blank=True)
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, null=True, related_name="payments")
    authorisation = models.ForeignKey(Authorisation, on_delete=models.PROTECT, null=True, related_name="answers")
    posted_at = models.DateTimeField(null=True)
    posted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")  # who chose the claim
    note = models.CharField(max_length=300, blank=True)  # why it was set aside

    claim_identifier = models.CharField(max_length=38, blank=True)  # CLP01
    status_code = models.CharField(max_length=2)  # CLP02
    charge = models.DecimalField(max_digits=12, decimal_places=2)
    paid = models.DecimalField(max_digits=12, decimal_places=2)
    patient_share = models.DecimalField(max_digits=12, decimal_places=2)  # CLP05
    out_by = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    payer_claim_number = models.CharField(max_length=50, blank=True)  # CLP07
    authorisation_number = models.CharField(max_length=50, blank=True)  # REF*G1
    predetermination_number = models.CharField(max_length=50, blank=True)  # REF*G3
    patient_name = models.CharField(max_length=100, blank=True)
    member_id = models.CharField(max_length=80, blank=True)
    service_date = models.DateField(null=True)
    remarks = models.JSONField(default=list)  # RARC of the claim
    adjustments = models.JSONField(default=list)  # [group, CARC, amount] of the claim itself

    objects = ClaimPaymentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["remittance", "segment"], name="claim_payment_once"),
            models.CheckConstraint(condition=Q(state__in=PaymentState.values), name="claim_payment_state_is_known"),
            models.CheckConstraint(
                condition=Q(state="posted", claim__isnull=False, authorisation__isnull=True, posted_at__isnull=False, out_by=0)
                | Q(state="noted", claim__isnull=True, authorisation__isnull=False, posted_at__isnull=False, paid=0)
                | (~Q(state__in=["posted", "noted"])
                   & Q(claim__isnull=True, authorisation__isnull=True, posted_at__isnull=True)),
                name="claim_payment_posted_to_a_claim_in_balance",
            ),
            models.CheckConstraint(
                condition=(Q(state="waiting") & ~Q(waits_because="")) | (Q(state="set_aside") & ~Q(note=""))
                | Q(state__in=["read", "posted", "noted"]),
                name="claim_payment_waits_for_a_reason",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["state"], condition=Q(state="waiting"), name="claim_payment_worklist"),
            models.Index(fields=["claim", "posted_at"]),
        ]
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.claim_identifier

    @property
    def is_estimate(self) -> bool:
        """It says what would be paid: it answers a request, and no claim."""
        return self.status_code == PREDETERMINATION


class LinePayment(models.Model):
    """SVC: one line as it was judged. `line` is ours once the claim is posted."""

    payment = models.ForeignKey(ClaimPayment, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveSmallIntegerField()  # its place in the CLP, from 1
    line = models.ForeignKey(ClaimLine, on_delete=models.PROTECT, null=True, related_name="payments")
    code = models.CharField(max_length=48)  # as judged
    submitted_code = models.CharField(max_length=48, blank=True)  # as billed, where the payer changed it
    control_number = models.CharField(max_length=50, blank=True)  # REF*6R
    service_date = models.DateField(null=True)
    charge = models.DecimalField(max_digits=12, decimal_places=2)
    paid = models.DecimalField(max_digits=12, decimal_places=2)
    allowed = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    units = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    adjustments = models.JSONField(default=list)  # [group, CARC, amount]
    remarks = models.JSONField(default=list)  # RARC

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["payment", "number"], name="line_payment_once")]
        ordering: ClassVar = ["payment", "number"]

    def __str__(self) -> str:
        return f"{self.number} {self.code}"


class LineOutcome(models.Model):
    """How one line of a sent claim stands after all answers posted so far: drawn anew from them at each posting (CL-9)."""

    line = models.OneToOneField(ClaimLine, on_delete=models.PROTECT, related_name="outcome")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="outcomes")
    outcome = models.CharField(max_length=16)  # billing.outcomes.Outcome
    step = models.CharField(max_length=12)  # billing.outcomes.Step
    paid = models.DecimalField(max_digits=12, decimal_places=2)
    patient_share = models.DecimalField(max_digits=12, decimal_places=2)
    written_off = models.DecimalField(max_digits=12, decimal_places=2)  # contractual: charge above what the plan allows
    allowed = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    expected = models.DecimalField(
        max_digits=12, decimal_places=2, null=True
    )  # allowed by the schedule; None: none is known
    short_by = models.DecimalField(max_digits=12, decimal_places=2, default=0)  # of a line paid in part
    judged_by = models.CharField(max_length=120, blank=True)  # the schedule, in words
    codes = models.JSONField(default=list)  # groups, CARC and RARC that stand now
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["claim", "outcome"]), models.Index(fields=["step"])]
        ordering: ClassVar = ["line"]

    def __str__(self) -> str:
        return self.outcome
