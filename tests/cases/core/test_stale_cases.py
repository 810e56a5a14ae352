"""A page loads the case, a submit or a signature commits, the page's change comes: it is judged by the case as it now stands (CA-6)."""

import uuid

import pytest

from cases.actions import capturing, charting, files
from cases.models import Case
from cases.states import Status
from teledent.kit.decisions import Refused
from tests import cast
from tests.cast import AT


@pytest.fixture(params=[Status.SUBMITTED, Status.SIGNED])
def shown(world, request):
    """The case as a page loaded it, open; meanwhile it was submitted or signed."""
    case = cast.case_at(world)
    loaded = Case.objects.select_related("site", "patient", "practice").get(pk=case.pk)
    capturing.record_service(actor=world.of("hana"), case=case, code="D0191", ordered_by="Standing protocol", at=AT)
    for reach in [cast.submit] if request.param == Status.SUBMITTED else [cast.submit, cast.start, cast.sign]:
        reach(world, case, AT)
    return loaded


def declare(hana, case):
    files.declare_file(
        actor=hana, site=case.site, case=case, public_id=uuid.uuid4(), size=5, sha256="b" * 64, name="x", at=AT
    )


CHANGES = {
    "answers": lambda hana, case: capturing.save_answers(
        actor=hana, case=case, answers={"why": "distance"}, revision=Case.objects.get(pk=case.pk).revision, at=AT
    ),
    "a mark": lambda hana, case: charting.mark_tooth(actor=hana, case=case, tooth="UR6", condition="decay", at=AT),
    "marks": lambda hana, case: charting.mark_teeth(actor=hana, case=case, teeth=["UR6"], conditions=["decay"], at=AT),
    "a mark taken back": lambda hana, case: charting.unmark_tooth(
        actor=hana, case=case, finding_id=case.findings.first().pk, at=AT
    ),
    "a service": lambda hana, case: capturing.record_service(
        actor=hana, case=case, code="D0190", ordered_by="Standing protocol", at=AT
    ),
    "a service taken back": lambda hana, case: capturing.remove_service(
        actor=hana, case=case, service_id=case.services.get().pk, at=AT
    ),
    "a file": declare,
}


def everything(case):
    return (
        list(case.findings.filter(review=None).values_list("tooth", "condition")),
        list(case.services.values_list("code", flat=True)),
        sorted(case.assets.values_list("declared_sha256", flat=True)),
        Case.objects.get(pk=case.pk).answers,
    )


@pytest.mark.parametrize("change", CHANGES)
def test_nothing_is_changed_in_what_was_submitted_by_a_page_from_before(world, shown, change):
    before = everything(shown)
    with pytest.raises(Refused, match="does not change"):
        CHANGES[change](world.of("hana"), shown)
    assert everything(shown) == before
