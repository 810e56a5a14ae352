"""The account at the end: is everything that was acknowledged there, and there once? `python -m tests.flows.accounting LOG`.

LOG is the client's own list as JSON: receipts of files, cases whose signature was confirmed, exports that were finished.
Prints what does not fit, one sentence each, as a JSON list. Reads the installation of the environment.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402 - models can be imported from here on
from django.db.models import Count  # noqa: E402

from billing.models import Claim, ControlNumber, Export, ExportState  # noqa: E402
from cases.models import Asset, AssetState, Case, Derivative, Signature  # noqa: E402
from cases.verifying import misfits  # noqa: E402
from teledent.files.keeping import sha256_at_rest  # noqa: E402
from teledent.files.models import Chunk, StoredFile, Upload  # noqa: E402
from teledent.jobs import registry  # noqa: E402
from teledent.jobs.models import Job  # noqa: E402

RECIPES = {"thumbnail", "review", "claim"}


def files(receipts: list[dict[str, Any]]) -> Iterator[str]:
    """Each receipt has one row with these bytes, and no bytes came in twice."""
    for receipt in receipts:
        found = Asset.objects.filter(case__public_id=receipt["case"], declared_sha256=receipt["sha256"])
        rows = list(found.values_list("public_id", "original__sha256", "original__size"))
        if [(str(one), sha256, size) for one, sha256, size in rows] != [
            (receipt["id"], receipt["sha256"], receipt["size"])
        ]:
            yield f"Receipt {receipt['id']} stands against {rows}."
    originals, uploads = StoredFile.objects.filter(key__startswith="originals/").count(), len(receipts)
    if not originals == uploads == Upload.objects.filter(stored__isnull=False).count():
        yield f"{uploads} files were acknowledged, {originals} are stored."
    if Chunk.objects.filter(upload__stored__isnull=True).exists():
        yield "Chunks are left of a file that was never finished."


def pictures() -> Iterator[str]:
    """Each file is examined once, with one picture a recipe and one event."""
    for asset in Asset.objects.filter(original__isnull=False):
        recipes = sorted(Derivative.objects.filter(asset=asset, page=1).values_list("recipe", flat=True))
        if asset.state != AssetState.EXAMINED or not set(recipes) >= RECIPES or len(recipes) != len(set(recipes)):
            yield f"File {asset.public_id} is {asset.state} with {recipes}."
        told = asset.case.events.filter(kind="file_examined", details__image=str(asset.public_id)).count()
        if told != 1:
            yield f"File {asset.public_id} was examined {told} times."


def signatures(signed: list[str]) -> Iterator[str]:
    for case in Case.objects.filter(public_id__in=signed):
        counts = (
            Signature.objects.filter(case=case).count(),
            case.events.filter(kind="sign").count(),
            Claim.objects.filter(case=case).count(),
        )
        if counts != (1, 1, 1):
            yield f"{case.label} has {counts} signatures, events and claims."
    if unknown := Signature.objects.exclude(case__public_id__in=signed).count():
        yield f"{unknown} cases were signed that nobody was told of."


def exports(finished: int) -> Iterator[str]:
    """Each signed case's claim went out in one file; control numbers run without gap; nothing was asked for twice."""
    for claim in Claim.objects.annotate(sent=Count("exports")):
        if (claim.status, claim.sent) != ("exported", 1) or claim.events.filter(kind="export").count() != 1:
            yield f"Claim {claim.claim_id} is {claim.status} and was sent {claim.sent} times."
    numbers = sorted(Export.objects.filter(state=ExportState.DONE).values_list("receiver_id", "control_number"))
    for kept in ControlNumber.objects.all():
        of_receiver = [number for receiver, number in numbers if receiver == kept.receiver_id]
        if of_receiver and of_receiver != list(range(of_receiver[0], kept.value + 1)):
            yield f"Control numbers {of_receiver}, the last one taken is {kept.value}."
    if len(numbers) != finished or Export.objects.exclude(state=ExportState.DONE).exists():
        yield f"{finished} exports were confirmed, {len(numbers)} are written."


def ground() -> Iterator[str]:
    """Jobs at an end, bytes as their rows say, a database that is sound. What the clock asks for may be due at any moment."""
    for kind, state in Job.objects.exclude(state=Job.State.DONE).values_list("kind", "state"):
        known = registry.find(kind)
        if known is not None and known.schedule is not None and state == Job.State.READY:
            continue
        yield f"A job {kind} is {state}."
    for stored in StoredFile.objects.all():
        if sha256_at_rest(stored) != stored.sha256:
            yield f"{stored.key} has other bytes than its row says."
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for pragma in ("integrity_check", "foreign_key_check"):
                found = cursor.execute(f"PRAGMA {pragma}").fetchall()
                if found not in ([], [("ok",)]):
                    yield f"{pragma}: {found[:3]}"
    for case in Case.objects.select_related("patient", "site", "practice"):
        yield from misfits(case)


def main(log: dict[str, Any]) -> None:
    found = [*files(log["receipts"]), *pictures(), *signatures(log["signed"]), *exports(log["exports"]), *ground()]
    print(json.dumps(found))  # noqa: T201


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text()))
