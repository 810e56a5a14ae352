"""A link by which a family sends: who makes it, what is kept of it, when it is shut."""

import uuid
from datetime import timedelta

import pytest

from cases.actions import linking, sending
from cases.actions.merging import merge_patients, unmerge_patients
from cases.models import Case, SendingLink
from teledent.accounts.models import AccessEvent
from teledent.kit.decisions import Conflict, Refused
from tests import cast
from tests.cast import AT
from tests.sending.cast import a_link, agreed_by, put_picture, sent_by

LATER = AT + timedelta(minutes=5)


def test_the_token_is_nowhere_but_in_the_hand_of_who_made_it(world, patient):
    made = a_link(world, patient)
    row = SendingLink.objects.filter(pk=made.link.pk).values().get()
    assert made.token not in {str(value) for value in row.values()}
    assert (row["token_sha256"], len(made.token)) == (linking.hash_of(made.token), 43)


def test_two_links_share_no_token(world, patient):
    assert a_link(world, patient).token != a_link(world, patient).token


def test_the_same_page_sent_twice_makes_one_link(world, patient):
    same = uuid.uuid4()
    a_link(world, patient, public_id=same)
    with pytest.raises(Refused, match="made already"):
        a_link(world, patient, public_id=same)
    assert SendingLink.objects.count() == 1


@pytest.mark.parametrize("who", ["dev", "olu", "bo"])
def test_a_hygienist_of_the_site_or_the_front_desk_makes_it_and_nobody_else(world, patient, who):
    with pytest.raises(Refused):
        a_link(world, patient, actor=world.of(who))
    assert a_link(world, patient, actor=world.of("hana")).link.made_by == world.people["hana"]


def test_no_link_is_made_for_a_patient_of_another_practice(world, patient):
    other = cast.build_world("Other ")
    with pytest.raises(Refused, match="another practice"):
        a_link(other, patient)


def test_a_link_ends(world, patient):
    link = a_link(world, patient, lasts=timedelta(hours=1)).link
    assert SendingLink.objects.usable(AT + timedelta(minutes=59)).exists()
    assert not SendingLink.objects.usable(AT + timedelta(hours=1)).exists()
    with pytest.raises(sending.Shut):
        agreed_by(link, at=AT + timedelta(hours=1))
    with pytest.raises(Refused, match="14 days"):
        a_link(world, patient, lasts=timedelta(days=15))


def test_revoking_shuts_it_while_somebody_is_sending(world, patient):
    link = a_link(world, patient).link
    agreed_by(link)
    linking.revoke_link(actor=world.of("rita"), link=link, at=LATER)
    with pytest.raises(sending.Shut):
        put_picture(link, at=LATER)


def test_what_was_sent_is_not_revoked_any_more(world, patient):
    case = sent_by(world, patient)
    with pytest.raises(Refused, match="sent by this link already"):
        linking.revoke_link(actor=world.of("rita"), link=case.sending_link, at=LATER)


def test_a_link_is_used_once(world, patient):
    link = sent_by(world, patient).sending_link
    for act in (
        lambda: agreed_by(link, at=LATER),
        lambda: sending.keep_answers(link=link, answers={"complaint": ["pain"]}, at=LATER),
        lambda: put_picture(link, at=LATER),
        lambda: sending.send_case(link=link, sender=None, reached="", at=LATER),
    ):
        with pytest.raises(sending.Shut):
            act()
    assert Case.objects.count() == 1


def test_five_wrong_birth_dates_lock_it(world, patient):
    link = a_link(world, patient, asks_birth_date=True).link
    for _ in range(5):
        assert SendingLink.objects.usable(AT).exists()
        assert not sending.is_born_on(link=link, said=AT.date(), at=AT)
    assert not SendingLink.objects.usable(AT).exists()
    with pytest.raises(sending.Shut):  # what was on its way when it locked is no further try
        sending.is_born_on(link=link, said=patient.birth_date, at=AT)
    assert not SendingLink.objects.usable(AT).exists()


def test_each_step_is_on_the_trail(world, patient):
    case = sent_by(world, patient)
    link = case.sending_link
    sending.open_link(link=link, at=AT)
    other = a_link(world, patient).link
    linking.revoke_link(actor=world.of("rita"), link=other, at=AT)
    verbs = list(AccessEvent.objects.filter(noun="link").order_by("pk").values_list("verb", "person__name"))
    assert verbs == [("made", "Rita Castellane"), ("sent", None), ("opened", None), ("made", "Rita Castellane"),
                     ("revoked", "Rita Castellane")]  # fmt: skip


def test_a_link_goes_with_its_patient_and_back(world, patient):
    link, twin = a_link(world, patient).link, cast.make_patient(world)
    merge = merge_patients(actor=world.of("olu"), kept=twin, merged=patient, reason="The same child", at=AT)
    with pytest.raises(Conflict):  # a page that was open over the merge is told to look again
        agreed_by(link)
    link.refresh_from_db()
    assert link.patient == twin
    unmerge_patients(actor=world.of("olu"), merge=merge, reason="Two children after all", at=LATER)
    link.refresh_from_db()
    assert link.patient == patient
