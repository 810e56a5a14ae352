"""A role's day is that of its practice: it neither ends in the afternoon nor begins the evening before, for anybody's part."""

from datetime import UTC, date, datetime

import pytest

from cases.jobs.mailing import mail_notice
from cases.models import About, Notice
from cases.notices import tell
from cases.readers import people_of
from cases.states import Status
from teledent.accounts.acting import actor_for
from teledent.accounts.actions import end_membership
from teledent.accounts.management.commands.create_manager import make_manager
from teledent.accounts.models import Membership, Role, Site
from tests import cast

LAST_DAY = date(2026, 11, 17)
AFTERNOON = datetime(2026, 11, 18, 0, 30, tzinfo=UTC)  # half past four on the 17th in Oregon
DAY_AFTER = datetime(2026, 11, 18, 8, 30, tzinfo=UTC)  # half past midnight there


@pytest.fixture
def hana(world):
    """Whose role ends on the 17th."""
    person = world.people["hana"]
    person.memberships.update(ends_on=LAST_DAY)
    return person


def acts_at(monkeypatch, person, instant):
    monkeypatch.setattr("teledent.kit.clock.now", lambda: instant)
    return actor_for(person) is not None


def test_her_last_day_lasts_until_midnight_where_the_practice_is(hana, monkeypatch):
    assert acts_at(monkeypatch, hana, AFTERNOON)
    assert not acts_at(monkeypatch, hana, DAY_AFTER)


def test_her_first_day_begins_there_too(hana, monkeypatch):
    hana.memberships.update(starts_on=date(2026, 11, 18), ends_on=None)
    assert not acts_at(monkeypatch, hana, AFTERNOON)
    assert acts_at(monkeypatch, hana, DAY_AFTER)


def test_of_two_practices_each_has_its_own_day(world, elsewhere, hana, monkeypatch):
    Site.objects.filter(practice=elsewhere.practice).update(time_zone="Europe/London")
    Membership.objects.create(
        person=hana, practice=elsewhere.practice, role=Role.DENTIST, starts_on=LAST_DAY, ends_on=LAST_DAY
    )
    monkeypatch.setattr("teledent.kit.clock.now", lambda: AFTERNOON)
    actor = actor_for(hana, practice_id=elsewhere.practice.pk)
    assert actor is not None
    assert (actor.practice, actor.several_practices) == (world.practice, False)


def test_she_is_told_and_mailed_on_her_last_day(world, monkeypatch, mailoutbox, settings):
    settings.MAIL_IS_SET_UP = True
    case, hana = cast.case_at(world, Status.SUBMITTED), world.people["hana"]
    hana.memberships.update(ends_on=LAST_DAY)
    monkeypatch.setattr("teledent.kit.clock.now", lambda: AFTERNOON)
    assert hana in people_of(world.practice, Role.HYGIENIST, at=AFTERNOON)
    assert hana not in people_of(world.practice, Role.HYGIENIST, at=DAY_AFTER)
    tell([hana], About.RAISED, case, key="raised", at=AFTERNOON)
    mailed = mail_notice(notice_id=Notice.objects.get(person=hana).pk)
    assert mailed is not None
    assert [mail.to for mail in mailoutbox] == [[hana.email]]


def test_a_role_that_is_taken_away_in_the_afternoon_is_gone_at_once(world, monkeypatch):
    hana = world.people["hana"]
    end_membership(actor=world.of("olu"), membership=hana.memberships.get(), at=AFTERNOON)
    assert not acts_at(monkeypatch, hana, AFTERNOON)


@pytest.mark.django_db
def test_a_first_manager_acts_whatever_zone_the_first_site_brings(monkeypatch):
    early = datetime(2026, 11, 18, 1, 0, tzinfo=UTC)  # still the 17th in Hawaii
    monkeypatch.setattr("teledent.kit.clock.now", lambda: early)
    facts = {
        "street": "1 Shore Road", "city": "Hilo", "state": "HI", "zip_code": "96720-0001", "phone": "808-555-0100",
        "group_npi": "1234567893", "tax_id": "93-1234567", "taxonomy": "261QD0000X",
    }  # fmt: skip
    person, practice = make_manager("kai@example.org", "Shore Dental", name="Kai", facts=facts)
    Site.objects.create(
        practice=practice, kind=Site.Kind.SCHOOL, name="Hilo School", street="2 Shore Road", city="Hilo", state="HI", zip_code="96720-0001",
        time_zone="Pacific/Honolulu", place_of_service="03",
    )  # fmt: skip
    assert actor_for(person) is not None
