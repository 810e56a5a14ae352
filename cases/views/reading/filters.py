"""Filters of the queue: they live in the address, and what is not a choice is no filter."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from django import forms
from django.db.models import Q, QuerySet

from cases.models import Case, Kind, Queue, Standing, Urgency
from cases.states import Status
from teledent.accounts.acting import Actor
from teledent.accounts.models import Membership, Practice, Role, Site

STATES = [*Standing.choices, ("held", "Being read")]
AGES = {"1": "Over 1 day", "3": "Over 3 days", "7": "Over 7 days"}


class FilterForm(forms.Form):
    urgency = forms.ChoiceField(required=False, choices=[("", "Any urgency"), *Urgency.choices])
    kind = forms.ChoiceField(required=False, choices=[("", "Any kind"), *Kind.choices])
    site = forms.ChoiceField(label="School or clinic", required=False)
    state = forms.ChoiceField(required=False, choices=[("", "Any state"), *STATES])
    age = forms.ChoiceField(label="Waiting", required=False, choices=[("", "Waiting any time"), *AGES.items()])
    whose = forms.ChoiceField(label="For whom", required=False, choices=[("", "For anybody"), ("me", "Waiting for me")])

    def __init__(self, *args: object, sites: Collection[Site], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        named = [(str(site.public_id), site.name) for site in sites]
        self.fields["site"].choices = [("", "Any school or clinic"), *named]  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, str]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


def filtered(cases: QuerySet[Case], chosen: Mapping[str, str], *, actor: Actor, at: datetime) -> QuerySet[Case]:
    names = {"urgency": "urgency", "kind": "kind", "site": "site__public_id"}
    cases = cases.filter(**{names[name]: value for name, value in chosen.items() if name in names})
    if "age" in chosen:
        cases = cases.filter(submitted_at__lte=at - timedelta(days=int(chosen["age"])))
    if "whose" in chosen:
        cases = cases.filter(offered_to=actor.person)
    return cases.filter(_in_state(chosen["state"], held_keys(actor.practice, at))) if "state" in chosen else cases


def held_keys(practice: Practice, at: datetime) -> list[int]:
    """Cases that somebody reads now: as few as there are dentists, found by them, however many cases wait."""
    dentists = Membership.objects.filter(practice=practice, role=Role.DENTIST).values_list("person", flat=True)
    held = Case.objects.filter(reader__in=list(dentists), queue=Queue.WAITING, lease_until__gte=at)
    return list(held.filter(status=Status.IN_REVIEW).values_list("pk", flat=True))


def _in_state(state: str, held_now: Collection[int]) -> Q:
    """The same words as the chip of a row: the first that is true of the case."""
    held = Q(pk__in=held_now)
    return held if state == "held" else Q(standing=state) & ~held
