"""The timeline in sentences: what each kind of event says to a reader, and the detail that stands below it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cases import view_labels
from cases.models import (
    Audience,
    CaseEvent,
    FollowUpStep,
    IndicatorKey,
    IndicatorValue,
    OrderKind,
    Proof,
    RetractionReason,
    Scope,
    Urgency,
)
from cases.models.order import ordered_in_words
from cases.report.phrases import LANGUAGES
from teledent.templatetags.ui import exactly

Details = Mapping[str, Any]
Teller = Callable[[Details], tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the timeline: sentence, detail, instant, and the first characters of its hash."""

    sentence: str
    detail: str
    at: datetime


def told(event: CaseEvent, *, zone: str) -> Told:
    """The event as a sentence with who did it, to the second in the site's zone; the hash's beginning lets two prints be compared."""
    say = _TELLERS.get(event.kind)
    said, detail = say(event.details) if say else (event.kind.replace("_", " "), "")
    seal = f"{exactly(event.at, zone)} · event {event.seq} · {event.digest[:12]}"
    return Told(f"{event.person_name} {said}", " · ".join(part for part in (detail, seal) if part), event.at)


def _view(details: Details) -> str:
    view = details.get("view", "")
    return view_labels.label_of(view) if view in view_labels.VIEWS else "a picture"


def _scopes(keys: Any) -> str:
    return ", ".join(Scope(key).label.lower() for key in keys or () if key in Scope.values)


def _of_file(said: str, detail: str = "") -> Teller:
    return lambda d: (said.format(view=_view(d)), str(d.get(detail, "")) if detail else "")


def _examined(d: Details) -> tuple[str, str]:
    says = str(d.get("file_says", "")).replace("T", " ")
    return f"examined {_view(d)}", f"the file itself says that it was taken {says}" if says else ""


def _submitted(d: Details) -> tuple[str, str]:
    by = f"licence {d['licence']}" if d.get("licence") else "by the sender’s own statement"
    return f"signed and submitted version {d.get('version', 1)}", by


def _signed(d: Details) -> tuple[str, str]:
    codes = ", ".join(code for code in (d.get("evaluation"), d.get("encounter")) if code)
    return f"signed the review of version {d.get('version', 1)}", "; ".join(
        p for p in (codes, f"licence {d.get('licence', '')}") if p
    )


def _asked(d: Details) -> tuple[str, str]:
    return "asked for more", "; ".join(str(one.get("ask", "")) for one in d.get("asked", ()))


def _answered(d: Details) -> tuple[str, str]:
    if d.get("cannot_supply"):
        return f"cannot supply: {d.get('ask', '')}", str(d["cannot_supply"])
    return f"answered: {d.get('ask', '')}", str(d.get("answer", ""))


def _consented(d: Details) -> tuple[str, str]:
    refused = _scopes(d.get("refused"))
    given = f"given: {_scopes(d.get('given'))}" if d.get("given") else ""
    anew = "what was entered from this form before was taken back" if d.get("entered_anew") else ""
    return f"recorded the consent of {d.get('signer', '')}", "; ".join(
        p for p in (given, f"refused: {refused}" if refused else "", anew) if p
    )


def _entered_wrongly(d: Details) -> tuple[str, str]:
    scopes = f"counts no more: {_scopes(d.get('scopes'))}" if d.get("scopes") else ""
    health = "what it said of health is taken back, too" if d.get("health") else ""
    withdrawn = f"withdrawn on it: {'; '.join(d['withdrawn'])}" if d.get("withdrawn") else ""
    said = f"took back the consent of {d.get('signer', '')}: it was entered wrongly from a form"
    return said, "; ".join(part for part in (str(d.get("reason", "")), scopes, health, withdrawn) if part)


def _followed(d: Details) -> tuple[str, str]:
    step = FollowUpStep(d["step"]).label if d.get("step") in FollowUpStep.values else ""
    proof = Proof(d["proof"]).label if d.get("proof") in Proof.values else ""
    booked = f"for {str(d['booked_for'])[:16].replace('T', ' ')} UTC" if d.get("booked_for") else ""
    said = (d.get("to"), d.get("how"), booked, d.get("place"), proof)
    return f"recorded: {step[:1].lower()}{step[1:]}", ", ".join(part for part in said if part)


def _closed(d: Details) -> tuple[str, str]:
    proven = d.get("proven", d.get("attended"))
    return "closed the follow-up", str(d.get("reason") or ("proven" if proven else ""))


def _reader(d: Details) -> str:
    audience = Audience(d["audience"]).label.lower() if d.get("audience") in Audience.values else ""
    return ", ".join(part for part in (audience, LANGUAGES.get(d.get("language", "en"), "")) if part)


def _retracted(d: Details) -> tuple[str, str]:
    reason = RetractionReason(d["reason"]).label if d.get("reason") in RetractionReason.values else ""
    return f"retracted the signed review: {reason.lower()}", str(d.get("explanation", ""))


def _on_device(d: Details) -> str:
    """What the device's clock said, and how wrong it was found to be."""
    offset = d.get("offset_ms")
    measured = "never measured against ours" if offset is None else f"ours is {offset / 1000:+.1f} s from it"
    by = f"gathered by {d['by']}; " if d.get("by") else ""
    return f"{by}{str(d.get('on_device_at', ''))[:19].replace('T', ' ')} by the device's clock; {measured}"


def _urgency(key: Any) -> str:
    return Urgency(key).label.lower() if key in Urgency.values else "not said"


def _escalated(d: Details) -> tuple[str, str]:
    told = ", ".join(str(name) for name in d.get("told", ())) or "nobody: no other dentist may read it"
    when = "half of its time" if d.get("step") == "dentist" else "three quarters of its time"
    return f"told {told}", f"an emergency, unopened after {when}"


def _after(d: Details) -> str:
    words = {"order": "under an order on {}", "correction": "to correct {}"}
    return words[d["because"]].format(d["follows"]) if d.get("because") in words else ""


def _merged(said: str, moved: str) -> Teller:
    return lambda d: (f"{said}; {moved}" if d.get("moved") else said, str(d.get("reason", "")))


def _reason(said: str) -> Teller:
    return lambda d: (said, str(d.get("reason", "")))


def _plainly(said: str) -> Teller:
    return lambda d: (said, "")


_ORDERED = {
    "issue": "ordered with the signature: {what}",
    "given": "ordered: {what}",
    "accept": "began the visit for {what}",
    "give_back": "put back among the open orders: {what}",
    "carry_over": "goes on with the correction of its visit: {what}",
    "fulfil": "did what was ordered: {what}",
    "refuse": "refused the order: {what}",
    "expire": "let the order run out: {what}",
    "cancel": "cancelled the order: {what}",
}


def _indicator_label(d: Details) -> str:
    return IndicatorKey(d["key"]).label.lower() if d.get("key") in IndicatorKey.values else "an indicator"


def _indicator(d: Details) -> tuple[str, str]:
    value, computed = (
        IndicatorValue(d[name]).label.lower() if d.get(name) in IndicatorValue.values else "?"
        for name in ("value", "computed")
    )
    return f"says of {_indicator_label(d)}: {value}, where {computed} was computed", str(d.get("reason", ""))


def _of_order(said: str) -> Teller:
    def tell(d: Details) -> tuple[str, str]:
        what = ordered_in_words(d["kind"], d.get("tooth", "")) if d.get("kind") in OrderKind.values else ""
        detail = d.get("because") or (d.get("reason") if "visit" not in d else f"in {d['visit']}")
        return said.format(what=f"{what}, {d.get('order', '')}"), str(detail or "")

    return tell


_TELLERS: dict[str, Teller] = {
    "opened": lambda d: ("opened the case", ", ".join(p for p in (str(d.get("site", "")), _after(d)) if p)),
    "forwarded": lambda d: (f"forwarded revision {d.get('revision', 1)} from {d.get('device', 'a device')}", _on_device(d)),
    "finished_on_device": lambda d: ("finished the case without a network", _on_device(d)),
    "file_declared": _of_file("announced {view}"),
    "file_received": _of_file("sent {view}: whole, its hash verified"),
    "file_examined": _examined,
    "file_refused": _of_file("could not use {view}", "code"),
    "file_held": _of_file("holds {view} for a decision", "code"),
    "hold_lifted": _of_file("holds {view} no longer: what the file says agrees now"),
    "file_labelled": _of_file("labelled {view}"),
    "file_struck": _of_file("struck off {view}", "reason"),
    "file_moved_away": lambda d: (f"moved {_view(d)} to {d.get('to', 'another case')}", str(d.get("reason", ""))),
    "file_moved_here": lambda d: (f"moved {_view(d)} here from {d.get('from', 'another case')}", str(d.get("reason", ""))),
    "held_file_accepted": _of_file("decided that {view} is this patient's", "reason"),
    "processing_failed": _of_file("set {view} aside: it could not be examined"),
    "service_recorded": lambda d: (f"recorded {d.get('code', '')}, done on site", ""),
    "indicator_said": _indicator,
    "indicator_taken_back": lambda d: (f"took back her word on {_indicator_label(d)}: what is computed counts", ""),
    "service_removed": lambda d: (f"took back {d.get('code', '')}", ""),
    "consent_recorded": _consented,
    "consent_withdrawn": lambda d: (f"recorded that consent was withdrawn: {_scopes([d.get('scope')])}", str(d.get("reason", ""))),
    "consent_entered_wrongly": _entered_wrongly,
    "submit": _submitted,
    "withdraw": _reason("withdrew the case"),
    "start_review": lambda d: (f"started reading version {d.get('version', 1)}", ""),
    "hand_over": lambda d: (f"handed the case and its draft over to {d.get('to', '')}", str(d.get("reason", ""))),
    "urgency_raised": lambda d: (f"sees it as more urgent: {_urgency(d.get('to'))} instead of {_urgency(d.get('from'))}", ""),
    "escalated": _escalated,
    "second_read_asked": lambda d: (f"asked {d.get('reader', '')} for a second read", str(d.get("question", ""))),
    "second_read_taken_back": lambda d: (f"took back the second read asked of {d.get('reader', '')}", str(d.get("reason", ""))),
    "second_read_signed": lambda d: ("signed a second read, blind to the first", f"licence {d.get('licence', '')}"),
    "second_read_differs": lambda d: ("found that the two readings differ", str(d.get("in", ""))),
    "second_read_settled": _plainly("settled the difference between the two readings"),
    "release": _plainly("put the case back in the queue"),
    "request_info": _asked,
    "question_answered": _answered,
    "sign": _signed,
    "stop": lambda d: ("stopped the case: consent was withdrawn", _scopes([d.get("scope")])),
    "addendum": _plainly("added an addendum"),
    "follow_up": _followed,
    "close": _closed,
    "letter_printed": lambda d: (f"printed the letter to {d.get('to', 'the family')}", str(d.get("language", ""))),
    "school_list": lambda d: (f"named the child on a list for {d.get('for', 'the school')}", str(d.get("word", ""))),
    "referred": lambda d: (f"referred to {d.get('to', '')}", str(d.get("urgency", ""))),
    "referral_sent": lambda d: (f"sent the referral to {d.get('to', '')}", str(d.get("how", ""))),
    **{f"order_{name}": _of_order(said) for name, said in _ORDERED.items()},
    "call_back": _reason("took the case back from the dentists"),
    "file_copied_away": lambda d: (f"copied {_view(d)} to {d.get('to', 'another case')}", str(d.get("reason", ""))),
    "file_copied_here": lambda d: (f"copied {_view(d)} here from {d.get('from', 'another case')}", str(d.get("reason", ""))),
    "corrected": lambda d: (f"opened {d.get('by', 'another case')} in its place", ""),
    "patient_merged": _merged("merged two rows of this patient", "this case moved with it"),
    "patient_unmerged": _merged("took two patients apart", "this case went back"),
    "answer_released": lambda d: (f"let the answer out to {d.get('to', '')}", ""),
    "answer_collected": lambda d: ("collected the answer", ""),
    "report_printed": lambda d: ("asked for the report as PDF", _reader(d)),
    "retract": _retracted,
}  # fmt: skip
