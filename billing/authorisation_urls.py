"""Addresses of authorisations and predeterminations."""

from django.urls import path

from billing.views import authorisation_acts, authorisations

AUTHORISATION = "claims/authorisations/<uuid:public_id>/"

AUTHORISATIONS = [
    path("claims/authorisations/", authorisations.authorisations, name="authorisations"),
    path("claims/coverage/<uuid:public_id>/authorisation/", authorisation_acts.begin, name="authorisation-begin"),
    path("claims/<uuid:public_id>/authorisation/", authorisation_acts.begin_for_claim, name="claim-authorisation"),
    path(AUTHORISATION, authorisations.authorisation, name="authorisation"),
    path(f"{AUTHORISATION}sent/", authorisation_acts.sent, name="authorisation-sent"),
    path(f"{AUTHORISATION}approved/", authorisation_acts.approved, name="authorisation-approved"),
    path(f"{AUTHORISATION}refused/", authorisation_acts.refused, name="authorisation-refused"),
    path(f"{AUTHORISATION}withdraw/", authorisation_acts.withdraw, name="authorisation-withdraw"),
    path(f"{AUTHORISATION}error/", authorisation_acts.in_error, name="authorisation-error"),
]
