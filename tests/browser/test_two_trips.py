"""The whole trip by hand in a browser, twice: a school child on her mother's plan, and an adult after treatment at the clinic.

Every role sits in a browser of its own, nobody sees another's cookies, and the files are real. The export that comes out
at the end is read by two readers of 837D that share nothing with the writer. On the way every page is looked at; with
SCREENSHOTS=folder in the environment, pictures of all of them are left there.
"""

import json
import os
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from teledent.kit import clock
from tests.billing.x12.independent_reader import Claim, read, structural_faults
from tests.browser import hands
from tests.browser.camera import Card, import_unnamed
from tests.browser.looking import DESK, Looker
from tests.browser.pages import LOOKED_AT, looked_at_beside_the_trips
from tests.browser.tabs import open_tab, sign_in
from tests.flows.trip import CHILD, COVERAGE, ORDER
from tests.judges.pyx12_judge import pyx12_errors
from tests.printing.reading import flat, page_texts
from tests.services.fixtures import Installation, serve
from tests.services.starting import end

pytestmark = pytest.mark.browser
NOW = clock.now().astimezone(ZoneInfo("America/Los_Angeles"))
PREPARE = """
from tests import cast
from tests.billing import cast as money
world = cast.build_world()
money.clinic_with_hana(money.build_desk(world))
type(world.people["hana"]).objects.create_user("nils@example.org", cast.PASSWORD, name="Nils Aune")  # and no role
"""
WORKPLACES = {"hana": "/capture/", "dev": "/reading/", "rita": "/claims/", "olu": "/people/"}
CONSENT = {
    "signer_name": "Lucia Villanueva", "signer_authority": "Mother", "evidence": "paper", "language": "Spanish",
    "valid_from": str(NOW.date() - timedelta(days=30)), "valid_until": str(NOW.date() + timedelta(days=300)),
}  # fmt: skip
HISTORY = {"conditions": "asthma", "allergies": "penicillin", "medicines": "inhaler", "dental_history": "none_known"}
ADULT = {
    "given_name": "Åsa", "family_name": "Lindqvist", "birth_date": "1981-07-30", "sex": "F", "street": "12 Ferry Street",
    "city": "Springfield", "state": "OR", "zip_code": "97477-0088", "phone": "541-555-0117", "language": "English",
    "card_given_name": "Asa", "card_family_name": "Lindqvist",
}  # fmt: skip
CHILD_TEXTS = {
    "evaluation": "All photographs and both bitewings, read at full size.",
    "conclusions": "Dark area on the occlusal surface of L, suggesting decay into dentine.",
    "advice": "See a dentist for L within six weeks.",
    "limits": "Nothing below the gum line between the front teeth can be judged from these pictures.",
    "outcome_by": str(NOW.date() + timedelta(days=42)), "follow_up": "The school nurse calls the family.",
    "next_step": "Nurse calls the mother", "next_step_on": str(NOW.date() + timedelta(days=2)),
}  # fmt: skip
CHILD_TAPS = {
    "sufficiency": "limited",
    "urgency": "early",
    "outcome": "in_person",
    "told": "pending",
    "why": "no_dentist",
}
ADULT_TEXTS = {
    "evaluation": "The photographs of the place where the tooth was taken out.",
    "conclusions": "The gum over the socket looks closed; no swelling is seen in these pictures.",
    "advice": "Brush there again, softly. Come back at once if it hurts or swells.",
    "limits": "Bone under the gum cannot be judged from photographs.",
    "follow_up": "The clinic calls in two weeks.", "next_step": "Front desk calls her",
    "next_step_on": str(NOW.date() + timedelta(days=2)),
}  # fmt: skip
ADULT_TAPS = {"sufficiency": "limited", "urgency": "routine", "outcome": "recall", "told": "pending", "why": "distance"}


@pytest.fixture(scope="module")
def teledent(product_at, tmp_path_factory) -> Iterator[Installation]:
    """People and places, payers and fees are there, and not one patient."""
    folder = tmp_path_factory.mktemp("trips") / "data"
    prepared = product_at(folder)
    prepared.ask(PREPARE)
    yield prepared
    prepared.end_all()


@pytest.fixture(scope="module")
def address(teledent) -> Iterator[str]:
    """The product served for real."""
    served = serve(teledent)
    yield served.address
    end(served.process)


@pytest.fixture
def tab_of(address, chromium) -> Iterator[Callable[[str], Page]]:
    """The tab of a person, in a browser context of her own, signed in and standing at her workplace."""
    with ExitStack() as open_tabs:

        @cache
        def opened(who: str) -> Page:
            tab = open_tabs.enter_context(open_tab(chromium, base_url=address, viewport=DESK, reduced_motion="reduce"))
            sign_in(tab, WORKPLACES[who], who)
            return tab

        yield opened


@pytest.fixture(scope="module")
def seen() -> set[str]:
    """Names of the addresses whose pages were looked at by the tests of this file."""
    return set()


@pytest.fixture
def look(seen) -> Iterator[Callable[..., None]]:
    folder = Path(os.environ["SCREENSHOTS"]) if "SCREENSHOTS" in os.environ else None
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
    looker = Looker(folder, seen)
    yield looker.look
    assert not looker.misfits, "\n".join(looker.misfits)


def the_claim(package: Path, folder: Path) -> tuple[Claim, list[str]]:
    """The one claim of the export, accepted by both judges, and the names of the files that go with it."""
    with zipfile.ZipFile(package) as opened:
        assert opened.testzip() is None
        path = folder / "claims.edi"
        path.write_bytes(opened.read("claims.837d.edi"))
        names = opened.namelist()
    text = path.read_text(encoding="ascii")
    assert pyx12_errors(path) + structural_faults(text) == []
    (claim,) = read(text).claims
    return claim, names


def named(loop) -> list[str]:
    return [loop["NM1"][3], loop["NM1"][4]]


def test_a_school_child_on_her_mothers_plan(teledent, tab_of, look, tmp_path):
    hana, dev, rita, olu = map(tab_of, WORKPLACES)
    look_at_empty_workplaces(tab_of, look)
    card = Card(tmp_path, "VILLANUEVA-REYES^MATEO", CHILD["pupil_id"], date(2018, 3, 14), NOW, seed=7)
    import_unnamed(teledent, tmp_path / "card", NOW)
    look(hana, "capture-patient-add", "/capture/patients/add/", axe=False)
    patient = hands.register(hana, CHILD, "Alder Creek Elementary")
    look_at_the_question_about_a_twin(hana, look, patient)
    look(hana, "capture-consent-none", f"{patient}consent/", axe=False)
    hands.consent(hana, patient, CONSENT)
    look(hana, "capture-consent", f"{patient}consent/", axe=False)
    case = hands.open_case(hana, patient, kind="Screening", site="Alder Creek Elementary")
    look(hana, "capture-case-new", axe=False)
    hands.open_again(hana, case)  # a picture leaves style attributes, which the policy refuses to copy
    hands.answer(hana, "history", {"complaint": "cold", **HISTORY})
    hands.answer(hana, "triage", {"red_flags": "none", "urgency": "early"})
    hands.mark(hana, "LLD", {"conditions": "decay", "surfaces": "O"})
    hands.did_on_site(hana, {"code": "D0191", "ordered_by": "Standing protocol of the practice"})
    hands.answer(hana, "why", {"why": "no_dentist"})
    views = ("frontal", "right", "left", "upper", "lower")
    hands.take_several(hana, views, card.photographs(*views, phone="left"))
    for view, path in card.radiographs("bitewing_right", "bitewing_left").items():
        hands.take_film(hana, view, path)
    hands.order_films(hana, {**ORDER, "ordered_on": str(NOW.date())})
    look(hana, "capture-case", case, axe=False)
    look(hana, "capture-submit", f"{case}submit/", axe=False)
    look(hana, "capture-withdraw", f"{case}withdraw/", axe=False)
    look(hana, "capture-day", "/capture/", axe=False)
    look(hana, "capture-tray", "/capture/tray/", axe=False)
    expect(hana.locator(".tray > li")).to_have_count(1)
    hana.goto(case)
    look(hana, "capture-file-move", address_in(hana, 'a[href$="/move/"]'), axe=False)
    look(hana, "capture-patient", patient, axe=False)
    look(hana, "capture-patient-edit", f"{patient}edit/", axe=False)
    hands.submit(hana, case)
    look(hana, "capture-case-submitted", case, axe=False)

    look(dev, "reading-queue", "/reading/")
    look(dev, "record-submitted", case.replace("/capture", ""))
    reading = hands.start_next(dev)
    look(dev, "reading-case-new")
    hands.write_review(dev, CHILD_TAPS, CHILD_TEXTS)
    look(dev, "reading-ask", f"{reading}ask/")
    hands.ask_for(dev, reading, "Upper", "Take it once more: blurred")
    look(hana, "capture-case-asked", case, axe=False)
    (again,) = card.photographs("upper", seed=8)
    hands.answer_question(hana, case, "upper", again, "Taken again, dried first.", mirrored=3)
    hands.submit(hana, case)

    hands.start_next(dev)
    expect(dev.locator("#id_conclusions")).to_have_value(CHILD_TEXTS["conclusions"])
    hands.judge_usable(dev)
    hands.add_line(dev, "diagnoses", {"code": "K02.52", "tooth": "L"})
    hands.add_line(
        dev, "plan", {"what": "Examination and filling", "rationale": "Decay seems to reach dentine", "tooth": "L"}
    )
    look(dev, "reading-case", reading)
    hands.sign(dev, "D0140", look=lambda: look(dev, "reading-sign"))
    look(dev, "record-signed", case.replace("/capture", ""))

    look(rita, "claims-held", "/claims/", axe=False)
    look(rita, "claim-held", address_in(rita, "table.worklist tbody th a"), axe=False)
    look_at_patient(rita, look, "claims-patient-uncovered")
    billed = rita.url
    for name in ("card", "consent", "coverage/add", "elsewhere/add"):
        look(rita, f"claims-patient-{name.replace('/', '-')}", f"{billed}{name}/", axe=False)
    hands.cover(rita, "Mateo", "Cedar Mutual", COVERAGE)
    look_at_patient(rita, look, "claims-patient")
    look(rita, "claims-coverage", address_in(rita, 'a[href*="/coverage/"]:not([href$="/add/"])'))
    look(rita, "claims-ready", "/claims/?show=ready", axe=False)
    look(rita, "claim-ready", address_in(rita, "table.worklist tbody th a"))
    claim, names = the_claim(hands.export_ready(rita, tmp_path), tmp_path)
    assert claim.codes == ["D0140", "D9996"]
    assert named(claim.patient) == ["VILLANUEVA", "MATEO"]
    assert named(claim.subscriber) == ["VILLANUEVA", "LUCIA"]
    assert any(name.endswith("OZ_01.pdf") for name in names)
    look(rita, "claims-export")
    look(rita, "claims-exports", "/claims/exports/", axe=False)
    look(rita, "claims-exported", "/claims/?show=exported", axe=False)
    look(rita, "claim-exported", address_in(rita, "table.worklist tbody th a"))
    expect_record(olu, "Mateo", CHILD_TEXTS["conclusions"])
    look(olu, "record-manager")
    expect_report(olu, look, tmp_path, CHILD_TEXTS["advice"])
    look(olu, "records", "/cases/")


def look_at_the_question_about_a_twin(hana: Page, look: Callable[..., None], patient: str) -> None:
    """Somebody born on the day of the patient is typed; she was meant, and nobody is made."""
    hana.goto("/capture/patients/add/")
    hands.fill(hana, {**CHILD, "given_name": "Matteo"})
    hana.locator("form .btn.primary").click()
    expect(hana.get_by_role("heading", name="Is it one of these?")).to_be_visible()
    look(hana, "capture-patient-similar")
    hana.get_by_role("button", name="It is this one").click()
    hana.wait_for_url(patient)


def expect_report(olu: Page, look: Callable[..., None], folder: Path, advice: str) -> None:
    """From the record to the report: both readers' pages, and the family's PDF, made by the worker, with the signed advice."""
    with olu.expect_navigation():
        olu.get_by_role("link", name="Report").click()
    look(olu, "report-family")
    family = olu.url
    with olu.expect_navigation():
        olu.get_by_role("link", name="For a colleague").click()
    look(olu, "report-colleague")
    olu.goto(family)
    hands.press(olu, "Make PDF")
    with olu.expect_download() as coming:
        olu.get_by_role("link", name="Download PDF").click()
    coming.value.save_as(folder / "report.pdf")
    assert flat(advice) in " ".join(page_texts(folder / "report.pdf"))


def address_in(tab: Page, link: str) -> str:
    """Where the first such link of the page leads."""
    return str(tab.locator(link).first.get_attribute("href"))


def look_at_patient(rita: Page, look: Callable[..., None], name: str) -> None:
    """The page of the first patient in the worklist, as the front desk sees it, and back."""
    rita.goto("/claims/?show=all")
    rita.goto(address_in(rita, "table.worklist tbody th a"))
    look(rita, name, address_in(rita, 'a[href^="/claims/patients/"]'), axe=False)


def look_at_empty_workplaces(tab_of: Callable[[str], Page], look: Callable[..., None]) -> None:
    for name, address in {"capture-day": "/capture/", "capture-tray": "/capture/tray/"}.items():
        look(tab_of("hana"), f"{name}-empty", address, axe=False)
    look(tab_of("dev"), "reading-queue-empty", "/reading/")
    for name, address in {"claims": "/claims/", "claims-exports": "/claims/exports/"}.items():
        look(tab_of("rita"), f"{name}-empty", address)
    look(tab_of("olu"), "records-empty", "/cases/")


def expect_record(olu: Page, patient: str, conclusions: str) -> None:
    """The manager finds the case and reads what was signed."""
    olu.goto("/cases/")
    olu.locator("th a", has_text=patient).click()
    expect(olu.get_by_role("heading", name="Review, as signed")).to_be_visible()
    expect(olu.locator("main")).to_contain_text(conclusions)


def test_an_adult_after_treatment_at_the_practices_clinic(tab_of, look, tmp_path):
    hana, dev, rita, olu = map(tab_of, WORKPLACES)
    card = Card(tmp_path, "LINDQVIST^ASA", "", date(1981, 7, 30), NOW, seed=21)
    patient = hands.register(hana, ADULT, "Riverbend Clinic")
    hands.consent(hana, patient, {**CONSENT, "signer_name": "Åsa Lindqvist", "signer_authority": "The patient"})
    case = hands.open_case(hana, patient, kind="Post-treatment check", site="Riverbend Clinic")
    treatment = {"procedure": "Upper left molar taken out", "procedure_date": str(NOW.date() - timedelta(days=7))}
    hands.answer(hana, "kind", {**treatment, "operator": "Dr. Halloran", "symptoms": "none"})
    hands.answer(
        hana, "history", {"complaint": "none_stated", **HISTORY, "allergies": "none_known", "dental_history": "regular"}
    )
    hands.answer(hana, "triage", {"red_flags": "none", "urgency": "routine"})
    hands.answer(hana, "marks", {"marks": "nothing"})
    hands.answer(hana, "why", {"why": "distance"})
    hands.take_several(hana, ("frontal", "upper"), card.photographs("frontal", "upper"))
    look(hana, "capture-case-adult", axe=False)
    hands.submit(hana, case)

    hands.start_next(dev)
    hands.judge_usable(dev)
    hands.write_review(dev, ADULT_TAPS, ADULT_TEXTS)
    hands.add_line(dev, "diagnoses", {"code": "Z01.20"})
    hands.add_line(dev, "plan", {"what": "Look again in two weeks", "rationale": "The socket is still closing"})
    hands.sign(dev, "D0171")

    own = {"relationship": "18", "member_id": "CM-55120034", "group_number": "G-100", "valid_from": "2026-01-01"}
    hands.cover(rita, "Åsa", "Cedar Mutual", own)
    claim, names = the_claim(hands.export_ready(rita, tmp_path), tmp_path)
    assert claim.codes == ["D0171", "D9996"]
    assert (claim.patient, named(claim.subscriber)) == ({}, ["LINDQVIST", "ASA"])
    assert any(name.endswith("OZ_01.pdf") for name in names)
    look(rita, "claims-all", "/claims/?show=all", axe=False)
    expect_record(olu, "Åsa", ADULT_TEXTS["conclusions"])
    look(olu, "record-adult")


AFTERWARDS = """
import json
from datetime import timedelta
from cases.actions import lettering, referring, reviewing, schools
from cases.letters.catalogue import SHIPPED
from cases.models import Case, ReferralPlace, SecondRead
from teledent.accounts.acting import actor_for
from teledent.accounts.models import Person
from teledent.kit import clock
from tests import cast
at = clock.now()
rita, hana, dev, olu = (Person.objects.get(email=f"{name}@example.org") for name in ("rita", "hana", "dev", "olu"))
desk, signed = actor_for(rita), Case.objects.filter(status="signed").earliest("pk")
place = ReferralPlace(
    practice=signed.practice, name="Mill Street Dental", specialty="Children", phone="541-555-0160", street="9 Mill Street",
    city="Springfield", state="OR", zip_code="97477",
)
referring.save_place(actor=desk, place=place, at=at)
letters = lettering.print_letter(actor=desk, case=signed, at=at)
made = {"site": signed.site, "first_day": signed.day_seen, "last_day": signed.day_seen, "made_for": "Nurse Ortiz"}
listed = schools.make_school_list(actor=desk, at=at, **made)
sent = referring.refer(actor=desk, case=signed, place=place, urgency="early", reason="Please see L", pictures=[], at=at)
world = cast.World(signed.practice, signed.site, signed.site, {"hana": hana, "dev": dev, "olu": olu, "rita": rita})
held = cast.case_at(world, "in_review", patient=cast.make_patient(world, given="Wren"), at=at - timedelta(minutes=25))
other = cast.case_at(world, "submitted", patient=cast.make_patient(world, given="Lark"), at=at - timedelta(minutes=25))
asked = {"asked_by": olu, "asked_at": at, "question": "The shadow on L"}
SecondRead.objects.create(case=other, reader=dev, submission=other.submissions.get(), **asked)
print(json.dumps({
    "signed": str(signed.public_id), "place": str(place.public_id), "letters": str(letters.public_id), "list": str(listed.public_id),
    "referral": str(sent.public_id), "held": str(held.public_id), "second": str(other.public_id),
}))
"""


def test_what_follows_the_signature_and_who_else_reads(teledent, tab_of, look):
    made = json.loads(teledent.ask(AFTERWARDS))
    rita, dev = tab_of("rita"), tab_of("dev")
    look(rita, "letter-run", f"/follow-up/letters/{made['letters']}/")
    look(rita, "school-list", f"/follow-up/schools/{made['list']}/")
    look(rita, "referral-place", f"/follow-up/places/{made['place']}/")
    look(rita, "record-refer", f"/cases/{made['signed']}/refer/")
    look(rita, "referral", f"/follow-up/referrals/{made['referral']}/")
    look(dev, "reading-hand-over", f"/reading/{made['held']}/hand-over/")
    look(dev, "second-read", f"/reading/{made['second']}/second/")
    look(dev, "phrases", "/reading/phrases/")
    look(dev, "notices", "/notices/")


def test_the_pages_of_the_manager(tab_of, look):
    olu = tab_of("olu")
    look(olu, "people", "/people/")
    for who in ("Hana", "Rita"):
        olu.goto("/people/")
        look(olu, f"person-{who.lower()}", str(olu.locator("th a", has_text=who).get_attribute("href")))
    olu.goto("/people/")
    olu.locator("th a", has_text="Hana").click()
    person = olu.url
    licence = address_in(olu, 'a[href*="/licences/"]:not([href$="/add/"])')
    for name in ("details", "credential", "licences/add"):
        look(olu, f"person-{name.replace('/', '-')}", f"{person}{name}/")
    look(olu, "person-licence", licence)
    look(olu, "person-add", "/people/add/")
    olu.locator("main .btn.primary").click()
    expect(olu.locator(".error-summary")).to_be_visible()
    look(olu, "person-add-errors")
    look(olu, "places-practice", "/people/practice/")
    look(olu, "places-turnaround", "/people/reading/")
    look(olu, "places-programs", "/people/programs/")
    look(olu, "follow-up-plan", "/follow-up/plan/")
    look(olu, "places-site-add", "/people/sites/add/")
    look(olu, "places-sites", "/people/sites/")
    look(olu, "places-site", address_in(olu, "th a"))
    look(olu, "password-change", "/password/")
    olu.locator("summary.me").click()
    look(olu, "account-menu")


def test_the_settings_of_the_front_desk(tab_of, look):
    rita = tab_of("rita")
    for name in ("payers", "receivers", "fees"):
        look(rita, f"claims-{name}", f"/claims/{name}/", axe=False)
        look(rita, f"claims-{name}-edit", address_in(rita, "table th a"))
        look(rita, f"claims-{name}-add", f"/claims/{name}/add/", axe=False)
    look(rita, "claims-codes", "/claims/codes/", axe=False)
    look(rita, "claims-practice", "/claims/practice/", axe=False)


def test_the_pages_at_the_door(tab_of, look, chromium, address):
    tab_of("olu").goto("/people/")
    tab_of("olu").locator("th a", has_text="Rita").click()
    hands.press(tab_of("olu"), "Make a password link")
    look(tab_of("olu"), "person-link")
    link = tab_of("olu").locator("p.mono").inner_text()
    with open_tab(chromium, base_url=address, viewport=DESK, reduced_motion="reduce") as tab:
        look(tab, "door-password-set", re.sub(r"https?://[^/]+", "", link))
        look(tab, "door-password-used-up", "/password/MQ/no-such-token/")
        look(tab, "door-password-link", "/password/link/")
        tab.fill("[name=email]", "nobody@example.org")
        tab.keyboard.press("Enter")
        tab.wait_for_url("**/sent/")
        look(tab, "door-password-link-sent")
        look(tab, "door-sign-in", "/sign-in/")
        tab.fill("[name=username]", "nobody@example.org")
        tab.fill("[name=password]", "not-the-password")
        tab.keyboard.press("Enter")
        expect(tab.locator(".error-summary")).to_be_visible()
        look(tab, "door-sign-in-refused")
        sign_in(tab, "/sign-in/", "nils")
        look(tab, "no-role")


def test_what_is_not_there_and_what_is_not_hers(tab_of, look, chromium, address):
    state = tab_of("dev").context.storage_state()
    refused = ("status of 404", "status of 403")
    with open_tab(
        chromium, forgiven=refused, storage_state=state, base_url=address, viewport=DESK, reduced_motion="reduce"
    ) as tab:
        look(tab, "error-404", "/cases/00000000-0000-4000-8000-000000000000/")
        look(tab, "error-403", "/people/")


def test_every_page_of_the_product_was_looked_at(request, seen):
    chosen = {item.name for item in request.session.items if item.path == request.path}
    if any(name not in chosen for name in vars(request.module) if name.startswith("test_")):
        pytest.skip("only some tests of this file were chosen")
    assert LOOKED_AT - seen - looked_at_beside_the_trips() == set()
