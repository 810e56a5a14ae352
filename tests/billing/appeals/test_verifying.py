"""verify_record holds an appeal against its hashes: somebody with a console changes each, and it is named."""

import pytest
from django.db import connection, transaction

from billing.actions import appealing
from billing.models import Appeal, Payer
from billing.verifying import appeal_misfits
from cases.guards import drop_guards
from cases.verifying import misfits
from teledent.files.storage import private
from tests.billing.appeals.conftest import begun, packed
from tests.billing.appeals.test_pursuing import TODAY, asked, gone, sign

__all__ = ["asked", "gone"]


def test_a_sent_appeal_fits(gone):
    assert list(appeal_misfits(gone.claim.case)) == []


def test_one_that_the_front_desk_signed_fits(desk, refused):
    Payer.objects.update(appeal_signed_by="front_desk")
    ready = packed(appealing.finish_draft(actor=desk.rita, appeal=begun(desk, refused), at=TODAY))
    assert ready.signed_digest
    assert list(appeal_misfits(ready.claim.case)) == []


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("letter", {"ask": "Pay twice."}, "letter of the"),
        ("signed_name", "Dr. Somebody Else", "is not what was signed"),
        ("signed_licence", "OR DDS-9999", "is not what was signed"),
        ("letter_digest", "0" * 64, "letter of the"),
    ],
)
def test_what_was_changed_behind_the_guards_is_named(gone, column, value, said):
    with transaction.atomic():
        drop_guards(connection)
        Appeal.objects.filter(pk=gone.pk).update(**{column: value})
        found = list(appeal_misfits(gone.claim.case))
        transaction.set_rollback(True)
    assert any(said in sentence for sentence in found), found


def test_another_packet_in_the_storage_is_named(gone):
    key = gone.packet.key
    private().delete(key)
    assert any("packet of the" in sentence for sentence in misfits(gone.claim.case))


def test_a_signature_that_no_timeline_tells_of_is_named(desk, asked):
    signed = sign(desk, asked)
    with transaction.atomic():
        drop_guards(connection)
        signed.claim.events.filter(kind="appeal").delete()
        found = list(appeal_misfits(signed.claim.case))
        transaction.set_rollback(True)
    assert any("is not what was signed" in sentence for sentence in found), found
