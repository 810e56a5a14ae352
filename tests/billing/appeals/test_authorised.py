"""What the payer had authorised is an exhibit of the appeal, where it was recorded before the denial (CL-10)."""

from datetime import date, timedelta

from billing.actions import appealing, authorising
from billing.models import Coverage
from tests.billing import authorised
from tests.billing import cast as money
from tests.billing.appeals.conftest import TODAY, begun, deny

EARLY = money.LATER + timedelta(days=2)  # the check is dated Dec 1


def approve(desk, claim, *, at, **said):
    coverage, rita = Coverage.objects.get(pk=claim.coverage_id), desk.rita
    row = authorised.begun(desk, coverage, *said.pop("lines", ()))
    told = authorising.Approval("PA-77", date(2026, 11, 10), **{"valid_from": date(2026, 11, 1), **said})
    return authorising.record_approval(actor=rita, row=row, said=told, of_lines={}, at=at)


def letter_of(desk, claim):
    return appealing.letter_of(begun(desk, claim))


def titles(letter):
    return [one.title for one in letter.exhibits]


def said_of(letter):
    return [one.text for one in letter.statements if one.text.startswith("You authorised")]


def test_an_approval_recorded_before_the_denial_is_said_and_shown(desk, sent):
    approve(desk, sent, at=EARLY)
    deny(desk, sent, "197")
    letter = letter_of(desk, sent)
    assert titles(letter)[-1] == "Authorisation PA-77 of Cedar Mutual"
    assert said_of(letter) == ["You authorised D0140, 1 unit under number PA-77 on Nov 10, 2026."]


def test_one_recorded_after_it_is_not_though_the_payer_had_said_it_before(desk, sent):
    deny(desk, sent, "197")
    approve(desk, sent, at=TODAY - timedelta(hours=1))
    letter = letter_of(desk, sent)
    assert not [one for one in titles(letter) if one.startswith("Authorisation")]
    assert said_of(letter) == []


def test_one_that_does_not_cover_the_day_or_was_taken_back_is_not(desk, sent):
    approve(desk, sent, at=EARLY, valid_until=date(2026, 11, 11))
    gone = approve(desk, sent, at=EARLY)
    authorising.withdraw_request(actor=desk.rita, row=gone, reason="The payer took it back", at=EARLY)
    deny(desk, sent, "197")
    assert not [one for one in titles(letter_of(desk, sent)) if one.startswith("Authorisation")]
