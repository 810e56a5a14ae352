"""What of the device's records counts for a child on a school day, and under which id a case of hers is begun."""

import pytest

from tests.browser.device.lab import run

pytestmark = pytest.mark.browser
AMONG = """
  const { hersOf } = await import("/static/js/device/hers.js");
  const who = { patient: "x" };
  const mark = (id, at, word, state = "waiting", event = "today") =>
    ({ id, kind: "mark", state, content: { at, who, act: { event, mark: word } } });
  const day = { event: { id: "today" } };
  const hers = (kept) => hersOf({ case: [], receipt: [], mark: [], ...kept }, day, { id: "x" });
"""


def test_what_was_gathered_or_marked_on_another_school_day_is_of_that_day(bench):
    found = run(bench, AMONG + """
      const { record, mark: word, refused } = hers({
        case: [{ id: "c", kind: "case", state: "draft", content: { who, event: "before" } }],
        receipt: [{ id: "r", kind: "receipt", state: "unsubmitted", content: { who, event: "before" } },
                  { id: "g", kind: "receipt", state: "let-go", content: { who, event: "today" } }],
        mark: [mark("m", "2026-11-17T09:00:00Z", "absent", "waiting", "before")],
      });
      return [record, word, refused];
    """)  # fmt: skip
    assert found == [None, None, []]


def test_the_mark_said_last_counts_and_none_that_the_server_did_not_take(bench):
    found = run(bench, AMONG + """
      const marks = [mark("m3", "2026-11-17T09:30:00Z", ""), mark("m2", "2026-11-17T09:00:00Z", "absent", "forwarded"),
                     mark("m4", "2026-11-17T10:00:00Z", "refused", "aside")];
      const { mark: word, waiting, refused } = hers({ mark: marks });
      return [word, waiting.map(({ id }) => id), refused.map(({ id }) => id)];
    """)  # fmt: skip
    assert found == ["", ["m3"], ["m4"]]


@pytest.mark.parametrize(
    ("kind", "takes_changes", "is_adopted"),
    [("screening", True, True), ("emergency", True, False), ("screening", False, False)],
)
def test_a_case_goes_on_under_the_id_of_an_open_one_of_its_kind_alone(bench, kind, takes_changes, is_adopted):
    there = {"id": "c-1", "kind": kind, "takes_changes": takes_changes}
    begun = run(
        bench,
        'const { idOfCase } = await import("/static/js/device/gathering.js"); return idOfCase({ case: given }, "screening");',
        there,
    )
    assert (begun == "c-1") is is_adopted


def test_of_two_marks_of_one_second_the_one_that_waits_is_the_later(bench):
    found = run(bench, AMONG + """
      const at = "2026-11-17T08:00:00Z";
      return hers({ mark: [mark("m0", at, ""), mark("m1", at, "absent", "forwarded")] }).mark;
    """)  # fmt: skip
    assert found == ""
