"""People: who works here in which role, with which licences. For the manager; nothing here is clinical."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Prefetch
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from teledent.accounts import actions, trail
from teledent.accounts.access import get_licence, get_membership, get_person, people_of, sites_of, works_elsewhere
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.days import today_in
from teledent.accounts.forms import AddPersonForm, CredentialForm, LicenceForm, MembershipForm, PersonForm
from teledent.accounts.jobs import ask_for_password_link
from teledent.accounts.links import password_link
from teledent.accounts.models import Credential, Licence, Membership, Person, Role
from teledent.kit import clock

FORM_METHODS = ["GET", "HEAD", "POST"]
PER_PAGE = 50


@require_GET
@role_required(Role.MANAGER)
def people(request: ActingRequest) -> HttpResponse:
    today = today_in(request.actor.practice, clock.now())
    held = Membership.objects.filter(practice=request.actor.practice).not_over(today).select_related("site")
    everyone = (
        people_of(request.actor)
        .select_related("credential")
        .prefetch_related(
            Prefetch("memberships", held.order_by("role", "site__name"), to_attr="roles_here"), "credential__licences"
        )
        .annotate(works_here=Exists(held.filter(person=OuterRef("pk"))))
        .order_by("-works_here", "name", "id")
    )
    page = Paginator(everyone, PER_PAGE).get_page(request.GET.get("page"))
    # two lists: who works here now, and who did
    listed: list[Any] = list(page)
    here = [person for person in listed if person.works_here]
    former = [person for person in listed if not person.works_here]
    context = {"people": here, "former": former, "page": page, "today": today}
    return render(request, "accounts/people.html", context)


@require_http_methods(FORM_METHODS)
@role_required(Role.MANAGER)
def person_add(request: ActingRequest) -> HttpResponse:
    at = clock.now()
    today = today_in(request.actor.practice, at)
    held = Membership.objects.filter(practice=request.actor.practice).not_over(today)
    form = AddPersonForm(
        request.POST or None, sites=sites_of(request.actor), people=people_of(request.actor).filter(memberships__in=held),
        initial={"starts_on": today},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        person = actions.add_person(actor=request.actor, **form.cleaned_data, at=at)
        messages.success(request, f"{person.name} is on your list.")
        return redirect("person", person.public_id)
    context = {"form": form, "title": "Add a person", "back": "people", "action": "Add"}
    return render(request, "accounts/edit.html", context, status=422 if form.errors else 200)


@require_GET
@role_required(Role.MANAGER)
def person(request: ActingRequest, public_id: UUID) -> HttpResponse:
    return _person_page(request, get_person(request.actor, public_id))


def _person_page(
    request: ActingRequest, person: Person, *, role_form: MembershipForm | None = None, link: str = ""
) -> HttpResponse:
    at = clock.now()
    day = today_in(request.actor.practice, at)
    held = Membership.objects.filter(practice=request.actor.practice, person=person).select_related("site")
    form = role_form or MembershipForm(sites=sites_of(request.actor), initial={"starts_on": day})
    context = {
        "person": person,
        "held": held.not_over(day).order_by("starts_on", "id"),
        "past": held.filter(ends_on__lt=day).order_by("-ends_on", "-id"),
        "credential": getattr(person, "credential", None),
        "licences": Licence.objects.filter(credential__person=person),
        "elsewhere": works_elsewhere(person, actor=request.actor, at=at),
        "role_form": form,
        "link": link,
        "today": day,
    }
    return render(request, "accounts/person.html", context, status=422 if form.errors else 200)


@require_http_methods(FORM_METHODS)
@role_required(Role.MANAGER)
def person_details(request: ActingRequest, public_id: UUID) -> HttpResponse:
    person = get_person(request.actor, public_id)
    form = PersonForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        actions.save_person(actor=request.actor, person=form.instance, at=clock.now())
        return redirect("person", public_id)
    return _edit_of_person(request, public_id, form, "Name and e-mail")


@require_POST
@role_required(Role.MANAGER)
def role_add(request: ActingRequest, public_id: UUID) -> HttpResponse:
    person = get_person(request.actor, public_id)
    form = MembershipForm(request.POST, sites=sites_of(request.actor))
    if not form.is_valid():
        return _person_page(request, person, role_form=form)
    actions.add_membership(actor=request.actor, person=person, **form.cleaned_data, at=clock.now())
    return redirect("person", public_id)


@require_POST
@role_required(Role.MANAGER)
def role_end(request: ActingRequest, public_id: UUID, number: int) -> HttpResponse:
    membership = get_membership(request.actor, get_person(request.actor, public_id), number)
    actions.end_membership(actor=request.actor, membership=membership, at=clock.now())
    messages.success(request, f"The role {membership.get_role_display()} is ended.")
    return redirect("person", public_id)


@require_http_methods(FORM_METHODS)
@role_required(Role.MANAGER)
def credential(request: ActingRequest, public_id: UUID) -> HttpResponse:
    person = get_person(request.actor, public_id)
    form = CredentialForm(
        request.POST or None, instance=getattr(person, "credential", None) or Credential(person=person)
    )
    if request.method == "POST" and form.is_valid():
        actions.save_credential(actor=request.actor, person=person, credential=form.instance, at=clock.now())
        return redirect("person", public_id)
    return _edit_of_person(request, public_id, form, f"Credential of {person.name}")


@require_http_methods(FORM_METHODS)
@role_required(Role.MANAGER)
def licence_add(request: ActingRequest, public_id: UUID) -> HttpResponse:
    return _licence(request, get_person(request.actor, public_id), Licence(), "Add a licence")


@require_http_methods(FORM_METHODS)
@role_required(Role.MANAGER)
def licence(request: ActingRequest, public_id: UUID, number: int) -> HttpResponse:
    person = get_person(request.actor, public_id)
    return _licence(request, person, get_licence(request.actor, person, number), "Licence")


def _licence(request: ActingRequest, person: Person, row: Licence, title: str) -> HttpResponse:
    if not hasattr(person, "credential"):
        messages.warning(request, "Fill in the credential first; licences belong to it.")
        return redirect("credential", person.public_id)
    row.credential = person.credential
    form = LicenceForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        actions.save_licence(actor=request.actor, person=person, licence=form.instance, at=clock.now())
        return redirect("person", person.public_id)
    return _edit_of_person(request, person.public_id, form, f"{title} of {person.name}")


@require_POST
@role_required(Role.MANAGER)
def person_link(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """Mail a password link, and show it once; never shown for an account that another practice counts on as well."""
    person = get_person(request.actor, public_id)
    at, origin = clock.now(), request.build_absolute_uri("/")
    ask_for_password_link(person=person, origin=origin)
    if works_elsewhere(person, actor=request.actor, at=at) or not person.is_active:
        messages.success(request, f"A password link goes to {person.email}.")
        return redirect("person", public_id)
    trail.record(
        "password-link",
        noun="person",
        public_id=person.public_id,
        person=request.actor.person,
        practice=request.actor.practice,
        at=at,
    )
    return _person_page(request, person, link=password_link(person, origin=origin))


@require_POST
@role_required(Role.MANAGER)
def person_close(request: ActingRequest, public_id: UUID) -> HttpResponse:
    person = get_person(request.actor, public_id)
    actions.close_account(actor=request.actor, person=person, at=clock.now())
    messages.success(request, f"{person.name} has no access to your practice any more.")
    return redirect("people")


def _edit_of_person(request: ActingRequest, public_id: UUID, form: object, title: str) -> HttpResponse:
    context = {"form": form, "title": title, "back": "person", "back_id": public_id, "action": "Save"}
    return render(request, "accounts/edit.html", context, status=422 if getattr(form, "errors", None) else 200)
