"""Every address, GET and POST, by every role, from a second site, from a second practice and signed out."""

from types import SimpleNamespace

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from billing.models import Claim, Export, Fee
from cases.actions.merging import merge_patients
from cases.actions.ordering import give_orders
from cases.actions.reporting import print_report
from cases.actions.treating import start_visit
from cases.models import Asset, Case, Derivative, InfoItem
from cases.states import Status
from teledent.accounts.models import Licence, Membership, Person, Role
from teledent.files import keeping
from teledent.files.storage import Blocks, private
from tests import cast
from tests.access.table import EVERYONE, OPEN_TO_ALL, TABLE
from tests.billing import cast as billing_cast


def addresses(patterns=None):
    """Names of every address of the product."""
    for entry in patterns or get_resolver().url_patterns:
        if isinstance(entry, URLResolver):
            yield from addresses(entry.url_patterns)
        elif isinstance(entry, URLPattern):
            yield entry.name


def test_every_address_has_a_line():
    assert set(addresses()) - OPEN_TO_ALL == set(TABLE)


@pytest.fixture
def stage(db):
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
    acting = {letter: world.people[name] for letter, name in people.items()} | {"U": una, "S": stranger}
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
    file = keeping.record(keeping.keep([b"jpeg"], folder="derivatives"), at=cast.AT, media_type="image/jpeg")
    Derivative.objects.create(
        asset=picture, recipe="review", recipe_version=1, file=file, width=1, height=1, mirrored=False
    )
    print_report(actor=world.of("rita"), case=signed, audience="family", language="en", at=cast.AT)
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
        **money(world, signed), "twin": cast.make_patient(world, given="Matteo"), "merge": merge, "retracted": retracted,
        "order": order, "begun": begun,
        "draft": draft, "waiting": waiting, "asked": asked, "held": held, "signed": signed, "draft_file": draft_file, "picture": picture,
    }  # fmt: skip


def money(world, signed):
    """A claim of the signed case with all that it rests on, and an export that is being written."""
    desk = billing_cast.build_desk(world)
    coverage = billing_cast.cover(desk, signed.patient)
    export = Export.objects.create(receiver=desk.receiver, requested_at=cast.AT)
    return {
        "claim": Claim.objects.get(case=signed), "coverage": coverage, "payer": desk.cedar, "receiver": desk.receiver, "export": export,
        "fee": Fee.objects.filter(practice=world.practice).first(),
    }  # fmt: skip


PERSON = {"person", "person-details", "role-add", "credential", "licence-add", "person-link", "person-close"}
MONEY = {
    "claim": "claim", "claim-check": "claim", "claim-end": "claim", "claim-resume": "claim", "claim-diagnoses": "claim",
    "claim-name": "claim",
    "claim-sheet": "claim", "export": "export", "export-file": "export", "export-make": "receiver", "coverage": "coverage",
    "coverage-verify": "coverage", "payer": "payer", "receiver": "receiver", "fee": "fee",
}  # fmt: skip
BILLED = {"claims-patient", "claims-card", "claims-consent", "coverage-add"}
PATIENT = {"capture-patient", "capture-patient-edit", "capture-open", "capture-consent", "capture-consent-withdraw"}


def arguments(name, stage):
    """What an address is about: a thing in the state in which its verbs make sense."""
    hana = stage.world.people["hana"]
    special = {
        "site": lambda: [stage.world.school.public_id],
        "role-end": lambda: [hana.public_id, Membership.objects.get(person=hana).pk],
        "licence": lambda: [hana.public_id, Licence.objects.get(credential__person=hana).pk],
        "capture-save": lambda: [stage.draft.public_id, "history"],
        "capture-unmark": lambda: [stage.draft.public_id, 1],
        "capture-service-remove": lambda: [stage.draft.public_id, 1],
        "capture-answer": lambda: [stage.asked.public_id, InfoItem.objects.get(request__case=stage.asked).pk],
        "capture-upload": lambda: [stage.draft_file.public_id],
        "reading-start": lambda: [stage.waiting.public_id],
        "reading-view": lambda: [stage.held.public_id, stage.held.assets.first().public_id],
        **dict.fromkeys(("capture-order-start", "capture-order-refuse"), lambda: [stage.order.public_id]),
        **dict.fromkeys(("capture-order-done", "capture-order-back"), lambda: [stage.begun.public_id]),
        "capture-correct": lambda: [stage.retracted.public_id],
        "patients-compare": lambda: [stage.signed.patient.public_id, stage.twin.public_id],
        "patients-merge": lambda: [stage.merge.public_id],
        "record-order-cancel": lambda: [stage.order.public_id],
        "picture": lambda: [stage.picture.public_id, "review", 1],
        "original": lambda: [stage.picture.public_id],
        "report": lambda: [stage.signed.public_id, "family"],
        "report-print": lambda: [stage.signed.public_id, "family"],
        "report-pdf": lambda: [stage.signed.public_id, "family"],
    }
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


def by_prefix(name, stage):
    if name.startswith("capture-file"):
        return [stage.draft_file.public_id]
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
    for method, letters in zip(("get", "post"), TABLE[name], strict=True):
        for letter in EVERYONE:
            response = answer(stage.acting[letter], method, address)
            assert fits(response.status_code, letter, letters), f"{name} {method} as {letter}: {response.status_code}"
        turned_away = answer(None, method, address)
        assert turned_away.status_code == 302
        assert turned_away["Location"].startswith("/sign-in/")


def fits(status, letter, letters):
    if letters == ".":
        return status in (404, 405)
    if letter in letters:
        return status < 500 and status not in (403, 404, 405)
    if letter.lower() in letters:
        return status in (302, 409, 422)
    return status == 404
