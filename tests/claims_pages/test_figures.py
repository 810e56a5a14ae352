"""Figures of the desk: exact to the cent, each with the list behind it, the same for few and many, safe as CSV."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from billing.ageing import BUCKETS, bucket_of
from billing.figures import REPORTS
from billing.figures.report import Asked, percentile
from billing.models import LineOutcome, Payer
from teledent.kit import clock
from teledent.kit.bars import bars_of
from tests import cast
from tests.claims_pages.reading import named_in, text_of
from tests.claims_pages.test_desk import AT, copies

TODAY = date(2026, 12, 1)


@pytest.fixture(autouse=True)
def today():
    with clock.standing_at(AT):
        yield


def answered(claims, outcome="paid", **money_of_it):
    """Outcomes of one line a claim, as answers leave them."""
    for claim in claims:
        LineOutcome.objects.create(
            line=claim.lines.get(), claim=claim, outcome=outcome, step="close", at=AT,
            **{"paid": Decimal("50.10"), "patient_share": 0, "written_off": 0, **money_of_it},
        )  # fmt: skip


def rows_of(client, report, query=""):
    content = client.get(f"/claims/figures/{report}/csv/{query}").content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(content)))


def test_what_is_owed_is_exact_to_the_cent_by_bucket_and_basis(rita, sent):
    copies(sent, 30, total=Decimal("0.29"), service_date=TODAY - timedelta(days=31), sent_on=TODAY)
    copies(sent, 1, total=Decimal("10.10"), service_date=TODAY - timedelta(days=121), sent_on=TODAY)
    head, cedar, total = rows_of(rita, "ageing")
    assert head[:3] == ["Payer", "0 to 30 days", "31 to 60 days"]
    assert cedar[1:] == [str(sent.total), "8.70", "0.00", "0.00", "10.10", str(sent.total + Decimal("18.80")), "32"]
    assert total[1:] == cedar[1:]
    assert rows_of(rita, "ageing", "?basis=sent")[1][1] == str(sent.total + Decimal("18.80"))


def test_what_was_paid_written_off_and_left_to_the_patient_is_not_owed(rita, sent):
    made = copies(
        sent,
        1,
        status="part_paid",
        total=Decimal("72.00"),
        paid=Decimal("40.00"),
        patient_share=Decimal("2.00"),
        answered_on=TODAY,
    )
    answered(made, "underpaid", paid=Decimal("40.00"), patient_share=Decimal("2.00"), written_off=Decimal("12.34"))
    assert rows_of(rita, "ageing")[1][-2] == str(sent.total + Decimal("17.66"))


@pytest.mark.parametrize("status", ["paid", "closed_zero"])
def test_what_is_done_or_to_be_voided_is_not_owed(rita, sent, status):
    copies(sent, 2, status=status)
    copies(sent, 2, void_wanted_at=AT, void_because="Retracted")
    assert rows_of(rita, "ageing")[1][-1] == "1"


def test_each_figure_leads_to_the_claims_behind_it(rita, sent):
    copies(sent, 3, service_date=TODAY - timedelta(days=70), desk="act", due_kind="answer")
    page = rita.get("/claims/figures/ageing/")
    links = [cell.cell.href for row in page.context["rows"] for cell in row if cell.cell.href]
    assert [len(named_in(rita.get(link))) for link in links] == [4, 1, 0, 3, 0, 0]


def test_denials_reasons_days_and_expectation(rita, sent):
    made = copies(
        sent, 10, status="paid", paid=Decimal("50.10"), answered_on=lambda n: sent.sent_on + timedelta(days=n + 1)
    )
    answered(made[:8], expected=Decimal("60.00"))
    answered(made[8:], "documents", paid=0)
    assert rows_of(rita, "denials")[1] == ["Cedar Mutual", "10", "2", "20.0", "720.00", "144.00"]
    assert rows_of(rita, "reasons")[1] == ["Documents missing", "2", "100.0", "144.00"]
    assert rows_of(rita, "days")[1] == ["Cedar Mutual", "10", "5", "9"]
    assert rows_of(rita, "expected")[1] == ["Cedar Mutual", "8", "480.00", "400.80", "'-79.20", "83.5", "2", "400.80"]


def test_ucr_stands_by_payer_code_region_and_month(rita, sent):
    made = copies(sent, 3, status="paid", answered_on=TODAY)
    answered(made[:2], allowed=Decimal("60.00"))
    answered(made[2:], patient_share=Decimal("9.90"))
    month = f"{sent.service_date:%Y-%m}"
    assert rows_of(rita, "ucr")[1] == ["Cedar Mutual", "D0140", "OR", month, "3", "72.00", "60.00", "50.10", "83.3"]


def test_answers_before_the_time_that_is_asked_about_do_not_count(rita, sent):
    answered(copies(sent, 1, status="paid", answered_on=TODAY - timedelta(days=130)))
    assert len(rows_of(rita, "denials", "?months=3")) == 1
    assert len(rows_of(rita, "denials", "?months=6")) == 2


@pytest.mark.parametrize("report", sorted(REPORTS))
def test_each_report_says_what_to_do_while_there_is_nothing(rita, desk, report):
    assert "Nothing to show yet" in text_of(rita.get(f"/claims/figures/{report}/?basis=x&months=-1"))


@pytest.mark.parametrize("report", sorted(REPORTS))
def test_each_report_asks_as_much_for_five_claims_as_for_sixty(rita, sent, report):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert rita.get(f"/claims/figures/{report}/").status_code == 200
        return len(asked)

    answered(copies(sent, 5, status="denied", paid=1, answered_on=TODAY), "documents", expected=Decimal(3))
    queries()  # what a session asks once
    few = queries()
    answered(copies(sent, 55, status="denied", paid=1, answered_on=TODAY), "documents", expected=Decimal(3))
    assert queries() == few


def test_a_chart_has_its_title_description_and_table_and_runs_nothing(rita, desk, sent):
    Payer.objects.filter(pk=desk.cedar.pk).update(name='<script>alert("x")</script>')
    page = rita.get("/claims/figures/ageing/").content.decode()
    assert '<svg role="img" aria-labelledby="chart-title chart-told"' in page
    assert "<title id=" in page
    assert "<desc id=" in page
    assert "<caption" in page
    assert "<script>alert" not in page
    assert "style=" not in page


@pytest.mark.parametrize("name", ['=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "a;=1+1", "\t=1", "=1\r\n=2"])
def test_a_payer_called_like_a_formula_stays_text_in_the_csv(rita, desk, sent, name):
    Payer.objects.filter(pk=desk.cedar.pk).update(name=name)
    for report in ("ageing",):
        for row in rows_of(rita, report)[1:]:
            for cell in row:
                assert not cell.lstrip().startswith(("=", "+", "-", "@"))
                assert ";=" not in cell
                assert "\n" not in cell


@pytest.mark.parametrize("report", sorted(REPORTS))
def test_nobody_else_reads_figures(client_of, sent, report):
    other = client_of("rita", of=cast.build_world("Second "))
    assert "Nothing to show yet" in text_of(other.get(f"/claims/figures/{report}/"))
    assert len(rows_of(other, report)) == 1
    for name in ("hana", "dev"):
        for address in (f"/claims/figures/{report}/", f"/claims/figures/{report}/csv/"):
            assert client_of(name).get(address).status_code == 404


def test_a_report_of_no_name_is_not_there(rita, desk):
    assert rita.get("/claims/figures/nonsense/").status_code == 404
    assert rita.get("/claims/figures/nonsense/csv/").status_code == 404


@given(st.lists(st.integers(0, 500), min_size=1, max_size=200), st.integers(1, 100))
def test_the_percentile_is_the_nearest_rank(values, percent):
    found = percentile({value: values.count(value) for value in set(values)}, percent)
    assert sum(value <= found for value in values) * 100 >= percent * len(values)
    assert sum(value < found for value in values) * 100 < percent * len(values)


def test_of_nothing_there_is_no_percentile():
    assert percentile({}, 50) is None


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_every_day_is_in_one_bucket_and_its_days_find_it(day, now):
    fits = []
    for bucket in BUCKETS:
        earliest, latest = bucket.between(now)
        if (earliest is None or day >= earliest) and (latest is None or day <= latest):
            fits.append(bucket)
    assert fits == [bucket_of(day, now)]


@given(st.lists(st.tuples(st.text(max_size=80), st.decimals(-5, 10**6, places=2)), max_size=9))
def test_no_bar_leaves_the_chart(named):
    for bar in bars_of([(name, value, "", value / 2) for name, value in named]):
        assert 0 <= bar.share <= 1
        assert 0 <= bar.second <= 1
        assert len(bar.label) <= 30


def test_a_rate_is_drawn_against_the_whole():
    (third,) = bars_of([("Cedar", Decimal("0.25"), "25.0 %", None)], whole=Decimal(1))
    assert third.share == Decimal("0.25")


@pytest.mark.parametrize(
    ("today_is", "months", "since"), [((2026, 12, 1), 12, (2025, 12, 1)), ((2026, 1, 31), 3, (2025, 10, 1))]
)
def test_a_time_begins_with_its_month(today_is, months, since):
    assert Asked(None, date(*today_is), months=months).since == date(*since)
