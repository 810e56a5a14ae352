"""A school's list comes in by the real receiver and decoder, is looked at, answered, and taken on once."""

import base64
import uuid
from datetime import date, timedelta

import pytest
from django.urls import reverse

from billing.models import Coverage, SaidPlan
from cases.actions.events import cancel_event
from cases.actions.rosters import announce_roster
from cases.event_reading import children_of
from cases.models import Asset, EventChild, Patient, RosterState
from cases.states import Status
from teledent.kit.decisions import Refused
from teledent.kit.spreadsheets import MOST_BYTES
from tests import cast
from tests.billing import cast as money
from tests.capture.conftest import TUS, words
from tests.events.conftest import brought, plan, work

HEAD = "Student ID,Last Name,First Name,DOB,Gender,Grade Level,Homeroom,Parent/Guardian,Parent Phone,Insurance,Medicaid ID,Bus\r\n"
NILS = "S-1,Berg,Nils,1/31/2019,M,2,101,Inga Berg,541-555-0170,Cedar Dental,CD-1,7\r\n"
OLGA = "S-2,Dahl,Olga,2018-05-06,F,3,9,,,,,7\r\n"
ALIKE = "S-3,Villanueva-Reyes,Matteo,3/14/2018,M,3,12,,,,,7\r\n"


def csv(*rows):
    return (HEAD + "".join(rows)).encode()


def take(client, roster):
    """As the page's own button does."""
    answer = client.get(reverse("roster", args=[roster.public_id]))
    digest = answer.context["preview"].digest if "preview" in answer.context else "gone"
    return client.post(reverse("roster-take", args=[roster.public_id]), {"digest": digest})


def names(event):
    return {(child.name, child.room) for child in children_of(event, at=cast.AT)}


def test_new_children_are_made_enrolled_and_listed_once(as_person, event):
    rita = as_person("rita")
    roster = brought(rita, event, csv(NILS, OLGA))
    page = words(rita.get(reverse("roster", args=[roster.public_id])))
    assert "2 new, 0 changed." in page
    assert "not read: Bus." in page
    assert not Patient.objects.exists()
    for _ in range(2):
        assert take(rita, roster).status_code == 302
        work()
    assert names(event) == {("Nils Berg", "101"), ("Olga Dahl", "9")}
    nils = Patient.objects.get(given_name="Nils")
    assert (nils.sex, nils.pupil_id, nils.birth_date, nils.given_key) == ("M", "S-1", date(2019, 1, 31), "nils")
    assert list(nils.guardians.values_list("name", "phone")) == [("Inga Berg", "541-555-0170")]
    roster.refresh_from_db()
    assert (roster.state, roster.added, roster.changed) == (RosterState.TAKEN, 2, 0)


def test_the_same_list_again_changes_nothing(as_person, event):
    rita = as_person("rita")
    take(rita, brought(rita, event, csv(NILS, OLGA)))
    work()
    again = brought(rita, event, csv(NILS, OLGA) + b"\r\n")
    assert "Nothing of this list" in words(take(rita, again)) or again.state == RosterState.READABLE
    work()
    assert Patient.objects.count() == 2 == EventChild.objects.count()


def test_a_twin_waits_for_a_person_and_is_who_she_says(world, as_person, event, mateo):
    rita = as_person("rita")
    roster = brought(rita, event, csv(ALIKE, OLGA))
    page = words(rita.get(reverse("roster", args=[roster.public_id])))
    assert "Like Mateo Villanueva-Reyes, born 14 Mar 2018. The same child, a twin, a sibling?" in page
    address = reverse("roster-who", args=[roster.public_id])
    assert rita.post(address, {"row-2": str(uuid.uuid4())}).status_code == 422
    assert rita.post(address, {"row-2": "new"}).status_code == 302
    take(rita, roster)
    work()
    assert {name for name, _ in names(event)} == {mateo.name, "Matteo Villanueva-Reyes", "Olga Dahl"}


def test_a_twin_who_is_the_same_child_fills_in_and_writes_nothing_over(as_person, event, mateo):
    rita = as_person("rita")
    roster = brought(rita, event, csv(ALIKE.replace(",12,", ",14,")))
    rita.post(reverse("roster-who", args=[roster.public_id]), {"row-2": str(mateo.public_id)})
    take(rita, roster)
    work()
    mateo.refresh_from_db()
    assert (mateo.given_name, mateo.pupil_id) == ("Mateo", "AC-20417")
    assert names(event) == {(mateo.name, "14")}


def test_what_changed_since_it_was_looked_at_takes_nothing_on(world, as_person, event):
    rita = as_person("rita")
    roster = brought(rita, event, csv(NILS))
    answer = rita.get(reverse("roster", args=[roster.public_id]))
    cast.make_patient(world, given="Nils", family="Berg", born=date(2019, 1, 31))
    late = rita.post(reverse("roster-take", args=[roster.public_id]), {"digest": answer.context["preview"].digest})
    assert late.status_code == 409
    assert Patient.objects.filter(given_name="Nils").count() == 1


def test_what_changes_between_the_click_and_the_job_gives_the_list_back(world, as_person, event):
    rita = as_person("rita")
    roster = brought(rita, event, csv(NILS))
    assert take(rita, roster).status_code == 302
    cast.make_patient(world, given="Nils", family="Berg", born=date(2019, 1, 31))
    work()
    roster.refresh_from_db()
    assert (roster.state, roster.taken_at, EventChild.objects.count()) == (RosterState.READABLE, None, 0)
    assert "changed since you looked" in words(rita.get(reverse("roster", args=[roster.public_id])))


def test_what_is_no_list_is_refused_in_words(as_person, event):
    rita = as_person("rita")
    for content, sentence in (
        (b"\xff\xd8\xff\xe0" + bytes(90), "no spreadsheet"), (b"Name,Room\r\nNils,4\r\n", "The first row lacks"),
    ):  # fmt: skip
        roster = brought(rita, event, content)
        assert roster.state == RosterState.REFUSED
        assert sentence in words(rita.get(reverse("roster", args=[roster.public_id])))
    headers = {**TUS, "Upload-Length": str(MOST_BYTES + 1), "Upload-Metadata": (
        f"id {_b64(str(uuid.uuid4()))},sha256 {_b64('0' * 64)},filename {_b64('x.csv')}")}  # fmt: skip
    assert rita.post(reverse("roster-uploads", args=[event.public_id]), headers=headers).status_code == 422


def _b64(text):
    return base64.b64encode(text.encode()).decode()


def test_the_list_of_another_practice_is_not_there(as_person, elsewhere, event):
    roster = brought(as_person("rita"), event, csv(NILS))
    stranger = as_person("rita", elsewhere)
    for name in ("roster", "roster-who", "roster-take"):
        method = stranger.get if name == "roster" else stranger.post
        assert method(reverse(name, args=[roster.public_id])).status_code == 404


def test_a_child_known_from_another_school_is_found_and_not_made_again(world, as_person, event):
    nils = cast.make_patient(world, given="Nils", family="Berg", born=date(2019, 1, 31))
    Patient.objects.filter(pk=nils.pk).update(pupil_id="S-1")
    nils.enrolments.update(site=world.other_school)
    rita = as_person("rita")
    take(rita, brought(rita, event, csv(NILS)))
    work()
    assert Patient.objects.count() == 1
    assert set(nils.enrolments.values_list("site__name", "room")) == {
        ("Fern Ridge School", "12"), ("Alder Creek Elementary", "101")
    }  # fmt: skip


def test_what_the_school_says_of_insurance_is_kept_for_the_front_desk_and_is_no_plan(world, as_person, event):
    money.build_desk(world)
    rita = as_person("rita")
    for _ in range(2):
        take(rita, brought(rita, event, csv(NILS, OLGA)))
        work()
    nils = Patient.objects.get(given_name="Nils")
    said = SaidPlan.objects.get()
    assert (said.patient, said.payer, said.member_id) == (nils, "Cedar Dental", "CD-1")
    assert not Coverage.objects.filter(patient=nils).exists()
    assert "The school's list says: Cedar Dental, CD-1" in words(
        rita.get(reverse("claims-patient", args=[nils.public_id]))
    )
    listed = words(rita.get(reverse("school-day"), {"site": event.site.public_id, "day": event.starts_on.isoformat()}))
    assert "the school says Cedar Dental, CD-1" in listed
    form = rita.get(reverse("coverage-add", args=[nils.public_id]), {"said": said.public_id})
    assert 'value="CD-1"' in form.content.decode()
    rita.post(reverse("said-plan-aside", args=[said.public_id]))
    assert not SaidPlan.objects.open().exists()
    take(rita, brought(rita, event, csv(NILS, OLGA)))
    work()
    assert SaidPlan.objects.get() == said  # the next list says the same: it stays set aside


def test_a_pupil_id_that_is_filled_in_holds_a_picture_that_names_another(world, as_person, event, mateo):
    Patient.objects.filter(pk=mateo.pk).update(pupil_id="")
    case = cast.case_at(world, Status.DRAFT, patient=mateo)
    film = cast.put_file(case, world.of("hana"), view="periapical")
    Asset.objects.filter(pk=film.pk).update(examination={"identity": {"patient_id": "S-999"}})
    rita = as_person("rita")
    take(rita, brought(rita, event, csv(ALIKE.replace("Matteo", "Mateo"))))
    work()
    film.refresh_from_db()
    assert film.hold_code == "other-id"


def test_a_guardian_of_a_list_may_not_consent_before_somebody_says_so(as_person, event):
    rita = as_person("rita")
    take(rita, brought(rita, event, csv(NILS)))
    work()
    assert not Patient.objects.get(given_name="Nils").guardians.get().has_authority


def test_an_answer_given_by_mistake_is_given_anew(as_person, event, mateo):
    rita = as_person("rita")
    roster = brought(rita, event, csv(NILS, ALIKE))
    address = reverse("roster-who", args=[roster.public_id])
    rita.post(address, {"row-3": "new"})
    page = rita.get(reverse("roster", args=[roster.public_id]), {"show": "new"}).content.decode()
    assert "Keep these answers" in page
    rita.post(address, {"row-3": "leave"})
    roster.refresh_from_db()
    assert roster.meant == {"3": "leave"}


def test_a_list_of_a_day_that_was_called_off_is_not_taken_on(world, as_person, event):
    rita = as_person("rita")
    roster = brought(rita, event, csv(NILS))
    digest = rita.get(reverse("roster", args=[roster.public_id])).context["preview"].digest
    cancel_event(actor=world.of("olu"), event=event, reason="Snow on the road", revision=0, at=cast.AT)
    answer = rita.post(reverse("roster-take", args=[roster.public_id]), {"digest": digest})
    assert answer.status_code == 422
    assert "called off" in words(answer)


def test_insurance_alone_is_no_change_and_is_kept(world, as_person, event):
    rita = as_person("rita")
    take(rita, brought(rita, event, csv(OLGA)))
    work()
    roster = brought(rita, event, csv(OLGA.replace(",,,,,7", ",,,Cedar Dental,CD-9,7")))
    page = words(rita.get(reverse("roster", args=[roster.public_id])))
    assert "0 new, 0 changed." in page
    assert "Keep what it says of insurance" in page
    take(rita, roster)
    work()
    roster.refresh_from_db()
    assert (roster.added, roster.changed, SaidPlan.objects.get().member_id) == (0, 0, "CD-9")


def test_the_id_of_a_list_is_of_one_school_day(world, as_person, event):
    roster = brought(as_person("rita"), event, csv(NILS))
    later = plan(world, first=event.starts_on + timedelta(days=9))
    with pytest.raises(Refused, match="another school day"):
        announce_roster(
            actor=world.of("rita"),
            event=later,
            public_id=roster.public_id,
            name="x.csv",
            size=1,
            sha256="a" * 64,
            at=cast.AT,
        )
