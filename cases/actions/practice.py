"""What a practice needs before its first case: code rows of its own, and its word that it may use them (CD-1)."""

from datetime import datetime

from django.db import transaction

from cases import codes
from cases.models import CodeLicence, DiagnosisCode, ProcedureCode
from teledent.accounts.acting import Actor
from teledent.accounts.models import Practice, Role
from teledent.kit.decisions import Refused


@transaction.atomic
def install_built_in_codes(*, practice: Practice) -> None:
    """The few built-in numbers with our own glosses, and the public diagnosis list. Safe to call again."""
    for built_in in codes.PROCEDURES:
        ProcedureCode.objects.get_or_create(
            practice=practice,
            code=built_in.code,
            valid_from=built_in.valid_from,
            defaults={"text": built_in.gloss, "use": built_in.use},
        )
    for code, text, valid_from in codes.DIAGNOSES:
        DiagnosisCode.objects.get_or_create(code=code, valid_from=valid_from, defaults={"text": text})


@transaction.atomic
def confirm_code_licence(*, actor: Actor, at: datetime) -> CodeLicence:
    """The manager confirms that the practice is licensed to use the code set; until then no procedure code is active."""
    if not actor.has(Role.MANAGER):
        raise Refused("A manager confirms the licence of the code set.")
    licence, _ = CodeLicence.objects.get_or_create(
        practice=actor.practice, defaults={"confirmed_by": actor.person, "confirmed_at": at}
    )
    return licence
