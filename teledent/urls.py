"""The composition root of addresses: who serves what."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import include, path
from django.views.decorators.http import require_safe

from teledent import health, pages
from teledent.context import workplaces_of


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Signing in lands in the first workplace of the person's roles."""
    actor = request.actor  # type: ignore[attr-defined]
    places = workplaces_of(actor) if actor else []
    return redirect(places[0].address) if places else render(request, "no_role.html")


urlpatterns = [
    path("", home, name="home"),
    path("healthz", login_not_required(health.healthz), name="healthz"),
    path("readyz", login_not_required(health.readyz), name="readyz"),
    path("", include("teledent.accounts.urls")),
    path("", include("cases.urls")),
    path("", include("billing.urls")),
]

handler400 = pages.bad_request
handler403 = pages.permission_denied
handler404 = pages.page_not_found
handler500 = pages.server_error
