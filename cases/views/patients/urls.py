"""Addresses under /patients/."""

from django.urls import path

from cases.views.patients import comparing, duplicates

urlpatterns = [
    path("", duplicates.patients, name="patients"),
    path("<uuid:public_id>/with/<uuid:other>/", comparing.compare, name="patients-compare"),
    path("merges/<uuid:public_id>/", comparing.merge, name="patients-merge"),
]
