"""Addresses of other offices' questions for the practice, under /consultations/."""

from django.urls import path

from cases.views.consultations import listing, making, showing

urlpatterns = [
    path("", listing.consultations, name="consultations"),
    path("add/", making.add, name="consultation-add"),
    path("<uuid:public_id>/", showing.consultation, name="consultation"),
    path("<uuid:public_id>/take-up/", showing.take_up, name="consultation-take-up"),
    path("<uuid:public_id>/turn-down/", showing.turn_down, name="consultation-turn-down"),
    path("<uuid:public_id>/release/", showing.release, name="consultation-release"),
    path("<uuid:public_id>/revoke/", showing.revoke, name="consultation-revoke"),
]
