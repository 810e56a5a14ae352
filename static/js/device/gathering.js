import { dayIn, daysFrom, deviceTime, inWords } from "./times.js";

/** What is gathered of a child: a new case, what is still to ask, what may be taken. Pure. */

const NEEDED_FOR = { photograph: "photographs", radiograph: "radiographs" };

export const URGENCY = "How urgent is it?";

export const isDayOf = ({ starts_on: first, ends_on: last }, day) => first <= day && day <= last;

/** The id under which a case of this kind is begun: that of an open one of hers, else a new one. */
export const idOfCase = ({ case: there }, kind) => (there?.takes_changes && there.kind === kind ? there.id : crypto.randomUUID());

/** The content of a case that is opened for a child of a day. A clock whose day is none of the school day's says nothing. */
export function newCase({ event }, child, { by, kind = "screening", at = new Date() }) {
  const today = dayIn(event.site.time_zone, at);
  return {
    event: event.id, site: event.site.id, kind, opened: { at: deviceTime(at), by }, patient: whoIs(child),
    day_seen: isDayOf(event, today) ? today : "", patient_place: "site", patient_state: event.site.state, urgency: "", answers: {}, marks: [],
    services: [], finished: null, who: { patient: child.id, name: child.name, ...(child.fresh && { child }) },
  };
}

/** {why, days}: the days to choose from, and why the device's clock does not tell which. `why` empty: it does. */
export function dayAsked({ event }, { opened, day_seen: seen }) {
  const clock = dayIn(event.site.time_zone, new Date(opened.at));
  if (isDayOf(event, clock) && isDayOf(event, seen)) return { why: "", days: [] };
  const why = `By the clock of this device it was ${inWords(clock)} when you began, and the school day is ${event.days}. Have the clock put right.`;
  return { why, days: daysFrom(event.starts_on, event.ends_on) };
}

/** Somebody on the list by her id; somebody new by what was entered. */
const whoIs = ({ id, fresh }) => (fresh ? { id: null, new: fresh, another: false } : { id, new: null, another: false });

/** A mark of a child who is not seen, as it is forwarded; an empty one takes it back. */
export const markOf = ({ event }, child, mark, note = "") => {
  const at = deviceTime();
  return { at, who: { patient: child.id, name: child.name }, act: { event: event.id, patient: child.id, mark, note, at } };
};

const isAnswered = ({ key, text_key: words, other }, answers) => {
  const given = answers[key];
  const isThere = Array.isArray(given) ? given.length > 0 : Boolean(given?.trim());
  const asksWords = other && [].concat(given ?? []).includes("other");
  return isThere && (!asksWords || Boolean(answers[words]?.trim()));
};

/** The legends of what is needed and stands without an answer. */
export const stillToAsk = (questions, { answers, urgency }) => [
  ...questions.filter((question) => question.required && !isAnswered(question, answers)).map(({ legend }) => legend),
  ...(urgency ? [] : [URGENCY]),
];

/** Why no case may be opened for this child, "" when one may: CO-2, and what the server has already. */
export function whyNotOpened(child) {
  if (!child.scopes.includes("screening")) return `${child.consent_label}: without consent to the screening nothing is gathered.`;
  if (child.case && child.case.state !== "draft") return `Case ${child.case.label} is with the server already: ${child.case.state_label}.`;
  return "";
}

/** Why nothing is begun on this list now, "" when it may be: a clock that is right says that today is none of its days. */
export function whyNotToday({ event }, isClockRight, at = new Date()) {
  const today = dayIn(event.site.time_zone, at);
  if (!isClockRight || isDayOf(event, today)) return "";
  return `This list is of ${event.days}, and today is ${inWords(today)}. Children who are seen today need a list of today: take it along, and begin there. If today is another day, put the clock of this device right.`;
}

/** The views that may be taken of this child, and of which not for want of consent. */
export function viewsFor(child, views) {
  const mayTake = ({ family }) => !NEEDED_FOR[family] || child.scopes.includes(NEEDED_FOR[family]);
  const standard = views.filter((view) => view.standard);
  return { taken: standard.filter(mayTake), withheld: standard.filter((view) => !mayTake(view)) };
}

const plain = (words) => words.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();

/** Children whose tag or name begins with what was typed; every word of it has to be found. */
export function found(children, typed) {
  const words = plain(typed).split(/\s+/).filter(Boolean);
  const parts = (child) => [child.tag, ...child.name.split(/[\s-]+/), child.preferred_name].filter(Boolean).map(plain);
  return children.filter((child) => words.every((word) => parts(child).some((part) => part.startsWith(word))));
}

/** [room, children] in the order of the rooms, each by family name. */
export function byRoom(children) {
  const rooms = Map.groupBy ? Map.groupBy(children, ({ room }) => room) : grouped(children);
  const order = new Intl.Collator([], { numeric: true });
  const byName = (a, b) => order.compare(`${a.family_name} ${a.given_name}`, `${b.family_name} ${b.given_name}`);
  return [...rooms].sort(([a], [b]) => order.compare(a, b)).map(([room, inside]) => [room, inside.sort(byName)]);
}

function grouped(children) {
  const rooms = new Map();
  for (const child of children) rooms.set(child.room, [...(rooms.get(child.room) ?? []), child]);
  return rooms;
}
