"""The report in a form that a parent, or an adult patient, can read: plain words in the family's language."""

from collections.abc import Iterable
from datetime import date

from cases import teeth, view_labels
from cases.report.document import Bullets, Document, Language, Section, pairs, paragraphs, section
from cases.report.facts import ReportFacts
from cases.report.phrases import PHRASES, Phrases
from teledent.printing.moments import Moment, local_time


def family_report(facts: ReportFacts, *, language: Language) -> Document:
    """What a family is told, from signed words and fixed phrases alone."""
    say, patient = PHRASES[language], facts.concluded["patient"]
    sections = (  # what a parent has to do comes first
        _to_do(facts, say),
        _answer(facts, say),
        _seen(facts, say),
        _not_judged(facts, say),
        _how(facts, say),
        section(say.at_once, Bullets(say.red_flags), paragraphs(say.call_now)),
        _added(facts, say),
        section(say.questions, paragraphs(_contact(facts, say), say.written_in)),
    )
    return Document(
        title=say.title.format(name=patient["name"]),
        language=language,
        sender=facts.practice,
        patient=patient["name"],
        born=say.day(date.fromisoformat(patient["birth_date"])),
        case=facts.case,
        sections=tuple(part for part in sections if part),
        warning=_warning(facts, say),
    )


def _warning(facts: ReportFacts, say: Phrases) -> str:
    if facts.retraction is None:
        return ""
    return say.retracted.format(day=_day(facts.retraction.at, say), phone=facts.phone)


def _how(facts: ReportFacts, say: Phrases) -> Section | None:
    name = facts.concluded["patient"]["name"]
    sent_by = facts.gathered.get("sent") or {}
    form = say.sent_by_office if sent_by.get("office") else say.sent_by_link if sent_by else say.taken
    taken = form.format(
        day=say.day(date.fromisoformat(facts.concluded["day_seen"])),
        hygienist=facts.hygienist.name,
        sender=sent_by.get("name", ""),
        office=sent_by.get("office", ""),
        pictures=_pictures(facts, say),
        name=name,
        site=facts.gathered["site"],
        sent=_day(facts.submitted, say),
    )
    read = say.read.format(
        dentist=facts.dentist.name, licence=facts.dentist.licence, day=_day(facts.signed, say)
    )  # fmt: skip
    live = facts.concluded["review"]["no_live_contact"] is False
    return section(say.how, paragraphs(taken, read, "" if live else say.apart.format(name=name)))


def _pictures(facts: ReportFacts, say: Phrases) -> str:
    """Like "5 photographs and 2 X-rays"; documents and slates are not counted."""
    shown = [one["view"] for one in facts.concluded["images"] if one["view"] and view_labels.is_clinical(one["view"])]
    films = sum(view_labels.VIEWS[view].family is view_labels.Family.RADIOGRAPH for view in shown)
    photographs = say.count(len(shown) - films, say.photographs)
    if not films:
        return photographs
    radiographs = say.count(films, say.radiographs)
    return radiographs if films == len(shown) else say.joined.format(one=photographs, other=radiographs)


def _seen(facts: ReportFacts, say: Phrases) -> Section | None:
    review = facts.concluded["review"]
    marks = tuple(
        f"{say.tooth.format(tooth=teeth.universal(one['tooth']))}: {say.conditions.get(one['condition'], one['condition'])}"
        for one in review["findings"]
    )
    return section(say.seen, paragraphs(review["conclusions"]), Bullets(marks))


def _answer(facts: ReportFacts, say: Phrases) -> Section | None:
    """What a second opinion was asked for; an older signature has no such field."""
    return section(say.answer, paragraphs(facts.concluded["review"].get("answer", "")))


def _not_judged(facts: ReportFacts, say: Phrases) -> Section | None:
    review = facts.concluded["review"]
    return section(say.not_judged, paragraphs(say.limits, _unusable(facts, say), review["limits"]))


def _unusable(facts: ReportFacts, say: Phrases) -> str:
    views = {one["image"]: one["view"] for one in facts.concluded["images"]}
    bad = [one["image"] for one in facts.concluded["review"]["views"] if not one["usable"] and one["image"] in views]
    named = dict.fromkeys(say.views[views[image]] for image in bad if views[image] in say.views)
    return say.unusable.format(views=", ".join(named)) if named else ""


def _to_do(facts: ReportFacts, say: Phrases) -> Section | None:
    review = facts.concluded["review"]
    by = say.by.format(day=say.day(date.fromisoformat(review["outcome_by"]))) if review["outcome_by"] else ""
    soon = ", ".join(part for part in (say.urgency.get(review["urgency"], ""), by) if part)
    outcome = say.outcome.get(review["outcome"], "")
    return section(
        say.to_do,
        paragraphs(f"{outcome}." if outcome else ""),
        pairs((say.how_soon, soon)),
        paragraphs(review["advice"]),
        Bullets(tuple(_planned(review["plan"], say))),
        paragraphs(review["follow_up"]),
    )


def _planned(plan: Iterable[dict[str, str]], say: Phrases) -> Iterable[str]:
    for line in plan:
        tooth = f"{say.tooth.format(tooth=teeth.universal(line['tooth']))}: " if line["tooth"] else ""
        yield f"{tooth}{line['what']}"


def _added(facts: ReportFacts, say: Phrases) -> Section | None:
    later = [*facts.addenda, *([facts.retraction] if facts.retraction else [])]
    rows = tuple((say.added_by.format(author=one.author, day=_day(one.at, say)), one.text) for one in later)
    return section(say.added, pairs(*rows))


def _contact(facts: ReportFacts, say: Phrases) -> str:
    return say.contact.format(practice=facts.practice[0], phone=facts.phone, case=facts.case)


def _day(moment: Moment, say: Phrases) -> str:
    return say.day(local_time(moment).date())
