import { done } from "./database.js";

/** An order of a manager to destroy what is on this device, and the word about it that the server still has to hear. */

const STORES = ["records", "files", "parts", "unlockers", "settings"];

/**
 * Everything goes in one write, and in it the word of what was destroyed is left. When the device holds more than the order
 * says, nothing goes, and that is the word. An order is carried out or refused once, whatever tab hears of it later. True,
 * when it was wiped.
 */
export const carryOut = (store, device, { id, cases, marks }) =>
  store.write(STORES, async (stores) => {
    const answered = await done(stores.settings.get("wiped"));
    if (answered?.order === id) return answered.said.carried_out;
    const count = async (kind) => (await done(stores.records.index("kind").getAll(kind))).filter(({ state }) => state !== "forwarded").length;
    const found = { cases: await count("case"), marks: await count("mark"), files: await done(stores.files.count()) };
    const carried_out = found.cases <= cases && found.marks <= marks;
    if (carried_out) for (const one of Object.values(stores)) await done(one.clear());
    await done(stores.settings.put({ name: "wiped", order: id, said: { device, carried_out, ...found }, isTold: false }));
    return carried_out;
  });

/** Tell the server what became of the order, if one was answered. The word stays: what was told is not done over. */
export async function tellOfWiping(store, server) {
  const row = await store.read(["settings"], ({ settings }) => done(settings.get("wiped")));
  if (!row || row.isTold) return;
  await server.wiped(row.order, row.said);
  await store.write(["settings"], async ({ settings }) => {
    const now = await done(settings.get("wiped"));
    if (now.order === row.order) await done(settings.put({ ...now, isTold: true }));
  });
}
