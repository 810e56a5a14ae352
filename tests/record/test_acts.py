"""What may still be done to a signed case, by whom, and that a refusal loses nothing."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from cases.actions.reporting import print_report
from cases.models import Addendum, Case, ConsentScope, FollowUp, Retraction
from cases.states import Status
from teledent.accounts.models import Membership, Person
from teledent.kit import clock
from tests import cast

MAY = {
    "addendum": {"hana", "dev"}, "follow-up": {"hana", "dev", "rita"}, "close": {"rita"}, "retract": {"dev", "olu"},
    "consent": {"hana", "rita"},
}  # fmt: skip


def post(client, case, act, **said):
    return client.post(f"/cases/{case.public_id}/{act}/", said)


@pytest.mark.parametrize("act", MAY)
def test_each_act_is_offered_to_its_roles_and_closed_to_others(case_at, client_of, act):
    case = case_at(Status.SIGNED)
    for name in ("hana", "dev", "rita", "olu", "bo"):
        answer = post(client_of(name), case, act)
        assert answer.status_code == (422 if name in MAY[act] else 404), name
        if name != "bo":
            offered = {one.name for one in client_of(name).get(f"/cases/{case.public_id}/").context["acts"]}
            assert (act in offered) == (name in MAY[act])


def test_an_addendum_is_signed_with_the_password_and_the_review_stays(case_at, client_of):
    case = case_at(Status.SIGNED)
    text = "The mother called: tooth 30 was sealed last year."
    refused = post(client_of("dev"), case, "addendum", text=text, password="wrong")
    assert refused.status_code == 422
    assert text in refused.content.decode()
    assert "password is not right" in refused.content.decode()
    assert not Addendum.objects.exists()
    post(client_of("dev"), case, "addendum", text=text, password=cast.PASSWORD)
    page = client_of("rita").get(f"/cases/{case.public_id}/").content.decode()
    assert text in page
    assert cast.REVIEW["conclusions"] in page


def test_retract_marks_the_record_and_keeps_it_readable(case_at, client_of):
    case = case_at(Status.SIGNED)
    refused = post(client_of("olu"), case, "retract", reason="wrong_images", explanation="x")
    assert refused.status_code == 422
    assert not Retraction.objects.exists()
    post(client_of("olu"), case, "retract", reason="wrong_images", explanation="The pictures show another child")
    assert Case.objects.get(pk=case.pk).status == Status.RETRACTED
    page = client_of("rita").get(f"/cases/{case.public_id}/").content.decode()
    assert "Retracted: wrong images." in page
    assert cast.REVIEW["conclusions"] in page


def test_a_retraction_lists_everybody_who_has_what_was_signed(client_of, world):
    case = cast.case_at(world, Status.SIGNED, at=clock.now() - timedelta(hours=2))
    rita, olu = client_of("rita"), client_of("olu")
    at = case.signed_at.astimezone(ZoneInfo(case.site.time_zone))
    told = {"step": "told", "told_to": "The mother, Lucia", "how": "By phone", "happened_at": f"{at:%Y-%m-%dT%H:%M}"}
    assert post(rita, case, "follow-up", **told).status_code == 302
    asked = case.signed_at + timedelta(hours=3)
    print_report(actor=world.of("rita"), case=case, audience="family", language="en", at=asked)
    assert "To be told" not in olu.get(f"/cases/{case.public_id}/").content.decode()
    post(olu, case, "retract", reason="wrong_images", explanation="The pictures show another child")
    listed = olu.get(f"/cases/{case.public_id}/").context["recipients"]
    assert [(one.who, one.how) for one in listed] == [
        ("The mother, Lucia", "By phone"),
        ("Report for the family", "printed by Rita Castellane"),
    ]


def test_a_retraction_of_what_nobody_was_told_says_so(case_at, client_of):
    case = case_at(Status.RETRACTED)
    assert "Nobody was told of it" in client_of("olu").get(f"/cases/{case.public_id}/").content.decode()


def test_a_dentist_who_did_not_sign_is_offered_no_retraction(world, case_at, client_of):
    case = case_at(Status.SIGNED)
    world.people["eva"] = another(world)
    assert "retract" not in {one.name for one in client_of("eva").get(f"/cases/{case.public_id}/").context["acts"]}
    assert (
        post(client_of("eva"), case, "retract", reason="wrong_images", explanation="Another child").status_code == 422
    )
    assert Case.objects.get(pk=case.pk).status == Status.SIGNED


def another(world):
    person = Person.objects.create_user("eva@example.org", cast.PASSWORD, name="Dr. Eva Osei")
    Membership.objects.create(person=person, practice=world.practice, role="dentist", starts_on="2026-01-01")
    return person


def test_a_follow_up_step_is_read_on_the_wall_clock_of_the_site(world, client_of):
    case = cast.case_at(world, Status.SIGNED, at=clock.now() - timedelta(hours=2))
    client, said = client_of("rita"), {"step": "told", "told_to": "Lucia Villanueva", "how": "Phone", "note": ""}
    tomorrow = clock.now() + timedelta(days=1)
    refused = post(client, case, "follow-up", **said, happened_at=f"{tomorrow:%Y-%m-%dT%H:%M}")
    assert refused.status_code == 422
    assert "lies in the future" in refused.content.decode()
    long_before = post(client, case, "follow-up", **said, happened_at="2026-11-02T09:30")
    assert "lies before the signature" in long_before.content.decode()
    told = case.signed_at.replace(second=0, microsecond=0)
    post(
        client,
        case,
        "follow-up",
        **said,
        happened_at=f"{told.astimezone(ZoneInfo(case.site.time_zone)):%Y-%m-%dT%H:%M}",
    )
    assert FollowUp.objects.get().happened_at == told


@pytest.mark.parametrize("said", [{"told_to": "-", "how": "Phone"}, {"told_to": "Lucia Villanueva", "how": "x"}])
def test_a_family_told_by_filler_was_not_told(case_at, client_of, said):
    case = case_at(Status.SIGNED)
    at = case.signed_at.astimezone(ZoneInfo(case.site.time_zone))
    refused = post(
        client_of("rita"), case, "follow-up", step="told", note="", happened_at=f"{at:%Y-%m-%dT%H:%M}", **said
    )
    assert refused.status_code == 422
    assert not FollowUp.objects.exists()


def test_an_addendum_promises_no_health_either(case_at, client_of):
    case = case_at(Status.SIGNED)
    refused = post(client_of("dev"), case, "addendum", text="No cavities, all teeth healthy.", password=cast.PASSWORD)
    assert refused.status_code == 422
    assert "cannot be concluded from pictures" in refused.content.decode()


def test_closing_needs_an_attended_visit_or_a_reason(case_at, client_of):
    case, client = case_at(Status.SIGNED), client_of("rita")
    refused = post(client, case, "close", reason="")
    assert refused.status_code == 422
    assert "No attended visit" in refused.content.decode()
    post(client, case, "close", reason="The family moved away")
    assert Case.objects.get(pk=case.pk).status == Status.CLOSED


def test_withdrawn_consent_stops_an_unsigned_case_at_once(case_at, client_of):
    case = case_at(Status.SUBMITTED)
    answer = post(client_of("hana"), case, "consent", scope="teledentistry", reason="The mother called today")
    assert answer.status_code == 302
    assert Case.objects.get(pk=case.pk).status == Status.STOPPED
    assert ConsentScope.objects.get(scope="teledentistry").withdrawn_at is not None
