"""Whoever is asked for a second read is blind by every way, whatever else she is in the practice (RE-2)."""

from datetime import timedelta

import pytest
from django.http import Http404
from django.urls import reverse

from billing.access import get_export
from billing.actions.receiving import receive_edi
from billing.authorisation_moving import record_event
from billing.models import Claim, Remittance
from billing.views.request_files import _left_out
from cases.access import get_asset, get_order
from cases.actions import ordering, schools, treating
from cases.actions.lettering import print_letter
from cases.actions.referring import refer, save_place
from cases.actions.second_reading import ask_second_read, second_readers_of
from cases.blinding import HARMLESS, TELLING, who_knows
from cases.models import Aftercare, Case, Letter, Notice, ReferralPlace
from cases.notices import tell_if_raised
from cases.offering import offered
from cases.states import Status
from cases.views.reading.stage import earlier_cases
from cases.views.record.telling import _TELLERS
from teledent.accounts.models import Membership, Role
from teledent.accounts.trail import record_read
from teledent.kit import clock
from teledent.kit.decisions import Refused
from tests import cast
from tests.billing import authorised
from tests.billing import cast as money
from tests.billing.answers.paper import check, file_of
from tests.billing.asking_ahead import cast as ahead
from tests.billing.asking_ahead.test_answers import FULL, estimate
from tests.capture.conftest import disk  # noqa: F401 - fixtures are found by name
from tests.orders.conftest import fill_visit
from tests.reading.test_queue import another_dentist

ROLES = (Role.FRONT_DESK, Role.MANAGER, Role.HYGIENIST)


def test_every_kind_of_event_is_placed_on_purpose():
    assert TELLING.isdisjoint(HARMLESS)
    assert set(_TELLERS) == TELLING | HARMLESS


def of_every_role(world, key, name):
    person = world.people[key] = another_dentist(world, key, name)
    for role in ROLES:
        Membership.objects.create(person=person, practice=world.practice, role=role, starts_on="2026-01-01")
    return person


@pytest.fixture
def eva(world):
    """A dentist who also sits at the desk, manages, and is a hygienist of every site."""
    return of_every_role(world, "eva", "Dr. Eva Osei")


@pytest.fixture(autouse=True)
def ida(world):
    """She may do all that Eva may, and is asked for nothing."""
    return of_every_role(world, "ida", "Dr. Ida Brandt")


@pytest.fixture
def asked(world, eva):
    def ask(case):
        return ask_second_read(
            actor=world.of("olu"), case=case, reader=eva, question="Is L decayed?", at=clock.now()
        )  # fmt: skip

    return ask


def order_of(world, case):
    (order,) = ordering.give_orders(
        actor=world.of("dev"), case=case, kind="sealant", tooth_keys=["UR6"], reason="Deep grooves", password=cast.PASSWORD, at=clock.now(),
    )  # fmt: skip
    return order


def referral_of(world, case):
    place = ReferralPlace(
        practice=world.practice, name="Mill Street Dental", specialty="Children's dentist", phone="541-555-0160", street="9 Mill Street",
        city="Springfield", state="OR", zip_code="97477",
    )  # fmt: skip
    office = save_place(actor=world.of("rita"), place=place, at=clock.now())
    said = {"urgency": "urgent", "reason": "Please see tooth L, pain on cold", "pictures": []}
    return refer(actor=world.of("rita"), case=case, place=office, at=clock.now(), **said)


def list_of(world, case):
    return schools.make_school_list(
        actor=world.of("rita"), site=case.site, first_day=case.day_seen, last_day=case.day_seen, made_for="Nurse Ortiz",
        at=clock.now(),
    )  # fmt: skip


def test_the_record_and_every_list_leave_out_what_followed_the_signature(world, case_at, asked, client_of):
    case = case_at(Status.SIGNED)
    order, made, sent = order_of(world, case), list_of(world, case), referral_of(world, case)
    eva, ida = client_of("eva"), client_of("ida")
    for address in ("/capture/orders/", "/follow-up/", f"/cases/{case.public_id}/"):
        assert ida.get(address).status_code == 200
    assert "Seal 3" in ida.get(f"/cases/{case.public_id}/").content.decode()
    assert Aftercare.objects.visible_to(world.of("eva")).exists()
    asked(case)
    record = eva.get(f"/cases/{case.public_id}/").content.decode()
    for told in ("Seal 3", order.label, "on a list for", "Mill Street"):
        assert told not in record
    assert "opened the case" in record
    assert "Seal 3" not in eva.get("/capture/orders/").content.decode()
    assert not Aftercare.objects.visible_to(world.of("eva")).exists()
    for address in (
        f"/follow-up/schools/{made.public_id}/", f"/follow-up/schools/{made.public_id}/csv/", f"/follow-up/referrals/{sent.public_id}/",
        f"/follow-up/referrals/{sent.public_id}/zip/", f"/cases/{case.public_id}/refer/", f"/capture/orders/{order.public_id}/",
    ):  # fmt: skip
        assert eva.get(address).status_code == 422, address
    with pytest.raises(Refused):
        get_order(world.of("eva"), order.public_id, at=clock.now())
    cast.retract(world, case, clock.now())  # nobody reads it a second time any more, so nothing is hidden
    assert eva.get(f"/follow-up/schools/{made.public_id}/").status_code == 200
    assert "on a list for" in eva.get(f"/cases/{case.public_id}/").content.decode()


def test_letters_and_notices_wait_for_her_own_signature_too(world, case_at, asked, client_of):
    case = case_at(Status.SIGNED)
    run = print_letter(actor=world.of("rita"), case=case, language="en", at=clock.now())
    eva = client_of("eva")
    Letter.objects.create(
        run=run, case=case, number=1, addressee="The family", language="en", document={}, digest="0" * 64
    )
    assert client_of("ida").get(f"/follow-up/letters/{run.public_id}/").status_code == 200
    asked(case)
    assert eva.get(f"/follow-up/letters/{run.public_id}/").status_code == 422
    tell_if_raised(case, "emergency", person=world.people["dev"], at=clock.now(), signed=True)
    told = set(Notice.objects.filter(about="raised").values_list("person__email", flat=True))
    assert "eva@example.org" not in told
    assert "rita@example.org" in told


@pytest.mark.usefixtures("eva")
def test_no_claim_and_no_export_shows_it(world, disk, asked, client_of):  # noqa: F811 - the fixture above
    desk = money.build_desk(world)
    claim = money.ready_claim(desk)
    export = money.exported(desk)
    eva = client_of("eva")
    assert claim.case.label in client_of("ida").get("/claims/?show=all").content.decode()
    assert get_export(world.of("eva"), export.public_id) == export
    asked(claim.case)
    for address in ("/claims/?show=all", f"/claims/patients/{claim.case.patient.public_id}/"):
        assert claim.case.label not in eva.get(address).content.decode(), address
    for address in (
        f"/claims/exports/{export.public_id}/",
        f"/claims/exports/{export.public_id}/file/",
        f"/claims/{claim.public_id}/data-sheet/",
    ):
        assert eva.get(address).status_code == 422, address


@pytest.mark.usefixtures("eva")
def test_no_request_and_no_answer_to_one_shows_it(world, disk, asked, client_of):  # noqa: F811 - the fixture above
    desk = ahead.with_fees(money.build_desk(world))
    case = ahead.signed_case(desk)
    row = ahead.drafted(desk, case)
    order_of(world, case)
    file = ahead.sent(desk, row)
    record_event(row, "left_out", person=None, at=clock.now(), details={"file": file.public_id, "reason": "No fee"})
    assert _left_out(file, (), world.people["ida"]) == [row]
    assert _left_out(file, file.contents.all(), world.people["ida"]) == []
    answer = estimate(row, FULL[0], FULL[1], ["OA*101*5"])  # out of balance: it waits
    receive_edi(
        world.practice, name="a.835", blocks=[file_of(check(answer, amount="0"))], by=desk.rita.person, at=money.LATER
    )
    money.run_jobs()
    remittance = Remittance.objects.get()
    of_request = {
        f"/claims/coverage/{row.coverage.public_id}/authorisation/": "D1351",
        f"/claims/coverage/{row.coverage.public_id}/authorisation/ ": row.request_id,
        "/claims/answers/?show=waiting": row.request_id,
        f"/claims/remittances/{remittance.public_id}/": row.request_id,
    }

    def shown(name):
        pages = ((address, told, client_of(name).get(address.strip())) for address, told in of_request.items())
        return {address for address, told, page in pages if page.status_code == 200 and told in page.content.decode()}

    assert shown("ida") == set(of_request)
    asked(case)
    assert shown("eva") == set()
    assert _left_out(file, (), world.people["eva"]) == []


@pytest.mark.usefixtures("eva")
def test_a_number_of_the_payer_names_no_claim_that_is_hidden(world, disk, asked, client_of):  # noqa: F811 - the fixture above
    desk = money.build_desk(world)
    authorised.wants_authorisation(desk)
    patient = cast.make_patient(world)
    row = authorised.approved(desk, money.cover(desk, patient))
    claim = ready_of(desk, patient)
    address = f"/claims/authorisations/{row.public_id}/"
    assert claim.claim_id in client_of("ida").get(address).content.decode()
    asked(claim.case)
    page = client_of("eva").get(address)
    assert page.status_code == 200
    assert claim.claim_id not in page.content.decode()


def ready_of(desk, patient):
    money.signed(desk, patient=patient)
    money.run_jobs()
    return Claim.objects.get(case__patient=patient, part="dentist")


def visit_of(world, case, order):
    """What the order asked for, done a moment ago and submitted."""
    at, hana = clock.now(), world.of("hana")
    visit = treating.start_visit(
        actor=hana, order=order, tooth="UR6", answers={"allergies": ["none_known"]}, at=at
    )  # fmt: skip
    fill_visit(world, visit, at=at)
    treating.record_under_order(actor=hana, order=order, at=at)
    cast.submitting.submit_case(actor=hana, case=visit, at=at)
    visit.refresh_from_db()
    return visit


@pytest.mark.usefixtures("eva")
def test_a_visit_that_the_first_reader_ordered_is_hidden_too(world, case_at, asked, client_of):
    case = case_at(Status.SIGNED)
    visit = visit_of(world, case, order_of(world, case))
    addresses = ["/reading/", reverse("records"), f"/cases/{visit.public_id}/"]
    assert visit in offers_to(world, "eva")
    asked(case)
    for address in addresses:
        assert visit.label in client_of("ida").get(address).content.decode(), address
        assert visit.label not in client_of("eva").get(address).content.decode(), address
    assert client_of("eva").get(f"/cases/{visit.public_id}/").status_code == 404
    picture = visit.assets.get().public_id
    assert get_asset(world.of("ida"), picture, at=clock.now())
    with pytest.raises(Http404):
        get_asset(world.of("eva"), picture, at=clock.now())
    assert visit not in offers_to(world, "eva")
    cast.retract(world, case, clock.now())  # nobody reads it a second time any more
    assert client_of("eva").get(f"/cases/{visit.public_id}/").status_code == 200


@pytest.mark.usefixtures("eva")
def test_earlier_pictures_are_not_those_of_a_visit_that_tells(world, case_at, asked):
    case = case_at(Status.SIGNED)
    visit = visit_of(world, case, order_of(world, case))
    later = cast.case_at(world, Status.SUBMITTED, patient=case.patient, at=clock.now())
    Case.objects.filter(pk=visit.pk).update(status=Status.SIGNED, signed_at=clock.now())
    asked(case)
    assert set(earlier_cases(world.of("ida"), later)) == {visit, case}
    assert earlier_cases(world.of("eva"), later) == [case]  # its pictures are before her anyway, and bear no mark


def offers_to(world, who):
    return offered(world.of(who), ["OR"], at=clock.now(), most=9)


def test_whoever_opened_the_signed_record_is_not_asked(world, case_at, asked, client_of, eva):
    case = case_at(Status.SIGNED)
    assert eva in second_readers_of(case, asked_by=world.people["olu"], at=clock.now())
    client_of("eva").get(f"/cases/{case.public_id}/")
    assert eva not in second_readers_of(case, asked_by=world.people["olu"], at=clock.now())
    with pytest.raises(Refused, match="would not be blind"):
        asked(case)


def test_whoever_opened_it_before_the_signature_is_asked_all_the_same(world, case_at, asked, eva):
    case = case_at(Status.SIGNED)
    record_read(world.of("eva"), noun="case", public_id=case.public_id, at=case.signed_at - timedelta(hours=1))
    assert asked(case).reader == eva


def test_whoever_told_the_family_what_it_says_is_not_asked(world, case_at, eva):
    case = case_at(Status.SIGNED)
    at = case.signed_at + timedelta(minutes=1)
    said = {"step": "told", "told_to": "Lucia Villanueva", "how": "by phone"}
    cast.following.record_follow_up(actor=world.of("eva"), case=case, happened_at=at, at=at, **said)
    assert who_knows(case, [eva]) == {eva.pk}
