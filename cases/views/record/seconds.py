"""From the record: ask for a second read, take it back, and settle what it differs in."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from cases.actions.second_reading import (
    ask_second_read,
    second_readers_of,
    settle,
    take_back_second_read,
    unwritten_reads_of,
)
from cases.models import Case, SecondRead
from cases.views.record.acts import act
from cases.views.record.forms import AskSecondForm, SettleForm, TakeBackSecondForm
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.models import Person, Role
from teledent.kit import clock
from teledent.kit.decisions import Conflict


@require_POST
@role_required(Role.DENTIST, Role.MANAGER)
def ask(request: ActingRequest, public_id: UUID) -> HttpResponse:
    def form(case: Case) -> AskSecondForm:
        people = second_readers_of(case, asked_by=request.actor.person, at=clock.now())
        return AskSecondForm(request.POST, people=people)

    def verb(*, case: Case, at: datetime, reader: str, question: str, **who: Any) -> None:
        ask_second_read(case=case, reader=Person.objects.get(public_id=reader), question=question, at=at, **who)

    return act(request, public_id, "second-read", form, verb, "She is asked for a second read, and reads blind.")


@require_POST
@role_required(Role.DENTIST, Role.MANAGER)
def take_back(request: ActingRequest, public_id: UUID) -> HttpResponse:
    def form(case: Case) -> TakeBackSecondForm:
        return TakeBackSecondForm(request.POST, reads=unwritten_reads_of(request.actor, case))

    def verb(*, case: Case, at: datetime, read: str, reason: str, **who: Any) -> None:
        asked = SecondRead.objects.select_related("reader").filter(case=case, public_id=read).first()
        if asked is None:
            raise Conflict("This second read was taken back a moment ago. Reload the page.")
        take_back_second_read(read=asked, reason=reason, at=at, **who)

    return act(request, public_id, "second-read-back", form, verb, "The second read is taken back.")


@require_POST
@role_required(Role.DENTIST)
def settle_difference(request: ActingRequest, public_id: UUID) -> HttpResponse:
    def form(case: Case) -> SettleForm:
        return SettleForm(request.POST, reads=SecondRead.objects.to_settle_on(case))

    def verb(*, case: Case, at: datetime, read: str, **said: Any) -> None:
        settle(read=SecondRead.objects.get(case=case, public_id=read), at=at, **said)

    return act(request, public_id, "settle", form, verb, "The difference is settled.")
