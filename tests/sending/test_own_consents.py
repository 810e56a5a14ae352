"""What is agreed to or refused at a link counts for what is sent by it, and for nothing else (CO-1)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing.snapshot import read_consents
from cases.actions import consenting, merging, reviewing
from cases.actions.consenting import withdraw_consent
from cases.actions.reporting import may_print
from cases.consents_now import in_force, taken_back
from cases.event_reading import newest_answers
from cases.models import Case, Consent, ConsentScope, Evidence, Kind, Scope
from cases.record import read_record
from cases.states import Status
from cases.verifying import misfits
from cases.views.capture.consent import standing_of
from tests import cast
from tests.cases.core.test_guards_after_migrate import ALIAS, scratch  # noqa: F401 - fixtures are found by name
from tests.cast import AT
from tests.sending.cast import MOTHER, a_link, agreed_by, finish, sent_by

LATER = AT + timedelta(minutes=5)
TODAY = date(2026, 11, 17)
REFUSING = replace(MOTHER, billing=False)


def answered(world, patient, at=AT, **scopes):
    """A form of the family for all that is done with the child."""
    return consenting.record_consent(
        actor=world.of("hana"), patient=patient, scopes=scopes, signer_name="Lucia Villanueva", signer_authority="Mother",
        evidence="paper", language="Spanish", valid_from=TODAY, at=at,
    )  # fmt: skip


def signed_by_site(world, patient):
    return cast.case_at(world, Status.SIGNED, patient=patient, at=AT)


@pytest.mark.parametrize("yes", [True, False])
def test_what_is_said_of_billing_at_a_link_leaves_every_other_claim_alone(world, patient, yes):
    cast.consent_to(world, patient)
    september = signed_by_site(world, patient)
    answered(world, patient, billing=not yes)
    agreed_by(a_link(world, patient, at=LATER).link, at=LATER, who=MOTHER if yes else REFUSING)
    assert read_consents(september, at=LATER).bill_insurance is not yes


def test_it_counts_for_its_own_claim(world, patient):
    answered(world, patient, billing=True)
    case = sent_by(world, patient, at=LATER, who=REFUSING)
    reviewing.start_review(actor=world.of("dev"), case=case, at=LATER)
    cast.sign(world, case, LATER)
    assert not read_consents(case, at=LATER).bill_insurance
    assert read_consents(case, at=LATER).teledentistry


def test_a_refusal_on_the_school_form_stands_for_the_school_day(world, patient):
    answered(world, patient, screening=True, photographs=False, teledentistry=True)
    case = agreed_by(a_link(world, patient, at=LATER).link, at=LATER)
    screening = cast.opening.open_case(
        actor=world.of("hana"), patient=patient, site=world.school, kind=Kind.SCREENING, at=LATER
    )
    assert read_record(case).consents_to(Scope.PHOTOGRAPHS, TODAY)
    assert not read_record(screening).consents_to(Scope.PHOTOGRAPHS, TODAY)
    assert newest_answers([patient.pk], TODAY)[patient.pk][Scope.PHOTOGRAPHS].is_no
    assert {one.scope: one.word for one in standing_of(patient, TODAY)}[Scope.PHOTOGRAPHS] == "Refused"


def test_the_consent_to_share_with_the_school_counts_beside_what_the_link_says(world, patient):
    answered(world, patient, school=True)
    case = agreed_by(a_link(world, patient, at=LATER).link, at=LATER)
    assert in_force([case], Scope.SCHOOL, day=TODAY) & in_force([case], Scope.TELEDENTISTRY, day=TODAY) == {case.pk}


def test_a_newer_answer_of_the_family_counts_for_what_was_sent_too(world, patient):
    case = agreed_by(a_link(world, patient).link)
    answered(world, patient, at=LATER, teledentistry=False)
    assert read_record(case).took_back(Scope.TELEDENTISTRY, TODAY)
    assert not may_print(case)


def test_only_the_timeline_of_its_case_tells_it(world, patient):
    other = cast.case_at(world, Status.DRAFT, patient=patient)
    case = agreed_by(a_link(world, patient, at=LATER).link, at=LATER)
    told = {row.pk: row.events.filter(kind="consent_recorded", at=LATER).count() for row in (case, other)}
    assert told == {case.pk: 1, other.pk: 0}


def test_a_withdrawal_takes_it_back_as_well_and_the_page_offers_it(world, patient, client):
    case = agreed_by(a_link(world, patient).link)
    client.force_login(world.people["hana"])
    shown = client.get(f"/capture/patients/{patient.public_id}/consent/").content.decode()
    assert f"At a link, for {case.label} alone" in shown
    assert f"for {case.label} alone" in shown.split("newest first</caption>")[1]
    assert "Withdraw photographs" in shown
    withdraw_consent(actor=world.of("hana"), patient=patient, scope=Scope.TELEDENTISTRY, reason="She called", at=LATER)
    assert Case.objects.get(pk=case.pk).status == Status.STOPPED


def test_the_database_keeps_it_with_its_case(world, patient):
    mine, other = (agreed_by(a_link(world, patient).link) for _ in range(2))
    consent = Consent.objects.get(case=mine)
    for case in (other, None):
        with pytest.raises(IntegrityError), transaction.atomic():
            Consent.objects.filter(pk=consent.pk).update(case=case)
    paper = {
        name: getattr(consent, name) for name in ("patient", "text_version", "language", "valid_from", "recorded_at")
    }
    with pytest.raises(IntegrityError, match="consent_at_a_link_is_of_its_case"), transaction.atomic():
        Consent.objects.create(**paper, evidence="paper", recorded_by=world.people["hana"], case=mine)
    with pytest.raises(IntegrityError, match="consent_at_a_link_is_of_its_case"), transaction.atomic():
        Consent.objects.create(**paper, evidence=Evidence.LINK)


def test_it_goes_and_comes_back_with_its_case(world, patient):
    other = cast.make_patient(world, given="Matteo", family="Villanueva")
    draft, sent = agreed_by(a_link(world, other).link), agreed_by(a_link(world, other).link)
    olu = world.of("olu")
    made = merging.merge_patients(actor=olu, kept=patient, merged=other, reason="The mother told us", at=AT)
    assert patient.consents.count() == 2
    finish(sent.sending_link, at=LATER)
    merging.unmerge_patients(actor=olu, merge=made, reason="The school has two children", at=LATER)
    sent.refresh_from_db()
    whose = dict(Consent.objects.values_list("case", "patient"))
    assert whose == {draft.pk: other.pk, sent.pk: patient.pk} == dict(Case.objects.values_list("pk", "patient"))
    assert not [said for said in misfits(sent) if "missing from the storage" not in said]


SAYINGS = st.lists(
    st.tuples(st.sampled_from(["form", "first", "second"]), st.booleans(), st.integers(-2, 2)), min_size=1, max_size=6
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(said=SAYINGS)
def test_the_newest_of_the_answers_that_count_decides_and_every_reader_agrees(world, patient, said):
    """A form counts for every case; what was said at a link for its own alone."""
    with transaction.atomic():
        cases = {name: agreed_by(a_link(world, patient).link) for name in ("first", "second")}
        for number, (where, given_, days) in enumerate(said, 1):
            write(
                world, patient, cases.get(where), given_, TODAY + timedelta(days=days), AT + timedelta(minutes=number)
            )
        for name, case in cases.items():
            counting = [
                (days, number, yes) for number, (where, yes, days) in enumerate(said, 1) if where in ("form", name)
            ]
            begun = max([(0, 0, True), *(one for one in counting if one[0] <= 0)])[2]
            ever = max([(0, 0, True), *counting])[2]
            record = read_record(case)
            assert record.consents_to(Scope.TELEDENTISTRY, TODAY) is begun
            assert (case.pk in in_force(cases.values(), Scope.TELEDENTISTRY, day=TODAY)) is begun
            assert (case.pk in taken_back(cases.values(), Scope.TELEDENTISTRY)) is not ever
        of_forms = [
            (days, number, yes) for number, (where, yes, days) in enumerate(said, 1) if where == "form" and days <= 0
        ]
        answers = newest_answers([patient.pk], TODAY).get(patient.pk, {})
        assert (Scope.TELEDENTISTRY in answers) is bool(of_forms)
        if of_forms:
            assert answers[Scope.TELEDENTISTRY].given is max(of_forms)[2]
        transaction.set_rollback(True)


def write(world, patient, case, given_, day, at):
    consent = Consent.objects.create(
        patient=patient, case=case, text_version="x", text_sha256="", language="en", signer_name="Ana", signer_authority="mother",
        evidence="link" if case else "paper", recorded_by=None if case else world.people["hana"], valid_from=day, recorded_at=at,
    )  # fmt: skip
    ConsentScope.objects.create(consent=consent, scope=Scope.TELEDENTISTRY, given=given_)


# --- links of before -------------------------------------------------------------------------------------------------


def test_consents_that_were_typed_at_links_before_find_their_cases(scratch):  # noqa: F811 - the fixture above
    call_command("migrate", "cases", "0019_screening_indicators", database=ALIAS, verbosity=0)
    before = MigrationExecutor(connections[ALIAS])
    old = before.loader.project_state([("cases", "0019_screening_indicators")]).apps.get_model
    place = {"street": "1 Road", "city": "Springfield", "state": "OR", "zip_code": "97477"}
    practice = old("accounts", "Practice").objects.using(ALIAS).create(name="Riverbend", **place)
    site = (
        old("accounts", "Site").objects.using(ALIAS).create(practice=practice, name="School", time_zone="UTC", **place)
    )
    person = old("accounts", "Person").objects.using(ALIAS).create(email="rita@example.org", name="Rita")
    patient = old("cases", "Patient").objects.using(ALIAS).create(
        practice=practice, given_name="Mateo", family_name="Reyes", birth_date=date(2018, 3, 14), sex="M"
    )  # fmt: skip
    wanted = {}
    for number in (1, 2):
        opened = AT + timedelta(days=number)
        case = old("cases", "Case").objects.using(ALIAS).create(
            practice=practice, site=site, patient=patient, number=number, kind="emergency", origin="link", opened_at=opened,
            day_seen=opened.date(), patient_state="OR", questionnaire="x",
        )  # fmt: skip
        old("cases", "SendingLink").objects.using(ALIAS).create(
            practice=practice, site=site, patient=patient, case=case, kind="emergency", why="family", language="en", made_by=person,
            token_sha256=str(number), made_at=AT, expires_at=AT, signer_name="Ana", signer_authority="mother",
        )  # fmt: skip
        consent = old("cases", "Consent").objects.using(ALIAS).create(
            patient=patient, text_version="x", text_sha256="", language="en", signer_name="Ana", signer_authority="mother",
            evidence="link", valid_from=opened.date(), recorded_at=opened,
        )  # fmt: skip
        wanted[consent.pk] = case.pk
    call_command("migrate", database=ALIAS, verbosity=0)
    assert dict(Consent.objects.using(ALIAS).values_list("pk", "case")) == wanted
