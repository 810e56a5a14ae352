"""What another practice bills is entered on the coverage page and warns on the claim by its name (CL-5)."""

import uuid

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from billing.actions.elsewhere import mark_entered_in_error
from billing.models import SeenElsewhere
from teledent.accounts.models import AccessEvent
from teledent.kit.decisions import Refused
from tests import cast
from tests.billing import cast as billing_cast
from tests.claims_pages.reading import text_of
from tests.services.standing import built_once

WARNING = "Another practice bills this patient on the same date: Lakeside Dental (D9996)."


@built_once
def claim(desk):
    return billing_cast.ready_claim(desk)


@pytest.fixture
def said(claim):
    return {
        "public_id": str(uuid.uuid4()), "entity": "Lakeside Dental", "code": "D9996", "service_date": claim.service_date.isoformat(),
        "known_how": "The mother said so by phone",
    }  # fmt: skip


@pytest.fixture
def before_today(monkeypatch):
    """The clock of the pages, after the day of service of the cast."""
    monkeypatch.setattr("teledent.kit.clock.now", lambda: billing_cast.LATER)


pytestmark = pytest.mark.usefixtures("before_today")


def add(client, claim, said, **changes):
    return client.post(reverse("elsewhere-add", args=[claim.case.patient.public_id]), {**said, **changes}, follow=True)


def page_of(client, claim):
    return client.get(reverse("claim", args=[claim.public_id]))


def test_the_claim_of_that_day_names_the_other_practice_and_stays_ready(rita, claim, said):
    assert "warns" not in {problem["severity"] for problem in claim.problems}
    page = text_of(add(rita, claim, said))
    assert "Lakeside Dental" in page
    assert "The mother said so by phone" in page
    assert "by Rita Castellane" in page
    claim.refresh_from_db()
    assert claim.status == "ready"
    answer = page_of(rita, claim)
    assert WARNING in text_of(answer)
    mend = f"{reverse('claims-patient', args=[claim.case.patient.public_id])}#elsewhere"
    assert f'href="{mend}"' in answer.content.decode()


def test_another_day_warns_of_nothing(rita, claim, said):
    add(rita, claim, said, service_date="2026-11-01")
    assert "Another practice bills" not in text_of(page_of(rita, claim))


def test_the_code_is_d9996_unless_she_says_another_one(rita, claim, said):
    form = rita.get(reverse("elsewhere-add", args=[claim.case.patient.public_id]))
    assert 'name="code" value="D9996"' in form.content.decode()
    add(rita, claim, said, code="D0140")
    assert "Lakeside Dental (D0140)" in text_of(page_of(rita, claim))


def test_the_same_form_sent_twice_is_one_row(rita, claim, said):
    add(rita, claim, said)
    add(rita, claim, said)
    assert SeenElsewhere.objects.count() == 1


def test_a_form_sent_for_another_patient_is_refused(rita, desk, claim, said):
    add(rita, claim, said)
    other = cast.make_patient(desk.world, given="Ada")
    answer = rita.post(reverse("elsewhere-add", args=[other.public_id]), said)
    assert answer.status_code == 409
    assert not SeenElsewhere.objects.filter(patient=other).exists()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"entity": "n/a"}, "Name the practice or programme that bills it."),
        ({"known_how": "..."}, "Say how you know"),
        ({"service_date": "2999-01-01"}, "This day has not come yet."),
        ({"service_date": "yesterday"}, "Enter a valid date."),
        ({"code": "9996"}, "A procedure code is D or X and four digits."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(rita, claim, said, wrong, sentence):
    answer = add(rita, claim, said, **wrong)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    typed = next(name for name in ("entity", "known_how") if name not in wrong)
    assert said[typed] in answer.content.decode()
    assert not SeenElsewhere.objects.exists()


def in_error(client, reason):
    row = SeenElsewhere.objects.get()
    return client.post(reverse("elsewhere-error", args=[row.public_id]), {"reason": reason}, follow=True)


def test_a_row_entered_in_error_warns_no_more_and_stays_readable_with_who_and_why(rita, claim, said):
    add(rita, claim, said)
    page = text_of(in_error(rita, "That was her sister"))
    for word in ("Lakeside Dental", "Entered in error", "That was her sister"):
        assert word in page
    assert "Another practice bills" not in text_of(page_of(rita, claim))
    assert SeenElsewhere.objects.get().error_by.name == "Rita Castellane"
    patient = claim.case.patient.public_id
    assert AccessEvent.objects.filter(verb="changed", noun="patient", public_id=patient).count() >= 2


def test_an_error_without_a_reason_stays_in_its_form(rita, claim, said):
    add(rita, claim, said)
    answer = in_error(rita, "x")
    assert answer.status_code == 422
    assert "Say why this is wrong" in text_of(answer)
    assert SeenElsewhere.objects.standing().exists()


def test_a_second_click_keeps_the_first_reason(desk, rita, claim, said):
    add(rita, claim, said)
    for reason in ("That was her sister", "Something else"):
        in_error(rita, reason)
    assert SeenElsewhere.objects.get().error_reason == "That was her sister"
    with pytest.raises(Refused, match="Say why"):
        mark_entered_in_error(actor=desk.rita, row=SeenElsewhere.objects.get(), reason="-", at=billing_cast.LATER)


def test_the_database_refuses_to_change_or_remove_what_was_heard(rita, claim, said):
    add(rita, claim, said)
    rows = SeenElsewhere.objects.all()
    for forbidden in (lambda: rows.update(entity="Hill Dental"), rows.delete, lambda: rows.update(error_reason="why")):
        with pytest.raises(DatabaseError), transaction.atomic():
            forbidden()
    in_error(rita, "That was her sister")
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(error_at=None, error_by=None, error_reason="")


def test_any_number_of_rows_costs_the_check_one_query(rita, desk, claim, said):
    def counted():
        with CaptureQueriesContext(connection) as found:
            rita.post(reverse("claim-check", args=[claim.public_id]))
        return len(found)

    add(rita, claim, said)
    counted()  # the messages of the pages before are shown
    one = counted()
    for name in ("Hill Dental", "Cove Dental", "Dale Dental"):
        add(rita, claim, said, entity=name, public_id=str(uuid.uuid4()))
    assert counted() == one


def test_a_manager_reads_it_and_changes_nothing(client_of, rita, claim, said):
    add(rita, claim, said)
    olu = client_of("olu")
    page = olu.get(reverse("claims-patient", args=[claim.case.patient.public_id]))
    assert "Lakeside Dental" in text_of(page)
    assert "/error/" not in page.content.decode()
    assert in_error(olu, "That was her sister").status_code == 404
