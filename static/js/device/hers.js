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
 * `record` is her case, else its receipt, else null. `mark` is what was said of her on this device since the day was taken
 * along: absent, refused, "" for taken back, null for nothing. `waiting` are marks that were not forwarded yet, `refused`
 * those that the server did not take.
 */
export function hersOf(kept, { event, taken_at: taken }, child) {
  const [cases, receipts, marks] = KINDS.map((kind) => kept[kind].filter(({ content }) => content.who.patient === child.id && dayOf(content) === event.id));
  const counts = ({ state, content }) => state === "waiting" || (state === "forwarded" && Date.parse(content.at) > Date.parse(taken));
  const said = marks.filter(counts).sort((a, b) => Date.parse(a.content.at) - Date.parse(b.content.at));
  return {
    record: cases[0] ?? receipts.find(({ state }) => state !== "let-go") ?? null, mark: said.at(-1)?.content.act.mark ?? null,
    waiting: marks.filter(({ state }) => state === "waiting"), refused: marks.filter(({ state }) => state === "aside"),
  };
}
