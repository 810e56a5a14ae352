"""Addresses of paper remittances."""

from django.urls import path

from billing.views import paper

PAPER = [
    path("claims/answers/paper/", paper.paper, name="paper"),
    path("claims/answers/paper/uploads/", paper.uploads, name="paper-uploads"),
    path("claims/answers/paper/uploads/<uuid:public_id>/", paper.upload, name="paper-upload"),
    path("claims/answers/paper/scans/<uuid:public_id>/off/", paper.off, name="paper-scan-off"),
    path("claims/answers/paper/scans/<uuid:public_id>/<int:number>/", paper.page, name="paper-page"),
]
