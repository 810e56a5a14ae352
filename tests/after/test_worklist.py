"""The worklist: who is owed what, most overdue first; proof closes, everything else needs a reason."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from cases.actions import consenting, following
from cases.actions.merging import merge_patients
from cases.aftercare import keep_all
from cases.jobs.following import keep_aftercare
from cases.models import Aftercare, Case, FollowUp, FollowUpPlan, Signature
from cases.states import Status
from teledent.kit import clock
from teledent.kit.decisions import Refused
from tests import cast


def step(world, case, name, **said):
    defaults = {"told_to": "Lucia Villanueva", "how": "Phone", "happened_at": clock.now(), "at": clock.now()}
    return following.record_follow_up(actor=world.of("rita"), case=case, step=name, **(defaults | said))


def booked(world, case, at):
    return step(world, case, "booked", booked_for=at, place="Dr. Reyes, Mill Street")


def signed_at(world, ago, **options):
    return cast.case_at(world, Status.SIGNED, at=clock.now() - ago, **options)


def listed(client, **query):
    page = client.get("/follow-up/", query)
    assert page.status_code == 200
    return [row.kept.case_id for row in page.context["rows"]]


def test_signing_puts_a_case_on_the_list_and_proof_takes_it_to_the_closing(case_at, client_of, world):
    case, rita = case_at(Status.SIGNED), client_of("rita")
    assert listed(rita) == [case.pk]
    step(world, case, "attended", proof="office_note")
    assert listed(rita) == []
    assert listed(rita, show="close") == [case.pk]
    rita.post("/follow-up/close/")
    assert Case.objects.get(pk=case.pk).status == Status.CLOSED
    assert listed(rita, show="close") == []


def test_the_most_overdue_stands_first_and_filters_narrow(world, client_of):
    late = signed_at(world, timedelta(days=60))
    fresh = signed_at(world, timedelta(hours=2), patient=cast.make_patient(world, given="Ada", family="Noor"))
    rita = client_of("rita")
    assert listed(rita) == [late.pk, fresh.pk]
    assert "1 overdue" in rita.get("/follow-up/").content.decode()
    booked(world, fresh, clock.now() + timedelta(days=3))
    assert listed(rita, show="booked") == [fresh.pk]
    assert listed(rita, state="pending") == [late.pk]
    assert listed(rita, site=str(world.school.public_id)) == [late.pk, fresh.pk]
    assert listed(rita, site=str(world.other_school.public_id)) == []
    assert "Nobody fits these filters" in rita.get("/follow-up/?urgency=urgent").content.decode()


def test_a_hygienist_sees_her_sites_only(case_at, client_of):
    case_at(Status.SIGNED)
    assert len(listed(client_of("hana"))) == 1
    assert listed(client_of("bo")) == []


def test_the_list_takes_the_same_queries_for_one_and_for_many(world, client_of):
    rita, counts = client_of("rita"), []
    signed_at(world, timedelta(hours=3))
    for more in (0, 4):
        for number in range(more):
            signed_at(world, timedelta(hours=3), patient=cast.make_patient(world, given=f"Kim {number}"))
        listed(rita)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert len(listed(rita)) == 1 + more
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_retracted_case_leaves_the_list(case_at, client_of):
    case_at(Status.RETRACTED)
    assert listed(client_of("rita")) == []
    assert listed(client_of("rita"), show="close") == []


@pytest.mark.parametrize(
    ("name", "said", "sentence"),
    [
        ("attended", {}, "what proves the visit"),
        ("attended", {"proof": "unstated"}, "what proves the visit"),
        ("booked", {}, "when and where"),
        ("booked", {"booked_for": 3, "place": "-"}, "when and where"),
        ("booked", {"booked_for": -3, "place": "Mill Street"}, "before the day"),
        ("missed", {}, "does not fit"),
        ("letter", {"how": "x"}, "whom you told and how"),
        ("declined", {"told_to": "-"}, "whom you told and how"),
    ],
)
def test_a_step_says_what_it_has_to(case_at, world, name, said, sentence):
    case = case_at(Status.SIGNED)
    if days := said.pop("booked_for", 0):
        said["booked_for"] = clock.now() + timedelta(days=days)
    with pytest.raises(Refused, match=sentence):
        step(world, case, name, **said)
    assert not FollowUp.objects.exists()


def test_unreachable_after_as_many_tries_as_the_practice_set(case_at, world, client_of):
    case = case_at(Status.SIGNED)
    FollowUpPlan.objects.create(practice=world.practice, most_tries=2)
    for _ in range(2):
        step(world, case, "tried")
    assert listed(client_of("rita"), show="unreachable") == [case.pk]
    step(world, case, "told")
    assert Aftercare.objects.get().state == "told"


def test_new_numbers_reach_what_is_open(case_at, client_of, world):
    case = case_at(Status.SIGNED)
    before = Aftercare.objects.get().due_at
    said = {"urgent_hours": 24, "other_weeks": 1, "most_tries": 3, "again": "school_year", "school_year_starts": 8}
    assert client_of("olu").post("/follow-up/plan/", said | {"other_weeks": 0}).status_code == 422
    assert client_of("olu").post("/follow-up/plan/", said).status_code == 302
    keep_aftercare(practice_id=world.practice.pk)()
    kept = Aftercare.objects.get(case=case)
    assert kept.due_at < before
    assert kept.again_on.month == 8


def test_cases_signed_before_get_their_row_and_a_second_reckoning_changes_nothing(case_at, world):
    case = case_at(Status.SIGNED)
    booked(world, case, clock.now() + timedelta(days=3))
    kept = Aftercare.objects.values().get()
    keep_all(Signature.objects.all())
    assert Aftercare.objects.values().get() == kept
    Aftercare.objects.all().delete()
    keep_aftercare()()
    assert Aftercare.objects.get().state == "booked"
    assert keep_aftercare() is None


def test_a_step_once_recorded_never_changes(case_at, world):
    step(world, case_at(Status.SIGNED), "told")
    with pytest.raises(IntegrityError), transaction.atomic():
        FollowUp.objects.update(step="tried")


def test_attended_without_proof_is_no_row(case_at, world):
    with pytest.raises(IntegrityError), transaction.atomic():
        FollowUp.objects.create(case=case_at(Status.SIGNED), step="attended", told_to="a", how="b", happened_at=clock.now(),
                                recorded_by=world.people["rita"], recorded_at=clock.now())  # fmt: skip


def test_a_declined_family_needs_a_reason_to_be_closed(case_at, world, client_of):
    case = case_at(Status.SIGNED)
    step(world, case, "declined")
    client_of("rita").post("/follow-up/close/")
    assert Case.objects.get(pk=case.pk).status == Status.SIGNED
    with pytest.raises(Refused, match="Say why"):
        following.close_case(actor=world.of("rita"), case=case, reason="", at=clock.now())


def test_next_year_lists_each_child_once_and_a_new_case_takes_her_off(world, client_of):
    first = signed_at(world, timedelta(days=30))
    rita = client_of("rita")
    Aftercare.objects.update(again_on=clock.now().date() - timedelta(days=2))

    def due():
        return [kept.case_id for kept, _ in rita.get("/follow-up/again/").context["rows"]]

    assert due() == [first.pk]
    second = cast.case_at(world, Status.SUBMITTED, patient=first.patient, at=clock.now() - timedelta(hours=1))
    assert due() == []
    cast.withdraw(world, second, clock.now())
    assert due() == [first.pk]


def merged(world, first, copy):
    merge_patients(
        actor=world.of("olu"), kept=first.patient, merged=copy.patient, reason="The mother told us", at=clock.now()
    )


def test_a_child_whose_two_rows_were_merged_stands_once_to_be_looked_at_again(world, client_of):
    at = clock.now() - timedelta(days=30)
    first = cast.case_at(world, Status.SIGNED, at=at)
    copy = cast.case_at(world, Status.SIGNED, at=at, patient=cast.make_patient(world, given="Matteo"))
    merged(world, first, copy)
    shown = client_of("rita").get("/follow-up/again/?show=later").context["rows"]
    assert [kept.case_id for kept, _ in shown] == [copy.pk]


def test_each_row_names_the_other_open_follow_ups_of_the_child(world, client_of):
    first = signed_at(world, timedelta(days=30))
    signed_at(world, timedelta(days=30), patient=cast.make_patient(world, given="Noor"))
    copy = signed_at(world, timedelta(days=2), patient=cast.make_patient(world, given="Matteo"))
    merged(world, first, copy)
    page = client_of("rita").get("/follow-up/")
    also = {row.kept.case.label: row.also for row in page.context["rows"] if row.also}
    assert also == {first.label: (copy.label,), copy.label: (first.label,)}
    assert "Also open for this child" in page.content.decode()


@pytest.mark.parametrize("scope", ["teledentistry", "school"])
def test_a_family_that_withdrew_is_not_looked_at_again(world, case_at, client_of, scope):
    case = case_at(Status.SIGNED)
    consenting.withdraw_consent(
        actor=world.of("rita"), patient=case.patient, scope=scope, reason="The father wrote", at=clock.now()
    )
    shown = client_of("rita").get("/follow-up/again/?show=later").context["rows"]
    assert [kept.case_id for kept, _ in shown] == ([] if scope == "teledentistry" else [case.pk])
