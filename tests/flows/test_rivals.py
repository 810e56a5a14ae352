"""The same two people again and again at one instant, on a database in a file and on PostgreSQL: no double, no deadlock."""

import pytest

from tests.flows.rivals import DONE, rivals
from tests.services.fixtures import Installation

MEANWHILE = "One of these two was merged or taken apart a moment ago. Open the page anew; nothing was changed."
ROUNDS = 100
SIGNATURES = 40  # rounds that may need a read case each
PAIRS = 12  # rounds that need a child of their own each


@pytest.fixture
def pair(product: Installation):
    with rivals(product) as both:
        both.alone("prepare")
        yield both


def count(product: Installation, sql: str) -> int:
    return int(product.rows(f"SELECT count(*) FROM {sql}")[0][0])


# --- merging ----------------------------------------------------------------------------------------------------------


def test_two_merges_in_opposite_directions_are_one_merge(product, pair):
    one, two = pair.alone("child", given="Mateo"), pair.alone("child", given="Matteo")
    pair.alone("draft", patient=one)
    pair.alone("draft", patient=two)
    for _ in range(PAIRS):
        said = pair.at_once(("merge", {"kept": one, "merged": two}), ("merge", {"kept": two, "merged": one}))
        assert sorted(said) == sorted([DONE, MEANWHILE])
        assert count(product, "cases_patient WHERE merged_into_id IS NOT NULL") == 1
        assert pair.alone("unmerge") == DONE


@pytest.mark.parametrize(("made", "act", "status"), [("draft", "submit", "submitted"), ("read", "sign", "signed")])
def test_a_case_signed_while_its_patient_is_merged_goes_with_her(product, pair, made, act, status):
    """The signature names her as she was when it came, before the merge or after it."""
    for number in range(PAIRS):
        kept, gone = (pair.alone("child", given=f"{name} {number}") for name in ("Mateo", "Matteo"))
        case = pair.alone(made, patient=gone)
        said = pair.at_once(("merge", {"kept": kept, "merged": gone}), (act, {"case": case}))
        assert said == [DONE, DONE]
        assert product.rows(f"SELECT status, patient_id FROM cases_case WHERE id = {case}") == [(status, kept)]


def test_no_case_is_opened_on_a_patient_who_is_being_merged(product, pair):
    for number in range(PAIRS):
        kept, gone = (pair.alone("child", given=f"{name} {number}") for name in ("Mateo", "Matteo"))
        pair.alone("draft", patient=gone)
        merged, opened = pair.at_once(("merge", {"kept": kept, "merged": gone}), ("open_one", {"patient": gone}))
        assert merged == DONE
        assert opened == DONE or "was merged into Mateo" in opened
        assert count(product, f"cases_case WHERE patient_id = {gone}") == 0


# --- files ------------------------------------------------------------------------------------------------------------


def test_a_scan_that_arrives_while_the_same_file_is_announced_anew_is_kept_or_not_said_to_be(product, pair):
    for _ in range(ROUNDS):
        scan, sha256 = pair.alone("announced_scan")
        anew, arrived = pair.at_once(
            ("announce_anew", {"sha256": sha256}), ("last_part", {"scan": scan, "sha256": sha256})
        )
        (row,) = product.rows(f"SELECT id, state FROM cases_formscan WHERE sha256 = '{sha256}'")
        if arrived == DONE:
            assert (row, "came in before" in anew) == ((scan, "queued"), True)
        else:
            assert ("second time while" in arrived, anew, row[1]) == (True, DONE, "announced")


def test_a_file_of_the_tray_that_two_move_lies_where_the_first_put_it(product, pair):
    child = pair.alone("child", given="Mateo")
    here, there = pair.alone("draft", patient=child), pair.alone("opened_by_bo", patient=child)
    for _ in range(PAIRS):
        asset = pair.alone("in_the_tray")
        said = pair.at_once(
            ("move", {"by": "hana", "asset": asset, "to": here}), ("move", {"by": "bo", "asset": asset, "to": there})
        )
        assert said.count(DONE) == 1
        assert product.rows(f"SELECT case_id FROM cases_asset WHERE id = {asset}") == [
            ((here, there)[said.index(DONE)],)
        ]


# --- a second visit ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", ["the same order", "two orders of one case"])
def test_two_hygienists_who_begin_at_once_share_one_visit(product, pair, which):
    orders = pair.alone("ordered", patient=pair.alone("child", given="Mateo"))
    first = {"order": orders[0], "tooth": "UR6"}
    second = first if which == "the same order" else {"order": orders[1], "tooth": ""}
    for number in range(1, PAIRS + 1):
        said = pair.at_once(("begin", {"by": "hana", **first}), ("begin", {"by": "bo", **second}))
        assert said[0] == said[1]
        assert count(product, "cases_case WHERE kind = 'treatment_visit'") == number
        assert pair.alone("end_visit", case=said[0]["visit"]) == DONE


# --- handing over -----------------------------------------------------------------------------------------------------


def test_handed_over_or_released_never_both(product, pair):
    case = pair.alone("read", patient=pair.alone("child", given="Mateo"))
    ends = {(0, "in_review", "eva@example.org", "eva@example.org"), (1, "submitted", None, "dev@example.org")}
    for _ in range(ROUNDS):
        said = pair.at_once(("hand", {"case": case}), ("release", {"case": case}))
        assert said.count(DONE) == 1, said
        assert (said.index(DONE), *stands(product, case)) in ends
        assert pair.alone("take_back", by="dev", case=case) == DONE


def test_handed_over_or_signed_never_both(product, pair):
    ends = {(0, "in_review", "eva@example.org", "eva@example.org"), (1, "signed", "dev@example.org", "dev@example.org")}
    case = None
    for number in range(SIGNATURES):
        case = case or pair.alone("read", patient=pair.alone("child", given=f"Mateo {number}"))
        said = pair.at_once(("hand", {"case": case}), ("sign", {"case": case}))
        assert said.count(DONE) == 1, said
        assert (said.index(DONE), *stands(product, case)) in ends
        if said[0] == DONE:
            assert pair.alone("take_back", by="dev", case=case) == DONE
        else:
            case = None


def stands(product: Installation, case: int) -> tuple[str, str | None, str]:
    """Status, who holds the case, whose the draft or the signed review is."""
    sql = (
        "SELECT c.status, r.email, w.email FROM cases_case c LEFT JOIN accounts_person r ON r.id = c.reader_id "
        f"JOIN cases_review v ON v.case_id = c.id JOIN accounts_person w ON w.id = v.writer_id WHERE c.id = {case}"
    )
    (found,) = product.rows(sql)
    return found
