"""What was gathered and what was concluded, in words: from the very content that a signature freezes, or froze.

Every page and document that shows it starts here: the one before signing, the record, the report. So they cannot differ.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cases import questionnaires, teeth, view_labels
from cases.indicator_words import IndicatorRow, indicators_in_words
from cases.models import Condition, Icdas, Kind, MarkKind, Outcome, PatientPlace, Scope, Sufficiency, Told, Urgency
from cases.models.order import ordered_in_words
from teledent.templatetags.ui import day

Content = Mapping[str, Any]
Label = Callable[[str], str]  # how the reader calls a tooth; documents say Universal


@dataclass(frozen=True, slots=True)
class Said:
    """One heading with its words."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Mark:
    tooth: str
    what: str
    note: str


@dataclass(frozen=True, slots=True)
class PlanRow:
    tooth: str
    what: str
    priority: int
    rationale: str
    diagnosis: str


@dataclass(frozen=True, slots=True)
class Gathered:
    """The hygienist's part of one version."""

    facts: tuple[Said, ...]
    answers: tuple[Said, ...]
    marks: tuple[Mark, ...]
    indicators: tuple[IndicatorRow, ...]
    services: tuple[str, ...]
    orders: tuple[str, ...]
    consents: tuple[str, ...]
    images: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Concluded:
    """The dentist's part; `writer` and the instants stand with the signature."""

    writer: str
    texts: tuple[Said, ...]
    facts: tuple[Said, ...]
    marks: tuple[Mark, ...]
    diagnoses: tuple[str, ...]
    plan: tuple[PlanRow, ...]
    orders: tuple[str, ...]
    views: tuple[Said, ...]
    annotations: tuple[Said, ...]
    told_at: datetime | None
    attestations: tuple[str, ...]


def gathered_in_words(content: Content, label: Label = teeth.universal) -> Gathered:
    """The submitted content (or `gathered` of a draft, made plain) as a reader sees it."""
    return Gathered(
        facts=_only(
            Said("Kind", _label(Kind, content["kind"])),
            Said("Day seen", _day(content["day_seen"])),
            Said("Place", _place(content)),
            Said(_whose_urgency(content), _label(Urgency, content["urgency"])),
            Said("Sent by", sent_in_words(content)),
        ),
        answers=tuple(_answers(content)),
        marks=marks_in_words(content["findings"], label),
        indicators=indicators_in_words(content.get("indicators", ()), label),  # submitted before there were any
        services=tuple(service_in_words(one, label) for one in content["services"]),
        orders=tuple(
            order_in_words(one, label) for one in content.get("orders", ())
        ),  # submitted before there were any
        consents=tuple(_consents(content["consents"])),
        images=tuple(_image(one, label) for one in content["images"]),
    )


def concluded_in_words(content: Content, label: Label = teeth.universal) -> Concluded:
    """The signed content, or what is about to be signed, as a reader sees it."""
    review = content["review"]
    named = _named(content)
    return Concluded(
        writer=review["writer"],
        texts=_only(
            Said("Answer to the question", review.get("answer", "")),  # signed before there was one: no such field
            Said("What was looked at", review["evaluation"]),
            Said("Conclusions", review["conclusions"]),
            Said("Advice", review["advice"]),
            Said("What could not be judged", review["limits"]),
            Said("Follow-up", review["follow_up"]),
        ),
        facts=_only(
            Said("Urgency, dentist", _label(Urgency, review["urgency"])),
            Said("These records are", _label(Sufficiency, review["sufficiency"])),
            Said("Outcome", _outcome(review)),
            Said("The family", _told(review)),
            Said("Why store-and-forward", _why(review)),
        ),
        marks=marks_in_words(review["findings"], label),
        diagnoses=tuple(_diagnosis(one, label) for one in review["diagnoses"]),
        plan=tuple(_plan_row(one, label) for one in review["plan"]),
        orders=tuple(order_in_words(one, label) for one in review.get("orders", ())),  # signed before there were any
        views=tuple(Said(named.get(one["image"], "A picture"), _usable(one)) for one in review["views"]),
        annotations=annotations_in_words(content),
        told_at=datetime.fromisoformat(review["told_at"]) if review["told_at"] else None,
        attestations=tuple(_attested(review)),
    )


def annotations_in_words(content: Content) -> tuple[Said, ...]:
    """The marks drawn on pictures, each under its view; an older signature has none."""
    named = _named(content)
    marks = content["review"].get("annotations", ())
    return tuple(Said(named.get(one["image"], "A picture"), _drawn(one)) for one in marks)


def _named(content: Content) -> dict[str, str]:
    return {image["image"]: view_of(image["view"]) for image in content["images"]}


def _only(*said: Said) -> tuple[Said, ...]:
    return tuple(one for one in said if one.text)


def _label(choices: Any, value: str) -> str:
    return str(choices(value).label) if value in choices.values else value


def _day(iso: str | None) -> str:
    return day(date.fromisoformat(iso)) if iso else ""


def sent_in_words(content: Content) -> str:
    """Who sent it by a link; empty for what the site gathered, as every version before there were links."""
    sent = content.get("sent")
    return f"{_sender(sent)}, by a link; nobody of the practice was there" if sent else ""


def _sender(sent: Content) -> str:
    return ", ".join(part for part in (sent["name"], sent.get("office", ""), sent["authority"]) if part)


def sender_in_words(content: Content) -> str:
    """Her name and authority alone, as `SendingLink.sender`; empty for what the site gathered."""
    sent = content.get("sent")
    return f"{sent['name']} ({sent.get('office') or sent['authority']}), by a link" if sent else ""


def _whose_urgency(content: Content) -> str:
    sent = content.get("sent")
    return "Urgency, by the answers" if sent and not sent.get("office") else "Urgency, hygienist"


def _place(content: Content) -> str:
    where = {PatientPlace.HOME: "at home", PatientPlace.ELSEWHERE: "neither at home nor at the site"}
    return f"{where.get(content['patient_place'], content['site'])}, {content['patient_state']}"


def _answers(content: Content) -> Iterable[Said]:
    for asked in questionnaires.questions_for(content["kind"]):
        words = questionnaires.in_words(asked, content["answers"])
        if asked.required or words != "Not asked":
            yield Said(asked.legend.rstrip("?"), words)


def marks_in_words(findings: Iterable[Content], label: Label) -> tuple[Mark, ...]:
    """An older signature has no ICDAS score: such marks say none."""
    return tuple(
        Mark(label(one["tooth"]), what_of(one["condition"], one["surfaces"], one.get("icdas", "")), one["note"])
        for one in findings
    )


def what_of(condition: str, surfaces: str, icdas: str = "") -> str:
    """What was seen on a tooth: "Decay, occlusal and distal, ICDAS 4"."""
    named = " and ".join(teeth.SURFACES.get(letter, letter) for letter in surfaces)
    score = f"ICDAS {_label(Icdas, icdas).lower()}" if icdas else ""
    return ", ".join(part for part in (_label(Condition, condition), named, score) if part)


def service_in_words(one: Content, label: Label) -> str:
    tooth = f" on {label(one['tooth'])}" if one["tooth"] else ""
    times = f" × {one['quantity']}" if one["quantity"] > 1 else ""
    return f"{one['code']}{tooth}{times}, by {one['operator']}, order: {one['ordered_by']}"


def order_in_words(one: Content, label: Label) -> str:
    """ "TO-00012: Seal 3, until 14 Mar 2027: deep grooves"."""
    what = ordered_in_words(one["kind"], one["tooth"], label)
    return f"{one['label']}: {what}, until {_day(one['valid_until'])}: {one['reason']}"


def _consents(rows: Iterable[Content]) -> Iterable[str]:
    """One line for all parts that one person answered alike for the same time."""
    alike: dict[str, list[str]] = {}
    for one in rows:
        said = "Withdrawn" if one["withdrawn_at"] else "Given" if one["given"] else "Refused"
        until = f" until {_day(one['valid_until'])}" if one["valid_until"] else ""
        who = f"{said} by {one['signer_name']} ({one['signer_authority']}), from {_day(one['valid_from'])}{until}"
        alike.setdefault(who, []).append(_label(Scope, one["scope"]).lower())
    return (f"{who}: {'; '.join(scopes)}" for who, scopes in alike.items())


def view_of(key: str) -> str:
    return view_labels.label_of(key) if key in view_labels.VIEWS else "No view yet"


def _image(one: Content, label: Label) -> str:
    tooth = f" {label(one['tooth'])}" if one["tooth"] else ""
    return f"{view_of(one['view'])}{tooth}{', mirror shot' if one['mirrored'] else ''}, {one['device']}, SHA-256 {one['sha256'][:12]}"


def _outcome(review: Content) -> str:
    by = f", by {_day(review['outcome_by'])}" if review["outcome_by"] else ""
    return f"{_label(Outcome, review['outcome'])}{by}" if review["outcome"] else ""


def _told(review: Content) -> str:
    if review["told"] == Told.TOLD:
        return _with("Told", review["told_to"], review["told_how"])
    if review["told"] == Told.PENDING:
        return _with("Still to be told", review["next_step"], _day(review["next_step_on"]))
    return ""


def _with(said: str, *more: str) -> str:
    known = ", ".join(part for part in more if part)
    return f"{said}: {known}" if known else said


def _why(review: Content) -> str:
    said = questionnaires.WHY.get(review["why"], "")
    return f"{said}: {review['why_text']}" if review["why_text"] else said


def _diagnosis(one: Content, label: Label) -> str:
    return f"{one['code']} {one['gloss']}{', tooth ' + label(one['tooth']) if one['tooth'] else ''}"


def _plan_row(one: Content, label: Label) -> PlanRow:
    tooth = label(one["tooth"]) if one["tooth"] else ""
    return PlanRow(tooth, one["what"], one["priority"], one["rationale"], one["diagnosis"])


def _usable(one: Content) -> str:
    return "usable" if one["usable"] else f"not usable: {one['reason']}"


def _drawn(one: Content) -> str:
    kind = _label(MarkKind, one["kind"]).lower()
    place = f"{round(100 * one['to_x'] / one['width'])} % from the left, {round(100 * one['to_y'] / one['height'])} % from the top"
    return f"{kind} “{one['text']}”, {place}" if one["text"] else f"{kind}, {place}"


def _attested(review: Content) -> Iterable[str]:
    if review["no_live_contact"] is True:
        yield "Made without live contact with the patient."
    if review["no_live_contact"] is False:
        yield "There was live contact with the patient."
    if review["not_same_building"]:
        yield "The dentist was not in the same building as the patient."
