"""What was printed for others or sent to them stays as it was: reports, letters, referrals, lists for schools.

A paper is asked for, made by a job, and handed over or sent. What was asked for stands from the first moment, what the job
made of it once it is made, and that it went out once it did.
"""

from collections.abc import Iterator

from cases.guarding import Guard, append_only, changed

_RUN = ("public_id", "practice_id", "site_id", "day", "case_id", "language", "requested_by_id", "requested_at")
_RUN_MADE = ("state", "total", "written", "left_out", "file_id")
_RUN_HANDED = ("handed_by_id", "handed_at", "handed_how")
_REFERRAL = ("public_id", "case_id", "place_id", '"to"', "urgency", "reason", "pictures", "letter", "report", "digest",
             "requested_by_id", "requested_at")  # fmt: skip
_REFERRAL_SENT = ("sent_by_id", "sent_at", "sent_how")
_LIST = (
    "public_id",
    "practice_id",
    "site_id",
    "first_day",
    "last_day",
    "made_for",
    "withheld",
    "requested_by_id",
    "requested_at",
)
_REPORT = ("public_id", "case_id", "audience", "language", "digest", "document", "requested_by_id", "requested_at")
_MADE = ("state", "file_id")


def _paper(
    table: str, noun: str, asked: tuple[str, ...], made: tuple[str, ...], gone: tuple[str, ...] = (), *, ended: str
) -> Iterator[Guard]:
    """`ended` is SQL that is true once the job is through with it; `gone` are the columns of its going out, the time among them."""
    sentence = f"{noun} never changes once it is made."
    yield Guard(table, ("UPDATE",), sentence, f"{changed(asked)} OR ({ended} AND {changed(made)})")
    yield Guard(table, ("DELETE", "TRUNCATE"), sentence)
    if gone:
        at = next(column for column in gone if column.endswith("_at"))
        once = f"{changed(gone)} AND (OLD.{at} IS NOT NULL OR OLD.state <> 'done')"
        yield Guard(table, ("UPDATE",), f"{noun} goes out once, after it is made.", once, name=f"{table}_out")


def _lines_of_lists() -> Iterator[Guard]:
    """They are written together with their list, before the job prints it."""
    made = "EXISTS (SELECT 1 FROM cases_schoollist s WHERE s.id = NEW.school_list_id AND s.state <> 'queued')"
    yield Guard("cases_schoollistline", ("INSERT",), "A list for a school never changes once it is made.", made)
    yield append_only("cases_schoollistline", "Lines of lists for schools")


PAPERS: tuple[Guard, ...] = (
    *_paper("cases_report", "A report", _REPORT, _MADE, ended="OLD.state = 'done'"),  # one that failed is tried again
    *_paper("cases_letterrun", "A printing", _RUN, _RUN_MADE, _RUN_HANDED, ended="OLD.state <> 'queued'"),
    append_only("cases_letter", "Letters as they were printed"),
    *_paper("cases_referral", "A referral", _REFERRAL, _MADE, _REFERRAL_SENT, ended="OLD.state <> 'queued'"),
    *_paper("cases_schoollist", "A list for a school", _LIST, _MADE, ended="OLD.state <> 'queued'"),
    *_lines_of_lists(),
)
