"""Many rows in every list at once, as copies of one that is really there: for what lists cost, in tests and benchmarks."""

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeVar

from django.db.models import Model

from billing.models import Claim, ClaimLine, Export, ExportState, Fee
from cases.actions.files import declare_file
from cases.models import Asset, AssetState, Case, Derivative, Patient
from cases.states import Status
from teledent.accounts.models import Membership
from teledent.files.models import StoredFile
from tests import cast
from tests.billing import cast as money

LISTS = {  # the address of each list, and who looks at it
    "capture-day": "hana", "capture-tray": "hana", "reading-queue": "dev", "records": "olu", "people": "olu", "claims": "rita",
    "exports": "rita", "payers": "rita", "fees": "rita",
}  # fmt: skip
MOST_SETTINGS = 200  # no practice has more payers; its worklist offers each of them as a filter
OPEN = (Status.DRAFT, Status.SUBMITTED, Status.SIGNED)
Row = TypeVar("Row", bound=Model)


def copies_of(row: Row, count: int, **changing: Callable[[int], object]) -> list[Row]:
    """`count` more rows like this one: own ids, and what else has to be their own as a function of a running number."""
    model = type(row)
    columns = {f.attname: getattr(row, f.attname) for f in model._meta.concrete_fields if not f.primary_key}
    first = model._default_manager.count() + 1000
    own: dict[str, Callable[[int], object]] = {"public_id": lambda _: uuid.uuid4()} if "public_id" in columns else {}
    rows = [
        model(**{**columns, **{name: make(n) for name, make in {**own, **changing}.items()}})
        for n in range(first, first + count)
    ]
    return list(model._default_manager.bulk_create(rows, batch_size=2000))


def one_of_each() -> tuple[cast.World, money.Desk]:
    """A practice with a row in each list."""
    world = cast.build_world()
    desk = money.build_desk(world)
    for status in OPEN:
        cast.case_at(world, status, patient=cast.make_patient(world))
    _in_tray(world)
    Export.objects.create(
        receiver=desk.receiver, state=ExportState.DONE, requested_at=cast.AT, requested_by=world.people["rita"],
        finished_at=cast.AT, control_number=1, set_number="0001", batch_id="B1", file=_stored(1)[0], claim_count=1,
    )  # fmt: skip
    return world, desk


def fill(world: cast.World, desk: money.Desk, count: int) -> None:
    """`count` more rows in each list; the cases share that number among their statuses, of payers and fees there are few."""
    copies_of(Patient.objects.earliest("pk"), count)
    for status in OPEN:
        copies_of(Case.objects.filter(status=status).earliest("pk"), count // len(OPEN), number=lambda n: n)
    _claims(count // len(OPEN))
    _more_in_tray(count)
    people = iter(copies_of(world.people["hana"], count, email=lambda n: f"hana{n}@example.org"))
    copies_of(Membership.objects.get(person=world.people["hana"]), count, person_id=lambda _: next(people).pk)
    written = iter(_stored(count))
    copies_of(Export.objects.earliest("pk"), count, control_number=lambda n: n, file_id=lambda _: next(written).pk)
    few = min(count, MOST_SETTINGS)
    copies_of(desk.cedar, few, name=lambda n: f"Payer {n}")
    copies_of(Fee.objects.earliest("pk"), few, valid_from=lambda n: date(1900, 1, 1) + timedelta(days=n))


def _claims(count: int) -> None:
    free = iter(Case.objects.filter(claims__isnull=True).values_list("pk", flat=True)[:count])
    claims = iter(copies_of(
        Claim.objects.earliest("pk"), count, number=lambda n: n, claim_id=lambda n: f"T{n}", case_id=lambda _: next(free)
    ))  # fmt: skip
    ClaimLine.objects.bulk_create(
        ClaimLine(claim=claim, number=1, code="D0140", service_date=cast.AT.date(), charge=Decimal("72.00")) for claim in claims
    )  # fmt: skip


def _stored(count: int) -> list[StoredFile]:
    return StoredFile.objects.bulk_create(
        StoredFile(key=f"copies/{uuid.uuid4().hex}", sha256="0" * 64, size=1, created_at=cast.AT) for _ in range(count)
    )


def _in_tray(world: cast.World) -> None:
    asset = declare_file(
        actor=world.of("hana"), site=world.school, case=None, public_id=uuid.uuid4(), size=1, sha256="0" * 64, name="IMG_0001.JPG",
        at=cast.AT,
    )  # fmt: skip
    original, picture = _stored(2)
    Asset.objects.filter(pk=asset.pk).update(
        original=original, received_at=cast.AT, state=AssetState.EXAMINED, examined_at=cast.AT
    )
    Derivative.objects.create(
        asset=asset, recipe="thumbnail", recipe_version=1, file=picture, width=1, height=1, mirrored=False
    )


def _more_in_tray(count: int) -> None:
    originals, pictures = (iter(_stored(count)) for _ in range(2))
    copies = copies_of(Asset.objects.filter(case=None).earliest("pk"), count, original_id=lambda _: next(originals).pk)
    assets = iter(copies)
    copies_of(
        Derivative.objects.earliest("pk"),
        count,
        asset_id=lambda _: next(assets).pk,
        file_id=lambda _: next(pictures).pk,
    )
