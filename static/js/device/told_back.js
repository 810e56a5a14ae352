import { el, icon } from "./parts.js";
import { inWords } from "./times.js";

/** What the server told back of a case and a person has to look at: whom it means, and what was changed on both sides. */

const COLUMNS = { day_seen: "Day seen", patient_place: "Where the patient was", patient_state: "State", urgency: "How urgent is it?", patient: "Patient" };
const LABELS = { view: "view", tooth: "tooth", mirrored: "mirrored" };
const NOTHING = "Nothing";

const labelIn = (pairs, key) => pairs?.find(([one]) => one === key)?.[1] ?? key;

function answered(question, value) {
  const labels = new Map(question?.choices ?? []);
  return [].concat(value).map((one) => labels.get(one) ?? one).join(", ");
}

function marked(day, { condition, surfaces, icdas, note }) {
  const { label = condition } = day.conditions.find(({ key }) => key === condition) ?? {};
  return [[label, surfaces].filter(Boolean).join(" "), icdas && `ICDAS ${icdas}`, note].filter(Boolean).join(", ");
}

/** {what, device, server} of a conflict in words; teeth by the numbering in which she reads them. */
export function conflictInWords(day, kind, numbering, { field, device, server }) {
  const [noun, first, second] = field.split(".");
  const both = (words) => ({ device: device === null ? NOTHING : words(device), server: server === null ? NOTHING : words(server) });
  if (noun === "answers") {
    const asked = day.questionnaire.kinds.find(({ key }) => key === kind)?.questions ?? [];
    const question = asked.find(({ key, text_key: words }) => key === first || words === first);
    return { what: question?.legend ?? first, ...both((value) => answered(question, value)) };
  }
  if (noun === "marks") return { what: `Tooth ${day.teeth.find(({ key }) => key === first)?.[numbering] ?? first}`, ...both((value) => marked(day, value)) };
  if (noun === "services") return { what: `Done on site: ${first}`, ...both(({ quantity, ordered_by }) => `${quantity} times, ${ordered_by}`) };
  if (noun === "files") return { what: second ? `A picture’s ${LABELS[second]}` : "A picture", ...both((value) => (second ? String(value) : "Part of the case")) };
  if (noun === "patient") return { what: COLUMNS.patient, ...both(({ given_name, family_name, birth_date }) => `${given_name} ${family_name}, ${birth_date}`) };
  const words = { urgency: day.urgencies, patient_place: day.places, patient_state: day.states }[noun];
  return { what: COLUMNS[noun] ?? field, ...both((value) => labelIn(words, value)) };
}

/** The fields that both sides changed: what stands at the server was kept. */
export function conflictsOf(day, kind, numbering, conflicts) {
  if (!conflicts?.length) return [];
  const rows = conflicts.map((one) => conflictInWords(day, kind, numbering, one)).map(({ what, device, server }) =>
    el("li", {}, el("b", {}, what), el("dl", {}, el("dt", {}, "On this device"), el("dd", {}, device), el("dt", {}, "At the server, and kept"), el("dd", {}, server))));
  return [el("h2", {}, "Changed on both sides"), el("ul", { class: "conflicts" }, rows)];
}

/** "Whom do you mean?" with a button for each who is alike; `meant(id)`, null for none of them. */
export function whomOf({ candidates }, child, meant) {
  const about = ({ birth_date: born, site, grade, room }) =>
    [`born ${inWords(born)}`, site, grade && `grade ${grade}`, room && `room ${room}`].filter(Boolean).join(", ");
  const choice = (one) => el("li", {}, el("button", { class: "child", type: "button", onclick: () => meant(one.id) },
    el("span", { class: "who" }, el("b", {}, one.name), el("small", {}, about(one)))));
  const nobody = el("button", { class: "btn", type: "button", onclick: () => meant(null) }, icon("pencil"), "None of them: another child");
  return [
    el("p", {}, `You entered ${child.name}, born ${inWords(child.birth_date)}. Nothing is joined before you say who this is.`),
    el("ul", { class: "children whom" }, candidates.map(choice)), nobody];
}
