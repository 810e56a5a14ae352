"""School days are planned by who may, on days that are free, under a dentist who may answer for them."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from cases.actions import events
from cases.models import ScreeningEvent
from teledent.kit.decisions import Conflict, Refused
from tests import cast
from tests.events.conftest import DAY, page, plan


def sent(world, **changes):
    return {
        "public_id": "6d4a0c7e-3d0e-4b39-9f2b-0d6a4f1f2f10", "revision": 0, "site": str(world.school.public_id),
        "starts_on": DAY.isoformat(), "ends_on": DAY.isoformat(), "aim": "40", "note": "",
        "supervising_dentist": str(world.people["dev"].public_id),
        "team": [str(world.people["hana"].public_id)], **changes,
    }  # fmt: skip


def test_a_manager_plans_one_and_a_second_click_plans_no_second(world, as_person):
    olu = as_person("olu")
    for _ in range(2):
        answer = olu.post(reverse("event-add"), sent(world))
        assert answer.status_code == 302
    event = ScreeningEvent.objects.get()
    assert (event.school_year, [str(one) for one in event.team.all()]) == (2026, ["Hana Okafor"])
    assert b"Alder Creek Elementary" in olu.get(reverse("events")).content


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"ends_on": "2026-11-16"}, "The last day comes after the first"),
        ({"ends_on": "2026-12-30"}, "a month later at most"),
        ({"starts_on": "2027-07-30", "ends_on": "2027-08-03"}, "one school year"),
        ({"team": ["bo"]}, "does not work at Alder Creek"),
        ({"supervising_dentist": "una"}, "no licence in Oregon"),
        ({"aim": "0"}, "greater than or equal to 1"),
        ({"starts_on": "soon"}, "Enter a valid date"),
    ],
)
def test_what_cannot_be_is_refused_beside_what_was_typed(world, as_person, changes, sentence):
    una = cast.Person.objects.create_user("una@example.org", cast.PASSWORD, name="Dr. Una Brandt")
    cast.Membership.objects.create(person=una, practice=world.practice, role="dentist", starts_on=date(2026, 1, 1))
    cast.license_person(una, npi="1245319599", taxonomy="122300000X", title="DMD", state="WA")
    ids = {name: str(person.public_id) for name, person in {**world.people, "una": una}.items()}
    said = {
        name: [ids[one] for one in value] if name == "team" else ids.get(value, value) for name, value in changes.items()
    }  # fmt: skip
    answer = as_person("rita").post(reverse("event-add"), sent(world, **said))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not ScreeningEvent.objects.exists()


def test_nobody_is_on_a_team_before_her_role_has_begun(world):
    cast.Membership.objects.filter(person=world.people["hana"]).update(starts_on=DAY + timedelta(days=1))
    with pytest.raises(Refused, match="does not work at Alder Creek Elementary on all of these days"):
        plan(world, last=DAY + timedelta(days=2))


def test_two_never_share_a_site_and_a_day(world, event):
    with pytest.raises(Refused, match="stands already"):
        plan(world, first=DAY - timedelta(days=2), last=DAY)
    plan(world, site=world.other_school, team=("bo",))
    events.cancel_event(actor=world.of("olu"), event=event, reason="Snow", revision=0, at=cast.AT)
    assert plan(world).pk != event.pk


def test_a_dentist_answers_for_no_more_than_the_state_allows(world, event):
    events.set_supervision_limit(actor=world.of("olu"), state="OR", most=1, at=cast.AT)
    with pytest.raises(Refused, match="would supervise 2 auxiliaries on 17 Nov 2026; the limit set for Oregon is 1"):
        plan(world, site=world.other_school, team=("bo",))
    plan(world, site=world.other_school, team=("bo",), first=DAY + timedelta(days=1))
    events.set_supervision_limit(actor=world.of("olu"), state="OR", most=None, at=cast.AT)
    with pytest.raises(Refused, match="stands already"):
        plan(world)


def test_a_form_from_before_a_change_changes_nothing(world, as_person, event):
    olu = as_person("olu")
    said = sent(world, public_id=str(event.public_id), aim="25")
    assert olu.post(reverse("event-edit", args=[event.public_id]), said).status_code == 302
    assert olu.post(reverse("event-edit", args=[event.public_id]), said | {"aim": "3"}).status_code == 409
    event.refresh_from_db()
    assert (event.aim, event.revision) == (25, 1)


def test_called_off_it_is_read_and_not_changed(world, as_person, event):
    rita = as_person("rita")
    address = reverse("event-cancel", args=[event.public_id])
    assert rita.post(address, {"revision": 0, "reason": "x"}).status_code == 422
    assert rita.post(address, {"revision": 0, "reason": "The gym is flooded"}).status_code == 302
    assert "The gym is flooded" in rita.get(page(event)).content.decode()
    with pytest.raises((Refused, Conflict)):
        events.cancel_event(actor=world.of("olu"), event=event, reason="Again", revision=1, at=cast.AT)


def test_the_limits_page_sets_and_takes_away(as_person, world):
    olu = as_person("olu")
    olu.post(reverse("event-limits"), {"state": "OR", "most": "5"})
    assert list(world.practice.supervision_limits.values_list("state", "most")) == [("OR", 5)]
    olu.post(reverse("event-limits"), {"state": "OR", "most": ""})
    assert not world.practice.supervision_limits.exists()
