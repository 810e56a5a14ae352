"""Orders of dentists in the demonstration: one waits at the school, one is begun in a treatment visit of today."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from billing.demonstration.gathering import hygienist_of
from billing.demonstration.mouths import MOUTHS
from billing.demonstration.people import SCHOOL, Cast
from billing.demonstration.stories import Story
from cases import questionnaires
from cases.actions.ordering import give_orders
from cases.actions.treating import start_visit
from cases.models import Case, Order, OrderKind
from cases.states import Status

WITH_FIRST_MOLARS = 7  # years
GROOVES = "Deep grooves in what can be seen of the first molars"


@transaction.atomic
def order_and_begin(cast: Cast, told: Iterable[tuple[Story, Case]], *, password: str, at: datetime) -> None:
    """On the newest signed case of a schoolchild who has her first molars; nothing where there is none, or on a second run."""
    if Order.objects.filter(practice=cast.practice).exists():
        return
    fitting = [(story, case) for story, case in told if _fits(story, case)]
    if not fitting:
        return
    story, case = max(fitting, key=lambda one: (one[1].signed_at, one[1].pk))
    dentist, when = cast.of(story.dentist), at - timedelta(minutes=50)
    first, *_ = give_orders(
        actor=dentist, case=case, kind=OrderKind.SEALANT, tooth_keys=["UR6", "UL6"], reason=GROOVES, password=password, at=when
    )  # fmt: skip
    start_visit(
        actor=hygienist_of(cast, story), order=first, tooth="UR6", answers={"allergies": ["none_known"]}, at=at - timedelta(minutes=20)
    )  # fmt: skip


def _fits(story: Story, case: Case) -> bool:
    none_known = questionnaires.chosen(case.answers, "allergies") == ("none_known",)
    return (
        story.place == SCHOOL
        and case.status == Status.SIGNED
        and MOUTHS[story.mouth].age >= WITH_FIRST_MOLARS
        and none_known
    )
