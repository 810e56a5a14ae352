"""How many files a case waits for, kept on its row: lists and "Start next" ask this of thousands of cases at once.

Counted when a version is submitted, and whenever a file of a submitted case comes in or is struck off. Signing counts
the files themselves.
"""

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from cases.models import Asset, AssetState, Case


def count_files(case_id: int) -> None:
    """Only inside the transaction of the change, under the lock of the case."""
    files = Asset.objects.filter(case=OuterRef("pk")).counted().order_by().values("case")
    number = files.annotate(n=Count("pk")).values("n")
    Case.objects.filter(pk=case_id).update(
        files_declared=Coalesce(Subquery(number), 0),
        files_late=Coalesce(Subquery(number.exclude(state=AssetState.EXAMINED)), 0),
    )
