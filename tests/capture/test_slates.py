"""A slate in a picture: another child's holds it, her own is no view of a mouth, in the tray it suggests; a person decides."""

import uuid
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.actions import attending, files
from cases.actions.merging import merge_patients
from cases.events.slates import Slate, code_of
from cases.holding import hold_of
from cases.matching import HER_SLATE
from cases.models import Asset, Case, EventChild
from cases.record import read_record
from tests import cast
from tests.capture.conftest import announce, page_of, patch, save, send, words, work
from tests.capture.drawn import local
from tests.events.conftest import event, mateo, plan  # noqa: F401 - fixtures are found by name
from tests.events.slated import jpeg, photographed

pytestmark = pytest.mark.django_db
SIZE = (1500, 1000)


@pytest.fixture
def case(world, mateo):  # noqa: F811 - the fixture above
    cast.consent_to(world, mateo)
    return cast.case_at(world, patient=mateo)


@pytest.fixture
def noor(world, event):  # noqa: F811 - the fixture above
    patient = cast.make_patient(world, given="Noor", family="Haddad", born=date(2018, 5, 9))
    attending.add_child(actor=world.of("hana"), event=event, patient=patient, at=cast.AT)
    return patient


def slate_of(patient):
    place = EventChild.objects.select_related("event").get(patient=patient)
    return Slate(place.event.public_id, place.tag)


TAKEN, YESTERDAY = local(17, 9, 0), local(16, 9, 0)


def picture(slate, *, seed=3, taken=TAKEN):
    """A camera's JPEG with the slate at an angle, noise over it."""
    return jpeg(photographed(slate, size=SIZE, share=0.4, angle=-17, seed=seed), taken)


def sent(client, case, slate, *, taken=TAKEN, **labels):
    asset = send(client, case, picture(slate, taken=taken), **labels)
    work()
    asset.refresh_from_db()
    return asset


def test_a_slate_of_another_child_is_held_until_a_person_decides(world, hana, case, noor):
    asset = sent(hana, case, slate_of(noor), view="frontal")
    assert asset.examination["slates"] == [code_of(slate_of(noor))]
    assert (asset.case, asset.hold_code) == (case, "other-slate")  # nothing moves by itself
    tag = slate_of(noor).tag
    assert f"slate of another child: tag {tag} on the list of Alder Creek" in asset.hold_reason
    assert "Noor" not in asset.hold_reason
    assert "until you say so" in words(hana.get(page_of(case)))
    hers = cast.case_at(world, patient=noor)
    address = reverse("capture-file-move", args=[asset.public_id])
    hana.post(address, {"to": str(hers.public_id), "reason": "The slate names Noor"})
    asset.refresh_from_db()
    assert (asset.case, asset.hold_code) == (hers, "her-slate")  # it was called frontal


def test_her_own_slate_that_nobody_named_is_called_one_and_counts_for_no_view(world, hana, case, mateo):  # noqa: F811
    asset = sent(hana, case, slate_of(mateo))
    assert (asset.view, asset.hold_code) == ("slate", "")
    assert [one.view for one in read_record(case).images] == ["slate"]


def test_her_own_slate_that_is_called_a_view_counts_for_none_until_it_is_called_a_slate(hana, case, mateo):  # noqa: F811
    asset = sent(hana, case, slate_of(mateo), view="frontal")
    assert asset.hold_code == "her-slate"
    page = words(hana.get(page_of(case)))
    assert "Frontal does not count until you say so." in page
    assert "The picture shows this patient's slate." in page
    assert "Call it the slate" in page
    said = {"view": "slate", "device": asset.device}
    hana.post(reverse("capture-file-label", args=[asset.public_id]), said)
    asset.refresh_from_db()
    assert (asset.view, asset.hold_code, asset.hold_reason) == ("slate", "", "")
    assert list(case.events.filter(kind__in=["file_held", "hold_lifted"]).values_list("kind", flat=True)) == [
        "file_held",
        "hold_lifted",
    ]
    hana.post(reverse("capture-file-label", args=[asset.public_id]), {**said, "view": "upper"})
    asset.refresh_from_db()
    assert (asset.view, asset.hold_code) == ("upper", "her-slate")


def test_a_person_may_count_a_picture_with_her_slate_in_it(hana, case, mateo):  # noqa: F811
    asset = sent(hana, case, slate_of(mateo), view="face")
    address = reverse("capture-file-accept", args=[asset.public_id])
    hana.post(address, {"reason": "She holds the slate beside her face"})
    asset.refresh_from_db()
    assert (asset.view, asset.hold_code) == ("face", "")


def accept(client, asset, reason):
    client.post(reverse("capture-file-accept", args=[asset.public_id]), {"reason": reason})
    asset.refresh_from_db()


def test_a_picture_that_counts_with_her_slate_in_it_is_still_asked_whose_it_is(world, hana, case, mateo):  # noqa: F811
    asset = sent(hana, case, slate_of(mateo), view="face")
    accept(hana, asset, "She holds the slate beside her face")
    seen_on = {"why": "no_dentist", "patient_place": "site", "patient_state": "OR"}
    save(hana, case, "why", day_seen="2026-11-03", **seen_on)
    asset.refresh_from_db()
    assert asset.hold_code == "other-day"
    assert HER_SLATE.sentence not in asset.hold_reason  # that was decided
    save(hana, case, "why", day_seen="2026-11-17", **seen_on)
    asset.refresh_from_db()
    assert not asset.is_held


def test_who_said_that_the_slate_is_hers_did_not_say_that_it_is_a_view_of_her_mouth(hana, case, mateo):  # noqa: F811
    asset = sent(hana, case, slate_of(mateo), view="slate", taken=YESTERDAY)
    assert asset.hold_code == "other-day"
    accept(hana, asset, "The clock of the camera is a day behind")
    assert not asset.is_held
    hana.post(reverse("capture-file-label", args=[asset.public_id]), {"view": "frontal", "device": asset.device})
    asset.refresh_from_db()
    assert (asset.view, asset.hold_reason) == ("frontal", HER_SLATE.sentence)


def shown_in(asset, *slates, day="2026-11-17"):
    """As if the decoder had read this in it."""
    said = {"identity": None, "captured_at": {"local": f"{day}T09:00:00", "offset": None}}
    Asset.objects.filter(pk=asset.pk).update(examination={**said, "slates": [code_of(slate) for slate in slates]})


def named(client, asset, view):
    client.post(reverse("capture-file-label", args=[asset.public_id]), {"view": view, "device": asset.device})
    asset.refresh_from_db()


def test_a_picture_with_her_slate_and_another_childs_is_decided_as_another_childs(world, hana, case, mateo, noor):  # noqa: F811
    asset = cast.put_file(case, world.of("hana"), view="face")
    shown_in(asset, slate_of(mateo), slate_of(noor))
    named(hana, asset, "frontal")
    assert asset.hold_code == "other-slate"
    page = words(hana.get(page_of(case)))
    assert "Frontal is not Mateo Villanueva-Reyes's until you say so. The picture shows the slate of another" in page
    assert "Count it all the same" not in page
    named(hana, asset, "slate")
    assert asset.hold_code == "other-slate"  # calling it the slate says not whose


@pytest.mark.parametrize(
    ("view", "code"), [("form", ""), ("plan", ""), ("slate", ""), ("", "her-slate"), ("upper", "her-slate")]
)
def test_her_slate_beside_her_form_holds_nothing(world, case, mateo, view, code):  # noqa: F811
    asset = cast.put_file(case, world.of("hana"), view=view)
    hold = hold_of(asset, case, {"slates": [code_of(slate_of(mateo))]})
    assert (hold.code if hold else "") == code


def test_her_slate_by_a_camera_whose_clock_is_wrong_can_be_called_the_slate_at_once(world, hana, case, mateo):  # noqa: F811
    asset = cast.put_file(case, world.of("hana"), view="face")
    shown_in(asset, slate_of(mateo), day="2026-11-16")
    named(hana, asset, "frontal")
    page = words(hana.get(page_of(case)))
    assert "Call it the slate" in page
    assert "It is Mateo" in page  # its day is a question of its own
    named(hana, asset, "slate")
    assert (asset.hold_code, "Call it the slate" in words(hana.get(page_of(case)))) == ("other-day", False)


def test_a_late_picture_of_another_childs_slate_is_held_before_the_dentist(world, hana, case, noor):
    late, at = picture(slate_of(noor)), cast.AT
    address = announce(hana, case, late, view="right", captured_at="2026-11-17T09:00:00-08:00")["Location"]
    cast.submit(world, case, at)
    assert patch(hana, address, late, offset=0).status_code == 204
    work()
    case.refresh_from_db()
    asset = case.assets.get(view="right")
    assert (case.status, asset.hold_code) == ("submitted", "other-slate")


def test_a_slate_of_no_list_here_is_held_too(hana, case):
    asset = sent(hana, case, Slate(uuid.uuid4(), EventChild.objects.get().tag), view="frontal")
    assert asset.hold_code == "unknown-slate"


def test_a_slate_of_a_row_that_was_merged_into_her_is_hers(world, hana, case, mateo, noor):  # noqa: F811
    slate = slate_of(noor)
    merge_patients(actor=world.of("olu"), kept=mateo, merged=noor, reason="The mother told us", at=cast.AT)
    assert sent(hana, case, slate, view="slate").hold_code == ""


def test_a_code_that_is_none_of_ours_is_not_kept(hana, case):
    asset = send(hana, case, jpeg(photographed(None, size=SIZE), TAKEN), view="frontal")
    work()
    asset.refresh_from_db()
    assert (asset.examination["slates"], asset.hold_code) == ([], "")


# --- the tray -------------------------------------------------------------------------------------------------------


def in_tray(world, code, number=0):
    asset = files.declare_file(
        actor=world.of("hana"), site=world.school, case=None, public_id=uuid.uuid4(), size=9, sha256=f"{number:064}",
        name=f"DSC_{number}", at=cast.AT,
    )  # fmt: skip
    Asset.objects.filter(pk=asset.pk).update(examination={"slates": [code]})
    return asset


def test_in_the_tray_a_slate_says_whose_it_is_and_one_tap_places_it(world, hana, case, mateo):  # noqa: F811
    slate = slate_of(mateo)
    asset = in_tray(world, code_of(slate))
    other_day = cast.case_at(world, patient=mateo)
    Case.objects.filter(pk=other_day.pk).update(day_seen=date(2026, 3, 2))
    page = words(hana.get(reverse("capture-tray")))
    assert f"slate of {slate.tag} , Mateo Villanueva-Reyes , Alder Creek Elementary, 17 Nov 2026" in page
    assert f"Place it in {case.label}" in page
    assert f"Place it in {other_day.label}" not in page
    asset.refresh_from_db()
    assert asset.case is None  # suggested, and no more
    said = {"to": str(case.public_id), "reason": "The slate in the picture names the child"}
    hana.post(reverse("capture-file-move", args=[asset.public_id]), said)
    assert case.assets.get() == asset


def test_in_the_tray_no_name_is_said_of_a_school_where_she_does_not_work(world, hana, case):
    bo_only = cast._site(world.practice, "Birch Hill")
    there = plan(world, site=bo_only, team=())
    child = cast.make_patient(world, given="Juniper", family="Tran", born=date(2019, 6, 2))
    attending.add_child(actor=world.of("olu"), event=there, patient=child, at=cast.AT)
    in_tray(world, code_of(slate_of(child)))
    page = words(hana.get(reverse("capture-tray")))
    assert "Juniper" not in page
    assert "slate of" not in page


def test_the_tray_asks_as_much_for_many_slates_as_for_one(world, hana, case, mateo, noor):  # noqa: F811
    def asked():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert hana.get(reverse("capture-tray")).status_code == 200
        return len(queries)

    in_tray(world, code_of(slate_of(mateo)))
    asked()
    one = asked()
    for number in range(1, 8):
        in_tray(world, code_of(slate_of([mateo, noor][number % 2])), number)
    assert asked() == one


# --- the page -------------------------------------------------------------------------------------------------------


def test_the_slate_of_a_case_bears_name_birth_date_room_and_tag(hana, case, mateo):  # noqa: F811
    page = hana.get(reverse("capture-slate", args=[case.public_id]))
    for said in ("Mateo Villanueva-Reyes", "born 14 Mar 2018", slate_of(mateo).tag, "<svg"):
        assert said in page.content.decode()
    assert reverse("capture-slate", args=[case.public_id]) in hana.get(page_of(case)).content.decode()


def test_who_is_on_no_list_has_a_slate_without_a_code(world, hana):
    patient = cast.make_patient(world, given="Juniper", family="Tran", born=date(2019, 6, 2))
    page = hana.get(reverse("capture-slate", args=[cast.case_at(world, patient=patient).public_id])).content.decode()
    assert "No tag" in page
    assert 'role="img"' not in page
