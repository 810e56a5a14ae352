"""What the money half asks of a dentist: letters of appeal that wait for her signature."""

from django.urls import reverse

from billing.models import Appeal
from billing.outcomes.classify import LABELS, Outcome
from cases.dentists_tasks import Task
from teledent.accounts.acting import Actor
from teledent.kit.clock import day_in_words

FEW = 10


def letters_to_sign(actor: Actor) -> list[Task]:
    """One query."""
    waiting = Appeal.objects.awaiting(actor.person).filter(practice=actor.practice)
    rows = waiting.select_related("claim__case__patient", "claim__case__site", "claim__coverage__payer")[:FEW]
    return [
        Task(
            icon="gavel", name=row.claim.case.patient.name, about=f"{row.claim.case.label} · {row.claim}",
            sentence=_sentence(row), address=reverse("appeal-sign", args=[row.public_id]), action="Read and sign",
        )
        for row in rows
    ]  # fmt: skip


def _sentence(row: Appeal) -> str:
    payer = row.claim.coverage.payer.name if row.claim.coverage else "the payer"
    due = f" Due {day_in_words(row.deadline)}." if row.deadline else ""
    return f"Appeal to {payer}: {LABELS[Outcome(row.reason)].lower()}.{due}"
