"""A few cases in every state, their bytes, and their claims up to an export: what `make` leaves in a database."""

import uuid
from datetime import date, timedelta
from typing import Any

import django

django.setup()

from cases.actions import signing  # noqa: E402
from cases.models import Asset, Case  # noqa: E402
from cases.states import Status  # noqa: E402
from teledent.accounts.acting import Actor  # noqa: E402
from teledent.files.storage import Blocks, private  # noqa: E402
from tests import cast  # noqa: E402
from tests.billing import cast as billing_cast  # noqa: E402

without_bytes = cast.put_file


def put_file(case: Case, actor: Actor, *, view: str, **kept: Any) -> Asset:
    """The cast's picture with the bytes behind it, which other tests do without."""
    content = f"invented picture {uuid.uuid4()}".encode()
    asset = without_bytes(case, actor, view=view, content=content, **kept)
    assert asset.original is not None
    private().save(asset.original.key, Blocks([content]))
    return asset


def tell() -> None:
    """One case in every state, one with an addendum, and claims that wait, are ready and went out."""
    cast.put_file = put_file
    desk = billing_cast.build_desk(cast.build_world())
    for number, status in enumerate(Status):
        patient = cast.make_patient(
            desk.world, given="Noor", family=f"Example-{number}", born=date(2017, 1, 1 + number)
        )
        cast.case_at(desk.world, status, patient=patient)
    billing_cast.ready_claim(desk, patient=cast.make_patient(desk.world, given="Åsa", family="Ready"))
    export = billing_cast.exported(desk)
    billing_cast.ready_claim(desk, patient=cast.make_patient(desk.world, given="Zoë", family="Next"))
    signed = export.contents.select_related("claim__case").get().claim.case
    signing.add_addendum(
        actor=desk.world.of("dev"), case=signed, text="The mother called: the tooth was sealed last year.",
        password=cast.PASSWORD, at=cast.AT + timedelta(days=1),
    )  # fmt: skip


if __name__ == "__main__":
    tell()
