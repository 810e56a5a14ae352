"""Addresses of links for the practice, under /links/."""

from django.urls import path

from cases.views.links import listing, making

urlpatterns = [
    path("", listing.links, name="links"),
    path("for/<uuid:public_id>/", making.make, name="link-add"),
    path("<uuid:public_id>/revoke/", listing.revoke, name="link-revoke"),
]
