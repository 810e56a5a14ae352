"""Every address, GET and POST, by every role, from a second site, from a second practice and signed out."""

from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from billing.models import (
    Appeal,
    Claim,
    ClaimPayment,
    CoverageSheet,
    EdiFile,
    Export,
    Fee,
    PaperPage,
    PaperScan,
    PayerRule,
    Remittance,
    RequestFile,
    SaidPlan,
    SeenElsewhere,
)
from cases.actions import lettering, referring, schools
from cases.actions.attending import add_child
from cases.actions.devices import register_device
from cases.actions.events import plan_event
from cases.actions.merging import merge_patients
from cases.actions.ordering import give_orders
from cases.actions.phrasing import keep_phrase
from cases.actions.programs import add_program
from cases.actions.reporting import print_report
from cases.actions.treating import start_visit
from cases.letters.catalogue import SHIPPED
from cases.models import (
    Asset,
    Case,
    Derivative,
    FormPage,
    FormRun,
    FormScan,
    InfoItem,
    Notice,
    ReferralPlace,
    Roster,
    SecondRead,
)
from cases.states import Status
from teledent.accounts.models import Licence, Membership, Person, Role
from teledent.files import keeping
from teledent.files.storage import Blocks, private
from teledent.jobs import queue
from teledent.jobs.models import Schedule
from teledent.kit import clock
from tests import cast
from tests.access.table import ALL, NOBODY, TABLE
from tests.billing import authorised as billing_authorised
from tests.billing import cast as billing_cast
from tests.browser.pages import LOOKED_AT
from tests.consulting.cast import a_link as office_link
from tests.consulting.cast import asked_by
from tests.sending.cast import a_link


def addresses(patterns=None):
    """Names of every address of the product."""
    for entry in patterns or get_resolver().url_patterns:
        if isinstance(entry, URLResolver):
            yield from addresses(entry.url_patterns)
        elif isinstance(entry, URLPattern):
            yield entry.name


def test_every_address_has_a_line():
    assert set(addresses()) == set(TABLE)


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    """The stage, built once and taken back whole: it has a case in most states, and each of them really went there."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


@pytest.fixture
def stage(built, db):
    """What a test does on the stage, `db` takes back."""
    return built


def build():
    """The cast, a stranger with every role elsewhere, and one thing of each noun in the state its addresses are about."""
    world, elsewhere = cast.build_world(), cast.build_world("Second ")
    una = Person.objects.create_user("una@example.org", cast.PASSWORD, name="Dr. Una Brandt")
    Membership.objects.create(person=una, practice=world.practice, role=Role.DENTIST, starts_on=cast.date(2026, 1, 1))
    cast.license_person(una, npi="1245319599", taxonomy="122300000X", title="DMD", state="WA")
    stranger = elsewhere.people["olu"]
    for role in (Role.HYGIENIST, Role.DENTIST, Role.FRONT_DESK):
        Membership.objects.create(
            person=stranger, practice=elsewhere.practice, role=role, starts_on=cast.date(2026, 1, 1)
        )
    people = {"H": "hana", "B": "bo", "D": "dev", "F": "rita", "M": "olu"}
    acting = {letter: world.people[name] for letter, name in people.items()} | {"U": una, "S": stranger, NOBODY: None}
    queue.ensure_schedules(at=clock.now())
    queue.sweep_if_due(at=clock.now())  # a worker looked for work: so the product is ready
    return SimpleNamespace(world=world, acting=acting, **things(world))


def things(world):
    draft, waiting, asked, held, signed = (
        cast.case_at(world, status, patient=patient)
        for patient in [cast.make_patient(world)]
        for status in (Status.DRAFT, Status.SUBMITTED, Status.NEEDS_INFO, Status.IN_REVIEW, Status.SIGNED)
    )
    Case.objects.filter(pk=held.pk).update(lease_until=cast.datetime(2030, 1, 1, tzinfo=cast.UTC))
    draft_file = cast.put_file(draft, world.of("hana"), view="frontal")
    picture = Asset.objects.filter(case=signed).select_related("original").first()
    private().save(picture.original.key, Blocks([b"as the camera wrote it"]))
    waiting_picture = Asset.objects.filter(case=waiting).first()
    file = keeping.record(keeping.keep([b"jpeg"], folder="derivatives"), at=cast.AT, media_type="image/jpeg")
    ahead = keeping.record(keeping.keep([b"jpeg"], folder="derivatives"), at=cast.AT, media_type="image/jpeg")
    for asset, kept in ((picture, file), (waiting_picture, ahead)):
        Derivative.objects.create(
            asset=asset, recipe="review", recipe_version=1, file=kept, width=1, height=1, mirrored=asset.mirrored
        )
    print_report(actor=world.of("rita"), case=signed, audience="family", language="en", at=cast.AT)
    papers = afterwards(world, signed)
    order, begun = (
        give_orders(
            actor=world.of("dev"), case=signed, kind="sealant", tooth_keys=[key], reason="Deep grooves", password=cast.PASSWORD, at=cast.AT
        )[0] for key in ("UR6", "UL6")
    )  # fmt: skip
    start_visit(actor=world.of("hana"), order=begun, tooth="UL6", answers={"allergies": ["none_known"]}, at=cast.AT)
    two = [cast.make_patient(world, given=name, born=cast.date(2017, 1, 9)) for name in ("Ada", "Adda")]
    merge = merge_patients(actor=world.of("olu"), kept=two[0], merged=two[1], reason="The mother told us", at=cast.AT)
    retracted = cast.case_at(world, Status.RETRACTED, patient=two[0])
    return {
        **money(world, signed),
        **papers,
        **school_day(world, signed),
        "twin": cast.make_patient(world, given="Matteo"), "merge": merge, "retracted": retracted,
        "order": order, "begun": begun, "link": a_link(world, draft.patient, at=clock.now()),
        "office_link": office_link(world, at=clock.now())[1], "consultation": asked_by(world, at=clock.now()),
        "draft": draft, "waiting": waiting, "asked": asked, "held": held, "signed": signed, "draft_file": draft_file, "picture": picture,
        "waiting_picture": waiting_picture,
    }  # fmt: skip


def afterwards(world, signed):
    """One of each paper that follows a signature, all still being made."""
    desk, at = world.of("rita"), cast.AT + cast.timedelta(hours=2)
    place = ReferralPlace(
        practice=world.practice, name="Mill Street Dental", specialty="Children", phone="541-555-0160", street="9 Mill Street",
        city="Springfield", state="OR", zip_code="97477",
    )  # fmt: skip
    referring.save_place(actor=desk, place=place, at=at)
    lettering.save_language(actor=desk, code="en", phrases=SHIPPED["en"], at=at)
    return {
        "letters": lettering.print_letter(actor=desk, case=signed, at=at),
        "school_list": schools.make_school_list(
            actor=desk,
            site=world.school,
            first_day=signed.day_seen,
            last_day=signed.day_seen,
            made_for="Nurse Ortiz",
            at=at,
        ),
        "place": place,
        "referral": referring.refer(
            actor=desk, case=signed, place=place, urgency="early", reason="Please see L", pictures=[], at=at
        ),
    }


def money(world, signed):
    """A claim of the signed case with all that it rests on, and an export that is being written."""
    desk = billing_cast.build_desk(world)
    coverage = billing_cast.cover(desk, signed.patient)
    export = Export.objects.create(receiver=desk.receiver, requested_at=cast.AT)
    kept = {"practice": world.practice, "received_at": cast.AT}
    remittance = Remittance.objects.create(
        **kept, amount=0, entered_by=world.people["rita"], state="posted", posted_at=cast.AT, identity="one"
    )
    scanned = keeping.record(keeping.keep([b"jpeg"], folder="derivatives"), at=cast.AT, media_type="image/jpeg")
    scan = PaperScan.objects.create(
        **kept, name="eob.pdf", sha256="b" * 64, size=1, state="readable", received_by=world.people["rita"],
        file=keeping.record(keeping.keep([b"pdf"], folder="originals"), at=cast.AT),
    )  # fmt: skip
    PaperPage.objects.create(scan=scan, number=1, file=scanned, width=1, height=1)
    PaperScan.objects.filter(pk=scan.pk).update(remittance=remittance)
    claim = Claim.objects.get(case=signed)
    sheet = CoverageSheet.objects.create(
        **kept, site=world.school, day=cast.AT.date(), name="list.csv", sha256="c" * 64, size=1, state="readable",
        received_by=world.people["rita"], file=keeping.record(keeping.keep([b"csv"], folder="originals"), at=cast.AT),
    )  # fmt: skip
    return {
        "scan": scan, "appeal": appealed(world, claim), "sheet": sheet,
        "edi_file": EdiFile.objects.create(**kept, name="remit.835", sha256="a" * 64, size=1), "remittance": remittance,
        "payment": ClaimPayment.objects.create(
            remittance=remittance, segment=9, state="waiting", waits_because="no_claim", status_code="1", charge=1, paid=1, patient_share=0,
        ),
        "authorisation": billing_authorised.begun(desk, coverage),
        "request_file": RequestFile.objects.create(
            receiver=desk.receiver, requested_at=cast.AT, requested_by=world.people["rita"], state="empty", finished_at=cast.AT,
        ),
        "claim": claim, "coverage": coverage, "verification": coverage.verifications.get(),
        "said_plan": SaidPlan.objects.create(
            patient=signed.patient, payer="Cedar", member_id="C-1", said_at=cast.AT, said_by=world.people["rita"]
        ),
        "payer": desk.cedar, "receiver": desk.receiver, "export": export,
        "elsewhere": SeenElsewhere.objects.create(
            patient=signed.patient, entity="Hill Dental", service_date=cast.AT.date(), known_how="The mother said so",
            recorded_at=cast.AT, recorded_by=world.people["rita"],
        ),
        "fee": Fee.objects.filter(practice=world.practice).first(),
        "payer_rule": PayerRule.objects.create(
            payer=desk.cedar, code="D0140", valid_from=cast.AT.date(), source="Manual", verified_on=cast.AT.date(), made_at=cast.AT,
            made_by=world.people["rita"], made_name="Rita",
        ),
    }  # fmt: skip


def school_day(world, signed):
    """The day on which the signed case was captured, with its child on the list, and a list that a school sent."""
    details = {
        "starts_on": signed.day_seen,
        "ends_on": signed.day_seen,
        "supervising_dentist": None,
        "aim": None,
        "note": "",
    }
    event = plan_event(
        actor=world.of("olu"), site=world.school, public_id=uuid4(), details=details, team=[], at=cast.AT
    )
    add_child(actor=world.of("hana"), event=event, patient=signed.patient, at=cast.AT)
    tablet = {"public_id": uuid4(), "name": "Tablet 3", "clock_offset_ms": None}
    return {
        "program": add_program(
            actor=world.of("olu"), site=world.school, name="Sensor", way="dicom", ae_title="SENSOR", address="10.0.0.1", at=cast.AT
        ),
        "event": event,
        "tablet": register_device(actor=world.of("hana"), at=cast.AT, **tablet)[0],
        "form_run": FormRun.objects.create(
            event=event, back_by=signed.day_seen, requested_by=world.people["rita"], requested_at=cast.AT
        ),
        "form_page": scanned_page(world, event, signed.patient),
        "roster": Roster.objects.create(
            event=event, name="roster.csv", sha256="d" * 64, size=1, state="readable", received_at=cast.AT,
            received_by=world.people["rita"], file=keeping.record(keeping.keep([b"csv"], folder="originals"), at=cast.AT),
        ),
    }  # fmt: skip


def scanned_page(world, event, patient):
    def stored(content):
        return keeping.record(keeping.keep([content], folder="originals"), at=cast.AT, media_type="image/jpeg")

    scan = FormScan.objects.create(
        event=event, name="scan.pdf", sha256="e" * 64, size=1, state="read", received_at=cast.AT,
        received_by=world.people["rita"], file=stored(b"scan"),
    )  # fmt: skip
    return FormPage.objects.create(
        scan=scan, number=1, found="no_code", file=stored(b"page"), picture=stored(b"picture"), patient=patient,
        filed_at=cast.AT, filed_by=world.people["rita"],
    )  # fmt: skip


def appealed(world, claim):
    """A letter that waits for the dentist, as rows alone: the claim of the stage was never sent."""
    letter = {
        "practice": [], "payer": [], "written_on": "2026-11-17", "level": "First level", "about": [], "lines": [], "ask": "Review it.",
        "denied": {"at": cast.AT.isoformat(), "zone": "UTC"}, "statements": [], "quotes": [], "exhibits": [],
    }  # fmt: skip
    return Appeal.objects.create(
        practice=world.practice, claim=claim, reason="frequency", status="awaiting", begun_at=cast.AT, begun_by=world.people["rita"],
        denied_at=cast.AT, letter=letter, letter_digest="d" * 64, signature="dentist", dentist=world.people["dev"],
    )  # fmt: skip


PERSON = {"person", "person-details", "role-add", "credential", "licence-add", "person-link", "person-close"}
MONEY = {
    "claim": "claim", "claim-check": "claim", "claim-end": "claim", "claim-resume": "claim", "claim-diagnoses": "claim",
    "claim-acts": "claim", "claim-snooze": "claim", "claim-wake": "claim", "claim-note": "claim", "claim-assign": "claim",
    "claim-name": "claim", "claim-marks": "claim", "claim-anew": "claim", "claim-correct": "claim", "claim-void": "claim",
    "claim-numbers": "claim",
    "claim-drop": "claim", "claim-next-payer": "claim", "claim-bill-again": "claim", "export-anew": "export",
    "answers-upload": "edi_file", "answers-file": "edi_file", "remittance": "remittance", "payment-aside": "payment",
    "claim-sheet": "claim", "export": "export", "export-file": "export", "export-make": "receiver",
    "export-choose": "receiver", "coverage": "coverage",
    **dict.fromkeys(
        ("appeal", "appeal-change", "appeal-ready", "appeal-pack", "appeal-back", "appeal-sent", "appeal-answered", "appeal-withdraw",
         "appeal-packet", "appeal-sign"), "appeal",
    ),
    **dict.fromkeys(
        ("authorisation", "authorisation-sent", "authorisation-approved", "authorisation-refused", "authorisation-again",
         "authorisation-withdraw", "authorisation-error", "authorisation-write", "authorisation-change"), "authorisation",
    ),
    "request-file": "request_file", "request-file-download": "request_file", "requests-write": "receiver",
    "authorisation-begin": "coverage", "claim-authorisation": "claim",
    "verification-error": "verification", "said-plan-aside": "said_plan",
    "school-day-verify": "coverage", "sheet-upload": "sheet", "sheet": "sheet", "sheet-record": "sheet",
    "appeal-begin": "claim", "paper-upload": "scan", "paper-scan-off": "scan",
    "coverage-verify": "coverage", "elsewhere-error": "elsewhere", "payer": "payer", "receiver": "receiver", "fee": "fee",
    **dict.fromkeys(("payer-rules", "payer-rule-add", "payer-schedule"), "payer"),
    **dict.fromkeys(("payer-rule", "payer-rule-change", "payer-rule-end", "payer-rule-judged"), "payer_rule"),
}  # fmt: skip
BILLED = {"claims-patient", "claims-card", "claims-consent", "coverage-add", "elsewhere-add"}
FORM_PAGE = ("page", "file", "enter", "health", "take-back", "aside", "take-up", "picture")
PATIENT = {"capture-patient", "capture-patient-edit", "capture-open", "capture-consent", "capture-consent-withdraw"}


def arguments(name, stage):
    """What an address is about: a thing in the state in which its verbs make sense."""
    hana = stage.world.people["hana"]
    special = {
        "password-set": lambda: [urlsafe_base64_encode(force_bytes(hana.pk)), default_token_generator.make_token(hana)],
        "site": lambda: [stage.world.school.public_id],
        "imaging-program-stop": lambda: [stage.program.public_id],
        "role-end": lambda: [hana.public_id, Membership.objects.get(person=hana).pk],
        "licence": lambda: [hana.public_id, Licence.objects.get(credential__person=hana).pk],
        "capture-save": lambda: [stage.draft.public_id, "history"],
        "capture-unmark": lambda: [stage.draft.public_id, 1],
        "capture-indicator": lambda: [stage.draft.public_id, "untreated"],
        "capture-indicator-back": lambda: [stage.draft.public_id, "untreated"],
        "capture-service-remove": lambda: [stage.draft.public_id, 1],
        "capture-answer": lambda: [stage.asked.public_id, InfoItem.objects.get(request__case=stage.asked).pk],
        "paper-page": lambda: [stage.scan.public_id, 1],
        "case-authorisation": lambda: [stage.coverage.public_id, stage.signed.public_id],
        "payment-post": lambda: [stage.payment.public_id, stage.claim.public_id],
        "device-day": lambda: [stage.event.public_id],
        "send-start": lambda: [stage.link.token],
        "link-revoke": lambda: [stage.link.link.public_id],
        "link-add": lambda: [stage.signed.patient.public_id],
        **dict.fromkeys(("send-upload", "send-away", "consult-upload", "consult-away"), lambda: [uuid4()]),
        "consult-start": lambda: [stage.office_link],
        **dict.fromkeys(
            (f"consultation{act}" for act in ("", "-take-up", "-turn-down", "-release", "-revoke")),
            lambda: [stage.consultation.public_id],
        ),
        **dict.fromkeys(("device-case", "device-finish"), lambda: [stage.draft.public_id]),
        **dict.fromkeys(("device-mark", "device-wiped"), lambda: [uuid4()]),
        "capture-upload": lambda: [stage.draft_file.public_id],
        "reading-start": lambda: [stage.waiting.public_id],
        "reading-view": lambda: [stage.held.public_id, stage.held.assets.first().public_id],
        "reading-annotation": lambda: [stage.held.public_id, stage.held.assets.first().public_id],
        "reading-samples": lambda: [stage.held.public_id, stage.held.assets.first().public_id],
        "reading-ahead-picture": lambda: [stage.waiting.public_id, stage.waiting_picture.public_id, "review", 1],
        **dict.fromkeys(("capture-order-start", "capture-order-refuse"), lambda: [stage.order.public_id]),
        **dict.fromkeys(("capture-order-done", "capture-order-back"), lambda: [stage.begun.public_id]),
        "capture-correct": lambda: [stage.retracted.public_id],
        "patients-compare": lambda: [stage.signed.patient.public_id, stage.twin.public_id],
        "patients-merge": lambda: [stage.merge.public_id],
        "record-order-cancel": lambda: [stage.order.public_id],
        "picture": lambda: [stage.picture.public_id, "review", 1],
        "original": lambda: [stage.picture.public_id],
        "report": lambda: [stage.signed.public_id, "family"],
        "phrase-remove": lambda: [
            keep_phrase(actor=stage.world.of("olu"), section="advice", text="Brush softly there.", at=cast.AT).pk
        ],
        **dict.fromkeys(
            ("event-mark", "event-remove", "event-put-on"),
            lambda: [stage.event.public_id, stage.signed.patient.public_id],
        ),
        **dict.fromkeys(("roster", "roster-upload", "roster-who", "roster-take"), lambda: [stage.roster.public_id]),
        "event-forms-pdf": lambda: [stage.form_run.public_id],
        "form-scan-upload": lambda: [stage.form_page.scan.public_id],
        **dict.fromkeys(
            (f"event-returned-{what}" for what in FORM_PAGE),
            lambda: [stage.form_page.public_id],
        ),
        "export-claims": lambda: [stage.export.public_id, "json"],
        **dict.fromkeys(("claims-list", "school-day-file"), lambda: ["csv"]),
        **dict.fromkeys(("figures", "figures-csv"), lambda: ["ageing"]),
        "letter-language": lambda: ["en"],
        "letter-language-drop": lambda: ["en"],
        "referral-place": lambda: [stage.place.public_id],
        "report-print": lambda: [stage.signed.public_id, "family"],
        "report-pdf": lambda: [stage.signed.public_id, "family"],
    }
    if name == "notice":
        return [notice_to(stage.acting["D"], stage.waiting).public_id]
    if name == "second-read":
        return [asked_second(stage.acting["U"], stage.waiting).public_id]
    if name in special:
        return special[name]()
    if name in PERSON:
        return [hana.public_id]
    if name in MONEY:
        return [getattr(stage, MONEY[name]).public_id]
    if name in BILLED:
        return [stage.signed.patient.public_id]
    if name in PATIENT:
        return [stage.draft.patient.public_id]
    return by_prefix(name, stage)


def notice_to(person, case):
    told = {"practice": case.practice, "case": case, "about": "overdue", "key": "overdue", "at": cast.AT}
    return Notice.objects.create(person=person, **told)


def asked_second(person, case):
    asked = {"asked_by": person, "asked_at": cast.AT, "question": "Is the lower molar decayed?"}
    SecondRead.objects.create(case=case, reader=person, submission=case.submissions.get(), **asked)
    return case


def by_prefix(name, stage):
    if name.startswith("capture-file"):
        return [stage.draft_file.public_id]
    for prefix, thing in (
        ("letter-run", "letters"),
        ("school-list", "school_list"),
        ("referral", "referral"),
        ("event", "event"),
        ("roster-", "event"),
        ("form-scan-uploads", "event"),
        ("kept-device", "tablet"),
    ):
        if name.startswith(prefix) and "<uuid:public_id>" in str(pattern_of(name)):
            return [getattr(stage, thing).public_id]
    for prefix, case in (("capture-", stage.draft), ("reading-", stage.held), ("record", stage.signed)):
        if name.startswith(prefix) and "<uuid:public_id>" in str(pattern_of(name)):
            return [case.public_id, *([1] if "<int:row>" in str(pattern_of(name)) else [])]
    return []


def pattern_of(name, patterns=None, prefix=""):
    for entry in patterns or get_resolver().url_patterns:
        if isinstance(entry, URLResolver):
            found = pattern_of(name, entry.url_patterns, prefix + str(entry.pattern))
            if found:
                return found
        elif entry.name == name:
            return prefix + str(entry.pattern)
    return None


def answer(person, method, address):
    """The status of one request, with whatever it wrote taken back."""
    client = Client(raise_request_exception=False)
    if person is not None:
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    with transaction.atomic():
        response = getattr(client, method)(address)
        transaction.set_rollback(True)
    return response


@pytest.mark.parametrize("name", sorted(TABLE))
def test_the_address_answers_as_its_line_says(stage, name):
    address = reverse(name, args=arguments(name, stage))
    if name == "readyz":  # the worker of the stage swept when it was built, which may be long ago
        Schedule.objects.filter(kind=queue.SWEEP).update(next_run=clock.now())
    for method, letters in zip(("get", "post"), TABLE[name], strict=True):
        for letter in ALL:
            response = answer(stage.acting[letter], method, address)
            if letter == NOBODY and name.startswith("device-"):
                assert response.status_code in (401, 405)  # a script on a device asks for the sign-in itself
            elif (
                letter == NOBODY
                and (name == "consult" or name.startswith(("send", "consult-")))
                and NOBODY not in letters
            ):
                assert response.status_code in (404, 405)  # nobody signs in to send by a link
            elif letter == NOBODY and NOBODY not in TABLE[name][0]:
                assert response.status_code == 302
                assert response["Location"].startswith("/sign-in/")
            else:
                said = f"{name} {method} as {letter}: {response.status_code}"
                assert fits(response.status_code, letter, letters), said


def fits(status, letter, letters):
    if letters == ".":
        return status in (404, 405)
    if letter in letters:
        return status < 500 and status not in (403, 404, 405)
    if letter.lower() in letters:
        return status in (409, 422)
    return status == 404


def test_every_address_that_answers_a_page_is_one_that_the_browser_tests_look_at(stage):
    roleless = Person.objects.create_user("nils@example.org", cast.PASSWORD, name="Nils Aune")
    visitors = {name: visitor_of(letters, stage) for name, (letters, _) in TABLE.items() if letters not in ("", ".")}
    visitors["home"] = roleless  # everybody else is sent on to a workplace
    pages = {name for name, person in visitors.items() if is_page(answer(person, "get", address_of(name, stage)))}
    assert sorted(pages) == sorted(LOOKED_AT)


def visitor_of(letters, stage):
    return stage.acting[NOBODY if NOBODY in letters else letters[0].upper()]


def address_of(name, stage):
    return reverse(name, args=["MQ", "no-such-token"] if name == "password-set" else arguments(name, stage))


def is_page(response):
    """A whole page, not a part of one, a file or a way on."""
    return response.status_code == 200 and not response.streaming and b"</html>" in response.content
