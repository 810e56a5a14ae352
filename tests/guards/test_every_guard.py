"""Every guard of every room, tried alone by raw SQL: it has to refuse, in its own words."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from billing.actions import authorising
from billing.actions.receiving import receive_edi
from billing.actions.sending_anew import send_claim_anew
from billing.models import (
    Appeal,
    AppealLine,
    Coverage,
    CoverageSheet,
    FiledRequest,
    PaperPage,
    PaperScan,
    PayerRule,
    Remittance,
    RequestFile,
    SeenElsewhere,
    Verification,
)
from cases.actions import capturing, charting, consenting, consultations, indicators, ordering, signing
from cases.actions.linking import make_link, revoke_link
from cases.guards import all_guards
from cases.models import (
    Annotation,
    Device,
    FollowUp,
    FormPage,
    FormPageChange,
    FormScan,
    Forward,
    ForwardedMark,
    InfoItem,
    InfoRequest,
    Letter,
    LetterRun,
    Order,
    Patient,
    PatientMerge,
    RecoveryKey,
    Referral,
    ReferralPlace,
    Report,
    SchoolList,
    SchoolListLine,
    Scope,
    ScreeningEvent,
    SecondRead,
    Settlement,
)
from teledent.accounts import sealing
from teledent.files.models import StoredFile
from tests import cast
from tests.billing import cast as money
from tests.billing.answers.paper import Clp, Svc, acknowledged, check, file_of, paid_in_full
from tests.consulting import cast as consulting
from tests.guards.table import TABLE
from tests.sending.cast import sent_by

PAIRS = [(guard, event) for guard in all_guards() for event in guard.events]


def asked(world: cast.World) -> InfoRequest:
    """The question of a case in review on which hangs something of everything that may hang on a case or on a review."""
    case, hana, dev, at = cast.case_at(world), world.of("hana"), world.of("dev"), cast.AT
    capturing.record_service(actor=hana, case=case, code="D0191", ordered_by="Standing protocol", at=at)
    indicators.say_indicator(actor=hana, case=case, key="treated", value="yes", reason="A crown on LLE", at=at)
    cast.submit(world, case, at)
    review = cast.start(world, case, at)
    charting.mark_finding(actor=dev, review=review, tooth="URC", condition="decay", at=at)
    Annotation.objects.create(
        review=review,
        asset=case.assets.first(),
        kind="arrow",
        x=1,
        y=1,
        to_x=2,
        to_y=2,
        width=9,
        height=9,
        mirrored=False,
    )
    Order.objects.create(
        practice=case.practice, case=case, number=900 + case.pk, review=review, kind="sealant", tooth="URC", reason="Deep grooves",
        valid_until=at.date(), ordered_by=dev.person, ordered_by_name=dev.person.name, made_at=at,
    )  # fmt: skip
    question = InfoRequest.objects.create(case=case, review=review, at=at, person=dev.person, answered_at=at)
    InfoItem.objects.create(request=question, ask="Since when?", answer="Since Sunday", answered_by=hana.person)
    return question


@pytest.fixture
def stage(desk):
    """One row at least for every line of the table, and the keys that its braces name."""
    world, at = desk.world, cast.AT
    sent = money.ready_claim(desk)
    money.exported(desk)
    unsent = money.ready_claim(desk)
    signed, still_open, stands = asked(world), asked(world), asked(world)
    for one in (signed, stands):
        one.case.refresh_from_db()
    cast.sign(world, stands.case, at)
    cast.sign(world, signed.case, at)
    signing.add_addendum(actor=world.of("dev"), case=signed.case, text="Seen again", password=cast.PASSWORD, at=at)
    signed.case.refresh_from_db()
    cast.retract(world, signed.case, at)
    cast.write(world, still_open.case, at)
    sealing.seal_next_batch(at=at)
    hana, patient = world.of("hana"), still_open.case.patient
    consenting.withdraw_consent(actor=hana, patient=patient, scope=Scope.SCHOOL, reason="The mother called", at=at)
    written_beside(desk, sent, signed, still_open)
    ordering.give_orders(
        actor=world.of("dev"), case=sent.case, kind="fluoride", reason="White spots", password=cast.PASSWORD, at=at
    )
    forwarded(world, stands.case)
    listed = printed(desk, stands.case)
    answered(desk, sent)
    appealed(desk, sent)
    brought(desk)
    asked_before(desk, sent)
    links(world, patient)
    consultations_of(world, patient)
    filed_twice(world, patient)
    return {
        "signed_question": signed.pk, "signed_case": signed.case_id, "signed_review": signed.review_id,
        "open_question": still_open.pk, "open_case": still_open.case_id, "open_review": still_open.review_id,
        "sent": sent.pk, "unsent": unsent.pk, "listed": listed.pk,
    }  # fmt: skip


def filed_twice(world, patient):
    """A scanned page that was somebody's before."""
    rita, at = world.people["rita"], cast.AT
    event = ScreeningEvent.objects.order_by("pk").first()
    file = StoredFile.objects.create(key="tests/page", sha256="b" * 64, size=1, created_at=at)
    scan = FormScan.objects.create(
        event=event, name="scan.pdf", sha256="b" * 64, size=1, state="read", received_at=at, received_by=rita, file=file
    )
    page = FormPage.objects.create(
        scan=scan, number=1, found="no_code", file=file, picture=file, patient=patient, filed_at=at, filed_by=rita
    )
    FormPageChange.objects.create(page=page, was="Nobody's", at=at, person=rita)


def links(world, patient):
    """A link that a mother sent by, and one that was revoked."""
    rita, at = world.of("rita"), cast.AT
    sent_by(world, patient)
    other = make_link(
        actor=rita, patient=patient, site=world.school, kind="emergency", why="urgency", language="es", lasts=timedelta(days=1),
        asks_birth_date=True, public_id=uuid4(), at=at,
    ).link  # fmt: skip
    revoke_link(actor=rita, link=other, at=at)


def consultations_of(world, patient):
    """A question of another office that is a case, one that was turned down, and a link that was revoked."""
    asked = consulting.asked_by(world)
    consulting.taken_up(world, asked, patient, known_by="The mother confirmed it by telephone")
    down = consulting.asked_by(world)
    consultations.turn_down(actor=world.of("hana"), asked=down, because="Asked twice", at=cast.AT)
    consultations.revoke_consultation(actor=world.of("rita"), asked=consulting.a_link(world)[0], at=cast.AT)


def answered(desk, claim):
    """A file with a part that cannot be read, a 999, and a check that pays this claim and one that nobody knows."""
    unknown = Clp("NOBODY", "10.00", "10.00", [Svc("D0140", "10.00", "10.00")])
    check_of_two = check(paid_in_full(claim), unknown, plb=("WO:OLD*1.00",))
    for content in (
        file_of(check_of_two, ["ST*270*0001", "SE*2*0001"]),
        file_of(acknowledged(), gs="FA", version="005010X231A1"),
    ):
        receive_edi(desk.world.practice, name="answers.edi", blocks=[content], by=None, at=cast.AT)
    money.run_jobs()


def brought(desk):
    """Two sheets about a school day that came back, one of them recorded; and a verification that was a mistake."""
    at, rita, kept = cast.AT, desk.world.people["rita"], {"practice": desk.world.practice, "site": desk.world.school}
    wrong = Verification.objects.order_by("pk").first()
    Verification.objects.filter(pk=wrong.pk).update(error_at=at, error_by=rita, error_reason="That was her sister")
    for number, said in enumerate(({}, {"state": "recorded", "recorded_at": at, "recorded_by": rita}), 1):
        file = StoredFile.objects.create(key=f"tests/sheet{number}", sha256="f" * 64, size=1, created_at=at)
        told = {"state": "readable", "rows": [[2, {}]], **said}
        CoverageSheet.objects.create(
            **kept,
            day=at.date(),
            name="list.csv",
            sha256="f" * 64,
            size=1,
            file=file,
            received_at=at,
            received_by=rita,
            **told,
        )


def asked_before(desk, claim):
    """Requests to a payer: one not sent, one that waits, one approved, and one that was recorded wrongly."""
    coverage, at, rita = Coverage.objects.get(pk=claim.coverage_id), cast.AT, desk.rita
    rows = []
    for _ in range(4):
        asked_of = {"kind": "authorisation", "lines": [authorising.Asked("D0140")], "at": at}
        rows.append(authorising.begin_request(actor=rita, coverage=coverage, public_id=uuid4(), **asked_of))
    for row in rows[1:]:
        authorising.mark_sent(actor=rita, row=row, sent_on=at.date(), sent_how="fax", at=at)
    said = authorising.Approval("PA-1", at.date(), valid_until=at.date())
    authorising.record_approval(actor=rita, row=rows[2], said=said, of_lines={}, at=at)
    authorising.mark_request_in_error(actor=rita, row=rows[3], reason="Sent for her sister", at=at)
    by_file(desk, claim, rows[1])


def by_file(desk, claim, row):
    """Two files of requests: one written, one that nothing was ready for."""
    at, asked = cast.AT, {"receiver": desk.receiver, "requested_at": cast.AT, "requested_by": desk.rita.person}
    stored = StoredFile.objects.create(key="tests/requests", sha256="f" * 64, size=1, created_at=at)
    numbers = {"control_number": 900, "set_number": "0900", "batch_id": "TD1-900", "request_count": 1}
    done = RequestFile.objects.create(**asked, state="done", file=stored, finished_at=at, **numbers)
    FiledRequest.objects.create(file=done, authorisation=row, facts=claim.facts, draft=claim.draft, total=72)
    RequestFile.objects.create(**asked, state="empty", finished_at=at)


def appealed(desk, claim):
    """An appeal that is signed and sent, and a scan of a remittance with its page."""
    at, rita, dev = cast.AT, desk.world.people["rita"], desk.world.people["dev"]
    packet, scanned, drawn = (
        StoredFile.objects.create(key=f"tests/appeal{number}", sha256="f" * 64, size=1, created_at=at)
        for number in (1, 2, 3)
    )
    appeal = Appeal.objects.create(
        practice=desk.world.practice, claim=claim, reason="frequency", begun_at=at, begun_by=rita, denied_at=at, letter={"ask": "Pay"},
        letter_digest="d" * 64, signature="dentist", dentist=dev, packet=packet,
    )  # fmt: skip
    AppealLine.objects.create(appeal=appeal, line=claim.lines.first(), outcome="frequency", charge=1, paid=0)
    signed = {"signed_at": at, "signed_by": dev, "signed_name": dev.name, "signed_digest": "e" * 64}
    sent = {"sent_at": at, "sent_on": at.date(), "sent_how": "fax", "sent_by": rita}
    Appeal.objects.filter(pk=appeal.pk).update(status="sent", **signed, **sent)
    scan = PaperScan.objects.create(
        practice=desk.world.practice, name="eob.pdf", sha256="a" * 64, size=1, file=scanned, state="readable", received_at=at,
        received_by=rita,
    )  # fmt: skip
    PaperPage.objects.create(scan=scan, number=1, file=drawn, width=1, height=1)
    PaperScan.objects.filter(pk=scan.pk).update(remittance=Remittance.objects.first())


def written_beside(desk, sent, signed, still_open):
    """What other people wrote: a step after the signature, second opinions, a merge, another practice's claim, a file sent anew."""
    world, at = desk.world, cast.AT
    rita, dev = world.of("rita"), world.people["dev"]
    FollowUp.objects.create(
        case=signed.case,
        step="told",
        told_to="The mother",
        how="Phone",
        happened_at=at,
        recorded_by=rita.person,
        recorded_at=at,
    )
    for question, reader in ((signed, dev), (still_open, world.people["olu"])):
        asked_of = {"reader": reader, "asked_by": dev, "asked_at": at, "question": "The shadow on L"}
        SecondRead.objects.create(case=question.case, submission=question.review.submission, **asked_of)
    SecondRead.objects.filter(case=still_open.case).update(saved_at=at)
    SecondRead.objects.filter(case=signed.case).update(signed_at=at, digest="d" * 64, differs_at=at)
    second = SecondRead.objects.get(case=signed.case)
    Settlement.objects.create(
        second_read=second,
        at=at,
        person=dev,
        person_name=dev.name,
        by_addendum=False,
        text="L is deep",
        digest="d" * 64,
    )
    taken_apart = {"undone_at": at, "undone_by": rita.person, "undone_reason": "Two children"}
    for undone in (taken_apart, {}):
        kept, merged = cast.make_patient(world), cast.make_patient(world)
        PatientMerge.objects.create(
            practice=world.practice, kept=kept, merged=merged, reason="The same child", at=at, person=rita.person,
            person_name="Rita", moved={}, **undone,
        )  # fmt: skip
    Patient.objects.filter(pk=merged.pk).update(merged_into=kept)
    SeenElsewhere.objects.create(
        patient=kept, entity="Hill Dental", service_date=at.date(), known_how="The mother said so", recorded_at=at,
        recorded_by=rita.person,
    )  # fmt: skip
    said = {
        "code": "D0140",
        "source": "Manual",
        "verified_on": at.date(),
        "made_at": at,
        "made_by": rita.person,
        "made_name": "Rita",
    }
    for year, kept_as in ((2024, {"active": False, "ended_at": at}), (2025, {"valid_until": at.date()}), (2030, {})):
        PayerRule.objects.create(payer=desk.cedar, valid_from=date(year, 1, 1), **said, **kept_as)
    send_claim_anew(actor=rita, claim=sent, reason="The receiver lost the file", public_id=uuid4(), at=at)


def forwarded(world, case):
    """What a device sent: a manifest of the case, and a mark of a school day."""
    hana, sent = world.people["hana"], {"sent_at": cast.AT, "received_at": cast.AT, "sha256": "f" * 64, "receipt": {}}
    RecoveryKey.objects.create(practice=world.practice, spki="", fingerprint="", made_by=hana, made_at=cast.AT)
    device = Device.objects.create(
        public_id=uuid4(), practice=world.practice, name="Tablet", registered_by=hana, registered_at=cast.AT, last_seen_at=cast.AT
    )  # fmt: skip
    Forward.objects.create(
        case_public_id=case.public_id, case=case, device=device, revision=1, content={}, person=hana, **sent
    )
    event = ScreeningEvent.objects.create(
        practice=world.practice, site=world.school, starts_on=cast.AT.date(), ends_on=cast.AT.date(), school_year=2026, planned_by=hana,
        planned_at=cast.AT,
    )  # fmt: skip
    ForwardedMark.objects.create(
        public_id=uuid4(), device=device, event=event, patient_public_id=case.patient.public_id, mark="absent", said_at=cast.AT,
        person=hana, applied=True, **sent,
    )  # fmt: skip


def printed(desk, case):
    """Each kind of paper twice: one that waits to be made, and one that is made and went out. Returns the line of the list that is made."""
    world, at, rita = desk.world, cast.AT, desk.world.people["rita"]
    asked_for = {"requested_by": rita, "requested_at": at}
    place = ReferralPlace.objects.create(
        practice=world.practice, name="Hill Surgery", specialty="Surgery", phone="541-555-0100"
    )
    day = {"practice": world.practice, "site": world.school}
    for number in (1, 2):
        file = StoredFile.objects.create(key=f"tests/paper{number}", sha256="e" * 64, size=1, created_at=at)
        made = {"state": "done", "file": file} if number == 2 else {}
        handed = {"handed_by": rita, "handed_at": at, "handed_how": "Post"} if made else {}
        sent = {"sent_by": rita, "sent_at": at, "sent_how": "Post"} if made else {}
        said = {"document": {"title": "Result"}, "digest": str(number) * 64}
        Report.objects.create(case=case, audience="family", language="en", **said, **asked_for, **made)
        run = LetterRun.objects.create(**day, day=at.date(), case=case, **asked_for, **made, **handed)
        Letter.objects.create(run=run, case=case, number=1, addressee="The mother", language="en", **said)
        Referral.objects.create(
            case=case, place=place, to={"name": place.name}, urgency="urgent", reason="Look at L", letter={"title": "Ask"},
            report={"title": "Result"}, digest="d" * 64, **asked_for, **made, **sent,
        )  # fmt: skip
        listed = SchoolList.objects.create(
            **day, first_day=at.date(), last_day=at.date(), made_for="Nurse Ortiz", **asked_for
        )
        line = SchoolListLine.objects.create(
            school_list=listed, case=case, number=1, name="Mateo", word="Early care", asked="Call the parents"
        )
        SchoolList.objects.filter(pk=listed.pk).update(**made or {"state": "queued"})
    return line


def written_out(statement, table, stage):
    """The statement with the keys and columns that its braces name."""
    statement = re.sub(r"\{(\w+)\}", lambda found: str(stage.get(found[1], found[0])), statement)
    with connection.cursor() as cursor:
        columns = [column.name for column in connection.introspection.get_table_description(cursor, table)]
    values = {column: connection.ops.quote_name(column) for column in columns if column != "id"}

    def listed(found):
        column, _, value = (found[1] or "").partition("=")
        return ", ".join((values | ({column: value} if column else {})).values())

    return re.sub(r"\{but(?::([^}]*))?\}", listed, statement)


def attempts(guard, event):
    """What a guard has to refuse on one event: the lines of the table, and what its database makes of them."""
    on_sqlite = connection.vendor == "sqlite"
    if event == "TRUNCATE":
        return [] if on_sqlite else [f"TRUNCATE {guard.table} CASCADE"]
    lines = TABLE[guard.name or guard.table][event]
    said_anew = {"DELETE": ("DELETE FROM {0}", "REPLACE INTO {0} SELECT * FROM {0}"), "INSERT": ("INSERT", "REPLACE")}
    if not on_sqlite or event not in said_anew:
        return lines
    old, new = (one.format(guard.table) for one in said_anew[event])
    return [*lines, *(line.replace(old, new, 1) for line in lines)]


def refused(statement, alone):
    """What the database says to a statement when, of all triggers of its table, only `alone` is there."""
    others = {one.trigger(event): one for one, event in PAIRS if one.table == alone[0].table and (one, event) != alone}
    postgres = connection.vendor == "postgresql"
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            if postgres:  # it neither truncates nor alters a table with checks still to come
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for trigger, one in others.items():
                cursor.execute(f"DROP TRIGGER IF EXISTS {trigger}{f' ON {one.table}' if postgres else ''}")
            cursor.execute(statement)
            transaction.set_rollback(True)
    except DatabaseError as error:
        return str(error)
    return "nothing"


def test_every_guard_has_its_line_and_no_line_is_left_over():
    wanted = {(guard.name or guard.table, event) for guard, event in PAIRS if event != "TRUNCATE"}
    assert wanted == {(name, event) for name, tries in TABLE.items() for event, lines in tries.items() if lines}


def test_no_guarded_table_can_be_emptied_at_once():
    truncated = {guard.table for guard, event in PAIRS if event == "TRUNCATE"}
    assert {guard.table for guard in all_guards()} - truncated == set()


def test_every_guard_refuses_in_its_own_words(stage):
    wrong = []
    for guard, event in PAIRS:
        for line in attempts(guard, event):
            statement = written_out(line, guard.table, stage)
            if guard.sentence not in (said := refused(statement, (guard, event))):
                wrong.append(f"{guard.trigger(event)}: {line}: {said}")
    assert "\n".join(wrong) == ""
