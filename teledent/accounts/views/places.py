"""Places: the sites where hygienists capture, and the practice that bills. For the manager."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from teledent.accounts import actions
from teledent.accounts.access import get_site, sites_of
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.forms import PracticeForm, SiteForm
from teledent.accounts.models import Practice, Role, Site
from teledent.accounts.views.people import FORM_METHODS
from teledent.kit import clock


@require_GET
@role_required(Role.MANAGER)
def sites(request: ActingRequest) -> HttpResponse:
    return render(request, "accounts/sites.html", {"sites": sites_of(request.actor)})


@require_http_methods(FORM_METHODS)
@role_required(Role.MANAGER)
def site_add(request: ActingRequest) -> HttpResponse:
    return _place(request, SiteForm(request.POST or None, instance=Site(practice=request.actor.practice)), "Add a site")


@require_http_methods(FORM_METHODS)
@role_required(Role.MANAGER)
def site(request: ActingRequest, public_id: UUID) -> HttpResponse:
    row = get_site(request.actor, public_id)
    return _place(request, SiteForm(request.POST or None, instance=row), row.name)


@require_http_methods(FORM_METHODS)
@role_required(Role.MANAGER)
def practice(request: ActingRequest) -> HttpResponse:
    # read afresh: the form writes into its instance, and the frame around the page shows the practice as it is saved
    row = Practice.objects.get(pk=request.actor.practice.pk)
    return _place(request, PracticeForm(request.POST or None, instance=row), "Practice")


def _place(request: ActingRequest, form: SiteForm | PracticeForm, title: str) -> HttpResponse:
    is_practice = isinstance(form, PracticeForm)
    if request.method == "POST" and form.is_valid():
        actions.save_place(actor=request.actor, place=form.instance, at=clock.now())
        messages.success(request, f"{form.instance.name} is saved.")
        return redirect("practice" if is_practice else "sites")
    context = {"form": form, "title": title, "back": "" if is_practice else "sites", "action": "Save"}
    page = "accounts/practice.html" if is_practice else "accounts/edit.html"
    return render(request, page, context, status=422 if form.errors else 200)
