"""From the record: ask for a second read, and settle what it differs in."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_POST

from cases.actions.second_reading import ask_second_read, second_readers_of, settle
from cases.models import Case, SecondRead
from cases.views.record.acts import act
from cases.views.record.forms import AskSecondForm, SettleForm
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.models import Role
from teledent.kit import clock


@require_POST
@role_required(Role.DENTIST, Role.MANAGER)
def ask(request: ActingRequest, public_id: UUID) -> HttpResponse:
    def form(case: Case) -> AskSecondForm:
        return AskSecondForm(request.POST, people=second_readers_of(case, at=clock.now()))

    def verb(*, case: Case, at: datetime, reader: str, question: str, **who: Any) -> None:
        chosen = next(one for one in second_readers_of(case, at=at) if str(one.public_id) == reader)
        ask_second_read(case=case, reader=chosen, question=question, at=at, **who)

    return act(request, public_id, "second-read", form, verb, "She is asked for a second read, and reads blind.")


@require_POST
@role_required(Role.DENTIST)
def settle_difference(request: ActingRequest, public_id: UUID) -> HttpResponse:
    def verb(*, case: Case, at: datetime, **said: Any) -> None:
        read = SecondRead.objects.to_settle().filter(case=case).order_by("pk").first()
        if read is None:
            raise Http404("No difference waits for you.")
        settle(read=read, at=at, **said)

    return act(request, public_id, "settle", lambda case: SettleForm(request.POST), verb, "The difference is settled.")
