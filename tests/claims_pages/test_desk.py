"""The desk's list and what is done from it, through HTTP."""

import re
import uuid
from datetime import date, timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from billing.models import Claim, ClaimEvent, ClaimLine, Coverage, Payer
from billing.views import desk as desk_view
from teledent.accounts.models import Membership, Person, Role
from teledent.kit import clock
from tests import cast
from tests.billing import cast as money
from tests.claims_pages.reading import named_in, text_of
from tests.claims_pages.test_settings_pages import PAYER

TODAY = date(2026, 12, 1)
AT = cast.AT.replace(year=2026, month=12, day=1, hour=20)


@pytest.fixture(autouse=True)
def today(monkeypatch):
    with clock.standing_at(AT):
        yield


@pytest.fixture
def held(uninsured):
    uninsured.refresh_from_db()
    return uninsured


def patient(desk, given):
    return cast.make_patient(desk.world, given=given, family="Park", born=date(2018, 5, 5))


def act(client, claim, verb, **data):
    return client.post(reverse(f"claim-{verb}", args=[claim.public_id]), data, follow=True)


def kinds(claim):
    return [event.kind for event in claim.events.all()]


def copies(claim, number, **columns):
    """Further claims like `claim`, straight into the tables: each of a case of its own, with one line."""
    case, made = claim.case, []
    for n in range(number):
        count = Claim.objects.count()
        case.pk, case.public_id, case.number = None, uuid.uuid4(), 5000 + count
        case.save(force_insert=True)
        fresh = Claim.objects.get(pk=claim.pk)
        was = {"status": fresh.status, "exported_at": fresh.exported_at}
        fresh.pk, fresh.public_id, fresh.case_id = None, uuid.uuid4(), case.pk
        fresh.number, fresh.claim_id, fresh.status, fresh.exported_at = 5000 + count, f"COPY{count}", "draft", None
        fresh.save(force_insert=True)
        ClaimLine.objects.create(
            claim=fresh, number=1, code="D0140", service_date=fresh.service_date, charge=Decimal("72.00")
        )
        changes = {name: value(n) if callable(value) else value for name, value in columns.items()}
        Claim.objects.filter(pk=fresh.pk).update(**was | changes)
        fresh.refresh_from_db()
        made.append(fresh)
    return made


def test_a_held_claim_stands_on_the_list_with_its_clocks_and_what_to_do(rita, held):
    page = rita.get("/claims/desk/")
    assert named_in(page) == ["Mateo Villanueva-Reyes"]
    assert "There is nobody to bill" in text_of(page)
    assert "Filing not known" in text_of(page)


def test_a_ready_claim_is_no_work_of_a_person(rita, desk):
    money.ready_claim(desk)
    assert named_in(rita.get("/claims/desk/")) == []


def test_an_unanswered_claim_comes_on_the_day_after_the_payers_time(client_of, desk):
    claim = money.ready_claim(desk)
    money.exported(desk)
    claim.refresh_from_db()
    assert claim.sent_on is not None
    last = claim.sent_on + timedelta(days=30)
    for day, listed in ((last, []), (last + timedelta(days=1), ["Mateo Villanueva-Reyes"])):
        with clock.standing_at(AT.replace(year=day.year, month=day.month, day=day.day)):
            for show in ("unanswered", "today"):  # a session of that day
                assert named_in(client_of("rita").get(f"/claims/desk/?show={show}")) == listed


def test_the_order_is_by_deadline_then_by_the_larger_charge_and_the_unknown_last(rita, held):
    days = [TODAY + timedelta(days=9), TODAY, TODAY]
    fresh = copies(held, 3, due_on=lambda n: days[n], total=lambda n: [5, 5, 90][n])
    page = rita.get("/claims/desk/").content.decode()
    found = sorted((one.public_id for one in (*fresh, held)), key=lambda pid: page.index(str(pid)))
    assert found == [fresh[2].public_id, fresh[1].public_id, fresh[0].public_id, held.public_id]


def test_a_page_begins_behind_the_last_row_and_each_claim_comes_once(rita, held, monkeypatch):
    monkeypatch.setattr(desk_view, "PER_PAGE", 2)
    copies(held, 6, due_on=lambda n: TODAY + timedelta(days=n // 3), total=lambda n: n % 2)
    seen, address = [], "/claims/desk/"
    while address:
        page = rita.get(address)
        seen += [one.row.claim.pk for one in page.context["rows"]]
        following = page.context["following"]
        address = f"/claims/desk/?after={following}" if following else ""
    assert len(seen) == len(set(seen)) == 7


@pytest.mark.parametrize(
    "key", ["x", "2026-12-01_1", "9999-99-99_1_1", "2026-12-01_nan_1", "2026-12-01_1e999_1", "2026-12-01_1_-9"]
)
def test_what_is_no_key_is_the_beginning(rita, held, key):
    assert len(named_in(rita.get("/claims/desk/", {"after": key}))) == 1


def test_filters_narrow_the_list_and_its_counts(rita, desk, held):
    held.assigned_to = desk.world.people["rita"]
    held.save()
    for query, fits in (
        ("payer=none", 1), (f"payer={desk.cedar.public_id}", 0), ("status=blocked", 1), ("status=denied", 0), ("clock=filing", 1),
        ("clock=appeal", 0), ("who=me", 1), ("who=nobody", 0), ("outcome=documents", 0), ("age=0-30", 1), ("age=over-120", 0),
        ("age=0-30&basis=sent", 0), ("payer=x&status=y&age=z", 1),
    ):  # fmt: skip
        page = rita.get(f"/claims/desk/?{query}")
        assert len(named_in(page)) == fits, query
        assert page.context["counts"]["today"] == fits, query


def test_a_claim_is_put_off_with_a_reason_and_comes_back_by_itself(rita, client_of, held):
    act(rita, held, "snooze", until="2026-12-11", because="The mother brings the card", back="")
    assert named_in(rita.get("/claims/desk/")) == []
    asleep = rita.get("/claims/desk/?show=asleep")
    assert "Until 11 Dec 2026. The mother brings the card" in text_of(asleep)
    with clock.standing_at(AT + timedelta(days=10)):
        assert named_in(client_of("rita").get("/claims/desk/")) == ["Mateo Villanueva-Reyes"]
    assert kinds(held)[-1] == "snoozed"


def test_a_snooze_past_a_deadline_warns_and_the_deadline_stays_in_sight(rita, desk, held):
    money.cover(desk, held.case.patient)
    Claim.objects.filter(pk=held.pk).update(
        status="blocked", coverage=Coverage.objects.get(), due_on=date(2027, 2, 15), desk="act"
    )
    page = act(rita, held, "snooze", until="2027-03-01", because="Waiting for the plan", back="show=today")
    assert "but before that: filing ends 15 Feb 2027" in text_of(page)
    assert "Filing ends before that, until 15 Feb 2027." in text_of(rita.get("/claims/desk/?show=asleep"))
    assert "Filing ends before that" in text_of(rita.get(reverse("claim", args=[held.public_id])))


@pytest.mark.parametrize(
    ("until", "because", "sentence"),
    [
        ("2026-12-01", "Waiting", "Choose a day after today"),
        ("", "Waiting", "Fill this in."),
        ("2026-12-09", "-", "Say what it waits for"),
    ],
)
def test_what_is_wrong_with_a_snooze_is_said_beside_the_field(rita, held, until, because, sentence):
    page = act(rita, held, "snooze", until=until, because=because)
    assert page.status_code == 422
    assert sentence in text_of(page)
    held.refresh_from_db()
    assert held.snoozed_until is None


def test_a_snooze_is_no_longer_than_a_year(rita, held):
    assert act(rita, held, "snooze", until="2029-01-01", because="Later perhaps").status_code == 422


def test_a_snooze_is_taken_back(rita, held):
    act(rita, held, "snooze", until="2026-12-11", because="The mother brings the card")
    act(rita, held, "wake")
    act(rita, held, "wake")
    assert len(named_in(rita.get("/claims/desk/"))) == 1
    assert kinds(held)[-2:] == ["snoozed", "woken"]


def test_whatever_moves_a_claim_wakes_it(rita, desk, held):
    act(rita, held, "snooze", until="2026-12-11", because="The mother brings the card")
    money.cover(desk, held.case.patient)
    held.refresh_from_db()
    assert (held.status, held.snoozed_until, held.snoozed_because) == ("ready", None, "")


def test_notes_are_added_and_stay_with_who_and_when(rita, held):
    act(rita, held, "note", text="<b>Called</b> the plan, reference 12")
    act(rita, held, "note", text="Called again")
    page = rita.get(reverse("claim", args=[held.public_id]))
    assert "Called again Rita Castellane" in text_of(page)
    assert "&lt;b&gt;Called&lt;/b&gt;" in page.content.decode()
    assert ClaimEvent.objects.filter(claim=held, kind="noted").count() == 2
    assert act(rita, held, "note", text="..").status_code == 422


def test_a_claim_is_given_to_somebody_of_the_front_desk_and_back(rita, desk, held):
    rita_id = desk.world.people["rita"].public_id
    act(rita, held, "assign", to=str(rita_id))
    assert len(named_in(rita.get("/claims/desk/?show=mine"))) == 1
    act(rita, held, "assign", to="")
    assert named_in(rita.get("/claims/desk/?show=mine")) == []
    assert kinds(held)[-2:] == ["assigned", "assigned"]


def test_nobody_else_can_be_given_a_claim(rita, desk, held):
    other = cast.build_world("Second ").people["rita"]
    left = Person.objects.create_user("left@example.org", cast.PASSWORD, name="Lea Left")
    Membership.objects.create(
        person=left, practice=desk.world.practice, role=Role.FRONT_DESK, starts_on=date(2026, 1, 1), ends_on=date(2026, 2, 1)
    )  # fmt: skip
    for person in (other, left, desk.world.people["dev"], desk.world.people["hana"]):
        assert act(rita, held, "assign", to=str(person.public_id)).status_code == 422
    held.refresh_from_db()
    assert held.assigned_to is None


def test_the_list_is_come_back_to_as_it_was_and_to_no_other_address(rita, held):
    answer = rita.post(
        reverse("claim-note", args=[held.public_id]), {"text": "Called the plan", "back": "show=today&payer=none"}
    )
    assert answer["Location"] == "/claims/desk/?show=today&payer=none"
    answer = rita.post(
        reverse("claim-note", args=[held.public_id]), {"text": "Called the plan", "back": "//evil.example/\r\nX: 1"}
    )
    assert answer["Location"].startswith("/claims/desk/?")
    assert "\r" not in answer["Location"]


@pytest.mark.parametrize("name", ["hana", "dev"])
def test_clinicians_have_no_such_list(client_of, held, name):
    client = client_of(name)
    assert client.get("/claims/desk/").status_code == 404
    for verb in ("snooze", "wake", "note", "assign"):
        assert client.post(reverse(f"claim-{verb}", args=[held.public_id])).status_code == 404


def test_the_manager_reads_and_does_nothing(client_of, held):
    olu = client_of("olu")
    page = olu.get("/claims/desk/")
    assert len(named_in(page)) == 1
    assert "Put off, note, give" not in text_of(page)
    assert olu.post(reverse("claim-wake", args=[held.public_id])).status_code == 404


def test_a_row_asks_for_its_forms_and_they_come_back_to_the_list(rita, held):
    page = rita.get("/claims/desk/?show=today&payer=none")
    address = re.search(r'hx-get="(/claims/[^"]+/acts/[^"]*)"', page.content.decode())[1]
    forms = rita.get(unescape(address)).content.decode()
    assert 'name="back" value="show=today&amp;payer=none"' in forms
    assert forms.count("<form") == 3
    assert "</html>" not in forms


def test_another_practice_sees_nothing(client_of, held):
    other = client_of("rita", of=cast.build_world("Second "))
    assert named_in(other.get("/claims/desk/")) == []
    assert other.post(reverse("claim-note", args=[held.public_id]), {"text": "Hello there"}).status_code == 404


@pytest.mark.parametrize("show", ["today", "mine", "unanswered", "void", "asleep", "owed"])
def test_each_list_asks_as_much_for_five_claims_as_for_sixty(rita, desk, held, show):
    columns = {
        "today": {},
        "mine": {"assigned_to": desk.world.people["rita"]},
        "asleep": {"snoozed_until": TODAY + timedelta(days=3), "snoozed_because": "Waits"},
        "unanswered": {"desk": "wait", "due_on": TODAY - timedelta(days=3), "due_kind": "answer"},
        "void": {
            "due_kind": "void",
            "desk": "act",
            "void_wanted_at": AT,
            "void_because": "Retracted",
            "status": "denied",
            "exported_at": AT,
        },
        "owed": {"status": "denied", "exported_at": AT},
    }[show]
    if "exported_at" in columns:
        columns["coverage"] = money.cover(desk, held.case.patient)
    address = f"/claims/desk/?show={show}"

    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert rita.get(address).status_code == 200
        return len(asked)

    copies(held, 5, **columns)
    queries()  # what a session asks once
    few = queries()
    copies(held, 55, **columns)
    assert queries() == few
    assert len(rita.get(address).context["rows"]) == desk_view.PER_PAGE


def test_a_payer_whose_limits_change_has_every_deadline_drawn_anew(rita, desk):
    claim = money.ready_claim(desk)
    money.exported(desk)
    claim.refresh_from_db()
    before = claim.due_on
    cedar = {
        **PAYER,
        "name": "Cedar Mutual",
        "payer_id": "CEDAR1",
        "receiver": desk.receiver.pk,
        "answer_expected_days": "45",
    }
    rita.post(f"/claims/payers/{desk.cedar.public_id}/", cedar)
    money.run_jobs()
    claim.refresh_from_db()
    assert Payer.objects.get(pk=desk.cedar.pk).answer_expected_days == 45
    assert claim.due_on == before + timedelta(days=15)
