"""A dental claim map (837D 005010X224A2) for pyx12, derived from the professional one that it installs.

pyx12 judges 837P and 837I and brings no 837D. The two guides share most of their loops, so the dental map is the
professional one with what is not dental taken away (ambulance, drugs, vision, tests) and what is dental added (DN1,
DN2, SV3, TOO, assistant surgeon). Segment order, usage and codes are facts about the format, put here in our words.
"""

import copy
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path

import pyx12

from tests.judges.map_parts import (
    Node,
    codes_of,
    composite,
    drop,
    element,
    insert_after,
    like,
    loops,
    part,
    renamed,
    segment,
    segments,
    set_text,
    take,
)

INSTALLED = Path(pyx12.__file__).parent / "map"
PROFESSIONAL = "837.5010.X222.A1.xml"
DENTAL = "837D.5010.X224.A2.xml"
INDEX_LINE = f'<map vriic="005010X224A2" fic="HC" abbr="837D">{DENTAL}</map>'

CLAIM_REFS = {"4N", "F8", "9F", "G1", "9A", "9C", "D9"}
LINE_REFS = {"9B", "9D", "G1", "6R", "9F"}
REPORT_TYPES = ("B4", "DA", "DG", "EB", "OZ", "P6", "RB", "RR")
TRANSMISSIONS = ("AA", "BM", "EL", "EM", "FT", "FX")
ORAL_CAVITY = ("00", "01", "02", "10", "20", "30", "40")
SURFACES = ("B", "D", "F", "I", "L", "M", "O")


def write_dental_maps(folder: Path) -> Path:
    """Copy pyx12's maps into the empty `folder` and add the dental one. Returns `folder`."""
    shutil.copytree(INSTALLED, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    tree = ET.parse(INSTALLED / PROFESSIONAL)
    root = tree.getroot()
    assert root is not None
    _make_dental(root)
    tree.write(folder / DENTAL, encoding="utf-8", xml_declaration=True)
    index = folder / "maps.xml"
    text = index.read_text(encoding="utf-8")
    assert "</version>" in text, "pyx12's index of maps has another form than expected"
    last = text.rindex("</version>")  # the 00501 versions stand last
    index.write_text(text[:last] + INDEX_LINE + text[last:], encoding="utf-8")
    return folder


def _make_dental(root: Node) -> None:
    for xid in ("GS08", "ST03"):
        for node in (node for node in root.iter("element") if node.get("xid") == xid):
            for code in node.iter("code"):
                code.text = (code.text or "").replace("005010X222A1", "005010X224A2")
    shapers = {
        "2000B": lambda loop: drop(loop, lambda child: child.get("xid") == "PAT"),
        "2000C": _dental_dependent,
        "2010BA": _dental_person,
        "2010CA": _dental_person,
        "2300": _dental_claim,
        "2400": _dental_line,
    }
    for loop in list(root.iter("loop")):
        if shape := shapers.get(loop.get("xid", "")):
            shape(loop)


def _dental_person(loop: Node) -> None:
    drop(loop, lambda child: child.get("xid") == "PER" or "1W" in codes_of(child, "REF01"))


def _dental_dependent(loop: Node) -> None:
    """PAT01, the relationship, is all that is left of PAT."""
    for child in segments(loop, "PAT"):
        for node in child.iter("element"):
            if node.get("xid") != "PAT01":
                set_text(node, "usage", "N")


def _dental_claim(loop: Node) -> None:
    _dental_clm(loop)
    _dental_claim_dates(loop)
    take(segments(loop, "PWK")[0], "PWK01", *REPORT_TYPES)
    take(segments(loop, "PWK")[0], "PWK02", *TRANSMISSIONS)
    _dental_refs(loop, CLAIM_REFS, "Predetermination Identification", segments(loop, "AMT")[0])
    note = segments(loop, "NTE")[0]
    take(note, "NTE01", "ADD")
    set_text(note, "max_use", "5")
    _dental_diagnoses(loop)
    _dental_providers(loop)


def _dental_clm(loop: Node) -> None:
    clm = segments(loop, "CLM")[0]
    take(clm, "CLM07", "A", "C")
    take(clm, "CLM12", "01", "02", "03", "05")
    take(clm, "CLM19", "PB", usage="S")
    set_text(part(clm, "CLM10"), "usage", "N")


def _dental_claim_dates(loop: Node) -> None:
    clm, date = segments(loop, "CLM")[0], segments(loop, "DTP")[0]
    dates = [
        _date(date, "Accident", "439"),
        _date(date, "Appliance Placement", "452"),
        _date(date, "Service Date", "472", formats=("D8", "RD8")),
        _date(date, "Repricer Received", "050"),
    ]
    drop(loop, lambda child: child.get("xid") in ("DTP", "CR1", "CR2", "CRC"))
    insert_after(loop, clm, [*dates, _orthodontics(), _tooth_status()])


def _date(template: Node, name: str, *qualifiers: str, formats: tuple[str, ...] = ("D8",), pos: str = "1350") -> Node:
    made = like(template, name, "DTP01", qualifiers, usage="S", pos=pos, max_use="1")
    take(made, "DTP02", *formats)
    return made


def _orthodontics() -> Node:
    children = [
        element("DN101", "380", "S"),
        element("DN102", "380", "S"),
        element("DN103", "1073", "N"),
        element("DN104", "352", "S"),
    ]
    return segment("DN1", "Orthodontic Total Months of Treatment", "S", "1450", "1", children)


def _tooth_status() -> Node:
    children = [
        element("DN201", "127", "R"),
        element("DN202", "1368", "R", ["E", "M"]),
        element("DN203", "380", "N"),
        element("DN204", "1250", "N"),
        element("DN205", "1251", "N"),
        element("DN206", "1270", "S", ["JP"]),
    ]
    return segment("DN2", "Tooth Status", "S", "1500", "35", children)


def _dental_refs(loop: Node, kept: set[str], predetermination: str, before: Node | None = None) -> None:
    """Keep the references that dental claims have and add REF*G3, after `before` or in front of the others."""
    drop(loop, lambda child: child.get("xid") == "REF" and not codes_of(child, "REF01") & kept)
    first = segments(loop, "REF")[0]
    made = like(first, predetermination, "REF01", ["G3"], max_use="1")
    take(made, "REF02")
    if before is not None:
        insert_after(loop, before, [made])
    else:
        loop.insert(list(loop).index(first), made)


def _dental_diagnoses(loop: Node) -> None:
    """One HI with four places; a diagnosis is not required."""
    first, *others = segments(loop, "HI")
    for other in others:
        loop.remove(other)
    set_text(first, "usage", "S")
    for node in first.findall("composite"):
        if int(node.findtext("seq", "0")) > 4:
            set_text(node, "usage", "N")


def _dental_providers(loop: Node) -> None:
    """2310A referring, B rendering, C facility, D assistant surgeon, E supervising."""
    inner = loops(loop)
    for ambulance in ("2310E", "2310F"):
        loop.remove(inner[ambulance])
    take(segments(inner["2310A"], "NM1")[0], "NM101", "DN", "P3")
    insert_after(inner["2310A"], segments(inner["2310A"], "NM1")[0], [_specialty("RF", "2550", "S")])
    set_text(segments(inner["2310B"], "PRV")[0], "usage", "R")
    drop(inner["2310C"], lambda child: child.get("xid") == "PER")
    supervising = inner["2310D"]
    assistant = copy.deepcopy(supervising)
    _become_assistant(assistant, "2550")
    supervising.set("xid", "2310E")
    loop.insert(list(loop).index(supervising), assistant)


def _become_assistant(loop: Node, pos: str) -> None:
    set_text(loop, "name", "Assistant Surgeon Name")
    name = segments(loop, "NM1")[0]
    take(name, "NM101", "DD")
    insert_after(loop, name, [_specialty("AS", pos, "R")])


def _specialty(provider: str, pos: str, usage: str) -> Node:
    children = [
        element("PRV01", "1221", "R", [provider]),
        element("PRV02", "128", "R", ["PXC"]),
        element("PRV03", "127", "R"),
    ]
    return segment("PRV", "Provider Specialty Information", usage, pos, "1", children)


def _dental_line(loop: Node) -> None:
    _dental_service(loop)
    _dental_refs(loop, LINE_REFS, "Service Predetermination Identification")
    for amount in segments(loop, "AMT")[1:]:
        loop.remove(amount)
    inner = loops(loop)
    for foreign in ("2410", "2420E", "2420F", "2420G", "2420H", "2440"):
        loop.remove(inner[foreign])
    set_text(segments(inner["2420A"], "PRV")[0], "usage", "R")
    take(inner["2430"], "SVD03-01", "AD", "ER", "HC", "HP", "IV", "WK")
    _become_assistant(inner["2420B"], "5050")
    _swap_places(loop, inner["2420C"], inner["2420D"])


def _swap_places(loop: Node, facility: Node, supervising: Node) -> None:
    """The professional line names the facility first, the dental one the supervising dentist."""
    facility.set("xid", "2420D")
    supervising.set("xid", "2420C")
    loop.remove(supervising)
    loop.insert(list(loop).index(facility), supervising)


def _dental_service(loop: Node) -> None:
    """SV3 and TOO in place of SV1; the composites are the professional ones, so that they lie as pyx12 expects."""
    counter, professional = segments(loop, "LX")[0], segments(loop, "SV1")[0]
    procedure = renamed(part(professional, "SV101"), "SV101", "SV301")
    take(procedure, "SV301-01", "AD")
    pointers = renamed(part(professional, "SV107"), "SV107", "SV311")
    set_text(pointers, "usage", "S")
    service = [
        procedure,
        element("SV302", "782", "R"),
        element("SV303", "1331", "S", external="pos"),
        composite("SV304", "C006", "S", "1361", ORAL_CAVITY, parts=5),
        element("SV305", "1358", "S", ["I", "R"]),
        element("SV306", "380", "S"),
        element("SV307", "352", "N"),
        element("SV308", "1327", "N"),
        element("SV309", "1360", "N"),
        element("SV310", "1073", "N"),
        pointers,
    ]
    tooth = [
        element("TOO01", "1270", "R", ["JP"]),
        element("TOO02", "1271", "S"),
        composite("TOO03", "C005", "S", "1369", SURFACES, parts=5),
    ]
    dates = _line_dates(next(date for date in segments(loop, "DTP") if "472" in codes_of(date, "DTP01")))
    foreign = ("SV1", "SV5", "PWK", "CR1", "CR3", "CRC", "DTP", "QTY", "MEA", "NTE", "PS1")
    drop(loop, lambda child: child.get("xid") in foreign)
    made = [
        segment("SV3", "Dental Service", "R", "3800", "1", service),
        segment("TOO", "Tooth Information", "S", "3820", "32", tooth),
        *dates,
    ]
    insert_after(loop, counter, made)


def _line_dates(template: Node) -> list[Node]:
    return [
        _date(template, "Service Date", "472", formats=("D8", "RD8"), pos="4550"),
        _date(template, "Prior Placement", "139", "441", pos="4550"),
        _date(template, "Appliance Placement", "452", pos="4550"),
        _date(template, "Replacement", "446", pos="4550"),
        _date(template, "Treatment Start", "196", pos="4550"),
        _date(template, "Treatment Completion", "198", pos="4550"),
    ]
