"""The codes that the practice may use, its word that it is licensed to use them, and what claims say about itself."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from billing.moving import CHECK
from billing.views.worklist import READERS
from cases.actions.practice import confirm_code_licence
from cases.models import CodeLicence, ProcedureCode
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.days import today_in
from teledent.accounts.models import Credential, Membership, Role, Site
from teledent.context import Shell
from teledent.jobs.queue import enqueue
from teledent.kit import clock


@require_safe
@role_required(*READERS)
def codes(request: ActingRequest) -> HttpResponse:
    practice = request.actor.practice
    context = {
        "rows": list(ProcedureCode.objects.filter(practice=practice)), "zone": Shell(request).zone, "now_at": "codes",
        "licence": CodeLicence.objects.filter(practice=practice).select_related("confirmed_by").first(),
        "may_confirm": request.actor.has(Role.MANAGER), "today": clock.local_date(clock.now(), Shell(request).zone),
    }  # fmt: skip
    return render(request, "claims/codes.html", context)


@require_POST
@role_required(Role.MANAGER)
def confirm(request: ActingRequest) -> HttpResponse:
    """The manager's word (CD-1). Claims that waited for it are checked again."""
    confirm_code_licence(actor=request.actor, at=clock.now())
    enqueue(CHECK, practice_id=request.actor.practice.pk)
    messages.success(request, "Confirmed. The codes are active; claims that waited for it are checked again.")
    return redirect("codes")


@require_safe
@role_required(*READERS)
def practice(request: ActingRequest) -> HttpResponse:
    """What every claim says about the practice, its sites and its clinicians. A manager keeps it under People and places."""
    own = request.actor.practice
    here = Membership.objects.filter(practice=own, role__in=[Role.DENTIST, Role.HYGIENIST])
    people = here.not_over(today_in(own, clock.now())).values("person")
    clinicians = Credential.objects.filter(person__in=people).select_related("person").prefetch_related("licences")
    context = {
        "practice": own, "sites": list(Site.objects.filter(practice=own).order_by("name")), "now_at": "claims-practice",
        "clinicians": list(clinicians.order_by("person__name")), "is_manager": request.actor.has(Role.MANAGER),
    }  # fmt: skip
    return render(request, "claims/practice.html", context)
