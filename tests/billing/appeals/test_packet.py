"""The packet of an appeal: one click, everything in it older than the denial, the same bytes each time."""

from datetime import timedelta

import pypdfium2
import pytest

from billing.actions import appealing
from billing.models import Appeal, Export
from cases.actions import signing
from cases.models import FollowUp
from teledent.accounts.models import AccessEvent
from teledent.kit import clock
from teledent.kit.decisions import Conflict, Refused
from tests import cast
from tests.billing import cast as money
from tests.billing.appeals.conftest import DENIED, TODAY, begun, deny, packed


def text_of(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    try:
        return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())
    finally:
        document.close()


def bytes_of(desk, appeal) -> bytes:
    return b"".join(appealing.download_packet(actor=desk.rita, appeal=appeal, at=TODAY))


def told(desk, case, note, *, at):
    FollowUp.objects.create(
        case=case, step="told", told_to=note, how="Phone", happened_at=cast.AT + timedelta(hours=1),
        recorded_by=desk.rita.person, recorded_at=at,
    )  # fmt: skip


def test_one_click_makes_the_packet_with_its_exhibits_in_order(desk, refused):
    appeal = begun(desk, refused)
    said = text_of(bytes_of(desk, appeal))
    places = [
        said.index(part)
        for part in ("What we ask", "Exhibits", "Teledentistry record", "the answer that is appealed As it", "When the claim was filed")
    ]  # fmt: skip
    assert places == sorted(places)
    titles = [one["title"].partition(",")[0] for one in appeal.letter["exhibits"]]
    assert titles == [
        "Record of case TD-00001", "Picture: frontal", "Picture: lower", "Remittance CHK-905",
        f"Claim file {Export.objects.get().file_name}",
        "Acknowledgement 999: accepted", "Acknowledgement 999: accepted", "Acknowledgement 277: accepted",
    ]  # fmt: skip
    assert "A2:20" in said
    assert "CO-151" in said
    assert all(
        " ".join(one["sha256"][at : at + 8] for at in range(0, 64, 8))[:8] in said for one in appeal.letter["exhibits"]
    )


def test_what_was_said_after_the_denial_is_nowhere_in_it(desk, refused):
    dev, case = desk.world.of("dev"), refused.case
    told(desk, case, "Mother who heard in time", at=DENIED - timedelta(days=20))
    told(desk, case, "Father who heard too late", at=DENIED)
    early, late = "Seen again on the same pictures", "Now I recall that it hurt"
    signing.add_addendum(actor=dev, case=case, text=early, password=cast.PASSWORD, at=DENIED - timedelta(days=20))
    signing.add_addendum(actor=dev, case=case, text=late, password=cast.PASSWORD, at=DENIED + timedelta(hours=1))
    appeal = begun(desk, refused)
    said = text_of(bytes_of(desk, appeal))
    assert early in said
    assert "Mother who heard in time" in said
    assert late not in said
    assert "Father who heard too late" not in said
    late_key = f"addendum:{case.addenda.order_by('-at').first().pk}"
    with pytest.raises(Refused, match="signed field"):
        change(desk, appeal, quotes=[late_key])


def change(desk, appeal, **said):
    kept = {"quotes": [], "note": "", "deadline": None, "at": TODAY, **said}
    return appealing.change_appeal(actor=desk.rita, appeal=appeal, **kept)


def test_the_first_answer_is_the_denial_also_for_the_next_one(desk, refused):
    first = Appeal.objects.filter(pk=begun(desk, refused).pk).values_list("denied_at", flat=True).get()
    assert first.isoformat() == "2026-12-01T08:00:00+00:00"  # the check's day, where the patient was
    assert first < DENIED


def test_a_cover_note_stands_apart_with_its_day(desk, refused):
    appeal = begun(desk, refused)
    change(desk, appeal, note="Please call Rita at the desk.", at=TODAY)
    said = text_of(bytes_of(desk, packed(appeal)))
    assert "Cover note: no evidence" in said
    assert "Written on Dec 19, 2026, 12:43:00 PST (UTC-08:00), after the denial, by Rita Castellane" in said
    letter = said[: said.index("Exhibits When each")]
    assert "Please call Rita" not in letter


def test_the_same_bytes_again_and_each_download_on_the_trail(desk, refused):
    appeal = begun(desk, refused)
    assert bytes_of(desk, appeal) == bytes_of(desk, appeal)
    assert AccessEvent.objects.filter(verb="export", noun="appeal", public_id=appeal.public_id).count() == 2


def test_a_second_click_finds_the_appeal_that_is_on_its_way(desk, refused):
    appeal = begun(desk, refused)
    assert appealing.begin_appeal(actor=desk.rita, claim=refused, at=TODAY).pk == appeal.pk


def test_a_new_letter_has_a_new_packet(desk, refused):
    appeal = begun(desk, refused)
    before = appeal.packet.sha256
    change(desk, appeal, quotes=["advice"])
    appeal.refresh_from_db()
    assert appeal.packet_id is None
    after = packed(appeal)
    assert after.packet.sha256 != before
    assert "See a dentist for L" in text_of(bytes_of(desk, after))


def test_a_packet_never_encloses_what_its_letter_does_not_list(desk, refused):
    appeal = begun(desk, refused)
    letter = {**appeal.letter, "exhibits": appeal.letter["exhibits"][:-1]}
    Appeal.objects.filter(pk=appeal.pk).update(letter=letter, packet=None)
    with appealing.transaction.atomic():
        appealing.enqueue(appealing.PACK, appeal_id=appeal.pk)
    with clock.standing_at(TODAY):
        money.run_jobs(at=TODAY)
    appeal.refresh_from_db()
    assert appeal.packet_id is None
    assert "read otherwise" in appeal.packet_fault


@pytest.mark.parametrize("reason", ["252", "29", "197", "18", "96", "11"])
def test_each_kind_of_denial_has_a_letter_that_prints(desk, sent, reason):
    deny(desk, sent, reason)
    appeal = begun(desk, sent)
    assert appeal.letter["ask"]
    assert all(one["exhibits"] for one in appeal.letter["statements"])
    said = " ".join(one["text"] for one in appeal.letter["statements"])
    assert ("acknowledged" in said) == (reason in ("252", "29", "18"))


@pytest.mark.parametrize("remark", ["MA130", "N704"])
def test_what_the_payer_never_judged_is_not_appealed(desk, sent, remark):
    deny(desk, sent, "16", remarks=(remark,))
    with pytest.raises(Refused, match="send a new claim"):
        begun(desk, sent)


def test_a_claim_without_an_answer_is_not_appealed(desk, sent):
    with pytest.raises(Refused, match="denied or paid in part"):
        begun(desk, sent)


def test_another_practice_appeals_nothing_of_ours(desk, refused):
    other = cast.build_world("Second ")
    with pytest.raises(Refused, match="another practice"):
        appealing.begin_appeal(actor=other.of("rita"), claim=refused, at=TODAY)


def test_a_stale_page_changes_nothing(desk, refused):
    appeal = begun(desk, refused)
    appealing.finish_draft(actor=desk.rita, appeal=appeal, at=TODAY)
    with pytest.raises(Conflict):
        change(desk, appeal, quotes=[])
