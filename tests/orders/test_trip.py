"""The loop of a virtual dental home over HTTP: a line of the plan becomes an order, a hygienist does it, the order is fulfilled."""

from collections import defaultdict
from datetime import timedelta

import lxml.html
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from billing.models import ClaimLine
from cases.actions.phrasing import choose_numbering
from cases.models import Case, Order, Review
from cases.order_states import OrderStatus
from cases.states import Status
from teledent.kit import clock
from tests import cast
from tests.billing import cast as money
from tests.capture.conftest import words
from tests.orders.conftest import LATER


def fill(client, page, action="", **said):
    """Take the form of a page whose action ends so, set what is said, send it: the answer."""
    root = lxml.html.fromstring(client.get(page).content)
    form = next(one for one in root.forms if (one.action or page).partition("#")[0].endswith(action or page))
    values = defaultdict(list)
    for name, value in form.form_values():
        values[name].append(value)
    return client.post((form.action or page).partition("#")[0], {**values, **said})


@pytest.fixture
def plan(world):
    """A case in review whose draft is complete, with one line of the plan more: seal 3."""
    case = cast.case_at(world, Status.IN_REVIEW)
    review = cast.write(world, case, cast.AT + timedelta(minutes=25))
    cast.reviewing.add_plan_line(
        actor=world.of("dev"), review=review, what="Sealant", rationale="Deep grooves in what can be seen", tooth="UR6",
        diagnosis_id=review.diagnoses.get().pk, at=cast.AT + timedelta(minutes=25),
    )  # fmt: skip
    return case


def test_from_a_line_of_the_plan_to_a_fulfilled_order_and_its_claim(world, plan, as_person, monkeypatch):
    dev, hana = as_person("dev"), as_person("hana")
    reading = reverse("reading-case", args=[plan.public_id])
    line = Review.objects.get().plan.get(what="Sealant")
    assert fill(dev, reading, "orders/", line=str(line.pk), kind="sealant", reason="").status_code == 302
    order = Order.objects.get()
    assert "Seal 3" not in words(hana.get("/capture/orders/"))  # nothing counts before the signature
    attested = {
        "evaluation_code": "D0140",
        "no_live_contact": "on",
        "not_same_building": "on",
        "password": cast.PASSWORD,
    }
    assert fill(dev, f"{reading}sign/", **attested).status_code == 302

    monkeypatch.setattr(clock, "now", lambda: LATER)
    dev, hana = as_person("dev"), as_person("hana")  # two days later: nobody is signed in any more
    assert "Orders 1" in words(hana.get("/capture/"))
    assert "Seal 3: Mateo Villanueva-Reyes" in words(hana.get("/capture/orders/"))
    page = reverse("capture-order-start", args=[order.public_id])
    wrong = fill(hana, page, page, allergies=["none_known"], tooth="14")
    assert wrong.status_code == 422
    assert "another tooth than upper left first molar" in words(wrong)
    begun = fill(hana, page, page, allergies=["none_known"], tooth="3")
    visit = Case.objects.get(follows=plan)
    assert begun["Location"] == reverse("capture-case", args=[visit.public_id]) + "#orders"

    case_page = reverse("capture-case", args=[visit.public_id])
    fill(
        hana,
        case_page,
        "save/history/",
        complaint="none_stated",
        conditions="asthma",
        medicines="none",
        dental_history="none_known",
    )
    fill(hana, case_page, "save/kind/", changed="none")
    fill(hana, case_page, "save/triage/", red_flags="none")
    fill(hana, case_page, "save/why/", why="no_dentist")
    cast.put_file(visit, world.of("hana"), view="tooth", at=LATER)
    not_yet = fill(hana, f"{case_page}submit/", day_and_place="on")
    assert not_yet.status_code == 422
    assert f"{order.label}: record what was done" in words(not_yet)
    fill(hana, case_page, f"{order.public_id}/done/")
    assert fill(hana, f"{case_page}submit/", day_and_place="on").status_code == 302

    order.refresh_from_db()
    assert (order.status, order.visit) == (OrderStatus.DONE, visit)
    assert "No order is open" in words(hana.get("/capture/orders/"))
    record = words(dev.get(reverse("record", args=[plan.public_id])))
    assert f"did what was ordered: Seal upper right first molar, {order.label}" in record
    assert f"Treatment visit {visit.label}" in record
    assert line_of_the_claim(world, visit) == ("D1351", "3")


def line_of_the_claim(world, visit):
    """The visit is read and signed as every case; its service stands on the hygienist's claim (CL-4)."""
    cast.start(world, visit, LATER)
    visit.refresh_from_db()
    cast.sign(world, visit, LATER)
    money.run_jobs(LATER + timedelta(hours=1))
    line = ClaimLine.objects.get(claim__case=visit, claim__part="hygienist")
    return line.code, line.tooth


def test_a_dentist_orders_after_the_signature_and_takes_it_back(world, signed, as_person):
    dev = as_person("dev")
    record = reverse("record", args=[signed.public_id])
    said = {"kind": "sealant", "tooth_keys": "3, 14", "reason": "Deep grooves"}
    assert "password" in words(fill(dev, record, "/order/", **said, password="wrong")).lower()
    assert not Order.objects.exists()
    assert fill(dev, record, "/order/", **said, password=cast.PASSWORD).status_code == 302
    assert [(one.tooth, one.status) for one in Order.objects.all()] == [("UR6", "open"), ("UL6", "open")]
    first = Order.objects.first()
    assert fill(dev, record, f"{first.public_id}/cancel/", reason="Filled elsewhere").status_code == 302
    first.refresh_from_db()
    assert (first.status, first.ended_because) == ("cancelled", "Filled elsewhere")


def test_a_hygienist_refuses_with_a_reason(give, as_person):
    hana, order = as_person("hana"), give()
    page = reverse("capture-order-start", args=[order.public_id])
    assert fill(hana, page, "refuse/", reason="").status_code == 422
    assert fill(hana, page, "refuse/", reason="The child moved away").status_code == 302
    assert "The child moved away" in words(hana.get(page))


def test_the_list_shows_what_runs_out_first_and_asks_the_same_of_the_database_for_many(give, as_person):
    hana = as_person("hana")
    give(valid_until=cast.date(2026, 12, 24))
    hana.get("/capture/")  # the first page of a session writes a sign of life
    with_one = queries(hana, "/capture/orders/")
    give(tooth="UL6", valid_until=cast.date(2026, 11, 30))
    give("fluoride", "")
    assert queries(hana, "/capture/orders/") == with_one
    page = words(hana.get("/capture/orders/"))
    assert page.index("Seal 14") < page.index("Seal 3") < page.index("Fluoride varnish")


def queries(client, address):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_the_tooth_of_an_order_is_shown_and_said_again_in_the_numbering_of_the_hygienist(world, give, as_person):
    hana, order = as_person("hana"), give()
    choose_numbering(person=world.people["hana"], numbering="fdi")
    page = reverse("capture-order-start", args=[order.public_id])
    assert "Seal 16" in words(hana.get("/capture/orders/"))
    assert "Seal 16" in words(hana.get(page))
    assert "not a tooth" in words(fill(hana, page, page, allergies=["none_known"], tooth="3"))
    assert fill(hana, page, page, allergies=["none_known"], tooth="16").status_code == 302
    assert Case.objects.filter(follows=order.case).exists()
