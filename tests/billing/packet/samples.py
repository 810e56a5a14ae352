"""An invented case, printed in every test: a school child whose name needs another script than the card's."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import PIL.Image

from billing.packet.content import (
    Addendum,
    Answer,
    Code,
    DataSheetContent,
    Diagnosis,
    FollowUp,
    Image,
    Item,
    ItemGroup,
    Order,
    PacketContent,
    Patient,
    PictureMark,
    PlanLine,
    Practice,
    Practitioner,
    Record,
    Review,
    Service,
    ServiceLine,
    Signature,
    ToothFinding,
    Visit,
)
from teledent.printing.moments import Moment

AT = datetime(2026, 5, 14, 15, 0, 0, tzinfo=UTC)
ZONE = "America/Chicago"
SCRIPTS = {
    "Latin": "Nguyễn Thị Ánh Đặng",
    "Greek": "Ελένη Παπαδοπούλου",
    "Cyrillic": "Олександра Ющенко",
    "Arabic": "یاسمین محمد",
    "Hebrew": "שלום כהן",
    "Devanagari": "प्रिया शर्मा",
    "Thai": "สมชาย ใจดี",
    "Han": "李明 さくら 김민준",
}
VIEWS = (
    "Front, teeth together",
    "Right side, teeth together",
    "Left side, teeth together",
    "Upper arch from below",
    "Lower arch from above",
    "Close-up",
    "Close-up",
    "Lips and cheeks",
)


def moment(day: int, hour: int, minute: int, second: int = 0) -> Moment:
    return Moment(datetime(2026, 5, day, hour, minute, second, tzinfo=UTC), ZONE)


def jpeg(number: int, width: int = 320, height: int = 240) -> bytes:
    """A soft gradient with a pattern of its own for each number."""
    y, x = np.mgrid[0:height, 0:width]
    red = 170 + 60 * np.sin(x / width * 3 + number)
    green = 110 + 50 * np.cos(y / height * 4 + number)
    rng = np.random.default_rng(number)
    pixels = np.stack([red, green, np.full_like(red, 110.0)], axis=-1) + rng.normal(0, 6, (height, width, 3))
    buffer = io.BytesIO()
    PIL.Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(buffer, "JPEG", quality=85)
    return buffer.getvalue()


def write_images(content: PacketContent, folder: Path, width: int = 320, height: int = 240) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for image in content.images:
        (folder / image.file).write_bytes(jpeg(image.number, width, height))
    return folder


def image(number: int) -> Image:
    view = VIEWS[(number - 1) % len(VIEWS)]
    start = moment(12, 14, 41, 7)
    later = [Moment(start.at + timedelta(minutes=number + step, seconds=11 * number), ZONE) for step in (0, 20, 21, 22)]
    return Image(
        number=number,
        view=view,
        file=f"{number:02d}.jpg",
        alt=f"Photograph {number}: {view.lower()}",
        device="Canon EOS R50 with 100 mm macro",
        captured=later[0],
        sent=later[1],
        received=later[2],
        examined=later[3],
        tooth="A" if view == "Close-up" else "",
        mirrored="arch" in view,
        usable=number != 8,
        unusable_reason="out of focus at the cheek" if number == 8 else "",
        control_number=f"TD000451-{number:02d}",
    )


HANA = Practitioner(name="Hana Ruiz", role="RDH", licence="DH-20417", state="TX")
DEV = Practitioner(name="Dev Anand Mehta", role="DDS", licence="34981", state="TX", npi="1234567893")


def review() -> Review:
    return Review(
        evaluation=Code("D0140", "limited evaluation of one problem"),
        encounter_code=Code("D9996", "teledentistry, read later"),
        findings=(
            ToothFinding("A", "Cavitated area", "O", "dark shadow beneath the marginal ridge, visible in image 6"),
            ToothFinding("B", "Restoration in place", "O", "margin not sharply shown"),
            ToothFinding("3", "Fissures stained", "O"),
        ),
        conclusions="Extensive caries of tooth A is visible, without visible swelling. The child's report of pain on "
        "biting fits this tooth. No radiograph was part of the record.",
        diagnoses=(
            Diagnosis(Code("K02.62", "caries of a smooth surface into dentine"), "A"),
            Diagnosis(Code("Z13.84", "dental screening")),
        ),
        advice="Soft food on the right side, brush with fluoride toothpaste twice a day. Told to the mother by phone "
        "through an interpreter on May 13. If fever or swelling begins, she is to call the practice at once.",
        plan=(
            PlanLine(
                "In-person examination with bitewing radiographs",
                "within 2 weeks",
                "depth of the lesion cannot be judged",
                "K02.62",
                "A",
            ),
            PlanLine(
                "Restore or extract by in-person finding",
                "after the examination",
                "cavitated, with pain on biting",
                "K02.62",
                "A",
            ),
            PlanLine("Fluoride varnish", "at the next school visit", "stained fissures and a new lesion", "Z13.84"),
        ),
        limits="Surfaces between the teeth and below old restorations cannot be seen in photographs. Image 8 is "
        "out of focus. Bleeding and gum depth were not measured.",
        outcome="In-person visit needed. Advice given to the mother by phone.",
        follow_up="Appointment at Riverton Family Dental on May 21, 2026; the hygienist checks on May 26 whether "
        "it was kept.",
        picture_marks=(PictureMark("Upper arch", "circle “dark pit”, 30 % from the left, 17 % from the top"),),
        orders=(Order("TO-00012", "Seal 3", date(2027, 3, 14), "Deep grooves in what can be seen"),),
        attestations=(
            "I reviewed this record without live contact with the patient.",
            "I was not in the same building as the patient when the record was made or read.",
        ),
    )


def packet(**changes: object) -> PacketContent:
    content = PacketContent(
        practice=Practice(
            "Riverton Community Dental", ("410 Alder Street, Suite 2", "Riverton, TX 78944-1204"), "(512) 555-0136"
        ),
        patient=Patient(
            SCRIPTS["Arabic"], "Yasamin Mohammad", date(2018, 3, 9), "RISD-448120", "Pupil number", "YASMIN MOHAMMAD"
        ),
        visit=Visit(
            "TD-2026-00451",
            "School screening with a complaint",
            "Lincoln Elementary School",
            "88 School Road, Riverton, TX",
            date(2026, 5, 12),
            "TD000451C1",
        ),
        record=Record(
            captured_by=HANA,
            submitted=moment(12, 15, 20, 40),
            review_started=moment(13, 13, 2, 5),
            how_collected="Intraoral photographs with a macro lens and mirror, history taken from the mother by phone, "
            "in the school's clinic room.",
            how_sent="Over an encrypted connection; each file was checked against its SHA-256 on arrival.",
            why_asynchronous_hygienist="No dentist was on site. The nearest one that takes the child's plan is "
            "46 miles away.",
            why_asynchronous_dentist="No dentist was on site, and the family has no transport on school days.",
        ),
        complaint=Answer("answered", "Hurts when chewing on the upper right side since last week."),
        history=Answer("answered", "Asthma, mild. Last dental visit two years ago."),
        allergies=Answer("none known"),
        medicines=Answer("not asked"),
        hygienist_findings=(
            ToothFinding("A", "Open cavity", "O", "tender to touch, no swelling"),
            ToothFinding("3", "Stained fissures", "O"),
            ToothFinding("14", "Sealant partly lost", "O", "placed 2025 at school"),
        ),
        services=(
            Service(Code("D0190", "screening of a patient"), "Hana Ruiz, RDH"),
            Service(
                Code("D1206", "fluoride varnish"), "Hana Ruiz, RDH", ordered_by="Standing protocol 2026-1, Dr Mehta"
            ),
        ),
        images=tuple(image(number) for number in range(1, 9)),
        review=review(),
        signature=Signature(
            DEV, moment(13, 13, 31, 52), "I have read this record and sign this review as my own.", "9f2c" * 16
        ),
        done_under=(Order("TO-00007", "Fluoride varnish", date(2026, 8, 1), "Chalky spots along the gum"),),
        follow_ups=(FollowUp(moment(14, 9, 12, 30), "The family was told", "The mother, by phone", "Ada Brandt"),),
        addenda=(Addendum(HANA, moment(14, 14, 5), "Mother called back: no fever, pain unchanged."),),
    )
    return replace(content, **changes)  # type: ignore[arg-type]


def items(*rows: tuple[str, ...]) -> tuple[Item, ...]:
    return tuple(Item(*row) for row in rows)


def sheet(lines: int = 2) -> DataSheetContent:
    first = ServiceLine(
        date(2026, 5, 13), "D0140", Decimal("85.00"), "limited evaluation of one problem", diagnoses="A"
    )
    second = ServiceLine(date(2026, 5, 13), "D9996", Decimal("0.00"), "teledentistry, read later", diagnoses="A")
    more = [
        ServiceLine(date(2026, 5, 13), "X0001", Decimal(100 + n), "example line", "", "JP", str(n), "MO", "AB", 1)
        for n in range(3, lines + 1)
    ]
    all_lines = (first, second, *more)
    return DataSheetContent(
        practice="Riverton Community Dental",
        patient=SCRIPTS["Arabic"],
        case_number="TD-2026-00451",
        claim_number="TD000451C1",
        before_lines=(
            ItemGroup(
                "Claim and payer",
                items(
                    ("1", "Kind of transaction", "Statement of actual services"),
                    ("2", "Earlier authorization number", "", "none covers these services"),
                    ("3", "Payer's name and address", "Lone Prairie Dental Plan, PO Box 100, Austin, TX 78701"),
                    ("3a", "Payer's id", "LPD01"),
                    ("4-11a", "Other coverage", "", "the family stated no other plan"),
                ),
            ),
            ItemGroup(
                "Policyholder and patient",
                items(
                    ("12", "Policyholder's name and address", "MOHAMMAD REZA, 12 Creek Lane, Riverton, TX 78944-2210"),
                    ("13", "Policyholder's date of birth", "Feb 2, 1987"),
                    ("15", "Member id", "LPD 5512 0098"),
                    ("18", "Relationship to the policyholder", "Child"),
                    ("20", "Patient's name and address", "YASMIN MOHAMMAD, 12 Creek Lane, Riverton, TX 78944-2210"),
                    ("23", "Practice's account", "TD000451C1"),
                ),
            ),
        ),
        lines=all_lines,
        other_fee=None,
        total=sum((line.fee for line in all_lines), Decimal("0.00")),
        after_lines=(
            ItemGroup(
                "Diagnoses, remarks, place",
                items(
                    ("33", "Missing teeth", "", "no permanent tooth is missing"),
                    ("34", "Kind of diagnosis list", "AB"),
                    ("34a", "Diagnoses", "A: K02.62"),
                    ("35", "Remarks", "ASYNC TELEDENTISTRY, RECORDED 05/12/2026, READ 05/13/2026"),
                    ("38", "Place of treatment", "02"),
                    ("39", "Enclosures", "Yes: TD000451-01 to TD000451-08"),
                    ("40-42", "Orthodontics", "", "not orthodontic treatment"),
                ),
            ),
            ItemGroup(
                "Billing and treating dentist",
                items(
                    (
                        "48",
                        "Billing entity",
                        "Riverton Community Dental, 410 Alder Street, Suite 2, Riverton, TX 78944-1204",
                    ),
                    ("49", "Billing NPI", "1999999984"),
                    ("53", "Treating dentist's signature", "Dev Anand Mehta, DDS, signed electronically May 13, 2026"),
                    ("54", "Treating NPI", "1234567893"),
                ),
            ),
        ),
    )
