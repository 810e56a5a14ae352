"""When an order may start (CO-3): consent of its scope, no allergy against it, the tooth said again, not expired. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from cases import teeth
from cases.models.order import ordered_in_words
from cases.order_kinds import KINDS, allergy_against
from cases.questionnaires import Answers
from cases.record import CaseRecord
from cases.record_facts import OrderFact
from teledent.kit.decisions import ALLOWED, Decision, refuse


@dataclass(frozen=True, slots=True)
class Known:
    """What was answered about allergies, and where: "TD-00012" or "today"."""

    where: str
    answers: Answers


def consent_to_it(order: OrderFact, record: CaseRecord, day: date) -> Decision:
    scope = KINDS[order.kind].scope
    if record.consents_to(scope, day):
        return ALLOWED
    return refuse(f"No consent in force today for: {scope.label.lower()}. Record the family's consent first.")


def in_time(order: OrderFact, day: date) -> Decision:
    if day <= order.valid_until:
        return ALLOWED
    return refuse(f"{order.label} ran out on {order.valid_until:%-d %b %Y}. Ask the dentist for a new one.")


def no_allergy(order: OrderFact, known: Iterable[Known]) -> Decision:
    """Every answer on file and today's: one that names the material is enough."""
    for one in known:
        against = allergy_against(order.kind, one.answers)
        if against:
            what = ordered_in_words(order.kind, order.tooth)
            return refuse(
                f"Allergy against it ({against}, answered {one.where}): “{what}” does not start. The dentist decides."
            )
    return ALLOWED


def same_tooth(order: OrderFact, tooth: str) -> Decision:
    """The tooth as the hygienist says it again with the child before her; empty where the order names none."""
    if tooth == order.tooth:
        return ALLOWED
    if not order.tooth:
        return refuse(f"{order.label} names no tooth.")
    said = teeth.name(tooth) if tooth else "nothing"
    return refuse(f"{order.label} is about another tooth than {said}. Look at the order and at the child once more.")


def may_start(order: OrderFact, record: CaseRecord, *, known: Iterable[Known], tooth: str, day: date) -> Decision:
    """CO-3. `record` is of the case that ordered, with the patient's consents; `day` is the site's."""
    checks = (
        in_time(order, day),
        consent_to_it(order, record, day),
        no_allergy(order, known),
        same_tooth(order, tooth),
    )
    return next((check for check in checks if not check), ALLOWED)
