"""The pages of another office's link over HTTP, and what nobody gets by guessing, coming late or crossing over."""

import logging
from datetime import datetime, timedelta

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from cases import flooding
from cases.actions import consultations
from cases.consulting import FILE_SIZE_MAX, FILES_MAX
from cases.models import Asset, Case, Consultation
from cases.views.consult.visit import COOKIE, PATH, SALT
from teledent.accounts.models import AccessEvent
from teledent.kit import clock
from teledent.logs import WithoutTokens
from tests import cast
from tests.capture.conftest import work
from tests.capture.drawn import photograph
from tests.consulting import office as by
from tests.consulting.cast import SAID, a_link, put_film, signed, taken_up
from tests.consulting.test_an_office_asks import print_answer

FILM = b"what a sensor wrote"


@pytest.fixture
def made(world):
    return a_link(world, at=clock.now())


def sent_whole(asked, token):
    """The question with its film, which the decoder looked at."""
    by.finish(by.walk(token, FILM))
    Asset.objects.filter(original__isnull=False).update(
        state="examined", examined_at=clock.now(), media_type="image/jpeg"
    )
    asked.refresh_from_db()


def page_of(response):
    return (response.status_code, response.text.split("<main")[-1])


def test_from_the_link_to_the_question_that_waits(made):
    asked, token = made
    office = by.open_office(token)
    assert by.gets_to(office) == reverse("consult-question")
    assert by.ask(office).status_code == 302
    assert by.gets_to(office) == reverse("consult-files")
    by.send_film(office, FILM)
    assert "Received" in office.get(reverse("consult-files")).text
    assert "Mateo Villanueva-Reyes" in office.get(reverse("consult-finish")).text
    assert by.finish(office).headers["Location"] == reverse("consult-answer")
    assert "It is not answered yet" in office.get(reverse("consult-answer")).text
    asked.refresh_from_db()
    assert asked.sent_at is not None
    assert {key: asked.said[key] for key in SAID} == SAID


def test_the_answer_is_collected_by_who_knows_the_birth_date(world, patient, made, client_of):
    asked, token = made
    sent_whole(asked, token)
    signed(world, asked, patient, at=clock.now())
    rita = client_of("rita")
    assert "Let the answer out" in rita.get(reverse("consultation", args=[asked.public_id])).text
    assert rita.post(reverse("consultation-release", args=[asked.public_id])).status_code == 302
    later = by.open_office(token)
    for name in ("consult-answer", "consult-pdf"):
        assert later.get(reverse(name)).headers["Location"] == reverse("consult-birth")
    later.post(reverse("consult-birth"), {"birth_date": "2018-03-14"})
    assert "Its paper is being made" in later.get(reverse("consult-answer")).text
    assert later.get(reverse("consult-pdf")).status_code == 404
    print_answer()
    assert "Open the answer" in later.get(reverse("consult-answer")).text
    pdf = b"".join(later.get(reverse("consult-pdf")).streaming_content)
    assert pdf.startswith(b"%PDF")
    assert AccessEvent.objects.filter(verb="report", person=None).count() == 1
    assert "Collected" in rita.get(reverse("consultation", args=[asked.public_id])).text


def test_after_a_retraction_the_page_says_not_to_rely_on_it(world, patient, made):
    asked, token = made
    sent_whole(asked, token)
    case = signed(world, asked, patient, at=clock.now())
    consultations.release_answer(actor=world.of("rita"), asked=asked, at=clock.now())
    print_answer()
    cast.retract(world, case, clock.now())
    office = by.open_office(token)
    office.post(reverse("consult-birth"), {"birth_date": "2018-03-14"})
    assert "Do not rely on what you may have read" in office.get(reverse("consult-answer")).text
    assert office.get(reverse("consult-pdf")).status_code == 404


def test_what_is_missing_is_said_beside_it_with_everything_typed_still_there(made):
    office = by.open_office(made[1])
    response = by.ask(office, question="?", birth_date="2099-01-01")
    assert (response.status_code, 'value="Mateo"' in response.text) == (422, True)
    assert "This day lies in the future." in response.text
    assert "Say it in words that the dentist can answer." in response.text
    by.ask(office)
    assert by.finish(office).status_code == 422  # no file yet
    by.send_film(office, FILM)
    assert by.finish(office, agree="").status_code == 422
    assert Consultation.objects.get().sent_at is None


def test_nothing_is_asked_about_a_patient_in_a_state_where_nobody_here_may_read(made):
    office = by.open_office(made[1])
    response = by.ask(office, state="TX")
    assert (response.status_code, "is licensed in this state" in response.text, 'value="Mateo"' in response.text) == (
        422,
        True,
        True,
    )
    assert Consultation.objects.get().said == {}
    assert by.ask(office).status_code == 302


def test_another_browser_with_the_same_link_sees_nothing_that_was_typed(made):
    by.walk(made[1], FILM)
    other = by.open_office(made[1])
    assert by.gets_to(other) == reverse("consult-question")
    assert "Mateo" not in other.get(reverse("consult-question")).text
    for name in ("consult-files", "consult-finish"):
        assert other.get(reverse(name)).headers["Location"] == reverse("consult-question")
    assert by.announce(other, b"x", of="x").status_code == 302


def test_five_wrong_birth_dates_lock_it(made):
    by.finish(by.walk(made[1], FILM))
    office = by.open_office(made[1])
    answers = [office.post(reverse("consult-birth"), {"birth_date": "2018-03-15"}).status_code for _ in range(6)]
    assert answers == [422, 422, 422, 422, 404, 404]
    assert AccessEvent.objects.filter(verb="denied", noun="consultation").count() == 5
    assert Client().get(by.start_of(made[1])).status_code == 404


def test_unknown_expired_revoked_locked_and_turned_down_show_one_page(world):
    now = clock.now()
    old = a_link(world, at=now - timedelta(days=8))
    revoked, locked, down = (a_link(world, at=now) for _ in range(3))
    consultations.revoke_consultation(actor=world.of("rita"), asked=revoked[0], at=now)
    Consultation.objects.filter(pk=locked[0].pk).update(tries_left=0)
    by.finish(by.walk(down[1], FILM))
    consultations.turn_down(actor=world.of("hana"), asked=down[0], because="Asked by mistake", at=now)
    tokens = [old[1], revoked[1], locked[1], down[1], "A" * 43, "x", "é" * 20]
    pages = {page_of(Client().get(by.start_of(token))) for token in tokens}
    assert ({status for status, _ in pages}, len(pages)) == ({404}, 1)
    assert {Client().post(by.start_of(token)).status_code for token in tokens} == {404}


def test_an_answer_lies_ready_for_a_month(world, patient, made, monkeypatch):
    asked, token = made
    sent_whole(asked, token)
    signed(world, asked, patient, at=clock.now())
    consultations.release_answer(actor=world.of("rita"), asked=asked, at=clock.now())
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=29))
    assert Client().get(by.start_of(token)).status_code == 200
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=31))
    assert Client().get(by.start_of(token)).status_code == 404


def test_looking_at_a_link_changes_nothing_and_its_token_leaves_the_address(made):
    seen = Client()
    assert seen.get(by.start_of(made[1])).status_code == 200
    assert COOKIE not in seen.cookies
    made[0].refresh_from_db()
    assert made[0].opened_at is None
    response = seen.post(by.start_of(made[1]))
    cookie = response.cookies[COOKIE]
    assert response.headers["Location"] == reverse("consult")
    assert (cookie["path"], cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (PATH, True, "Lax", 7200)
    assert made[1] not in cookie.value


def test_no_log_holds_a_token(made):
    record = logging.LogRecord("x", logging.INFO, "", 0, "GET %s", (by.start_of(made[1]),), None)
    WithoutTokens().filter(record)
    assert made[1] not in record.getMessage()


@pytest.mark.parametrize("forged", ["", "nonsense", "signed-elsewhere"])
def test_a_cookie_that_is_not_ours_opens_nothing(made, forged):
    said = {"consultation": made[0].pk, "browser": "x", "born": True}
    office = Client()
    office.cookies[COOKIE] = signing.dumps(said, salt="another") if forged == "signed-elsewhere" else forged
    assert office.get(reverse("consult-question")).status_code == 404
    office.cookies[COOKIE] = signing.dumps(said, salt=SALT)
    assert office.get(reverse("consult-question")).status_code == 200


def test_guessing_and_flooding_are_slowed_down(made, monkeypatch):
    guesser = Client(REMOTE_ADDR="203.0.113.9")
    for _ in range(flooding.LOOKED_FOR_MOST):
        assert guesser.get(by.start_of("A" * 43)).status_code == 404
    assert guesser.get(by.start_of("B" * 43)).status_code == 429
    assert guesser.get(by.start_of(made[1])).status_code == 200
    monkeypatch.setattr(flooding, "ASKED_MOST", 5)
    office = by.open_office(made[1])
    assert [office.get(reverse("consult-question")).status_code for _ in range(7)][-1] == 429


def test_a_question_takes_so_many_files_so_large_and_of_its_views(made):
    office = by.walk(made[1], FILM)
    assert by.announce(office, b"x", view="slate").status_code == 422
    assert by.announce(office, b"x", **{"Upload-Length": str(FILE_SIZE_MAX + 1)}).status_code == 422
    assert by.announce(office, FILM).status_code == 409
    answers = [by.announce(office, str(n).encode()).status_code for n in range(FILES_MAX)]
    assert answers == [201] * (FILES_MAX - 1) + [422]


def test_a_file_of_another_question_or_case_is_not_there(world, made):
    other = a_link(world, at=clock.now())[0]
    Consultation.objects.filter(pk=other.pk).update(typed_in="of the office")
    theirs = put_film(other, content=b"theirs", arrives=False, at=clock.now())
    of_staff = cast.put_file(cast.case_at(world), world.of("hana"), view="frontal")
    office = by.walk(made[1], FILM)
    for asset in (theirs, of_staff):
        assert by.bring(office, reverse("consult-upload", args=[asset.public_id]), b"theirs").status_code == 404
        office.post(reverse("consult-away", args=[asset.public_id]))
        asset.refresh_from_db()
        assert asset.state != "struck"
    assert by.announce(office, b"theirs", public_id=theirs.public_id).status_code == 422
    assert Asset.objects.get(pk=theirs.pk).consultation == other


def test_after_sending_nothing_goes_by_it_any_more(made):
    office = by.walk(made[1], FILM)
    by.finish(office)
    for name in ("consult-question", "consult-files", "consult-finish"):
        assert office.get(reverse(name)).headers["Location"] == reverse("consult-answer")
        office.post(reverse(name), {**SAID, "question": "Something else?", "agree": "on"})
    assert by.announce(office, b"another film", of="x").status_code == 302
    assert Consultation.objects.get().said["question"] == SAID["question"]


def test_a_page_left_open_sends_nothing_under_another_patient_s_name(world, made):
    """Two links in one browser, and two patients by one link: the pages know which they show."""
    office = by.walk(made[1], FILM)
    first, send_first = by.hidden(office, "consult-files"), by.hidden(office, "consult-finish")
    office.post(by.start_of(a_link(world, at=clock.now())[1]))  # the cookie is the other link's now
    assert by.ask(office, of=str(made[0].public_id)).status_code == 422  # a form of the first question
    by.ask(office, given_name="Noor", birth_date="2017-05-05")
    assert by.announce(office, b"of the first child", of=first).status_code == 404
    by.send_film(office, b"of the second child")
    response = office.post(reverse("consult-finish"), {"agree": "on", "of": send_first})
    assert (response.status_code, "showed another question or patient" in response.text) == (422, True)
    assert Consultation.objects.filter(sent_at__isnull=False).count() == 0
    shown = by.hidden(office, "consult-files")
    by.ask(office, given_name="Omar", birth_date="2016-01-01")
    assert by.announce(office, b"of Noor", of=shown).status_code == 404


def test_a_body_that_arrives_renews_no_cookie_and_its_headers_collect_nothing(world, patient, made):
    asked, token = made
    office = by.open_office(token)
    by.ask(office)
    assert COOKIE not in by.announce(office, FILM).cookies
    office = by.open_office(token)
    sent_whole(asked, token)
    signed(world, asked, patient, at=clock.now())
    consultations.release_answer(actor=world.of("rita"), asked=asked, at=clock.now())
    print_answer()
    office.post(reverse("consult-birth"), {"birth_date": "2018-03-14"})
    assert office.head(reverse("consult-pdf")).status_code == 405
    assert Consultation.objects.get(pk=asked.pk).collected_at is None


# --- the practice ----------------------------------------------------------------------------------------------------


def test_the_desk_makes_a_link_whose_address_is_shown_once(world, client_of):
    rita, address = client_of("rita"), reverse("consultation-add")
    said = {"public_id": "1b4e28ba-2fa1-4ad2-883f-0016d3cca427", "colleague": "Dr. Moss", "office": "Moss Family Dental",
            "phone": "541-555-0140", "lasts": "7", "site": world.school.pk}  # fmt: skip
    assert "/consult/" in rita.post(address, said).text
    again = rita.post(address, said)
    assert (again.status_code, "shown once" in again.text) == (422, True)
    assert Consultation.objects.count() == 1


def test_a_hygienist_sees_what_waits_and_says_whose_patient_it_is(world, patient, made, client_of):
    asked, token = made
    by.finish(by.walk(token, FILM))
    hana = client_of("hana")
    assert "A question of another office" in hana.get(reverse("capture-day")).text
    assert SAID["question"] in hana.get(reverse("consultation", args=[asked.public_id])).text
    take_up = reverse("consultation-take-up", args=[asked.public_id])
    assert hana.post(take_up, {}).status_code == 422
    found = hana.post(take_up, {"find": "1", "text": "Villanueva"}).text
    assert f'value="{patient.public_id}"' in found
    response = hana.post(take_up, {"patient": str(patient.public_id)})
    case = Case.objects.get(origin="office")
    assert response.headers["Location"] == reverse("capture-case", args=[case.public_id])
    assert "Moss Family Dental" in hana.get(response.headers["Location"]).text
    assert "A question of another office" not in hana.get(reverse("capture-day")).text


def test_every_list_shows_what_belongs_to_it(world, patient, client_of):
    now = clock.now()
    a_link(world, at=now)
    for _ in range(2):
        by.finish(by.walk(a_link(world, at=now)[1], FILM))
    first = Consultation.objects.to_take_up().order_by("pk")[0]
    consultations.take_up(actor=world.of("hana"), asked=first, patient=patient.public_id, known_by="", at=now)
    rita, address = client_of("rita"), reverse("consultations")
    counts = {
        show: len(rita.get(address, {"show": show}).context["rows"])
        for show in ("new", "reading", "answer", "answered", "links", "closed")
    }
    assert counts == {"new": 1, "reading": 1, "answer": 0, "answered": 0, "links": 1, "closed": 0}
    assert len(client_of("bo").get(address).context["rows"]) == 0


def test_the_list_asks_as_many_queries_for_many_as_for_one(world, client_of, django_assert_max_num_queries):
    now = clock.now()
    for _ in range(5):
        by.finish(by.walk(a_link(world, at=now)[1], FILM))
    rita = client_of("rita")
    rita.get(reverse("consultations"))
    with django_assert_max_num_queries(22):
        assert len(rita.get(reverse("consultations")).context["rows"]) == 5


# --- when and with what it was taken ---------------------------------------------------------------------------------


@pytest.mark.parametrize("first", ["take up", "decode"])
@pytest.mark.parametrize(("wrote", "day"), [(None, 10), (datetime(2026, 11, 2, 9, 30), 2)])  # noqa: DTZ001 - as a camera writes it
def test_the_file_s_own_day_stands_above_the_office_s_whoever_is_faster(world, patient, made, first, wrote, day):
    """The decoder and the hygienist meet in either order; the real decoder reads the file."""
    asked, token = made
    by.finish(by.walk(token, photograph(wrote)))
    acts = [work, lambda: taken_up(world, asked, patient, at=clock.now())]
    for act in acts if first == "decode" else acts[::-1]:
        act()
    film = Asset.objects.get()
    assert (film.captured_at.day, film.captured_source) == (day, "file" if wrote else "person")
    assert film.device == "Orthophos S" if not wrote else film.device


def test_the_same_browser_finds_what_it_typed_when_it_opens_the_link_again(made):
    office = by.walk(made[1], FILM)
    office.post(by.start_of(made[1]))
    assert by.gets_to(office) == reverse("consult-files")
    by.ask(office, plan="A crown on the lower left molar")
    assert Asset.objects.get().state != "struck"
