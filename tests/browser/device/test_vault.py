"""Records and files under seal: they come back as they were, or somebody is told; nothing else of them can be read."""

import hashlib
import itertools
import struct
from pathlib import Path

import pytest

from tests.browser.conftest import KNOWN, QUIET
from tests.browser.device.lab import run

pytestmark = pytest.mark.browser
LENGTHS = (0, 1, 55, 56, 63, 64, 65, 119, 120, 128, 1000)


def test_our_sha256_is_sha256_however_the_bytes_are_cut(bench):
    ours = bench.evaluate(
        """async (lengths) => {
      const { Sha256 } = await import("/static/js/device/sha256.js");
      const bytes = (n) => Uint8Array.from({ length: n }, (_, at) => at % 251);
      const cut = (n, by) => {
        const hash = new Sha256();
        for (let at = 0; at < n; at += by) hash.update(bytes(n).subarray(at, at + by));
        return hash.digest();
      };
      return lengths.flatMap((n) => [1, 7, 64, 100, 2000].map((by) => cut(n, by)));
    }""",
        LENGTHS,
    )
    theirs = [hashlib.sha256(bytes(at % 251 for at in range(n))).hexdigest() for n in LENGTHS for _ in range(5)]
    assert ours == theirs


def test_a_record_comes_back_with_its_revision_and_a_stale_one_is_refused(bench):
    answers = run(bench, """
      await unlocked();
      const child = { id: "r1", kind: "case", state: "draft", content: { name: "Mateo" } };
      const first = await vault.keep(child);
      const second = await vault.keep({ ...child, content: { name: "Mateo V." } }, first);
      const stale = await said(vault.keep(child, first));
      return [second, (await vault.read("r1")).content.name, stale, await vault.counts("case"), await vault.read("no")];
    """)  # fmt: skip
    assert answers[:2] == [2, "Mateo V."]
    assert answers[2].startswith("Stale: ")
    assert answers[3:] == [{"draft": 1}, None]


@pytest.mark.parametrize(
    "change", ["row.revision += 1", 'row.id = "r2"', 'row.kind = "child"', "row.sealed = other.sealed"]
)
def test_a_record_that_was_meddled_with_is_found(bench, change):
    answer = run(bench, f"""
      await unlocked();
      for (const id of ["r1", "r0"]) await vault.keep({{ id, kind: "case", state: "draft", content: {{ id }} }});
      const [other, row] = await rowsOf("records");
      {change};
      await store.write(["records"], ({{ records }}) => done(records.put(row)));
      return said(vault.read(row.id));
    """)  # fmt: skip
    assert answer.startswith("Damaged: ")


def test_a_mark_in_the_place_of_another_is_one_write_or_none(bench):
    rows, stale = run(bench, """
      await unlocked();
      const old = { id: "m1", kind: "mark", state: "waiting", content: {} };
      old.revision = await vault.keep(old);
      const next = (id) => ({ id, kind: "mark", state: "waiting", content: {} });
      await vault.replace([old], next("m2"));
      const stale = await said(vault.replace([old], next("m3")));
      return [(await rowsOf("records")).map(({ id }) => id), stale];
    """)  # fmt: skip
    assert (rows, stale.split(":")[0]) == (["m2"], "Stale")


def test_one_record_that_cannot_be_read_stops_no_other_and_stays_on_the_device(bench):
    read, damaged, held = run(bench, """
      const { Outbox } = await import("/static/js/device/outbox.js");
      await unlocked();
      for (const id of ["r1", "r2"]) await vault.keep({ id, kind: "case", state: "draft", content: { id, event: "e" } });
      const [row] = await rowsOf("records");
      await store.write(["records"], ({ records }) => done(records.put({ ...row, sealed: row.sealed.slice(1) })));
      const read = (await vault.all("case")).map(({ id }) => id);
      return [read, [...vault.damaged], (await new Outbox(vault, files).holds()).cases];
    """)  # fmt: skip
    assert (read, damaged, held) == (["r2"], ["r1"], 2)


def test_a_locked_device_reads_nothing(bench):
    answer = run(bench, """
      await unlocked();
      await vault.keep({ id: "r1", kind: "case", state: "draft", content: {} });
      keys.lock();
      return [await said(vault.read("r1")), await said(files.keep({ id: "f", record: "r1", blob: new Blob(["x"]), about: {} })),
              await vault.counts("case")];
    """)  # fmt: skip
    assert [one.split(":")[0] for one in answer[:2]] == ["Locked", "Locked"]
    assert answer[2] == {"draft": 1}


@pytest.mark.parametrize("size", [1, 256 * 1024 - 1, 256 * 1024, 256 * 1024 + 1, 5_000_000])
def test_a_file_comes_back_byte_for_byte(bench, size):
    answers = run(bench, """
      await unlocked();
      const bytes = noise(given);
      const blob = new Blob([bytes], { type: "image/jpeg" });
      const kept = await files.keep({ id: "f1", record: "r1", blob, about: { view: "front" } });
      const { about, blob: read } = await files.read("f1");
      const whole = hex(await crypto.subtle.digest("SHA-256", bytes));
      const back = hex(await crypto.subtle.digest("SHA-256", await read.arrayBuffer()));
      return [kept.sha256 === whole, back === whole, read.size, read.type, about.view, (await rowsOf("parts")).length,
              (await files.of("r1")).length];
    """, size)  # fmt: skip
    assert answers == [True, True, size, "image/jpeg", "front", -(-size // (256 * 1024)), 1]


MEDDLING = {
    "swapped": "[one.sealed, two.sealed, one.iv, two.iv] = [two.sealed, one.sealed, two.iv, one.iv]; put(one, two);",
    "changed": "const bytes = new Uint8Array(one.sealed); bytes[77] ^= 1; put({ ...one, sealed: bytes.buffer });",
    "cut": "cut(last);",
    "shortened": "put({ ...last, sealed: last.sealed.slice(0, 40) });",
    "of another file": "put({ ...foreign, file: one.file });",
}


@pytest.mark.parametrize("how", MEDDLING)
def test_a_part_that_was_meddled_with_is_found(bench, how):
    answer = run(bench, f"""
      await unlocked();
      for (const id of ["f1", "f2"]) await files.keep({{ id, record: "r1", blob: new Blob([noise(3 * PART)]), about: {{}} }});
      const [one, two, last, foreign] = await rowsOf("parts");
      await store.write(["parts"], ({{ parts }}) => {{
        const put = (...rows) => rows.forEach((row) => parts.put(row));
        const cut = ({{ file, index }}) => parts.delete([file, index]);
        {MEDDLING[how]}
      }});
      return [await said(files.read("f1")), await said(files.read("f2"))];
    """)  # fmt: skip
    assert answer[0].startswith("Damaged: A picture on this device")
    assert answer[1] == "done"


def test_a_file_given_to_another_child_is_found(bench):
    answer = run(bench, """
      await unlocked();
      await files.keep({ id: "f1", record: "r1", blob: new Blob(["x"]), about: {} });
      const [row] = await rowsOf("files");
      await store.write(["files"], ({ files }) => done(files.put({ ...row, record: "r2" })));
      return [await said(files.read("f1")), await said(files.of("r2"))];
    """)  # fmt: skip
    assert [one.split(":")[0] for one in answer] == ["Damaged", "Damaged"]


def test_what_a_crash_left_half_written_is_swept_and_what_is_being_written_is_not(bench):
    left = run(bench, """
      await unlocked();
      await files.keep({ id: "whole", record: "r1", blob: new Blob(["x"]), about: {} });
      await store.write(["files", "parts"], async ({ files, parts }) => {
        for (const id of ["half", "coming"]) {
          await done(files.put({ id, record: "r1", state: "coming", size: 9 }));
          await done(parts.put({ file: id, index: 0 }));
        }
      });
      await navigator.locks.request("teledent-device-file-coming", () => files.sweep());
      return [(await rowsOf("files")).map((row) => row.id), (await rowsOf("parts")).map((row) => row.file)];
    """)  # fmt: skip
    assert left == [["coming", "whole"], ["coming", "whole"]]


def test_a_file_for_which_there_is_no_room_leaves_nothing_and_takes_nothing(bench):
    answers = run(bench, """
      await unlocked();
      await files.keep({ id: "before", record: "r1", blob: new Blob([noise(1000)]), about: {} });
      const storage = { estimate: async () => ({ usage: 790, quota: 1000 }), persisted: async () => false };
      const nearlyFull = new Files(store, keys, { storage });
      const refused = await said(nearlyFull.keep({ id: "f2", record: "r1", blob: new Blob([noise(11)]), about: {} }));
      const taken = await said(nearlyFull.keep({ id: "f3", record: "r1", blob: new Blob([noise(10)]), about: {} }));

      const put = IDBObjectStore.prototype.add; // the browser's own refusal, in the middle of a file
      IDBObjectStore.prototype.add = function (row) {
        if (row.index === 17) { this.transaction.abort(); throw new DOMException("full", "QuotaExceededError"); }
        return put.call(this, row);
      };
      const broken = await said(files.keep({ id: "f4", record: "r1", blob: new Blob([noise(20 * PART)]), about: {} }));
      return [refused, taken, broken, (await files.of("r1")).map((one) => one.id), await said(files.read("before")),
              (await rowsOf("parts")).length];
    """)  # fmt: skip
    assert answers[0].startswith("Full: There is no room left")
    assert answers[1] == "done"
    assert answers[2].startswith("Full: There is no room left")
    assert answers[3:] == [["before", "f3"], "done", 2]


def test_the_room_is_told_with_its_protection(bench):
    said = bench.evaluate("""async () => {
      const { askToProtect, room } = await import("/static/js/device/room.js");
      const storage = (persisted) => ({ estimate: async () => ({ usage: 3 << 20, quota: 2 ** 31 }), persisted: async () => persisted });
      return [typeof (await askToProtect()), (await room(storage(true))).sentence, (await room(storage(false))).sentence];
    }""")
    assert said[0] == "boolean"
    assert said[1] == "3 MB of 2.0 GB used, protected by the browser."
    assert "add Teledent to the home screen" in said[2]


PICTURE = b"\xff\xd8\xff\xe0" + b"".join(hashlib.sha256(struct.pack(">I", n)).digest() for n in range(64))
KEEP = """
  await unlocked();
  const control = new Uint8Array(given).reverse();
  await store.write(["settings"], ({ settings }) => done(settings.put({ name: "Aardvark Öpen \u0416", control })));
  const content = { name: "Zebulon Quackenbush", born: "2018-03-14" };
  await vault.keep({ id: crypto.randomUUID(), kind: "case", state: "draft", content });
  const about = { name: "IMG_Quackenbush.jpg", view: "front" };
  await files.keep({ id: crypto.randomUUID(), record: "r1", blob: new Blob([new Uint8Array(given)]), about });
"""


def test_the_raw_database_gives_away_neither_a_name_nor_a_picture_nor_a_secret(chromium, bench_address, tmp_path):
    """The profile as it lies on the disk, in whichever encoding the browser writes text. What was written open is found."""
    path = next(known for known in KNOWN if Path(known).exists())
    context = chromium.browser_type.launch_persistent_context(str(tmp_path), executable_path=path, args=list(QUIET))
    page = context.new_page()
    page.goto(bench_address)
    run(page, KEEP, list(PICTURE))
    context.close()
    disk = b"".join(one.read_bytes() for one in tmp_path.rglob("IndexedDB/**/*") if one.is_file())
    assert "Aardvark Öpen".encode("utf-16-le") in disk
    assert PICTURE[::-1] in disk
    for word in ("Quackenbush", "2018-03-14", "482915", "front"):
        for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
            assert word.encode(encoding) not in disk, word
    pieces = (PICTURE[at : at + 16] for at in itertools.chain((0,), range(100, len(PICTURE) - 16, 100)))
    assert not any(piece in disk for piece in pieces)
