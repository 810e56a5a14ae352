"""The door: sign in and out, set a password by a mailed link, choose the practice to act for."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from teledent.accounts import trail
from teledent.accounts.acting import ACTING_PRACTICE, ActingRequest, role_required
from teledent.accounts.confirming import forgive
from teledent.accounts.days import held_at
from teledent.accounts.forms import LinkForm, PasswordChange, PasswordChoice, SignInForm
from teledent.accounts.jobs import ask_for_password_link
from teledent.accounts.locking import lift_lock
from teledent.accounts.models import Membership, Person
from teledent.kit import clock


class SignIn(auth.LoginView):
    template_name = "accounts/sign_in.html"
    form_class = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        person = form.get_user()
        trail.record("sign-in", noun="person", public_id=person.public_id, person=person, practice=None, at=clock.now())
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        # what was typed may be a password in the wrong field: only the id of an account that it names is kept
        named = Person.objects.filter(email=form.cleaned_data.get("username", "")).first()
        public_id = named.public_id if named else None
        trail.record("sign-in-failed", noun="person", public_id=public_id, person=None, practice=None, at=clock.now())
        return super().form_invalid(form)

    def render_to_response(self, context: dict[str, Any], **response_kwargs: Any) -> HttpResponse:
        status = 422 if context["form"].errors else 200
        return super().render_to_response(context, status=status, **response_kwargs)


class SignOut(auth.LogoutView):
    """POST only. The browser drops what it cached, and keeps the device store: that may hold cases not yet sent."""

    http_method_names = ["post", "options"]  # noqa: RUF012 - as Django's View declares it

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().post(request, *args, **kwargs)
        response["Clear-Site-Data"] = '"cache"'
        return response


@login_not_required
def ask_for_link(request: HttpRequest) -> HttpResponse:
    """Ask for a password link by mail. The answer is the same whether the account exists or not."""
    form = LinkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"].casefold()
        person = Person.objects.filter(email=email, is_active=True).first()
        ask_for_password_link(person=person, origin=request.build_absolute_uri("/"))
        return redirect("password-link-sent")
    return render(request, "accounts/ask_for_link.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@login_not_required
def link_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/link_sent.html")


@method_decorator(sensitive_post_parameters(), name="dispatch")
class SetPassword(auth.PasswordResetConfirmView):
    """Behind the mailed link: it redirects once, so that the token leaves the address bar, then asks for a password."""

    template_name = "accounts/set_password.html"
    form_class = PasswordChoice
    success_url = reverse_lazy("sign-in")

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        lift_lock(form.user.email)
        forgive(form.user)
        messages.success(self.request, "Your password is set. Sign in with it.")
        return response


class ChangePassword(auth.PasswordChangeView):
    template_name = "accounts/change_password.html"
    form_class = PasswordChange
    success_url = reverse_lazy("home")

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        messages.success(self.request, "Your password is changed. Other devices have to sign in again.")
        return response


@require_POST
@role_required()
def act_for(request: ActingRequest) -> HttpResponse:
    """Choose the practice to act for, among those where she holds a role today."""
    hers = Membership.objects.filter(person=request.actor.person).select_related("practice")
    held = held_at(hers, clock.now())
    chosen = next((m for m in held if str(m.practice.public_id) == request.POST.get("practice")), None)
    if chosen is not None:
        request.session[ACTING_PRACTICE] = chosen.practice_id
        messages.success(request, f"You now work for {chosen.practice.name}.")
    return redirect("home")
