"""The report for a colleague: the whole signed reading with its evidence, in clinical words."""

from collections.abc import Iterator
from datetime import date

from cases import teeth
from cases.indicator_words import side_by_side
from cases.questionnaires import questions_for
from cases.report.document import Bullets, Document, Section, Table, pairs, paragraphs, section
from cases.report.facts import PictureTimes, ReportFacts, Signer
from cases.wording import Concluded, Gathered, Mark, concluded_in_words, gathered_in_words, view_of
from teledent.printing.moments import Moment, local_time
from teledent.templatetags.ui import day, exactly

INDICATORS = ("Indicator", "Hygienist, looking into the mouth", "Dentist, marked in the pictures")
MARKS = ("Tooth", "Seen", "Note")
RETRACTED = "Retracted on {at} by {author}. It must not be relied on. {text}"


def colleague_report(facts: ReportFacts) -> Document:
    """What was gathered, who read it, what she concluded, and under which signature; nothing left out but money."""
    patient = facts.concluded["patient"]
    gathered, concluded = gathered_in_words(facts.gathered), concluded_in_words(facts.concluded)
    sections = (
        _sent(facts, gathered),
        *_reported(facts, gathered),
        section("Hygienist's findings", _marks(gathered.marks), Bullets(gathered.services)),
        section("Screening indicators", _indicators(facts)),
        section("Done under these orders", Bullets(gathered.orders)),
        section("Who looked, and when", pairs(("Dentist", _named(facts.dentist)), ("Signed", _exactly(facts.signed)))),
        *_concluded(concluded),
        _signature(facts, concluded),
        section("Added later", pairs(*((f"{one.author}, {_exactly(one.at)}", one.text) for one in facts.addenda))),
    )
    return Document(
        title="Signed teledentistry report",
        language="en",
        sender=facts.practice,
        patient=patient["name"],
        born=day(date.fromisoformat(patient["birth_date"])),
        case=facts.case,
        sections=tuple(part for part in sections if part),
        warning=_warning(facts),
    )


def _warning(facts: ReportFacts) -> str:
    gone = facts.retraction
    return RETRACTED.format(at=_exactly(gone.at), author=gone.author, text=gone.text) if gone else ""


def _reported(facts: ReportFacts, gathered: Gathered) -> Iterator[Section | None]:
    """Who said it: the question and the plan of another office are not the family's words."""
    if not (facts.gathered.get("sent") or {}).get("office"):
        yield section("Reported by the patient or family", pairs(*((one.label, one.text) for one in gathered.answers)))
        return
    asked = {one.legend.rstrip("?") for one in questions_for(facts.gathered["kind"]) if one.section == "kind"}
    theirs = [(one.label, one.text) for one in gathered.answers if one.label in asked]
    ours = [(one.label, one.text) for one in gathered.answers if one.label not in asked]
    yield section("Asked by the other office", pairs(*theirs))
    yield section("Reported by the patient or family", pairs(*ours))


def _sent(facts: ReportFacts, gathered: Gathered) -> Section | None:
    said = [(one.label, one.text) for one in gathered.facts]
    of_office = (facts.gathered.get("sent") or {}).get("office")
    collected = "Completed by" if of_office else "Collected by"
    who = [(collected, _named(facts.hygienist)), ("Sent", _exactly(facts.submitted))]
    return section("What was sent, and when", pairs(*said, *who), _pictures(facts))


def _pictures(facts: ReportFacts) -> Table:
    times = {one.image: one for one in facts.times}
    usable = {one["image"]: one for one in facts.concluded["review"]["views"]}
    rows = []
    for one in facts.concluded["images"]:
        known, said = times.get(one["image"]), usable.get(one["image"])
        judged = "" if said is None else "usable" if said["usable"] else f"not usable: {said['reason']}"
        rows.append((view_of(one["view"]), *_clocks(known), judged))
    return Table(("Picture", "Taken", "Sent", "Received", "For the reading"), tuple(rows))


def _clocks(known: PictureTimes | None) -> tuple[str, str, str]:
    if known is None:
        return ("", "", "")
    return (_short(known.captured), _short(known.sent), _short(known.received))


def _short(moment: Moment | None) -> str:
    return f"{day(local_time(moment).date())}, {local_time(moment):%H:%M}" if moment else "not recorded"


def _marks(marks: tuple[Mark, ...]) -> Table:
    return Table(MARKS, tuple((one.tooth, one.what, one.note) for one in marks))


def _indicators(facts: ReportFacts) -> Table:
    """Two people's, side by side: state reporting takes the hygienist's, and neither changes the other's."""
    rows = side_by_side(facts.gathered, facts.concluded["review"], teeth.universal)
    return Table(INDICATORS, tuple((one.label, one.hygienist, one.dentist) for one in rows))


def _concluded(said: Concluded) -> tuple[Section | None, ...]:
    text = {one.label: one.text for one in said.texts}
    plan = tuple((str(one.priority), one.tooth, one.what, one.rationale, one.diagnosis) for one in said.plan)
    return (
        section("Answer to the question", paragraphs(text.get("Answer to the question", ""))),
        section("What was looked at", paragraphs(text.get("What was looked at", ""))),
        section("What was seen", paragraphs(text.get("Conclusions", "")), _marks(said.marks)),
        section("Marked in the pictures", pairs(*((one.label, one.text) for one in said.annotations))),
        section("Diagnosis", Bullets(said.diagnoses)),
        section(
            "What could not be judged", paragraphs(text.get("What could not be judged", "")), Bullets(_unusable(said))
        ),
        section(
            "What to do, by when",
            paragraphs(text.get("Advice", "")),
            _plan(plan),
            paragraphs(text.get("Follow-up", "")),
        ),
        section("Ordered of the hygienist", Bullets(said.orders)),
        section("Outcome", pairs(*((one.label, one.text) for one in said.facts))),
    )


def _plan(rows: tuple[tuple[str, ...], ...]) -> Table:
    return Table(("Priority", "Tooth", "What to do", "Why", "For"), rows)


def _unusable(said: Concluded) -> tuple[str, ...]:
    return tuple(f"{one.label}: {one.text}" for one in said.views if one.text.startswith("not usable"))


def _signature(facts: ReportFacts, said: Concluded) -> Section | None:
    rows = (
        ("Signed by", _named(facts.dentist)),
        ("Signed at", _exactly(facts.signed)),
        ("Attested", " ".join(said.attestations)),
        ("Content hash", f"SHA-256 {facts.digest}"),
    )
    return section("Signature", pairs(*rows))


def _exactly(moment: Moment) -> str:
    return exactly(moment.at, moment.zone)


def _named(person: Signer) -> str:
    npi = f", NPI {person.npi}" if person.npi else ""
    return f"{person.name}, license {person.licence}{npi}" if person.licence else person.name
