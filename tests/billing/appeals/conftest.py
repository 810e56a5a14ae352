"""Claims that a payer refused, with everything that an appeal may rest on."""

from datetime import timedelta

from billing.actions import appealing
from billing.actions.receiving import receive_edi
from billing.models import Appeal
from teledent.kit import clock
from tests.billing import cast as money
from tests.billing.answers.paper import acknowledged, check, denied, file_of, taken_on
from tests.billing.conftest import desk, world  # noqa: F401 - fixtures are found by name
from tests.services.standing import built_once

DENIED = money.LATER + timedelta(days=30)  # paid_on of the check is Dec 1
TODAY = DENIED + timedelta(days=2)


def bring(desk, content, *, name="answers.edi", at=DENIED):  # noqa: F811
    with clock.standing_at(at):
        receive_edi(desk.world.practice, name=name, blocks=[content], by=None, at=at)
        money.run_jobs(at=at)


def acknowledge(desk, claim, *, at):  # noqa: F811
    """A 999 about the claim's file, and a 277CA about the claim."""
    bring(desk, file_of(acknowledged(), gs="FA", version="005010X231A1"), name="a.999", at=at)
    bring(desk, file_of(taken_on((str(claim), "A2:20")), gs="HN", version="005010X214", number=7), name="a.277", at=at)


def deny(desk, claim, reason="151", *, at=DENIED, number=905, **said):  # noqa: F811
    content = file_of(check(denied(claim, reason, **said), trace=f"CHK-{number}"), number=number)
    bring(desk, content, name=f"{number}.835", at=at)
    claim.refresh_from_db()


@built_once
def sent(desk):  # noqa: F811
    claim = money.ready_claim(desk)
    with clock.standing_at(money.LATER):
        money.exported(desk)
    claim.refresh_from_db()
    acknowledge(desk, claim, at=money.LATER + timedelta(days=1))
    return claim


@built_once
def refused(desk, sent):  # noqa: F811
    """Denied for its frequency, three days after it went out."""
    deny(desk, sent)
    assert sent.status == "denied"
    return sent


def begun(desk, claim, *, at=TODAY) -> Appeal:  # noqa: F811
    appeal = appealing.begin_appeal(actor=desk.rita, claim=claim, at=at)
    return packed(appeal, at=at)


def packed(appeal, *, at=TODAY) -> Appeal:
    with clock.standing_at(at):
        money.run_jobs(at=at)
    appeal = Appeal.objects.select_related("packet", "claim__case", "dentist").get(pk=appeal.pk)
    assert appeal.packet_id is not None, appeal.packet_fault
    return appeal
