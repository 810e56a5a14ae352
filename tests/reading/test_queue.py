"""Which case next: order, chips, tabs, filters, and the reasons against starting."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.actions import reviewing, submitting
from cases.counting import count_files
from cases.models import Asset, AssetState, Case, InfoItem
from cases.states import Status
from cases.views.reading.filters import held_keys
from teledent.accounts.models import Credential, Licence, Membership, Person, Role
from teledent.kit import clock
from tests import cast


def copies(case, count, *, first=1000):
    """Many waiting cases that look like `case`, written at once: lists only read them."""
    fields = {
        f.attname: getattr(case, f.attname)
        for f in Case._meta.concrete_fields
        if f.name not in ("id", "public_id", "number") and not f.generated
    }
    return Case.objects.bulk_create(Case(**{**fields, "number": first + n}) for n in range(count))


def on_its_way(case, **which):
    """Some pictures of a submitted case are still coming."""
    Asset.objects.filter(case=case, **which).update(state=AssetState.RECEIVED)
    count_files(case.pk)


def test_start_next_takes_the_most_overdue_case(case_at, client_of):
    later, first = case_at(Status.SUBMITTED), case_at(Status.SUBMITTED)
    Case.objects.filter(pk=first.pk).update(due_at=clock.now() - timedelta(minutes=40))
    answer = client_of("dev").post("/reading/next/")
    assert answer.url == f"/reading/{first.public_id}/"
    assert str(Case.objects.get(pk=first.pk).reader) == "Dr. Dev Halloran"
    assert Case.objects.get(pk=later.pk).status == Status.SUBMITTED


@pytest.mark.parametrize("why", ["licence", "own", "incomplete"])
def test_start_next_passes_over_what_she_may_not_read(world, case_at, client_of, why):
    case = case_at(Status.SUBMITTED)
    match why:
        case "licence":
            Case.objects.filter(pk=case.pk).update(patient_state="WA")
        case "own":
            Case.objects.filter(pk=case.pk).update(opened_by=world.people["dev"])
        case "incomplete":
            on_its_way(case)
    client = client_of("dev")
    assert client.get("/reading/").context["next"] is None
    assert client.post("/reading/next/").url == "/reading/"
    assert "Nothing waits that you may read now" in client.get("/reading/").content.decode()
    assert Case.objects.get(pk=case.pk).status == Status.SUBMITTED


def test_an_urgent_case_is_started_while_pictures_are_on_their_way(case_at, client_of):
    case = case_at(Status.SUBMITTED)
    Case.objects.filter(pk=case.pk).update(urgency="urgent")
    on_its_way(case, view="lower")
    assert client_of("dev").post("/reading/next/").url == f"/reading/{case.public_id}/"


def test_a_row_says_urgency_place_and_how_late_it_is(case_at, client_of):
    case = case_at(Status.SUBMITTED)
    Case.objects.filter(pk=case.pk).update(due_at=clock.now() - timedelta(minutes=40, seconds=5))
    text = client_of("dev").get("/reading/").content.decode()
    for said in ("Mateo Villanueva-Reyes", "Early", "40 min overdue", "Alder Creek Elementary, OR", case.label, "New"):
        assert said in text
    assert 'title="due ' in text
    assert " PST" in text


def test_the_state_says_received_answer_back_and_who_holds_it(world, case_at, client_of):
    late, asked, held = case_at(Status.SUBMITTED), case_at(Status.NEEDS_INFO), case_at(Status.IN_REVIEW)
    on_its_way(late, view="lower")
    item = InfoItem.objects.get(request__case=asked)
    answer(world, asked, item)
    world.people["eva"] = another_dentist(world)
    text = client_of("eva").get("/reading/").content.decode()
    for said in ("1 of 2 received", "Answer back", "Dr. Dev Halloran, 8 min"):
        assert said in text
    assert Case.objects.get(pk=held.pk).status == Status.IN_REVIEW


def answer(world, case, item):
    hana, at = world.of("hana"), clock.now()
    reviewing.answer_request(actor=hana, item=item, at=at, cannot_supply="The child went home")
    submitting.submit_case(actor=hana, case=Case.objects.get(pk=case.pk), at=at)


def another_dentist(world, key="eva", name="Dr. Eva Osei"):
    person = Person.objects.create_user(f"{key}@example.org", cast.PASSWORD, name=name)
    Membership.objects.create(person=person, practice=world.practice, role=Role.DENTIST, starts_on="2026-01-01")
    cast.license_person(person, npi="1245319599", taxonomy="122300000X", title="DDS")
    return person


@pytest.mark.parametrize(
    ("show", "status"),
    [
        ("waiting", Status.SUBMITTED),
        ("mine", Status.IN_REVIEW),
        ("asked", Status.NEEDS_INFO),
        ("signed", Status.SIGNED),
    ],
)
def test_each_tab_lists_its_own_and_counts_it(case_at, client_of, show, status):
    cases = {one: case_at(one) for one in (Status.SUBMITTED, Status.IN_REVIEW, Status.NEEDS_INFO, Status.SIGNED)}
    answer = client_of("dev").get(f"/reading/?show={show}")
    assert [row.case.pk for row in answer.context["rows"]] == [cases[status].pk]
    assert [tab.count for tab in answer.context["tabs"]] == [1, 1, 1, 1]


@pytest.mark.parametrize(
    ("query", "found"), [("urgency=early", 1), ("urgency=routine", 0), ("kind=screening", 1), ("kind=emergency", 0), ("state=new", 1),
                         ("state=held", 0), ("state=answer", 0), ("state=incomplete", 0), ("urgency=nonsense", 1)],
)  # fmt: skip
def test_filters_live_in_the_address(case_at, client_of, query, found):
    case_at(Status.SUBMITTED)
    answer = client_of("dev").get(f"/reading/?{query}")
    assert len(answer.context["rows"]) == found


def test_what_somebody_reads_is_found_by_its_readers(world, case_at, client_of):
    held, new = case_at(Status.IN_REVIEW), case_at(Status.SUBMITTED)
    world.people["eva"] = another_dentist(world)
    client = client_of("eva")
    for state, found in (("held", held), ("new", new)):
        assert [row.case for row in client.get(f"/reading/?state={state}").context["rows"]] == [found]
    if connection.vendor == "sqlite":  # PostgreSQL reads a table as short as this one whole
        with CaptureQueriesContext(connection) as seen:
            held_keys(world.practice, clock.now())
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {seen[-1]['sql']}")
            assert any("case_held" in row[3] for row in cursor.fetchall())


def test_a_hygienists_licence_opens_no_case_to_start(case_at, client_of):
    case_at(Status.SUBMITTED)
    Credential.objects.filter(person__email="dev@example.org").update(taxonomy="124Q00000X")
    page = client_of("dev").get("/reading/")
    assert (page.context["next"], page.context["licensed"]) == (None, [])


def test_the_site_filter_takes_only_sites_of_the_practice(world, case_at, client_of):
    case_at(Status.SUBMITTED)
    client = client_of("dev")
    assert len(client.get(f"/reading/?site={world.school.public_id}").context["rows"]) == 1
    assert len(client.get(f"/reading/?site={world.other_school.public_id}").context["rows"]) == 0


def test_without_a_licence_the_case_is_shown_and_the_start_refused_with_the_reason(case_at, client_of):
    case = case_at(Status.SUBMITTED)
    Licence.objects.filter(credential__person__email="dev@example.org").update(state="WA")
    client = client_of("dev")
    assert "No licence in OR" in client.get("/reading/").content.decode()
    shown = client.get(f"/reading/{case.public_id}/", follow=True).content.decode()
    assert "You have no active licence in OR" in shown
    assert 'aria-disabled="true"' in shown
    refused = client.post(f"/reading/{case.public_id}/start/")
    assert refused.status_code == 422
    assert Case.objects.get(pk=case.pk).status == Status.SUBMITTED


def test_ten_rows_and_ten_thousand_take_the_same_number_of_queries(case_at, client_of):
    client, case = client_of("dev"), case_at(Status.SUBMITTED)

    def queries():
        with CaptureQueriesContext(connection) as seen:
            client.get("/reading/")
        return len(seen)

    queries()
    copies(case, 9)
    few = queries()
    Case.objects.filter(number__gte=1000).delete()
    copies(case, 9_999)
    assert queries() == few <= 28
