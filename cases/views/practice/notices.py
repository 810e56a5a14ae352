"""Notices: what one person was told, newest first, and which of it she also wants by mail."""

from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from cases.actions.noticing import choose_mail, mark_all_read, mark_read
from cases.models import About, Notice, SecondRead
from cases.notices import wants_mail
from teledent.accounts.acting import ActingRequest, Actor, role_required
from teledent.accounts.models import Role
from teledent.context import Shell
from teledent.kit import clock

PER_PAGE = 30
MOST = 300  # paged through; older ones have been dealt with
LOOKS = {
    About.URGENT: ("siren", "urgent"), About.UNOPENED: ("siren", "urgent"), About.RAISED: ("siren", "urgent"),
    About.OVERDUE: ("clock-alert", "wait"), About.SOON: ("clock", "wait"), About.ASKED: ("message-circle-question-mark", "wait"),
    About.ANSWERED: ("message-circle-reply", "accent"), About.HANDED: ("hand-helping", "accent"), About.RETRACTED: ("file-x", "wait"),
    About.SECOND: ("users", "accent"), About.DIFFERS: ("scale", "wait"), About.SETTLED: ("scale", "ok"),
    About.OPINION: ("users", "ok"), About.SENT: ("send", "accent"),
}  # fmt: skip
FOR_ROLES: dict[str, set[str]] = {
    Role.DENTIST: set(About.values) - {About.ASKED, About.RAISED, About.SENT},
    Role.HYGIENIST: {About.ASKED, About.RAISED, About.SOON, About.OVERDUE, About.RETRACTED, About.SENT},
    Role.FRONT_DESK: {About.RAISED}, Role.MANAGER: {About.UNOPENED, About.OVERDUE, About.OPINION},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    notice: Notice
    icon: str
    kind: str


class MailForm(forms.Form):
    about = forms.MultipleChoiceField(
        label="Send me an e-mail when", required=False, widget=forms.CheckboxSelectMultiple, choices=About.choices
    )

    def __init__(self, *args: object, actor: Actor, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        hers = kinds_for(actor)
        self.fields["about"].choices = [(about.value, about.label) for about in hers]  # type: ignore[attr-defined]


def kinds_for(actor: Actor) -> list[About]:
    """The kinds of notices that her roles can get."""
    return [about for about in About if any(actor.has(role) and about in kinds for role, kinds in FOR_ROLES.items())]


@require_safe
@role_required()
def notices(request: ActingRequest) -> HttpResponse:
    actor = request.actor
    told = Notice.objects.told_to(actor).select_related("case__site").order_by("-at", "-pk")
    paginator = Paginator(told, PER_PAGE)
    paginator.count = told.order_by()[:MOST].count()
    page = paginator.get_page(request.GET.get("page"))
    wanted = [about.value for about in kinds_for(actor) if wants_mail([actor.person], about)]
    context = {
        "rows": [Row(one, *LOOKS[About(one.about)]) for one in page], "page": page, "zone": Shell(request).zone,
        "form": MailForm(actor=actor, initial={"about": wanted}), "mail_is_set_up": settings.MAIL_IS_SET_UP,
    }  # fmt: skip
    return render(request, "reading/notices.html", context)


@require_safe
@role_required()
def open_notice(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """Mark it as read and go to what it is about; the address that mails carry."""
    notice = Notice.objects.filter(person=request.actor.person, public_id=public_id).select_related("case").first()
    if notice is None:
        raise Http404("No such notice.")
    mark_read(notice=notice, at=clock.now())
    if notice.practice_id != request.actor.practice.pk:
        messages.info(request, f"This is about a case of {notice.practice}. Choose it in the menu at your name first.")
        return redirect("notices")
    return redirect(address_of(notice))


def address_of(notice: Notice) -> str:
    """Where she does something about it; a case that moved on shows as its record there, as one whose second read is
    asked of her no longer."""
    if notice.about == About.SECOND and not SecondRead.objects.filter(case=notice.case, reader=notice.person).exists():
        return reverse("record", args=[notice.case.public_id])
    place = {
        About.ASKED: "capture-case",
        About.SENT: "capture-case",
        About.HANDED: "reading-case",
        About.SECOND: "second-read",
    }.get(About(notice.about), "record")
    return reverse(place, args=[notice.case.public_id])


@require_POST
@role_required()
def read_all(request: ActingRequest) -> HttpResponse:
    mark_all_read(actor=request.actor, at=clock.now())
    return redirect("notices")


@require_POST
@role_required()
def mail(request: ActingRequest) -> HttpResponse:
    """Which kinds she wants by mail; what her roles never get is left as it is."""
    form = MailForm(request.POST, actor=request.actor)
    if form.is_valid():
        wanted = set(form.cleaned_data["about"])
        choose_mail(actor=request.actor, wanted={about: about.value in wanted for about in kinds_for(request.actor)})
        messages.success(request, "Your choice is saved.")
    return redirect("notices")
