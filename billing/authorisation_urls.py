"""Addresses of authorisations and predeterminations."""

from django.urls import path

from billing.views import authorisation_acts, authorisations, request_files

AUTHORISATION = "claims/authorisations/<uuid:public_id>/"

AUTHORISATIONS = [
    path("claims/authorisations/", authorisations.authorisations, name="authorisations"),
    path("claims/coverage/<uuid:public_id>/authorisation/", authorisation_acts.begin, name="authorisation-begin"),
    path("claims/<uuid:public_id>/authorisation/", authorisation_acts.begin_for_claim, name="claim-authorisation"),
    path(
        "claims/coverage/<uuid:public_id>/authorisation/<uuid:case_id>/",
        authorisation_acts.begin_for_case,
        name="case-authorisation",
    ),
    path("claims/authorisations/files/<uuid:public_id>/", request_files.request_file, name="request-file"),
    path("claims/authorisations/files/<uuid:public_id>/file/", request_files.download, name="request-file-download"),
    path("claims/receivers/<uuid:public_id>/requests/", request_files.write_all, name="requests-write"),
    path(f"{AUTHORISATION}write/", request_files.write, name="authorisation-write"),
    path(AUTHORISATION, authorisations.authorisation, name="authorisation"),
    path(f"{AUTHORISATION}change/", authorisation_acts.change, name="authorisation-change"),
    path(f"{AUTHORISATION}sent/", authorisation_acts.sent, name="authorisation-sent"),
    path(f"{AUTHORISATION}approved/", authorisation_acts.approved, name="authorisation-approved"),
    path(f"{AUTHORISATION}refused/", authorisation_acts.refused, name="authorisation-refused"),
    path(f"{AUTHORISATION}again/", authorisation_acts.take_up, name="authorisation-again"),
    path(f"{AUTHORISATION}withdraw/", authorisation_acts.withdraw, name="authorisation-withdraw"),
    path(f"{AUTHORISATION}error/", authorisation_acts.in_error, name="authorisation-error"),
]
