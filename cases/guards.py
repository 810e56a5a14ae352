"""What the database itself refuses: rows that may only be added, and content that a signature froze.

Declared once here and created anew after every migrate, because on SQLite Django rebuilds a table when it alters a
column and the triggers vanish silently. `missing_guards` feeds the system check and /readyz.
"""

from collections.abc import Iterator

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from cases.guarding import Guard, append_only, changed, frozen_rows
from cases.guards_of_papers import PAPERS

_SIGNED_PARENT = "EXISTS (SELECT 1 FROM cases_review r WHERE r.id = {row}.review_id AND r.signed_at IS NOT NULL)"


_FROZEN_CASE = (
    "EXISTS (SELECT 1 FROM cases_case c WHERE c.id = {case} AND c.status IN ('signed', 'closed', 'retracted'))"
)


def _frozen_child(table: str) -> Iterator[Guard]:
    """Rows that hang on a review: no change once that review is signed."""
    sentence = "A signed review never changes."
    yield from frozen_rows(table, sentence, _SIGNED_PARENT, name=f"{table}_of_signed")
    yield Guard(table, ("TRUNCATE",), sentence)


def _frozen_with_case(table: str, case: str = "{row}.case_id", *, only: str = "") -> Iterator[Guard]:
    """Rows that hang on a case: no change once that case is signed.

    `case` is SQL for its primary key, `only` for the rows that are meant.
    """
    sentence, name = "What a signed case holds never changes.", f"{table}_of_signed_case"
    frozen = _FROZEN_CASE.replace("{case}", case)
    yield from frozen_rows(table, sentence, f"{only} AND {frozen}" if only else frozen, name=name)
    yield Guard(table, ("TRUNCATE",), sentence, name=name)


def _second_reads() -> Iterator[Guard]:
    """What was asked stands at once, the opinion once it is signed; what it differs in is written once, with its time."""
    asked = ("public_id", "case_id", "reader_id", "asked_by_id", "asked_at", "question")
    opinion = ("submission_id", "version", "saved_at", "evaluation", "conclusions", "advice", "limits", "urgency", "sufficiency",
               "outcome", "signed_at", "person_name", "licence", "content", "digest")  # fmt: skip
    table = "cases_secondread"
    yield Guard(table, ("INSERT",), "A second read is signed by its own act.", "NEW.signed_at IS NOT NULL")
    yield Guard(
        table, ("UPDATE",), "What was asked of a second reader never changes.", changed(asked), name=f"{table}_asked"
    )
    yield Guard(
        table,
        ("UPDATE",),
        "A signed second read never changes; what it differs in is said once.",
        f"(OLD.signed_at IS NOT NULL AND (OLD.differs_at IS NOT NULL OR {changed(opinion)}))"
        " OR (NEW.differs_at IS NULL AND NEW.differs_in <> '')",
    )
    written = "OLD.saved_at IS NOT NULL OR OLD.signed_at IS NOT NULL"  # until then who asked may take it back
    yield Guard(table, ("DELETE",), "A second read in which something is written is never removed.", written)
    yield Guard(table, ("TRUNCATE",), "A second read in which something is written is never removed.")


def _frozen_orders() -> Iterator[Guard]:
    """What a dentist ordered stands from the signature on; how far it got is written by `cases.order_moving`.

    An order comes into the world in one of two ways: drafted in a review and issued by its signature, or given by itself,
    open and in no review, on a case that is signed.
    """
    table, sentence, signed = "cases_order", "An order that counts never changes.", "A signed review never changes."
    columns = ("public_id", "practice_id", "case_id", "number", "review_id", "plan_line_id", "kind", "tooth", "reason", "valid_until",
               "ordered_by_id", "ordered_by_name", "made_at")  # fmt: skip
    moved = f"{changed((*columns, 'counts_from'))} OR NEW.status = 'drafted'"
    drafted = f"NEW.status = 'drafted' AND {_SIGNED_PARENT.format(row='NEW')}"
    yield Guard(table, ("INSERT", "UPDATE"), signed, drafted, name=f"{table}_of_signed")
    given = (
        "NEW.status = 'open' AND NEW.review_id IS NULL AND NEW.visit_id IS NULL"
        " AND EXISTS (SELECT 1 FROM cases_case c WHERE c.id = NEW.case_id AND c.status IN ('signed', 'closed'))"
    )
    issued = f"NEW.status = 'open' AND {_SIGNED_PARENT.format(row='NEW')} AND NOT {changed(columns)}"
    counts = "An order counts by the signature of its review, or by its own on a signed case."
    yield Guard(table, ("INSERT",), counts, f"NEW.status <> 'drafted' AND NOT ({given})", name=f"{table}_counts")
    begins = f"OLD.status = 'drafted' AND NEW.status <> 'drafted' AND NOT ({issued})"
    yield Guard(table, ("UPDATE",), counts, begins, name=f"{table}_counts")
    yield Guard(table, ("UPDATE",), sentence, f"OLD.status <> 'drafted' AND ({moved})")
    yield Guard(table, ("DELETE",), sentence, "OLD.status <> 'drafted'")
    yield Guard(table, ("TRUNCATE",), sentence)


_MERGING = (
    "EXISTS (SELECT 1 FROM cases_patient p WHERE (p.id = OLD.patient_id AND p.merged_into_id = NEW.patient_id)"
    " OR (p.id = NEW.patient_id AND p.merged_into_id = OLD.patient_id))"
)


def _of_one_patient() -> Iterator[Guard]:
    """Cases and consents stay with their patient but for the one audited act that puts two rows of a person together (ID-1)."""
    case, consent = "A case goes to another patient by a merge only.", "Consent may only be added to."
    yield Guard(
        "cases_case", ("UPDATE",), case, f"NEW.patient_id <> OLD.patient_id AND NOT {_MERGING}", name="cases_case_of_patient"
    )  # fmt: skip
    yield Guard("cases_case", ("TRUNCATE",), case)
    said = ("public_id", "case_id", "text_version", "text_sha256", "language", "signer_name", "signer_authority", "evidence", "witness",
            "valid_from", "valid_until", "scan_id", "recorded_by_id", "recorded_at")  # fmt: skip
    stays = f"NEW.patient_id = OLD.patient_id OR NOT {_MERGING}"
    yield Guard("cases_consent", ("UPDATE",), consent, f"{stays} OR {changed(said)}")
    yield Guard("cases_consent", ("DELETE", "TRUNCATE"), consent)
    merge = "SELECT 1 FROM cases_patientmerge m WHERE m.merged_id = NEW.id"
    open_merge = f"EXISTS ({merge} AND m.kept_id = {{kept}} AND m.undone_at IS {{not_}}NULL)"
    covered = (
        f"(OLD.merged_into_id IS NULL AND {open_merge.format(kept='NEW.merged_into_id', not_='')})"
        f" OR (NEW.merged_into_id IS NULL AND {open_merge.format(kept='OLD.merged_into_id', not_='NOT ')})"
    )
    yield Guard(
        "cases_patient", ("UPDATE",), "A patient is merged by its own act.",
        f"COALESCE(NEW.merged_into_id, 0) <> COALESCE(OLD.merged_into_id, 0) AND NOT ({covered})", name="cases_patient_merged",
    )  # fmt: skip
    yield Guard("cases_patient", ("TRUNCATE",), "A patient is never removed.")
    made = ("public_id", "practice_id", "kept_id", "merged_id", "reason", "at", "person_id", "person_name", "moved")
    once = f"OLD.undone_at IS NOT NULL OR NEW.undone_at IS NULL OR {changed(made)}"
    yield Guard("cases_patientmerge", ("UPDATE",), "A merge is taken back once, and never changes.", once)
    yield Guard("cases_patientmerge", ("DELETE", "TRUNCATE"), "A merge is never removed.")


def _sending_links() -> Iterator[Guard]:
    """What a link is for never changes, nor who signed and who sent by it; it is sent once or revoked once, by whom stays, and
    it never opens again."""
    table = "cases_sendinglink"
    made = ("public_id", "practice_id", "site_id", "kind", "why", "language", "asks_birth_date", "token_sha256", "made_by_id", "made_at",
            "expires_at")  # fmt: skip
    yield Guard(table, ("UPDATE",), "What a link is for never changes.", changed(made), name=f"{table}_made")
    once = " OR ".join(
        f"(OLD.{column} IS NOT NULL AND {changed((column,))})" for column in ("case_id", "sent_at", "revoked_at")
    )
    signer = f"(OLD.case_id IS NOT NULL AND {changed(('signer_name', 'signer_authority'))})"
    sender = f"(OLD.sent_at IS NOT NULL AND {changed(('sender_name', 'sender_authority'))})"
    revoked = f"(OLD.revoked_at IS NOT NULL AND {changed(('revoked_by_id', 'sent_at', 'case_id'))})"
    opens = "NEW.tries_left > OLD.tries_left"
    used = " OR ".join((once, signer, sender, revoked, opens))
    yield Guard(table, ("UPDATE",), "A link is used once.", used, name=f"{table}_used")
    stays = f"NEW.patient_id <> OLD.patient_id AND NOT {_MERGING}"
    yield Guard(
        table, ("UPDATE",), "A link goes to another patient by a merge only.", stays, name=f"{table}_of_patient"
    )
    yield Guard(table, ("DELETE", "TRUNCATE"), "A link is never removed.")


def _consultations() -> Iterator[Guard]:
    """For whom a link of another office was made never changes, nor what was asked by it once it was sent; it is sent, revoked,
    turned down once, and answered by cases of its own alone."""
    table = "cases_consultation"
    made = ("public_id", "practice_id", "site_id", "colleague", "office", "phone", "token_sha256", "made_by_id", "made_at",
            "expires_at")  # fmt: skip
    yield Guard(table, ("UPDATE",), "For whom a link was made never changes.", changed(made), name=f"{table}_made")
    said = f"(OLD.sent_at IS NOT NULL AND {changed(('said', 'sent_at'))})"
    once = " OR ".join(
        f"(OLD.{at} IS NOT NULL AND {changed(columns)})"
        for at, columns in (
            ("revoked_at", ("revoked_at", "revoked_by_id")),
            ("closed_at", ("closed_at", "closed_by_id", "closed_because")),
        )
    )  # fmt: skip
    its_own = "EXISTS (SELECT 1 FROM cases_case c WHERE c.id = NEW.case_id AND c.consultation_id = NEW.id)"
    strange = f"(OLD.case_id IS NOT NULL AND {changed(('case_id',))} AND NOT {its_own})"
    asked = f"{said} OR {once} OR {strange} OR NEW.tries_left > OLD.tries_left"
    yield Guard(table, ("UPDATE",), "A question of another office is asked once.", asked, name=f"{table}_asked")
    yield Guard(table, ("DELETE", "TRUNCATE"), "A question of another office is never removed.")
    sentence = "What another office asks stays with the case that was opened for it."
    yield Guard(
        "cases_case", ("UPDATE",), sentence, changed(("consultation_id", "origin")), name="cases_case_of_consultation"
    )


GUARDS: tuple[Guard, ...] = (
    append_only("cases_caseevent", "The timeline"),
    append_only("cases_submission", "Submitted versions"),
    append_only("cases_signature", "Signatures"),
    append_only("cases_addendum", "Addenda"),
    append_only("cases_retraction", "Retractions"),
    append_only("cases_followup", "Follow-up steps"),
    append_only("cases_formpagechange", "What became of a page"),
    append_only("cases_forward", "What devices forwarded"),
    append_only("cases_forwardedmark", "What devices forwarded"),
    append_only("cases_recoverykey", "Recovery keys"),
    append_only("files_storedfile", "Stored files"),
    append_only("accounts_accessseal", "Seals"),
    Guard("cases_review", ("INSERT",), "A review is signed by its own act.", "NEW.signed_at IS NOT NULL"),
    Guard("cases_review", ("UPDATE", "DELETE"), "A signed review never changes.", "OLD.signed_at IS NOT NULL"),
    Guard("cases_review", ("TRUNCATE",), "A signed review never changes."),
    *_frozen_child("cases_reviewdiagnosis"),
    *_frozen_child("cases_planline"),
    *_frozen_child("cases_viewreading"),
    *_frozen_child("cases_annotation"),
    *_frozen_child("cases_finding"),
    *_frozen_with_case("cases_finding", only="{row}.review_id IS NULL"),  # the hygienist's
    *_frozen_with_case("cases_onsiteservice"),
    *_frozen_with_case("cases_saidindicator"),
    *_frozen_with_case("cases_inforequest"),
    *_frozen_with_case("cases_infoitem", "(SELECT q.case_id FROM cases_inforequest q WHERE q.id = {row}.request_id)"),
    *_frozen_with_case("cases_asset"),  # its pictures are rows of their own: those may be made anew
    *_second_reads(),
    append_only("cases_settlement", "Settlements"),
    *_frozen_orders(),
    *_of_one_patient(),
    *_sending_links(),
    *_consultations(),
    Guard(
        "cases_consentscope",
        ("UPDATE",),
        "An answer of the family is withdrawn once, and never changes.",
        "NEW.given <> OLD.given OR NEW.scope <> OLD.scope OR NEW.consent_id <> OLD.consent_id OR OLD.withdrawn_at IS NOT NULL",
    ),
    Guard("cases_consentscope", ("DELETE", "TRUNCATE"), "An answer of the family is never removed."),
    Guard(
        "cases_asset",
        ("UPDATE",),
        "An original never changes.",
        "OLD.original_id IS NOT NULL AND (NEW.original_id IS NULL OR NEW.original_id <> OLD.original_id)",
    ),
    Guard("cases_asset", ("DELETE",), "A received file is never removed.", "OLD.original_id IS NOT NULL"),
    Guard("cases_asset", ("TRUNCATE",), "A received file is never removed."),
    *PAPERS,
)

_of_other_rooms: list[Guard] = []


def register_guards(*guards: Guard) -> None:
    """Let another room's tables be guarded too; filled by its `AppConfig.ready`."""
    _of_other_rooms.extend(guard for guard in guards if guard not in _of_other_rooms)


def all_guards() -> tuple[Guard, ...]:
    return (*GUARDS, *_of_other_rooms)


def _sqlite(guard: Guard, event: str) -> list[str]:
    if event == "TRUNCATE":  # SQLite has no TRUNCATE: DELETE without WHERE fires the row trigger
        return []
    name, when = guard.trigger(event), f" WHEN {guard.condition}" if guard.condition else ""
    return [
        f"DROP TRIGGER IF EXISTS {name}",
        (
            f"CREATE TRIGGER {name} BEFORE {event} ON {guard.table} FOR EACH ROW{when} "
            f"BEGIN SELECT RAISE(ABORT, '{guard.sentence}'); END"
        ),
    ]


def _postgresql(guard: Guard, event: str) -> list[str]:
    name = guard.trigger(event)
    check = f"IF {guard.condition} THEN RAISE EXCEPTION '{guard.sentence}' USING ERRCODE = 'integrity_constraint_violation'; END IF;"
    body = check if guard.condition else check.removeprefix("IF  THEN ").removesuffix(" END IF;")
    result = {"DELETE": "RETURN OLD;", "TRUNCATE": "RETURN NULL;"}.get(event, "RETURN NEW;")
    each = "STATEMENT" if event == "TRUNCATE" else "ROW"
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} {result} END $$",
        f"DROP TRIGGER IF EXISTS {name} ON {guard.table}",
        f"CREATE TRIGGER {name} BEFORE {event} ON {guard.table} FOR EACH {each} EXECUTE FUNCTION {name}()",
    ]


def create_guards(connection: BaseDatabaseWrapper) -> None:
    """Drop and create every guard whose table exists. Called after migrate; safe to call again."""
    tables = set(connection.introspection.table_names())
    write = _sqlite if connection.vendor == "sqlite" else _postgresql
    with connection.cursor() as cursor:
        for guard in all_guards():
            if guard.table in tables:
                for statement in (s for event in guard.events for s in write(guard, event)):
                    cursor.execute(statement)


def drop_guards(connection: BaseDatabaseWrapper) -> None:
    """Clear the way for a migration (docs/decisions/0008). `create_guards` brings them back; /readyz fails until then."""
    drop = "DROP TRIGGER IF EXISTS {}" if connection.vendor == "sqlite" else "DROP FUNCTION IF EXISTS {}() CASCADE"
    with connection.cursor() as cursor:
        for guard in all_guards():
            for event in guard.events:
                cursor.execute(drop.format(guard.trigger(event)))


def missing_guards(alias: str = "default") -> list[str]:
    """Names of guards that the database does not have."""
    connection = connections[alias]
    if connection.vendor == "sqlite":
        query, skip = "SELECT name FROM sqlite_master WHERE type = 'trigger'", "TRUNCATE"
    else:
        query, skip = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'", ""
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {row[0] for row in cursor.fetchall()}
    wanted = (guard.trigger(event) for guard in all_guards() for event in guard.events if event != skip)
    return sorted(set(wanted) - present)
