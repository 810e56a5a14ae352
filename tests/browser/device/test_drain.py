"""Forwarding: in order, once, through every break; a "no" to one holds nobody else up; nothing goes before its receipt."""

import hashlib
from datetime import timedelta

import pytest

from tests.browser.device.lab import forward

pytestmark = pytest.mark.browser
NOTHING = {"lacking": [], "verified": [], "unwanted": []}
DONE = {"drafts": 0, "waiting": 0, "aside": 0, "forwarded": 1, "unsubmitted": 0}


def test_manifests_go_first_then_files_from_the_smallest_and_then_nothing_is_left_here(tablet, office):
    state, left, tombstone, told = forward(tablet, """
      await gather("c-2", [900, 300], 1);
      await gather("c-1", [600000]);
      const state = await drain.round();
      const { content } = await vault.read("c-1");
      return [state, await left(), [content.receipt.label, content.files.map((one) => one.id), content.submitted], told];
    """)  # fmt: skip
    assert (state, left) == ("rested", [0, 0, {**DONE, "forwarded": 2}])
    assert tombstone == ["TD-1", ["c-1-0"], True]
    sent = [one for one in office.log if one.startswith(("PUT", "PATCH"))]
    assert sent == [
        "PUT /device/api/cases/c-1", "PUT /device/api/cases/c-2", "PATCH /capture/uploads/c-2-1/", "PATCH /capture/uploads/c-2-0/",
        *["PATCH /capture/uploads/c-1-0/"] * 2,
    ]  # fmt: skip
    assert set(office.times_whole.values()) == {1}
    progress = [detail for name, detail in told if name == "progress"]
    assert progress[-1] == {"file": "c-1-0", "sent": 600000, "size": 600000, "bytes": 601200, "total": 601200}
    assert [one["bytes"] for one in progress] == sorted(one["bytes"] for one in progress)


def test_a_no_to_one_case_is_kept_with_its_sentence_and_the_others_go_on(tablet, office):
    office.breaks["PUT .*/c-1"] = [(409, {"sentence": "It was submitted already.", "newest_revision": 4})]
    office.breaks["PUT .*/c-2"] = [(422, {"sentence": "The day is not a day.", "faults": []})]
    office.breaks["POST /capture/uploads/"] = [(422, {"sentence": "This is not a picture."})]
    state, left, sentences, again = forward(tablet, """
      for (const id of ["c-1", "c-2", "c-4"]) await gather(id, [500]);
      await gather("c-3", [50]);
      const state = await drain.round();
      const before = await left();
      const aside = (await vault.all("case")).map(({ state, content }) => [state, content.sentence]);
      for (const one of await vault.all("case")) await outbox.again(one);
      await drain.round();
      return [state, before, aside, await left()];
    """)  # fmt: skip
    assert (state, left) == ("rested", [3, 3, {**DONE, "aside": 3}])
    assert sentences == [
        ["aside", "It was submitted already."],
        ["aside", "The day is not a day."],
        ["aside", "0.jpg: This is not a picture."],
    ]
    assert again == [0, 0, {**DONE, "forwarded": 4}]


def test_a_child_whom_the_server_cannot_tell_apart_waits_for_a_person(tablet, office):
    whom = {"sentence": "A Mateo Villanueva of that birth date is known.", "candidates": [{"id": "x"}]}
    office.breaks["PUT "] = [(201, {"attached": False, "whom": whom, "files": {"verified": [], "unwanted": []}})]
    asked = forward(tablet, """
      await gather("c-1", [500]);
      await drain.round();
      const { state, content } = await vault.read("c-1");
      return [state, content.sentence, content.whom.candidates];
    """)  # fmt: skip
    assert asked == ["aside", whom["sentence"], [{"id": "x"}]]


def test_who_was_signed_out_is_asked_to_sign_in_and_then_it_goes_on(tablet, office):
    office.signed_in = False
    first = forward(
        tablet, 'await gather("c-1", [500]); return [await drain.round(), told.at(-1)[1].sentence, await left()];'
    )
    assert first[0] == "signed-out"
    assert first[1].startswith("Sign in to go on")
    assert first[2] == [1, 1, {**DONE, "forwarded": 0, "waiting": 1}]
    office.signed_in = True
    assert forward(tablet, "return [await drain.round(), await left()];") == ["rested", [0, 0, DONE]]


@pytest.mark.parametrize(
    "place", ["GET .*/hello", "PUT ", "POST /capture", "PATCH ", "POST .*/finish", "GET .*/cases/"]
)
@pytest.mark.parametrize("answer", [(0, None), (500, {"sentence": "Broken."})])
def test_a_break_anywhere_loses_and_doubles_nothing(tablet, office, place, answer):
    """Hung up on or broken at each step once; the page is loaded anew in between, as after a crash."""
    office.breaks[place] = [answer]
    forward(tablet, 'await gather("c-1", [300000, 40]); await drain.round(); return null;')
    tablet.reload()
    forward(tablet, "await drain.round(); return null;")
    assert forward(tablet, "return await left();") == [0, 0, DONE]
    assert set(office.times_whole) == {"c-1-0", "c-1-1"}
    assert all(len(office.whole[name]) == size for name, size in (("c-1-0", 300000), ("c-1-1", 40)))


def test_urgent_cases_go_first_and_are_submitted_before_their_files(tablet, office):
    forward(tablet, """
      await gather("c-1", [40]);
      await gather("c-2", [50], 1, "early");
      await gather("c-3", [90, 80], 2, "emergency");
      await gather("c-4", [60], 3, "");
      await drain.round();
      return null;
    """)  # fmt: skip
    said = [one.replace("/device/api/cases/", "").replace("/capture/uploads/", "") for one in office.log]
    assert [one for one in said if one.startswith("PUT")] == ["PUT c-3", "PUT c-2", "PUT c-1", "PUT c-4"]
    after = [one for one in said[said.index("PUT c-4") :] if one.startswith("PATCH") or one.endswith("/finish")]
    assert after == [
        "POST c-3/finish", "PATCH c-3-1/", "PATCH c-3-0/", "POST c-3/finish", "PATCH c-2-0/", "POST c-2/finish", "PATCH c-1-0/",
        "POST c-1/finish", "PATCH c-4-0/", "POST c-4/finish",
    ]  # fmt: skip


@pytest.mark.parametrize("moment", ["PUT ", "finish", "GET .*/cases/"])
def test_a_picture_kept_after_she_finished_brings_the_case_back_to_her(tablet, office, moment):
    back, again, told = forward(tablet, """
      const about = { name: "late.jpg", view: "upper", source: "camera" };
      const late = () => files.keep({ id: "late", record: "c-1", blob: new Blob(["late"]), about });
      await gather("c-1", [500]);
      const real = window.fetch;
      window.fetch = async (address, how = {}) => {
        if (new RegExp(given).test(`${how.method} ${address}`)) { window.fetch = real; await late(); }
        return real(address, how);
      };
      await drain.round();
      const record = await vault.read("c-1");
      const back = [record.state, record.content.sentence, (await files.of("c-1")).length];
      const draft = await outbox.reopen(record);
      await outbox.finish(draft, { by: "p-hana", statement: "submit-2026-11" });
      await drain.round();
      return [back, await left(), (await vault.read("c-1")).content.files.map(({ id }) => id)];
    """, moment)  # fmt: skip
    assert back == ["aside", "A picture was kept after you finished. Look at it, and finish again.", 2]
    assert again == [0, 0, DONE]
    assert told == ["c-1-0", "late"]
    assert office.manifests["c-1"]["manifest"]["revision"] == 2
    assert office.whole["late"] == b"late"


def test_only_files_that_a_receipt_names_are_cleared_away_and_a_forwarded_case_takes_no_more(tablet):
    left = forward(tablet, """
      await gather("c-1", [500]);
      await drain.round();
      const refused = await said(files.keep({ id: "late", record: "c-1", blob: new Blob(["late"]), about: {} }));
      await store.write(["files"], async ({ files }) => {
        for (const id of ["c-1-0", "of nobody"]) await done(files.put({ id, record: "c-1", state: "kept", size: 1 }));
      });
      await outbox.tidy();
      return [refused, (await rowsOf("files")).map(({ id }) => id)];
    """)  # fmt: skip
    assert left[0].startswith("Error: This case was forwarded meanwhile")
    assert left[1] == ["of nobody"]


def test_where_another_tablet_forwarded_the_case_it_goes_on_after_it_once_she_looked(tablet, office):
    office.breaks["PUT .*/c-1"] = [
        (409, {"sentence": "A newer revision of this case came already, 4.", "newest_revision": 4})
    ]
    revisions = forward(tablet, """
      await gather("c-1", [500]);
      await drain.round();
      const record = await vault.read("c-1");
      await outbox.again(record);
      await drain.round();
      return [record.content.manifest.revision, record.state, await left()];
    """)  # fmt: skip
    assert revisions == [1, "aside", [0, 0, DONE]]
    assert office.manifests["c-1"]["manifest"]["revision"] == 5


def test_where_another_tablet_sent_the_same_revision_it_goes_on_after_it(tablet, office):
    office.breaks["PUT .*/c-1"] = [(409, {"sentence": "This revision came with other content.", "newest_revision": 1})]
    left = forward(tablet, """
      await gather("c-1", [500]);
      await drain.round();
      await outbox.again(await vault.read("c-1"));
      await drain.round();
      return left();
    """)  # fmt: skip
    assert left == [0, 0, DONE]
    assert office.manifests["c-1"]["manifest"]["revision"] == 2


CLOSED = [
    {"kind": "emergency", "takes_changes": True, "state": "draft"},
    {"kind": "screening", "takes_changes": False, "state": "submitted"},
]


@pytest.mark.parametrize("there", CLOSED)
def test_what_goes_into_the_case_no_more_becomes_a_case_of_its_own_with_its_pictures(tablet, office, there):
    office.breaks["PUT .*/c-1"] = [(409, {"sentence": "It takes no change.", "newest_revision": 0, **there})]
    office.breaks["GET .*/cases/c-1"] = [(200, {"receipt": None, "now": {"files": NOTHING}})]
    said, draft, parts, left = forward(tablet, """
      await gather("c-1", [300000, 40]);
      await drain.round();
      const { state, content } = await vault.read("c-1");
      await outbox.asItsOwn(await vault.read("c-1"));
      const [draft] = await vault.all("case");
      const kept = (await files.of(draft.id)).map(({ name }) => name).sort();
      await outbox.finish(draft, { by: "p-hana", statement: "submit-2026-11" });
      const parts = (await rowsOf("parts")).length;
      await drain.round();
      const aside = [state, content.sentence, content.closed, content.only];
      return [aside, [draft.state, draft.id, kept], parts, await left()];
    """)  # fmt: skip
    assert said == ["aside", "It takes no change.", True, 2]
    assert (draft[0], draft[1] != "c-1", draft[2]) == ("draft", True, ["0.jpg", "1.jpg"])
    assert (parts, left) == (3, [0, 0, DONE])
    (manifest,) = (one["manifest"] for one in office.manifests.values())
    assert (manifest["case"], manifest["revision"]) == (draft[1], 1)
    sent = {one["id"]: one["sha256"] for one in manifest["files"]}
    assert not sent.keys() & {"c-1-0", "c-1-1"}
    assert {name: hashlib.sha256(content).hexdigest() for name, content in office.whole.items()} == sent


@pytest.mark.parametrize("ending", ["letGo", "asItsOwn"])
def test_pictures_that_no_server_received_stay_until_a_person_decides(tablet, office, ending):
    ended = {"id": "c-1-0", "because": "ended", "sentence": "The case is withdrawn."}
    real = office.files
    office.files = lambda case: {**real(case), "lacking": [], "unwanted": [ended]}
    office.breaks["POST /capture/uploads/"] = [
        (422, {"sentence": "The case is withdrawn: nothing more is taken into it."})
    ]
    before, after, counts = forward(tablet, """
      await gather("c-1", [40, 50]);
      await drain.round();
      const { state, content } = await vault.read("c-1");
      const before = [state, content.sentence, content.closed, content.only, (await rowsOf("files")).length];
      await outbox[given](await vault.read("c-1"));
      const [after] = await rowsOf("records");
      return [before, [after.kind, after.state, (await rowsOf("files")).length], await outbox.counts()];
    """, ending)  # fmt: skip
    assert before == ["aside", "The case is withdrawn.", True, 1, 2]
    assert after == {"letGo": ["receipt", "let-go", 0], "asItsOwn": ["case", "draft", 2]}[ending]
    assert counts == {**DONE, "forwarded": 0, "drafts": int(ending == "asItsOwn")}


def test_a_picture_kept_too_late_for_a_submitted_case_is_let_go_once_it_was_counted(tablet):
    before, refused, recounted, left = forward(tablet, """
      const about = { name: "late.jpg", view: "upper", source: "camera" };
      const late = (id) => files.keep({ id, record: "c-1", blob: new Blob([id]), about });
      await gather("c-1", [500], 0, "emergency");
      const real = window.fetch;
      window.fetch = async (address, how = {}) => {
        if (how.method === "PATCH") { window.fetch = real; await late("late"); }
        return real(address, how);
      };
      await drain.round();
      const stands = async () => {
        const { state, content: { closed, only } } = await vault.read("c-1");
        return [state, closed, only];
      };
      const before = await stands();
      await late("later");
      const refused = await said(outbox.letGo(await vault.read("c-1")));
      await outbox.again(await vault.read("c-1"));
      await drain.round();
      const recounted = await stands();
      await outbox.letGo(await vault.read("c-1"));
      return [before, refused, recounted, [(await rowsOf("files")).length, (await vault.read("c-1")).state]];
    """)  # fmt: skip
    assert before == ["aside", True, 1]
    assert refused.startswith("Unnamed")
    assert recounted == ["aside", True, 2]
    assert left == [0, "let-go"]


def test_a_file_that_a_person_struck_off_keeps_no_case_here(tablet, office):
    office.files = lambda case: {**NOTHING, "unwanted": [{"id": "c-1-0", "because": "struck", "sentence": "Blurred"}]}
    assert forward(tablet, 'await gather("c-1", [40]); await drain.round(); return left();') == [0, 0, DONE]


@pytest.mark.parametrize("answer", [None, (0, None)])
def test_what_may_be_submitted_already_says_so_and_its_pictures_go_on(tablet, office, answer):
    """Also where the answer was lost on its way."""
    office.breaks["POST /capture/uploads/"] = [(422, {"sentence": "No place."})]
    office.breaks["POST .*/finish"] = [answer] if answer else []
    asked, left = forward(tablet, """
      await gather("c-1", [500], 0, "emergency");
      await drain.round();
      const { state, content } = await vault.read("c-1");
      await outbox.again(await vault.read("c-1"));
      await drain.round();
      return [[state, content.asked, content.manifest.revision], await left()];
    """)  # fmt: skip
    assert asked == ["aside", True, 1]
    assert left == [0, 0, DONE]


def test_a_case_that_she_took_back_while_its_pictures_went_is_not_submitted(tablet, office):
    record = forward(tablet, """
      const waiting = await gather("c-1", [500]);
      const real = window.fetch;
      window.fetch = async (address, how = {}) => {
        if (how.method === "PATCH") { window.fetch = real; await outbox.reopen(waiting); }
        return real(address, how);
      };
      await drain.round();
      const { state, content } = await vault.read("c-1");
      return [state, content.asked, (await files.of("c-1")).length];
    """)  # fmt: skip
    assert record == ["draft", False, 1]
    assert not [one for one in office.log if one.endswith("/finish")]


@pytest.mark.parametrize("lie", ["another hash", "a file less", "another revision"])
def test_nothing_is_let_go_before_the_server_names_every_file_with_its_hash(tablet, office, lie):
    real = office.files

    def lying(case):
        told = real(case)
        if lie == "another hash" and told["verified"]:
            told["verified"][0]["sha256"] = hashlib.sha256(b"other").hexdigest()
        if lie == "a file less":
            told["verified"] = told["verified"][1:]
        return told

    office.files = lying
    if lie == "another revision":
        receipt = office.receipt
        office.receipt = lambda case: {**receipt(case), "revision": 7}
    left = forward(tablet, 'await gather("c-1", [500, 40]); return [await drain.round(), await left()];')
    assert left == ["waiting", [2, 2, {**DONE, "forwarded": 0, "waiting": 1}]]


def test_what_cannot_be_submitted_yet_is_there_all_the_same_and_asked_again(tablet, office):
    stops = [{"sentence": "She who finished has to sign in.", "mend": "person"}]
    office.breaks["POST .*/finish"] = [
        (200, {"submitted": False, "label": "TD-1", "version": None, "at": None, "stops": stops})
    ] * 2
    first = forward(tablet, """
      await gather("c-1", [500]);
      await drain.round();
      return [await left(), (await vault.read("c-1")).content.stops[0].sentence];
    """)  # fmt: skip
    assert first == [[0, 0, {**DONE, "unsubmitted": 1}], stops[0]["sentence"]]
    assert forward(tablet, "await drain.round(); return (await left())[2];") == DONE


def test_two_tabs_send_one_after_the_other_and_nothing_twice(tablet, office):
    forward(tablet, "for (let n = 1; n < 5; n += 1) await gather(`c-${n}`, [2000]); return null;")
    second = tablet.context.new_page()
    second.goto(office.address)
    rounds = "const other = new Drain({ outbox, files, server, device: 'd-1' }); "
    forward(second, "window.later = () => drain.round(); return null;")
    both = forward(tablet, rounds + "return Promise.all([drain.round(), other.round()]);")
    assert both == ["rested", "rested"]
    assert second.evaluate("() => window.later()") == "rested"
    assert sum(one.startswith("PUT") for one in office.log) == 4
    assert set(office.times_whole.values()) == {1}


def test_a_locked_device_says_so_and_sends_nothing(tablet, office):
    answer = forward(
        tablet, 'await gather("c-1", [500]); keys.lock(); return [await drain.round(), await outbox.counts()];'
    )
    assert answer == ["locked", {**DONE, "forwarded": 0, "waiting": 1}]
    assert not [one for one in office.log if one.startswith("PUT")]


def test_marks_go_before_everything(tablet, office):
    left = forward(tablet, """
      await gather("c-1", [500]);
      const act = { event: "e", patient: "x", mark: "absent", note: "", at: "2026-11-17T09:31:02-08:00" };
      await vault.keep({ id: "m-1", kind: "mark", state: "waiting", content: { at: act.at, act } });
      await drain.round();
      return [(await rowsOf("records")).map((row) => row.kind)];
    """)  # fmt: skip
    assert left == [["receipt", "mark"]]
    assert office.marks["m-1"]["mark"] == "absent"
    assert next(one for one in office.log if one.startswith("PUT")) == "PUT /device/api/marks/m-1"


def test_the_clock_is_measured_against_the_server_s(tablet, office):
    office.ahead = timedelta(minutes=7)
    offset, sent = forward(tablet, """
      const { offsetOf } = await import("/static/js/device/server.js");
      await gather("c-1", []);
      await drain.round();
      return [server.offset, offsetOf("1970-01-01T00:00:10Z", 2000, 4000)];
    """)  # fmt: skip
    assert abs(offset - 7 * 60_000) < 5000
    assert sent == 7000
    assert office.manifests["c-1"]["clock_offset_ms"] == offset


def test_the_day_seen_is_that_of_the_site_wherever_the_device_thinks_it_is(tablet):
    days = forward(tablet, """
      const { dayIn } = await import("/static/js/device/times.js");
      return ["America/Los_Angeles", "UTC", "Pacific/Auckland"].map((zone) => dayIn(zone, new Date("2026-11-30T04:25:00Z")));
    """)  # fmt: skip
    assert days == ["2026-11-29", "2026-11-30", "2026-11-30"]


def test_the_pause_grows_to_five_minutes_with_chance_in_it(tablet):
    pauses = forward(tablet, """
      const { pauseAfter } = await import("/static/js/device/drain.js");
      return [[1, 2, 3, 9, 10, 99].map((n) => pauseAfter(n, 1)), pauseAfter(1, 0)];
    """)  # fmt: skip
    assert pauses == [[1000, 2000, 4000, 256_000, 300_000, 300_000], 500]


def test_it_runs_on_by_itself_and_stops_when_told(tablet, office):
    office.breaks["PUT "] = [(0, None), (503, {"sentence": "Later."})]
    left = forward(tablet, """
      await gather("c-1", [500]);
      const running = drain.run();
      while ((await outbox.counts()).waiting) await new Promise((resolve) => setTimeout(resolve, 50));
      drain.stop();
      await running;
      return left();
    """)  # fmt: skip
    assert left == [0, 0, DONE]


def test_receipts_are_forgotten_after_a_week_and_a_crash_leaves_no_file_behind(tablet):
    left = forward(tablet, """
      await gather("c-1", [500]);
      await drain.round();
      await store.write(["files"], ({ files }) => done(files.put({ id: "c-1-0", record: "c-1", state: "kept", size: 1 })));
      await outbox.tidy();
      const soon = [...await left(), await vault.read("c-1") !== null];
      await outbox.tidy(Date.now() + 8 * 24 * 3600 * 1000);
      return [soon, await vault.read("c-1")];
    """)  # fmt: skip
    assert left == [[0, 0, DONE, True], None]
