"""What can be ordered of a hygienist: what each kind needs before it may start, and what fulfils it (CO-3).

`allergies` are keys of the questionnaire, `words` what a family may have said under "other".
"""

from dataclasses import dataclass
from datetime import timedelta

from cases import questionnaires
from cases.models.consent import Scope
from cases.models.order import OrderKind
from cases.questionnaires import Answers
from cases.record import CaseRecord
from cases.record_facts import OrderFact


@dataclass(frozen=True, slots=True)
class Needs:
    """`code` is the service that fulfils the order, else one of `views` does."""

    scope: Scope
    valid_for: timedelta  # from the day it is ordered, unless the dentist says another last day
    needs_tooth: bool = False
    code: str = ""
    views: frozenset[str] = frozenset()
    allergies: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()


HALF_A_YEAR, A_SEASON = timedelta(days=182), timedelta(days=91)

KINDS: dict[str, Needs] = {
    OrderKind.SEALANT: Needs(
        Scope.SEALANTS, HALF_A_YEAR, needs_tooth=True, code="D1351", allergies=frozenset({"resin", "latex"}),
        words=("resin", "acrylic", "adhesive", "bisphenol", "latex"),
    ),
    OrderKind.SILVER_FLUORIDE: Needs(
        Scope.SILVER_FLUORIDE, A_SEASON, needs_tooth=True, code="D1354", words=("silver", "nickel", "metal"),
    ),
    OrderKind.FLUORIDE: Needs(
        Scope.FLUORIDE, A_SEASON, code="D1206", words=("colophony", "rosin", "pine", "fluoride", "varnish"),
    ),
    OrderKind.BITEWINGS: Needs(
        Scope.RADIOGRAPHS, A_SEASON, views=frozenset({"bitewing-left", "bitewing-right"}), allergies=frozenset({"latex"}),
        words=("latex",),
    ),
    OrderKind.PERIAPICAL: Needs(
        Scope.RADIOGRAPHS, A_SEASON, needs_tooth=True, views=frozenset({"periapical"}), allergies=frozenset({"latex"}),
        words=("latex",),
    ),
}  # fmt: skip


def allergy_against(kind: str, answers: Answers) -> str:
    """What the family said that speaks against this treatment, in words; empty when nothing does."""
    needs = KINDS[kind]
    asked = questionnaires.question("treatment_visit", "allergies")
    named = [key for key in questionnaires.chosen(answers, "allergies") if key in needs.allergies]
    said = str(answers.get("allergies_text", ""))
    known = [asked.choices[key].lower() for key in named] if asked else named
    if any(word in said.casefold() for word in needs.words):
        known.append(said.strip())
    return ", ".join(known)


def is_done(order: OrderFact, record: CaseRecord) -> bool:
    """Whether what was gathered in its visit fulfils the order: the service under it, or a picture of the right tooth."""
    needs = KINDS[order.kind]
    if needs.code:
        return any(one.order == order.label for one in record.services)
    return any(
        image.view in needs.views and image.tooth == order.tooth and not image.is_unusable
        for image in record.counted_images
    )


def still_to_do(record: CaseRecord) -> tuple[OrderFact, ...]:
    return tuple(order for order in record.orders if not is_done(order, record))


def what_stands_against_visit(record: CaseRecord) -> str:
    """Why a treatment visit cannot be submitted as it stands, in words; empty when every order of it is fulfilled in time."""
    if not record.orders:
        return "No order stands for this visit any more: withdraw it"
    standing = {order.label for order in record.orders}
    stray = next((one.order for one in record.services if one.order and one.order not in standing), "")
    if stray:
        return f"{stray} does not stand any more: remove what was recorded under it"
    late = next((order for order in record.orders if order.valid_until < record.day_seen), None)
    if late:
        return f"{late.label} ran out on {late.valid_until:%-d %b %Y}, before the day seen"
    undone = still_to_do(record)
    return f"{undone[0].label}: record what was done, or give the order back" if undone else ""
