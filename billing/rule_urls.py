"""Addresses of payers' rules."""

from django.urls import path

from billing.views import judged, payer_rules, payer_schedule

PAYER, RULE = "claims/payers/<uuid:public_id>/rules/", "claims/payer-rules/<uuid:public_id>/"

RULES = [
    path(PAYER, payer_rules.rules, name="payer-rules"),
    path(f"{PAYER}add/", payer_rules.add, name="payer-rule-add"),
    path(f"{PAYER}amounts/", payer_schedule.schedule, name="payer-schedule"),
    path(RULE, payer_rules.rule, name="payer-rule"),
    path(f"{RULE}change/", payer_rules.change, name="payer-rule-change"),
    path(f"{RULE}judged/", judged.judged, name="payer-rule-judged"),
    path(f"{RULE}end/", payer_rules.end, name="payer-rule-end"),
]
