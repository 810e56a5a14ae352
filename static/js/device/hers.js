/** What the device has of a child on a school day. What was gathered or marked of her on another day is of that day. */

const KINDS = ["case", "receipt", "mark"];

/** All that is kept of children: {case, receipt, mark}, the records of each kind. */
export async function keptOf(vault) {
  const rows = await Promise.all(KINDS.map((kind) => vault.all(kind)));
  return Object.fromEntries(KINDS.map((kind, at) => [kind, rows[at]]));
}

/** The school day to which the content of a record belongs. */
const dayOf = ({ act, event }) => act?.event ?? event;

/**
 * `record` is her case, else its receipt, else null. `mark` is what was said of her on this device and the list that was taken
 * along does not know: absent, refused, "" for taken back, null for nothing. `waiting` are marks that were not forwarded yet,
 * `refused` those that the server did not take.
 */
export function hersOf(kept, { event }, child) {
  const [cases, receipts, marks] = KINDS.map((kind) => kept[kind].filter(({ content }) => content.who.patient === child.id && dayOf(content) === event.id));
  const isWaiting = ({ state }) => state === "waiting";
  const at = ({ content }) => Math.floor(Date.parse(content.at) / 1000); // devices say times in whole seconds
  const said = marks.filter(({ state }) => state !== "aside").sort((a, b) => at(a) - at(b) || isWaiting(a) - isWaiting(b));
  return {
    record: cases[0] ?? receipts.find(({ state }) => state !== "let-go") ?? null, mark: said.at(-1)?.content.act.mark ?? null,
    waiting: marks.filter(isWaiting), refused: marks.filter(({ state }) => state === "aside"),
  };
}
