"""Two signed readings side by side: a difference becomes the task of the first reader, or of who stands in for one who left (RE-2)."""

from datetime import datetime

from cases.models import About, Case, SecondRead, Signature
from cases.moving import record_event
from cases.notices import tell
from cases.readers import settlers_of
from cases.second import differences, opinion


def compare_readings(case_id: int, *, at: datetime) -> None:
    """Inside the transaction of either signature, the case locked: the later of the two finds the other one."""
    signature = Signature.objects.filter(case=case_id).select_related("case__practice", "case__site").first()
    if signature is None:
        return
    case: Case = signature.case
    for read in SecondRead.objects.filter(case=case_id, signed_at__isnull=False, differs_at__isnull=True):
        found = ", ".join(differences(signature.content["review"], opinion(read)))
        if found and SecondRead.objects.filter(pk=read.pk, differs_at__isnull=True).update(
            differs_at=at, differs_in=found
        ):
            record_event(case_id, "second_read_differs", person=None, at=at, details={"in": found})
            tell(settlers_of(case, at=at), About.DIFFERS, case, key=f"differs:{read.pk}", at=at)
