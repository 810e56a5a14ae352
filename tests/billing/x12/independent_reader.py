"""A reader of 837D files that shares nothing with the writer: own parser, own arithmetic, own words.

`read` parses; `structural_faults` says what no receiver should take, whatever it knows of the claim. What a payer can
only refuse because of what it knows (members, licences, companion lists) stands in `independent_payer`.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation

ISA_WIDTHS = (2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1)
LIMITS = {
    ("NM1", 3): 60, ("NM1", 4): 35, ("NM1", 5): 25, ("NM1", 9): 80, ("N3", 1): 55, ("N3", 2): 55, ("N4", 1): 30,
    ("N4", 3): 15, ("REF", 2): 50, ("NTE", 2): 80, ("CLM", 1): 20, ("PWK", 6): 80,
}  # fmt: skip
BOX = re.compile(r"\bP ?\.?O\.? ?BOX|POST OFFICE BOX")


class Unreadable(Exception):
    """Not an interchange at all."""


@dataclass
class Segment:
    tag: str
    elements: list[str]

    def __getitem__(self, position: int) -> str:
        """The element by its X12 position (N403 is segment[3]); empty when the segment ends before."""
        return self.elements[position - 1] if position <= len(self.elements) else ""


class Loop(dict[str, Segment]):
    """The segments of a loop by tag; one that is not there reads as empty."""

    def __missing__(self, tag: str) -> Segment:
        return Segment("", [])


@dataclass
class Line:
    number: str
    service: Segment
    tooth: Segment | None = None
    references: dict[str, str] = field(default_factory=dict)
    references_of_others: dict[str, str] = field(default_factory=dict)
    others: list[Segment] = field(default_factory=list)
    judged: list[Segment] = field(default_factory=list)  # 2430: what the payer before made of it
    component: str = ":"

    @property
    def code(self) -> str:
        return self.service[1].split(self.component)[1] if self.component in self.service[1] else ""

    @property
    def charge(self) -> Decimal:
        return money(self.service[2])

    @property
    def pointers(self) -> list[str]:
        return self.service[11].split(self.component) if self.service[11] else []


@dataclass
class Claim:
    clm: Segment
    billing: Loop
    subscriber: Loop
    payer: Loop
    patient: Loop
    component: str
    dates: list[Segment] = field(default_factory=list)
    paperwork: list[Segment] = field(default_factory=list)
    references: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    diagnoses: list[tuple[str, str]] = field(default_factory=list)
    missing_teeth: list[str] = field(default_factory=list)
    providers: dict[str, Loop] = field(default_factory=dict)
    earlier: list[Segment] = field(default_factory=list)  # 2320 and 2330: the payer before
    lines: list[Line] = field(default_factory=list)

    @property
    def place(self) -> list[str]:
        return self.clm[5].split(self.component)

    @property
    def codes(self) -> list[str]:
        return [line.code for line in self.lines]

    @property
    def date(self) -> str:
        return self.dates[0][3] if self.dates else ""

    @property
    def asks_ahead(self) -> bool:
        """CLM19: about planned care."""
        return self.clm[19] == "PB"


@dataclass
class File:
    segments: list[Segment]
    claims: list[Claim]
    trailing: str
    component: str


def money(text: str) -> Decimal:
    if not re.fullmatch(r"\d+(\.\d{1,2})?", text):
        raise InvalidOperation(text)
    return Decimal(text)


def read(text: str) -> File:
    """Segments and claims of one interchange. Raises Unreadable when ISA is not where its widths say."""
    if len(text) < 106 or text[:3] != "ISA":
        raise Unreadable("no ISA")
    element, component, terminator = text[3], text[104], text[105]
    isa = text[:105].split(element)
    if tuple(len(part) for part in isa[1:]) != ISA_WIDTHS:
        raise Unreadable("the elements of ISA have other widths")
    *parts, rest = text.split(terminator)
    segments = [Segment(fields[0], fields[1:]) for fields in (part.lstrip("\n").split(element) for part in parts)]
    return File(segments, list(_claims(segments, component)), rest, component)


def _claims(segments: list[Segment], component: str) -> Iterator[Claim]:
    """Loops by their opening segments: HL levels, NM1 qualifiers, CLM, LX."""
    levels = {name: Loop() for name in ("header", "20", "22", "PR", "23")}
    current, claim, provider = "header", None, ""
    for segment in segments:
        if segment.tag in ("HL", "SE"):
            if claim:
                yield claim
            claim, current = None, segment[3] if segment.tag == "HL" else "header"
            for level in {"20": ("20", "22", "23", "PR"), "22": ("22", "23", "PR"), "23": ("23",)}.get(current, ()):
                levels[level] = Loop()
        if segment.tag == "CLM":
            if claim:
                yield claim
            claim, provider = Claim(segment, levels["20"], levels["22"], levels["PR"], levels["23"], component), ""
        elif claim:
            provider = _add(claim, segment, provider)
        else:
            current = "PR" if segment.tag == "NM1" and segment[1] == "PR" else current
            levels[current].setdefault(segment.tag, segment)


def _add(claim: Claim, segment: Segment, provider: str) -> str:
    """One segment below CLM into its claim; returns the provider loop that is open."""
    if segment.tag == "LX":
        claim.lines.append(Line(segment[1], Segment("SV3", []), component=claim.component))
        return ""
    if claim.lines:
        _add_to_line(claim.lines[-1], segment)
    elif segment.tag == "SBR" or claim.earlier:
        claim.earlier.append(segment)
    elif segment.tag == "NM1":
        claim.providers[segment[1]] = Loop(NM1=segment)
        return segment[1]
    elif provider:
        claim.providers[provider][segment.tag] = segment
    else:
        _add_to_claim(claim, segment)
    return provider


def _add_to_line(line: Line, segment: Segment) -> None:
    if segment.tag == "SVD" or line.judged:
        line.judged.append(segment)
    elif segment.tag == "SV3":
        line.service = segment
    elif segment.tag == "TOO":
        line.tooth = segment
    elif segment.tag == "REF":
        kept = line.references_of_others if segment[4] else line.references  # REF04: of another payer
        kept[segment[1]] = segment[2]
    else:
        line.others.append(segment)


def _add_to_claim(claim: Claim, segment: Segment) -> None:
    if segment.tag == "DTP":
        claim.dates.append(segment)
    elif segment.tag == "PWK":
        claim.paperwork.append(segment)
    elif segment.tag == "REF":
        claim.references[segment[1]] = segment[2]
    elif segment.tag == "NTE":
        claim.notes.append(segment[2])
    elif segment.tag == "HI":
        for part in segment.elements:
            qualifier, _, code = part.partition(claim.component)
            claim.diagnoses.append((qualifier, code))
    elif segment.tag == "DN2":
        claim.missing_teeth.append(segment[1])


def structural_faults(text: str) -> list[str]:
    """What is wrong with the file as a file and with its claims as claims; empty when nothing is."""
    try:
        file = read(text)
    except Unreadable as problem:
        return [str(problem)]
    faults = [*_envelope(file), *_text(file), *_levels(file)]
    for claim in file.claims:
        faults += [
            *_people(claim),
            *_places(claim),
            *_claim(claim),
            *_attachments(claim),
            *_diagnoses(claim),
            *_earlier(claim),
        ]
        for line in claim.lines:
            faults += _line(claim, line)
    ids = Counter(claim.clm[1] for claim in file.claims)
    return faults + [f"claim id {number} twice" for number, times in ids.items() if times > 1]


def _envelope(file: File) -> Iterator[str]:
    tags = [segment.tag for segment in file.segments]
    if tags[:4] != ["ISA", "GS", "ST", "BHT"] or tags[-3:] != ["SE", "GE", "IEA"] or file.trailing.strip():
        yield "the envelope is not ISA GS ST BHT ... SE GE IEA"
        return
    isa, gs, st, bht = file.segments[:4]
    se, ge, iea = file.segments[-3:]
    if isa[13] != iea[2] or not re.fullmatch(r"\d{9}", isa[13]) or iea[1] != "1":
        yield "the interchange control numbers differ"
    if gs[6] != ge[2] or ge[1] != "1" or gs[1] != "HC" or gs[7] != "X":
        yield "the group control numbers differ"
    if st[2] != se[2] or se[1] != str(len(tags) - 4):
        yield "the transaction set's number or count differs"
    if {gs[8], st[3]} != {"005010X224A2"} or isa[12] != "00501" or isa[15] not in "TP":
        yield "another version"
    if (bht[1], bht[2], bht[6]) != ("0019", "00", "CH") or not bht[3] or not _is_day(bht[4]):
        yield "BHT is no original claim"


def _text(file: File) -> Iterator[str]:
    for segment in file.segments[1:]:
        if segment.elements and not segment.elements[-1]:
            yield f"{segment.tag} ends in an empty element"
        for position, value in enumerate(segment.elements, start=1):
            if value != value.strip() or re.search(r"[^ -~]|[a-z]|  ", value):
                yield f"{segment.tag}{position:02d} carries a sign that it may not"
            if len(value) > LIMITS.get((segment.tag, position), 256):
                yield f"{segment.tag}{position:02d} is too long"


def _levels(file: File) -> Iterator[str]:
    levels = [segment for segment in file.segments if segment.tag == "HL"]
    kinds = {level[1]: level[3] for level in levels}
    for expected, level in enumerate(levels, start=1):
        parent = {"20": None, "22": "20", "23": "22"}.get(level[3], "?")
        has_child = any(other[2] == level[1] for other in levels)
        if level[1] != str(expected) or kinds.get(level[2]) != parent or level[4] != ("1" if has_child else "0"):
            yield f"HL {level[1]} does not fit the hierarchy"


def _people(claim: Claim) -> Iterator[str]:
    npis = [claim.billing["NM1"], *(loop["NM1"] for kind, loop in claim.providers.items() if kind != "77")]
    for name in npis:
        if name[8] != "XX" or not luhn(name[9]):
            yield f"NPI {name[9]} has a wrong check digit"
    if not re.fullmatch(r"\d{9}", claim.billing["REF"][2]):
        yield "the tax number has not nine digits"
    specialty = claim.providers.get("82", Loop())["PRV"]
    if (specialty[1], specialty[2]) != ("PE", "PXC") or not re.fullmatch("[0-9A-Z]{9}X", specialty[3]):
        yield "no rendering provider with a specialty"
    yield from _names(claim)


def _names(claim: Claim) -> Iterator[str]:
    named = [claim.subscriber["NM1"], *([claim.patient["NM1"]] if claim.patient else [])]
    named += [loop["NM1"] for kind, loop in claim.providers.items() if kind != "77"]
    for name in named:
        if not re.search("[A-Z]", name[3]) or not re.search("[A-Z]", name[4]):
            yield "a person has no name"
    if len(claim.subscriber["NM1"][9]) < 2 or claim.subscriber["NM1"][8] != "MI":
        yield "no member id"
    if len(claim.payer["NM1"][9]) < 2 or not claim.payer["NM1"][3]:
        yield "no payer id"
    if not claim.subscriber["SBR"][9]:
        yield "no claim filing code"
    is_patient = claim.subscriber["SBR"][2] == "18"
    if is_patient == bool(claim.patient):
        yield "the relationship does not fit the patient level"
    who = claim.subscriber if is_patient else claim.patient
    if not _is_day(who["DMG"][2]) or who["DMG"][2] > (claim.date or "99991231") or who["DMG"][3] not in "MFU":
        yield "no birth date of the patient"


def _places(claim: Claim) -> Iterator[str]:
    street, city = claim.billing["N3"], claim.billing["N4"]
    if not street[1] or not city[1] or not city[2]:
        yield "no billing address"
    if any(BOX.search(part) for part in street.elements):
        yield "a post office box bills"
    if not re.fullmatch(r"\d{9}", city[3]):
        yield "the billing ZIP code has no four"
    patient = claim.patient or claim.subscriber
    facility = claim.providers.get("77")
    for loop in (patient, *([facility] if facility else [])):
        whole = loop["N3"][1] and loop["N4"][1] and re.fullmatch("[A-Z]{2}", loop["N4"][2])
        if not whole or not re.fullmatch(r"\d{5}(\d{4})?", loop["N4"][3]):
            yield "an address is incomplete"
    if facility and not facility["NM1"][3]:
        yield "the place of service has no name"


def _claim(claim: Claim) -> Iterator[str]:
    try:
        if money(claim.clm[2]) != sum((line.charge for line in claim.lines), Decimal(0)):
            yield "the total is not the sum of the lines"
    except InvalidOperation as problem:
        yield f"no amount: {problem}"
    counted = [str(number) for number in range(1, len(claim.lines) + 1)]
    if not 1 <= len(claim.lines) <= 50 or [line.number for line in claim.lines] != counted:
        yield "the lines are not counted from one, or are too many"
    if len(claim.place) != 3 or not re.fullmatch(r"\d\d", claim.place[0]) or claim.place[1] != "B":
        yield "no place of service"
    if claim.place[2:] not in (["1"], ["7"], ["8"]) or (claim.place[2:] != ["1"]) != ("F8" in claim.references):
        yield "a replacement goes with the payer's claim number"
    if (claim.clm[6], claim.clm[8], claim.clm[9]) != ("Y", "Y", "Y"):
        yield "no signature on file"
    yield from _dates(claim)
    if any(not tooth.isdigit() or not 1 <= int(tooth) <= 32 for tooth in claim.missing_teeth):
        yield "a missing tooth that is not permanent"
    if len(claim.notes) > 5:
        yield "more than five notes"
    yield from _addon(claim)


def _dates(claim: Claim) -> Iterator[str]:
    """One day of service; none where care is only planned."""
    if claim.clm[19] not in ("", "PB"):
        yield "asked ahead in another way"
    if claim.asks_ahead:
        if claim.dates:
            yield "planned care with a date of service"
        if set(claim.codes) & {"D9995", "D9996"}:
            yield "planned care that says how it was delivered"
        if claim.place[2:] != ["1"] or claim.earlier:
            yield "planned care that replaces a claim or was answered before"
    elif [(date[1], date[2]) for date in claim.dates] != [("472", "D8")] or not _is_day(claim.date):
        yield "not one date of service"


def _addon(claim: Claim) -> Iterator[str]:
    addons = [line for line in claim.lines if line.code == "D9996"]
    if len(addons) > 1:
        yield "D9996 twice"
    if addons and "D9995" in claim.codes:
        yield "D9996 beside D9995"
    if any(line.service[6] not in ("", "1") for line in addons):
        yield "D9996 with a quantity"
    if addons and not [code for code in claim.codes if code not in ("D9996", "D9995", "D0190", "D0191")]:
        yield "D9996 alone"


def _attachments(claim: Claim) -> Iterator[str]:
    numbers = [paper[6] for paper in claim.paperwork]
    if len(set(numbers)) != len(numbers) or len(numbers) > 10:
        yield "an attachment number twice, or too many"
    for paper in claim.paperwork:
        fits = paper[1] in ("B4", "DA", "DG", "EB", "OZ", "P6", "RB", "RR") and paper[2] in (
            "BM",
            "EL",
            "EM",
            "FT",
            "FX",
        )
        if not fits or paper[5] != "AC" or not 2 <= len(paper[6]) <= 80:
            yield "an attachment without kind, way or number"


def _diagnoses(claim: Claim) -> Iterator[str]:
    codes = [code for _qualifier, code in claim.diagnoses]
    qualifiers = [qualifier for qualifier, _code in claim.diagnoses]
    if qualifiers != ["ABK", "ABF", "ABF", "ABF"][: len(codes)] or len(set(codes)) != len(codes):
        yield "the diagnoses are not one principal and up to three others"
    if any(not re.fullmatch(r"[A-Z]\d[0-9A-Z]{1,5}", code) for code in codes):
        yield "a diagnosis with a dot or without a form"
    if "Z0120" in codes and any(code.startswith("K02") for code in codes):
        yield "nothing abnormal and caries on one claim"


def signed(text: str) -> Decimal:
    return -money(text[1:]) if text.startswith("-") else money(text)


def taken_off(segments: list[Segment]) -> Decimal:
    """The dollars of every triplet of every CAS."""
    found = (one.elements[at] for one in segments if one.tag == "CAS" for at in range(2, len(one.elements), 3))
    return sum(map(signed, found), Decimal(0))


def _earlier(claim: Claim) -> Iterator[str]:
    """The payer before: its loops in their order, and every dollar of the bill accounted for."""
    judged = [line for line in claim.lines if line.judged]
    if (claim.subscriber["SBR"][1] in ("S", "T")) != bool(claim.earlier) or (judged and not claim.earlier):
        yield "a later payer's claim goes with the answer of the one before"
    if not claim.earlier:
        return
    tags = [one.tag + (one[1] if one.tag == "NM1" else "") for one in claim.earlier]
    if [tag for tag in tags if tag not in ("CAS", "DTP", "REF")] != ["SBR", "AMT", "OI", "NM1IL", "NM1PR"]:
        yield "the loops of the payer before are not whole"
        return
    if claim.earlier[0][1] != "P" or not claim.earlier[0][9] or ("DTP" in tags) == bool(judged):
        yield "the payer before is not the first, or its answer is not dated once"
    adjusted = [one for one in (*claim.earlier, *(one for line in judged for one in line.judged)) if one.tag == "CAS"]
    if any(len(one.elements) > 19 or one[1] not in ("CO", "CR", "OA", "PI", "PR") for one in adjusted):
        yield "an adjustment of no group"
    if money(claim.clm[2]) != signed(claim.earlier[tags.index("AMT")][2]) + taken_off(adjusted):
        yield "charge is not what was paid and taken off"
    payer = claim.earlier[tags.index("NM1PR")][9]
    for line in judged:
        yield from _judgement(line, payer)


def _judgement(line: Line, payer: str) -> Iterator[str]:
    svd, *rest = line.judged
    if svd[1] != payer or svd[5] != (line.service[6] or "1") or (rest[-1].tag, rest[-1][1]) != ("DTP", "573"):
        yield f"line {line.number} is not judged by that payer"
    if line.charge != signed(svd[2]) + taken_off(rest):
        yield f"line {line.number} does not balance"


def _line(claim: Claim, line: Line) -> Iterator[str]:
    if not line.service[1].startswith("AD" + claim.component) or not re.fullmatch(r"[A-Z]\d{4}", line.code):
        yield f"line {line.number} has no dental code"
    modifiers = line.service[1].split(claim.component)[2:]
    if len(modifiers) > 4 or not all(re.fullmatch(r"[0-9A-Z]{2}", one) for one in modifiers):
        yield f"line {line.number} has a modifier that is none"
    if line.service[3] or any(other.tag == "DTP" for other in line.others):
        yield f"line {line.number} has a place or a date of its own"
    if any(other.tag == "NM1" for other in line.others):
        yield f"line {line.number} has a provider of its own"
    if line.service[6] and not re.fullmatch(r"[2-9]|[1-9]\d", line.service[6]):
        yield f"line {line.number} has no quantity above one"
    known = [str(number) for number in range(1, len(claim.diagnoses) + 1)]
    if not set(line.pointers) <= set(known) or len(line.pointers) > 4:
        yield f"line {line.number} points at no diagnosis"
    if line.references.get("6R") != f"{claim.clm[1]}-{line.number}":
        yield f"line {line.number} has no control number of its claim"
    if "G1" in line.references and "G1" in claim.references:
        yield f"line {line.number} repeats the authorisation of the claim"
    yield from _tooth(claim, line)


def _tooth(claim: Claim, line: Line) -> Iterator[str]:
    if line.service[4] not in ("", "00", "01", "02", "10", "20", "30", "40"):
        yield f"line {line.number} names no area of the mouth"
    if line.tooth is None:
        return
    universal = r"[1-9]|[12]\d|3[0-2]|5[1-9]|[67]\d|8[0-2]|[A-T]S?"
    surfaces = line.tooth[3].split(claim.component) if line.tooth[3] else []
    if line.tooth[1] != "JP" or not re.fullmatch(universal, line.tooth[2]):
        yield f"line {line.number} names no tooth"
    if len(surfaces) > 5 or any(surface not in list("BDFILMO") for surface in surfaces):
        yield f"line {line.number} names no surface"


def luhn(npi: str) -> bool:
    """The check digit of an NPI: Luhn over 80840 and the number (the constant 24 stands for 80840)."""
    if not re.fullmatch(r"[12]\d{9}", npi):
        return False
    doubled = sum(sum(divmod(2 * int(digit), 10)) for digit in npi[-2::-2])
    return (24 + doubled + sum(int(digit) for digit in npi[-1::-2])) % 10 == 0


def _is_day(text: str) -> bool:
    try:
        return bool(datetime.strptime(text, "%Y%m%d")) and len(text) == 8  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return False
