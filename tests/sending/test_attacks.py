"""Guessing, using again, running over, crossing over: a link refuses it, and says to nobody why."""

import logging
import re
import uuid
from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from cases import flooding
from cases.actions import sending
from cases.actions.consenting import withdraw_consent
from cases.actions.linking import revoke_link
from cases.by_link.asking import FILE_SIZE_MAX, FILES_MAX
from cases.models import Asset, Case, SendingLink, SendingTally
from cases.views.send.visit import COOKIE, PATH, SALT
from teledent.accounts.models import AccessEvent
from teledent.files import arriving
from teledent.kit import clock
from teledent.kit.decisions import Conflict
from teledent.logs import WithoutTokens
from tests import cast
from tests.sending import phone as by
from tests.sending.cast import a_link, agreed_by, put_picture

PICTURE = b"what a phone sent"


@pytest.fixture
def made(world, patient):
    return a_link(world, patient, at=clock.now())


def page_of(response):
    """Status and page without the token of the form, which differs between any two answers."""
    return (response.status_code, re.sub(r'name="csrf-token" content="[^"]*"', "", response.text))


def test_unknown_expired_revoked_locked_used_and_nonsense_show_one_page(world, patient):
    now = clock.now()
    old = a_link(world, patient, at=now - timedelta(days=4), lasts=timedelta(days=3))
    revoked, locked, used = (a_link(world, patient, at=now) for _ in range(3))
    revoke_link(actor=world.of("rita"), link=revoked.link, at=now)
    SendingLink.objects.filter(pk=locked.link.pk).update(tries_left=0)
    by.finish(by.walk(used.token, PICTURE))
    tokens = [
        old.token,
        revoked.token,
        locked.token,
        used.token,
        "A" * 43,
        "x",
        "../../etc/passwd".replace("/", "%2F"),
        "é" * 20,
    ]
    pages = {page_of(Client().get(by.start_of(token))) for token in tokens}
    assert len(pages) == 1
    assert {status for status, _ in pages} == {404}
    assert {page_of(Client().post(by.start_of(token)))[0] for token in tokens} == {404}


def test_looking_at_a_link_changes_nothing_and_opens_nothing(made):
    for _ in range(10):
        seen = Client()
        assert seen.get(by.start_of(made.token)).status_code == 200
        assert COOKIE not in seen.cookies
    made.link.refresh_from_db()
    assert made.link.opened_at is None


def test_the_token_leaves_the_address_and_the_cookie_is_for_the_link_alone(made):
    phone = Client()
    response = phone.post(by.start_of(made.token))
    cookie = response.cookies[COOKIE]
    assert response.headers["Location"] == reverse("send")
    assert (cookie["path"], cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (PATH, True, "Lax", 1800)
    assert made.token not in cookie.value
    assert made.token not in phone.get(reverse("send-flags")).text


def test_no_page_is_kept_by_any_cache_nor_told_to_another_site(made):
    phone = by.walk(made.token, PICTURE)
    for name in ("send-flags", "send-questions", "send-pictures", "send-finish"):
        response = phone.get(reverse(name))
        assert (response.headers["Cache-Control"], response.headers["Referrer-Policy"]) == ("no-store", "same-origin")
    assert Client().get(by.start_of(made.token)).headers["Cache-Control"] == "no-store"


def test_guessing_is_slowed_down_by_address_and_keeps_no_family_behind_the_same_proxy_out(made):
    guesser = Client(REMOTE_ADDR="203.0.113.9")
    for _ in range(flooding.LOOKED_FOR_MOST):
        assert guesser.get(by.start_of("A" * 43)).status_code == 404
    response = guesser.get(by.start_of("B" * 43))
    assert (response.status_code, response.headers["Retry-After"]) == (429, "900")
    assert Client(REMOTE_ADDR="203.0.113.10").get(by.start_of("B" * 43)).status_code == 404
    assert guesser.get(by.start_of(made.token)).status_code == 200
    assert not [row for row in SendingTally.objects.all() if "203.0.113" in row.what]


def test_a_flood_by_one_link_waits_and_others_do_not(world, patient, made, monkeypatch):
    monkeypatch.setattr(flooding, "ASKED_MOST", 5)
    phone, other = by.open_phone(made.token), by.open_phone(a_link(world, patient, at=clock.now()).token)
    answers = [phone.get(reverse("send-flags")) for _ in range(7)]
    assert [one.status_code for one in answers][-1] == 429
    assert answers[-1].headers["Retry-After"] == "60"
    assert other.get(reverse("send-flags")).status_code == 200


@pytest.mark.parametrize("forged", ["", "nonsense", "signed-elsewhere", "too-old"])
def test_a_cookie_that_is_not_ours_opens_nothing(made, forged):
    said = {"link": made.link.pk, "language": "en", "born": True, "flags": [], "mine": True, "sent": False}
    value = {"signed-elsewhere": signing.dumps(said, salt="another"), "too-old": _old(said)}.get(forged, forged)
    phone = Client()
    phone.cookies[COOKIE] = value
    assert phone.get(reverse("send-flags")).status_code == 404


def _old(said):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.core.signing.time.time", lambda: clock.now().timestamp() - 1801)
        return signing.dumps(said, salt=SALT)


def test_the_birth_date_is_asked_before_anything_and_five_wrong_ones_lock_the_link(world, patient):
    made = a_link(world, patient, asks_birth_date=True, at=clock.now())
    phone = by.open_phone(made.token)
    for name in ("send-flags", "send-consent", "send-questions", "send-pictures", "send-finish"):
        assert phone.get(reverse(name)).headers["Location"] == reverse("send-birth")
    answers = [phone.post(reverse("send-birth"), {"birth_date": "2018-03-15"}).status_code for _ in range(6)]
    assert answers == [422, 422, 422, 422, 404, 404]
    assert AccessEvent.objects.filter(verb="denied", noun="link").count() == 5
    assert Client().get(by.start_of(made.token)).status_code == 404


def test_the_right_birth_date_goes_on_for_this_browser_alone(world, patient):
    made = a_link(world, patient, asks_birth_date=True, at=clock.now())
    phone = by.open_phone(made.token)
    assert phone.post(reverse("send-birth"), {"birth_date": "2018-03-14"}).headers["Location"] == reverse("send")
    assert by.gets_to(phone) == reverse("send-flags")
    assert by.gets_to(by.open_phone(made.token)) == reverse("send-birth")


def test_no_step_is_left_out(made):
    phone = by.open_phone(made.token)
    for name in ("send-consent", "send-questions", "send-pictures", "send-finish"):
        assert phone.get(reverse(name)).headers["Location"] == reverse("send-flags")
        phone.post(reverse(name), {**by.AGREED, "agree": "on"})
    assert not Case.objects.exists()
    assert by.announce(phone, b"x").status_code == 302


def test_after_sending_nothing_goes_by_it_any_more(made):
    phone = by.walk(made.token, PICTURE)
    by.finish(phone)
    for name in ("send-flags", "send-consent", "send-questions", "send-pictures", "send-finish"):
        assert phone.get(reverse(name)).headers["Location"] == reverse("send-sent")
        phone.post(reverse(name), {"flags": ["fever"]})
    assert by.announce(phone, b"another picture").status_code == 302
    case = Case.objects.get()
    assert (case.assets.count(), case.answers["red_flags"], case.submissions.count()) == (1, ["none"], 1)


def test_another_browser_with_the_same_link_sees_nothing_once_it_is_sent(made):
    phone, other = by.walk(made.token, PICTURE), by.open_phone(made.token)
    by.finish(phone)
    assert (other.get(reverse("send")).status_code, other.get(reverse("send-sent")).status_code) == (404, 404)


def test_a_link_revoked_in_the_middle_shuts_at_the_next_request(world, made):
    phone = by.walk(made.token, PICTURE)
    revoke_link(actor=world.of("rita"), link=made.link, at=clock.now())
    assert by.finish(phone).status_code == 404
    assert by.announce(phone, b"x").status_code == 404
    assert Case.objects.get().status == "draft"


def test_a_picture_of_another_case_is_not_there(world, patient, made):
    other = a_link(world, cast.make_patient(world), at=clock.now()).link
    agreed_by(other, at=clock.now())
    content = b"what another mother announced"
    theirs = put_picture(other, content=content, arrives=False, at=clock.now())
    of_staff = cast.put_file(cast.case_at(world), world.of("hana"), view="frontal")
    phone = by.walk(made.token, PICTURE)
    for asset in (theirs, of_staff):
        assert by.bring(phone, reverse("send-upload", args=[asset.public_id]), content).status_code == 404
        phone.post(reverse("send-away", args=[asset.public_id]))
        asset.refresh_from_db()
        assert asset.state != "struck"
    assert by.announce(phone, content, public_id=theirs.public_id).status_code == 422
    assert Asset.objects.get(pk=theirs.pk).case == other.case


def test_a_link_takes_so_many_files_so_large_and_of_its_views(made):
    phone = by.walk(made.token, PICTURE)
    assert by.announce(phone, b"x", view="bitewing-left").status_code == 422
    assert by.announce(phone, b"x", **{"Upload-Length": str(FILE_SIZE_MAX + 1)}).status_code == 422
    answers = [by.announce(phone, str(n).encode()).status_code for n in range(FILES_MAX)]
    assert answers == [201] * (FILES_MAX - 1) + [422]


def test_the_same_picture_twice_is_one_and_the_same_id_for_other_bytes_is_refused(made):
    content, same = PICTURE, uuid.uuid4()
    phone = by.walk(made.token, content)
    assert by.announce(phone, content).status_code == 409
    assert by.announce(phone, b"first", public_id=same).status_code == 201
    assert by.announce(phone, b"second", public_id=same).status_code == 422
    assert Case.objects.get().assets.count() == 2


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "a\x00.jpg", "\u202egpj.exe", "x" * 300 + ".jpg", '"; filename=x.html', "CON.jpg"]
)
def test_a_hostile_name_is_data_and_never_a_place(made, name):
    phone = by.walk(made.token, PICTURE)
    content = uuid.uuid4().bytes
    announced = by.announce(phone, content, name=name)
    assert by.bring(phone, announced.headers["Location"], content).status_code == 204
    asset = Asset.objects.get(declared_size=16)
    assert len(asset.declared_name) <= 120
    assert not {"\x00", "\u202e"} & set(asset.declared_name)
    assert asset.original.key.startswith("originals/")
    assert name not in asset.original.key


def test_a_form_from_another_site_changes_nothing(made):
    phone = Client(enforce_csrf_checks=True)
    assert phone.post(by.start_of(made.token)).status_code == 403
    made.link.refresh_from_db()
    assert made.link.opened_at is None


def test_the_link_gives_no_right_elsewhere_and_a_session_of_staff_none_here(world, patient, made):
    phone = by.walk(made.token, PICTURE)
    case = Case.objects.get()
    for address in (reverse("record", args=[case.public_id]), reverse("capture-day"), reverse("links")):
        assert phone.get(address).status_code == 302  # to the door
    hana = Client()
    hana.force_login(world.people["hana"])
    assert hana.get(reverse("send-flags")).status_code == 404
    hana.post(by.start_of(made.token))
    assert by.gets_to(hana) == reverse("send-flags")
    assert hana.get(reverse("capture-day")).status_code == 200  # her own work goes on beside it
    by.say_flags(hana)
    assert Case.objects.get().events.filter(person__isnull=False).count() == 0


@pytest.mark.parametrize("said", ["Not Found: %s", "Forbidden (CSRF token missing.): %s", '"GET %s HTTP/1.1" 404'])
def test_no_log_holds_a_token(said):
    record = logging.LogRecord("django.request", logging.WARNING, "", 1, said, (by.start_of("B" * 43),), None)
    assert WithoutTokens().filter(record)
    assert "B" * 43 not in record.getMessage()
    assert "/send/…" in record.getMessage()


def test_two_practices_never_meet(world, patient, made):
    other = cast.build_world("Other ")
    theirs = Client()
    theirs.force_login(other.people["rita"])
    assert theirs.get(reverse("link-add", args=[patient.public_id])).status_code == 404
    assert theirs.post(reverse("link-revoke", args=[made.link.public_id])).status_code == 404
    assert "Mateo" not in theirs.get(reverse("links")).text
    assert SendingLink.objects.usable(clock.now()).filter(pk=made.link.pk).exists()


def test_pressing_begin_again_and_again_is_told_once_and_slowed_down(made, monkeypatch):
    monkeypatch.setattr(flooding, "ASKED_MOST", 3)
    answers = [Client().post(by.start_of(made.token)).status_code for _ in range(4)]
    assert answers == [302, 302, 302, 429]
    assert AccessEvent.objects.filter(verb="opened", noun="link").count() == 1


def test_the_sight_of_what_was_sent_ends_after_half_an_hour_however_often_it_is_asked(made):
    phone = by.walk(made.token, PICTURE)
    by.finish(phone)
    for name in ("send", "send-finish", "send-sent"):
        assert COOKIE not in phone.get(reverse(name)).cookies


def test_what_the_chart_says_of_a_withdrawal_is_not_told_to_who_holds_the_link(world, patient, made):
    cast.consent_to(world, patient)
    phone, late = by.open_phone(made.token), clock.now() + timedelta(days=2)
    by.say_flags(phone)
    withdraw_consent(actor=world.of("hana"), patient=patient, scope="photographs", reason="The mother called", at=late)
    response = by.agree(phone)
    assert (response.status_code, Case.objects.count()) == (403, 0)
    assert "Please call us" in response.text
    assert "withdrawn" not in response.text


def test_a_patient_merged_meanwhile_is_not_named(world, patient, made, monkeypatch):
    phone = by.open_phone(made.token)
    by.say_flags(phone)

    def merged(_):
        raise Conflict("This patient was merged into Mateo Villanueva meanwhile.")

    monkeypatch.setattr(sending, "require_standing", merged)
    response = by.agree(phone)
    assert response.status_code == 403
    assert "Mateo" not in response.text


def test_a_link_sends_two_bodies_at_a_time_and_the_third_comes_back(world, patient, made):
    phone, content = by.walk(made.token, PICTURE), b"a third body"
    address = by.announce(phone, content).headers["Location"]
    with arriving.place(f"link {made.link.pk}", None, most=2), arriving.place(f"link {made.link.pk}", None, most=2):
        response = by.bring(phone, address, content)
        assert (response.status_code, response.headers["Retry-After"]) == (503, "1")
        other = by.walk(a_link(world, cast.make_patient(world, given="Ines"), at=clock.now()).token, b"of another link")
        assert by.gets_to(other) == reverse("send-finish")
    assert by.bring(phone, address, content).status_code == 204


@pytest.mark.parametrize("name", ["\u200b\u200b\u200b", "\u200d", "\u3164\u3164", "\u2800\u2800", "…!"])
def test_a_name_that_shows_nothing_is_none(made, name):
    phone = by.open_phone(made.token)
    by.say_flags(phone)
    assert by.agree(phone, signer=name).status_code == 422


@pytest.mark.parametrize("name", ["নীলা \u200cরায়", "علی\u200cرضا", "李", "Ñ Ü"])
def test_a_name_of_any_script_stands_with_its_joiners(made, patient, name):
    phone = by.open_phone(made.token)
    by.say_flags(phone)
    assert by.agree(phone, signer=name).status_code == 302
    assert patient.consents.get().signer_name == name
