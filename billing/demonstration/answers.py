"""What the invented payers answered to the export: a claim acknowledgement, and a check with every kind of ending."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from billing.actions.receiving import READ, receive_edi
from billing.demonstration.people import Cast
from billing.models import Claim, ClaimLine, EdiFile
from billing.posting import POST
from billing.states import Status
from cases.importing.receiving import OWNER
from teledent.jobs import queue
from teledent.jobs.performing import perform
from teledent.kit import clock

ENDINGS = (
    "paid",
    "short",
    "denied",
    "turned_away",
    "taken_on",
)  # of the exported claims in their order; the rest waits


def bring_answers(cast: Cast, *, at: datetime) -> None:
    """The two files, brought in by the desk and read by the worker. Done once."""
    if EdiFile.objects.filter(practice=cast.practice).exists():
        return
    mine = Claim.objects.filter(practice=cast.practice, status=Status.EXPORTED, void_wanted_at__isnull=True)
    sent = mine.filter(exported_at__gte=at - timedelta(days=7)).order_by(
        "pk"
    )  # what went out long ago stays unanswered
    told = dict(zip(ENDINGS, sent.prefetch_related("lines"), strict=False))
    files = (
        ("acknowledged.277", _interchange("HN", "005010X214", _acknowledgement(told)), at - timedelta(hours=20)),
        ("remittance.835", _interchange("HP", "005010X221A1", _remittance(told, at)), at - timedelta(hours=3)),
    )
    for name, content, came in files:
        with clock.standing_at(came):
            receive_edi(cast.practice, name=name, blocks=[content], by=cast.of("june").person, at=came)
            while job := queue.claim(owner=OWNER, kinds=[READ, POST], at=came):
                perform(job)


def _interchange(group: str, version: str, body: Sequence[str]) -> bytes:
    isa = "ISA*00*          *00*          *ZZ*PAYERS         *ZZ*PRACTICE       *261101*0900*^*00501*000000001*0*T*:"
    kind, *rest = body
    whole = [kind, *rest, f"SE*{len(body) + 1}*0001"]
    written = [isa, f"GS*{group}*PAYERS*PRACTICE*20261101*0900*1*X*{version}", *whole, "GE*1*1", "IEA*1*000000001"]
    return "".join(f"{segment}~\n" for segment in written).encode()


def _acknowledgement(told: dict[str, Claim]) -> list[str]:
    body = ["ST*277*0001*005010X214", "BHT*0085*08*1*20261101*0900*TH", "HL*1**20*1", "HL*2*1*21*1", "HL*3*2*19*1"]
    for number, (ending, claim) in enumerate(told.items(), start=4):
        status = "A3:21:IL" if ending == "turned_away" else "A2:20"
        body += [
            f"HL*{number}*3*PT",
            f"TRN*2*{claim}",
            f"STC*{status}*20261101*WQ*{claim.total}",
            f"REF*1K*P{claim.number:08d}",
        ]
    return body


def _remittance(told: dict[str, Claim], at: datetime) -> list[str]:
    answered = [segment for ending, claim in told.items() if ending in _JUDGED for segment in _answer(ending, claim)]
    total = sum((Decimal(one.split("*")[4]) for one in answered if one.startswith("CLP")), Decimal(0))
    return [
        "ST*835*0001", f"BPR*I*{total}*C*CHK************{at:%Y%m%d}", "TRN*1*40021877*1999999999", "N1*PR*Larkhaven Mutual",
        "N1*PE*The practice", "LX*1", *answered,
    ]  # fmt: skip


_JUDGED = {"paid": "", "short": "151", "denied": "252"}  # CARC of what is taken off


def _answer(ending: str, claim: Claim) -> Iterator[str]:
    lines = list(claim.lines.all())
    paid = {line.number: _paid(ending, line) for line in lines}
    yield f"CLP*{claim}*1*{claim.total}*{sum(paid.values())}**12*P{claim.number:08d}"
    for line in lines:
        charge = line.charge or Decimal(0)
        yield f"SVC*AD:{line.code}*{charge}*{paid[line.number]}"
        if taken_off := charge - paid[line.number]:
            yield f"CAS*CO*{_JUDGED[ending]}*{taken_off}"
        yield f"REF*6R*{line.control_number}"


def _paid(ending: str, line: ClaimLine) -> Decimal:
    charge = line.charge or Decimal(0)
    return {"paid": charge, "short": (charge / 2).quantize(Decimal("0.01")), "denied": Decimal(0)}[ending]
