"""Indicators over HTTP: computed as she marks, corrected with a reason, told on the timeline, frozen by the signature."""

import pytest
from django.urls import reverse

from cases.actions import correcting
from cases.models import CaseEvent, SaidIndicator
from cases.states import Status
from cases.verifying_indicators import indicator_misfits
from tests import cast
from tests.capture.conftest import page_of, save, words

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def case(world):
    return cast.case_at(world)


def say(client, case, key, value, reason="Stain in the groove", *, headers=HTMX):
    address = reverse("capture-indicator", args=[case.public_id, key])
    return client.post(address, {"value": value, "reason": reason}, headers=headers)


def mark(client, case, tooth, condition):
    said = {"teeth": [tooth], "conditions": [condition]}
    return client.post(reverse("capture-mark", args=[case.public_id]), said, headers=HTMX)


def frozen(case):
    content = case.submissions.order_by("-version").first().content
    return {one["key"]: one for one in content["indicators"]}


def test_a_child_nothing_was_said_of_has_no_value_and_a_tap_gives_one(case, hana):
    page = words(hana.get(page_of(case)))
    assert "Untreated decay Not recorded not said whether all was marked" in page
    saved = words(save(hana, case, "marks", marks="nothing"))
    assert "Untreated decay None seen" in saved
    assert "Untreated decay Yes from L" in words(mark(hana, case, "LLD", "decay"))


def test_her_word_needs_a_reason_and_stands_beside_what_was_computed(case, hana):
    mark(hana, case, "LLD", "decay")
    refused = say(hana, case, "untreated", "no", reason="-")
    assert refused.status_code == 422
    assert "Say why in a few words" in words(refused)
    assert not SaidIndicator.objects.exists()
    answer = words(say(hana, case, "untreated", "no"))
    assert "Untreated decay None seen Hana Okafor says so" in answer
    assert "Computed: yes, from L" in answer
    assert "Caries experience Not recorded" in answer


def test_marks_that_change_later_never_write_over_her_word(case, hana):
    mark(hana, case, "LLD", "decay")
    say(hana, case, "untreated", "no")
    hana.post(reverse("capture-unmark", args=[case.public_id, case.findings.get().pk]))
    page = words(hana.get(page_of(case)))
    assert "Untreated decay None seen Hana Okafor says so" in page
    assert "Computed otherwise now: not recorded" in page
    back = hana.post(reverse("capture-indicator-back", args=[case.public_id, "untreated"]))
    assert back.status_code == 302
    assert "Untreated decay Not recorded" in words(hana.get(page_of(case)))


def test_what_is_no_value_or_follows_from_others_is_refused(case, hana):
    assert say(hana, case, "untreated", "urgent").status_code == 422
    assert say(hana, case, "experience", "yes").status_code == 404
    assert say(hana, case, "nonsense", "yes").status_code == 404
    promised = say(hana, case, "untreated", "no", reason="She has no cavities at all")
    assert promised.status_code == 422
    assert not SaidIndicator.objects.exists()


def test_nobody_says_that_there_is_none_of_a_child_at_home(case, hana):
    type(case).objects.filter(pk=case.pk).update(patient_place="home")
    save(hana, case, "marks", marks="nothing")
    assert "pictures alone never show that there is none" in words(hana.get(page_of(case)))
    assert say(hana, case, "untreated", "no").status_code == 422
    assert say(hana, case, "untreated", "yes").status_code == 200


def test_an_emergency_has_no_screening_indicators(world, hana):
    case = cast.case_at(world, kind="emergency")
    assert "Screening indicators" not in words(hana.get(page_of(case)))
    assert say(hana, case, "untreated", "yes").status_code == 422


def test_the_timeline_tells_who_said_what_instead_of_what(case, hana):
    mark(hana, case, "LLD", "decay")
    say(hana, case, "untreated", "no")
    event = CaseEvent.objects.get(case=case, kind="indicator_said")
    assert event.details == {"key": "untreated", "value": "no", "computed": "yes", "reason": "Stain in the groove"}
    record = words(hana.get(reverse("record", args=[case.public_id])))
    assert "Hana Okafor says of untreated decay: none seen, where yes was computed" in record


def test_the_signature_freezes_them_and_a_new_version_freezes_the_new_ones(world, case, hana):
    say(hana, case, "treated", "yes", reason="A crown on the lower left")
    cast.submit(world, case, cast.AT)
    first = frozen(case)
    assert (first["untreated"]["value"], first["untreated"]["teeth"]) == ("yes", ["LLD"])
    assert (first["treated"]["value"], first["treated"]["computed"]) == ("yes", "not_recorded")
    assert (first["urgency"]["value"], first["treated"]["said_by"]) == ("early", "Hana Okafor")
    assert say(hana, case, "treated", "no").status_code == 422
    assert "Treated decay: Yes" in words(hana.get(reverse("record", args=[case.public_id])))


def test_the_signed_case_holds_its_words_still_and_they_are_verified(world, case, hana):
    say(hana, case, "treated", "yes", reason="A crown on the lower left")
    for reach in (cast.submit, cast.start, cast.sign):
        reach(world, case, cast.AT)
        case.refresh_from_db()
    assert list(indicator_misfits(case)) == []
    assert say(hana, case, "treated", "no").status_code == 422


def test_a_word_changed_behind_the_timeline_is_found(world, case, hana):
    say(hana, case, "treated", "yes", reason="A crown on the lower left")
    SaidIndicator.objects.update(value="no")
    assert any("treated decay is not what the timeline tells" in one for one in indicator_misfits(case))
    SaidIndicator.objects.all().delete()
    assert any("treated decay is not what the timeline tells" in one for one in indicator_misfits(case))


def test_a_corrected_case_takes_her_words_along_on_its_own_timeline(world, case, hana):
    say(hana, case, "treated", "yes", reason="A crown on the lower left")
    for reach in (cast.submit, cast.start, cast.sign, cast.retract):
        reach(world, case, cast.AT)
        case.refresh_from_db()
    new = correcting.open_corrected(actor=world.of("hana"), case=case, patient=case.patient, pictures=[], at=cast.AT)
    assert new.said_indicators.get().value == "yes"
    assert list(indicator_misfits(new)) == []


def test_another_school_and_another_practice_find_nothing(world, case, as_person, elsewhere):
    for name, of in (("bo", None), ("hana", elsewhere)):
        assert say(as_person(name, of), case, "treated", "yes").status_code == 404
    assert case.status == Status.DRAFT
    assert not SaidIndicator.objects.exists()
