"""The device's database: opened by steps, with what is in it; written whole or not at all."""

import pytest

pytestmark = pytest.mark.browser

UPGRADE = """async (from) => {
  const { STEPS, done, openStore } = await import("/static/js/device/database.js");
  const row = { records: {id: "a", kind: "case"}, files: {id: "b", record: "a"}, parts: {file: "b", index: 0},
                unlockers: {person: "p"}, settings: {name: "s"} };
  const before = await openStore({ steps: STEPS.slice(0, from) });
  await before.write(Object.keys(row), async (stores) => {
    for (const [name, one] of Object.entries(row)) await done(stores[name].put(one));
  });
  before.close();
  const added = (database, transaction) => transaction.objectStore("files").createIndex("state", "state");
  const after = await openStore({ steps: [...STEPS, added] });
  return after.read(Object.keys(row), async (stores) => ({
    counts: await Promise.all(Object.keys(row).map((name) => done(stores[name].count()))),
    indexes: [...stores.files.indexNames],
  }));
}"""


def versions():
    """Every version that was released; `STEPS` has one entry for each."""
    return range(1, 2)


@pytest.mark.parametrize("version", versions())
def test_every_released_version_is_taken_up_with_what_is_in_it(bench, version):
    upgraded = bench.evaluate(UPGRADE, version)
    assert upgraded == {"counts": [1] * 5, "indexes": ["record", "state"]}


def test_no_released_version_is_left_out(bench):
    steps = bench.evaluate("async () => (await import('/static/js/device/database.js')).STEPS.length")
    assert steps == versions()[-1]


def test_a_write_that_fails_leaves_nothing_of_itself(bench):
    left = bench.evaluate("""async () => {
      const { done, openStore } = await import("/static/js/device/database.js");
      const store = await openStore();
      const fail = async ({ settings }) => { await done(settings.put({ name: "half" })); throw new Error("no"); };
      const said = await store.write(["settings"], fail).catch((error) => error.message);
      return [said, await store.read(["settings"], ({ settings }) => done(settings.count()))];
    }""")
    assert left == ["no", 0]


def test_a_store_of_a_newer_version_says_what_to_do(bench):
    said = bench.evaluate("""async () => {
      const { STEPS, openStore } = await import("/static/js/device/database.js");
      (await openStore({ steps: [...STEPS, () => {}] })).close();
      return openStore().catch((error) => error.message);
    }""")
    assert "newer Teledent" in said


def test_an_older_tab_makes_way_for_a_newer_one(bench):
    version = bench.evaluate("""async () => {
      const { STEPS, openStore } = await import("/static/js/device/database.js");
      await openStore();
      await openStore({ steps: [...STEPS, () => {}] });
      return (await indexedDB.databases())[0].version;
    }""")
    assert version == 2
