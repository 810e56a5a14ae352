from datetime import date

import pytest

from billing.models import Claim
from tests.billing import cast as billing_cast
from tests.claims_pages.reading import named_in, text_of


@pytest.fixture
def end(rita, uninsured):
    def send(**said):
        return rita.post(f"/claims/{uninsured.public_id}/do-not-bill/", said)

    return send


def test_it_ends_for_a_reason_and_stands_under_not_billed(rita, uninsured, end):
    assert end(reason="uninsured").status_code == 302
    assert named_in(rita.get("/claims/")) == []
    assert "No insurance" in text_of(rita.get("/claims/?show=not_billed"))
    page = text_of(rita.get(f"/claims/{uninsured.public_id}/"))
    assert "Not billed: no insurance." in page
    assert "Rita Castellane decided not to bill No insurance" in page


def test_it_is_taken_back_and_checked_at_once(rita, uninsured, end):
    end(reason="grant", text="School district")
    answer = rita.post(f"/claims/{uninsured.public_id}/bill-after-all/", follow=True)
    assert "something still stands in the way" in text_of(answer)
    uninsured.refresh_from_db()
    assert (uninsured.status, uninsured.not_billed_reason, uninsured.not_billed_text) == ("blocked", "", "")


def test_without_a_reason_the_form_says_so(end, uninsured):
    answer = end(text="because")
    assert answer.status_code == 422
    assert 'value="because"' in answer.content.decode()
    uninsured.refresh_from_db()
    assert uninsured.status == "blocked"


@pytest.mark.parametrize("filler", ["", "x", "n/a"])
def test_another_reason_needs_its_words(end, uninsured, filler):
    answer = end(reason="other", text=filler)
    assert answer.status_code == 422
    assert "Say in a few words why this is not billed" in text_of(answer)


def test_ending_it_twice_is_a_conflict_and_changes_nothing(end, uninsured):
    end(reason="grant")
    assert end(reason="uninsured").status_code == 409
    assert Claim.objects.get(pk=uninsured.pk).not_billed_reason == "grant"


def test_after_the_filing_limit_it_stays_ended(rita, desk, uninsured, end):
    billing_cast.cover(desk, uninsured.case.patient)
    end(reason="other", text="Paid in cash")
    Claim.objects.filter(pk=uninsured.pk).update(service_date=date(2025, 1, 1))
    answer = rita.post(f"/claims/{uninsured.public_id}/bill-after-all/")
    assert answer.status_code == 422
    assert "filing limit" in text_of(answer)
