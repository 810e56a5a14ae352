"""Answers as a payer would write them about claims of ours: plain text, by hand, no code of the product."""

from dataclasses import dataclass, field
from decimal import Decimal

from billing.models import Claim


@dataclass
class Svc:
    code: str
    charge: str
    paid: str
    cas: list[str] = field(default_factory=list)  # "CO*45*12"
    control: str = ""
    allowed: str = ""
    remarks: tuple[str, ...] = ()
    billed_as: str = ""
    date: str = ""


@dataclass
class Clp:
    claim_id: str
    charge: str
    paid: str
    lines: list[Svc] = field(default_factory=list)
    status: str = "1"
    cas: list[str] = field(default_factory=list)
    remarks: tuple[str, ...] = ()
    number: str = "PAYER-1"
    share: str = ""
    name: str = "VILLANUEVA*MIA"
    refs: tuple[str, ...] = ()  # "G3*PD-1"


def check(
    *claims: Clp, amount: str | None = None, trace: str = "CHK-1", plb: tuple[str, ...] = (), npi: str = ""
) -> list[str]:
    """The segments of one 835, ST to SE, without terminators."""
    adjusted = sum((Decimal(one.rsplit("*", 1)[1]) for one in plb), Decimal(0))
    total = amount or str(sum((Decimal(one.paid) for one in claims), Decimal(0)) - adjusted)
    body = ["ST*835*0001", f"BPR*I*{total}*C*CHK************20261201", f"TRN*1*{trace}*1999999999"]
    body += [
        "N1*PR*CEDAR MUTUAL*XV*CEDAR1",
        f"N1*PE*RIVERBEND DENTAL*XX*{npi}" if npi else "N1*PE*RIVERBEND DENTAL",
        "LX*1",
    ]
    for one in claims:
        body += _claim(one)
    body += [f"PLB*1234567893*20261231*{one}" for one in plb]
    return [*body, f"SE*{len(body) + 1}*0001"]


def _claim(one: Clp) -> list[str]:
    written = [f"CLP*{one.claim_id}*{one.status}*{one.charge}*{one.paid}*{one.share}*CI*{one.number}*02*1"]
    written += [f"CAS*{cas}" for cas in one.cas]
    written += [f"NM1*QC*1*{one.name}****MI*CM-77204881"]
    written += [f"REF*{ref}" for ref in one.refs]
    if one.remarks:
        written.append("MOA***" + "*".join(one.remarks))
    for line in one.lines:
        billed = f"***AD:{line.billed_as}" if line.billed_as else ""
        written.append(f"SVC*AD:{line.code}*{line.charge}*{line.paid}{billed}")
        if line.date:
            written.append(f"DTM*472*{line.date}")
        written += [f"CAS*{cas}" for cas in line.cas]
        if line.control:
            written.append(f"REF*6R*{line.control}")
        if line.allowed:
            written.append(f"AMT*B6*{line.allowed}")
        written += [f"LQ*HE*{remark}" for remark in line.remarks]
    return written


def file_of(
    *sets: list[str], number: int = 905, gs: str = "HP", version: str = "005010X221A1", before: tuple[str, ...] = ()
) -> bytes:
    """One interchange around sets; `before` are segments between ISA and GS, such as a TA1."""
    isa = (
        f"ISA*00*          *00*          *ZZ*EXCLR01        *ZZ*RIVERBEND      *261201*0900*^*00501*{number:09d}*0*P*:"
    )
    body = [isa, *before, f"GS*{gs}*EXCLR01*RIVERBEND*20261201*0900*{number}*X*{version}"]
    for one in sets:
        body += one
    body += [f"GE*{len(sets)}*{number}", f"IEA*1*{number:09d}"]
    return ("~\n".join(body) + "~\n").encode()


def paid_in_full(claim: Claim, **changes: str) -> Clp:
    """Every line paid as billed, named by our own control numbers."""
    lines = [
        Svc(line.code, str(line.charge), str(line.charge), control=f"{claim}-{line.number}")
        for line in claim.lines.all()
    ]
    return Clp(str(claim), str(claim.total), str(claim.total), lines, **changes)


def denied(
    claim: Claim, reason: str, *, group: str = "CO", remarks: tuple[str, ...] = (), status: str = "1", **changes: str
) -> Clp:
    """Every line that has a charge refused for one reason; the others answered with nothing."""
    lines = [
        Svc(line.code, str(line.charge), "0", [f"{group}*{reason}*{line.charge}"] if line.charge else [],
            control=f"{claim}-{line.number}", remarks=remarks)
        for line in claim.lines.all()
    ]  # fmt: skip
    return Clp(str(claim), str(claim.total), "0", lines, status=status, **changes)


def taken_back(one: Clp) -> Clp:
    """The reversal of an answer: its amounts with the signs turned."""

    def turned(amount: str) -> str:
        return str(-Decimal(amount))

    def turned_cas(cas: str) -> str:
        head, amount = cas.rsplit("*", 1)
        return f"{head}*{turned(amount)}"

    lines = [
        Svc(
            line.code,
            turned(line.charge),
            turned(line.paid),
            [turned_cas(cas) for cas in line.cas],
            control=line.control,
        )
        for line in one.lines
    ]
    return Clp(
        one.claim_id, turned(one.charge), turned(one.paid), lines, status="22", cas=[turned_cas(cas) for cas in one.cas]
    )


def acknowledged(verdict: str = "A", *, group: int = 1, faults: tuple[str, ...] = ()) -> list[str]:
    """A 999 about the group of that number; `faults` are further segments, such as "IK3*NM1*8**8"."""
    body = ["ST*999*0001*005010X231A1", f"AK1*HC*{group}*005010X224A2", "AK2*837*0001*005010X224A2", *faults]
    body += [f"IK5*{verdict}", f"AK9*{verdict}*1*1*{int(verdict == 'A')}"]
    return [*body, f"SE*{len(body) + 1}*0001"]


def taken_on(*claims: tuple[str, str], batch_id: str = "", batch_status: str = "A1:20") -> list[str]:
    """A 277CA: each claim's id with its status, such as "A2:20" or "A3:21:IL"."""
    body = [
        "ST*277*0001*005010X214",
        "BHT*0085*08*1*20261120*0900*TH",
        "HL*1**20*1",
        "NM1*PR*2*CEDAR MUTUAL*****46*CEDAR1",
    ]
    body += [
        "HL*2*1*21*1",
        "NM1*41*2*RIVERBEND*****46*RIVERBEND",
        f"TRN*2*{batch_id or 'B1'}",
        f"STC*{batch_status}*20261120*WQ*1",
    ]
    body += ["HL*3*2*19*1", "NM1*85*2*RIVERBEND*****XX*1999999984"]
    for number, (claim_id, status) in enumerate(claims, start=4):
        body += [
            f"HL*{number}*3*PT",
            "NM1*QC*1*VILLANUEVA*MIA****MI*CM-1",
            f"TRN*2*{claim_id}",
            f"STC*{status}*20261120*WQ*72",
        ]
        body += [f"REF*1K*ICN{number}", "DTP*472*D8*20261116"]
    return [*body, f"SE*{len(body) + 1}*0001"]


def interchange_answer(number: int, verdict: str = "A", note: str = "000") -> str:
    return f"TA1*{number:09d}*261120*0900*{verdict}*{note}"
