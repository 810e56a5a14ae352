"""Addresses of appeals."""

from django.urls import path

from billing.views import appeal_acts, appeals

APPEAL = "claims/appeals/<uuid:public_id>/"

APPEALS = [
    path("claims/<uuid:public_id>/appeal/", appeal_acts.begin, name="appeal-begin"),
    path("claims/appeals/", appeals.appeals, name="appeals"),
    path(APPEAL, appeals.appeal, name="appeal"),
    path(f"{APPEAL}change/", appeal_acts.change, name="appeal-change"),
    path(f"{APPEAL}ready/", appeal_acts.ready, name="appeal-ready"),
    path(f"{APPEAL}pack/", appeal_acts.pack, name="appeal-pack"),
    path(f"{APPEAL}back/", appeal_acts.back, name="appeal-back"),
    path(f"{APPEAL}sent/", appeal_acts.sent, name="appeal-sent"),
    path(f"{APPEAL}answered/", appeal_acts.answered, name="appeal-answered"),
    path(f"{APPEAL}withdraw/", appeal_acts.withdraw, name="appeal-withdraw"),
    path(f"{APPEAL}packet/", appeal_acts.packet, name="appeal-packet"),
    path(f"{APPEAL}sign/", appeal_acts.sign, name="appeal-sign"),
]
