import { chip, el, icon, told } from "./parts.js";
import { conflictsOf, whomOf } from "./told_back.js";

/** How a case that nobody works on stands, what the server told back of it, and what a person may do about it. */

const STANDS = {
  waiting: "Finished. It is forwarded as soon as there is a network.",
  forwarded: "The server has everything of this case, and it is submitted.",
  unsubmitted: "The server has everything of this case. It is not submitted yet:",
};
const SUBMITTING = "It is being submitted before its pictures, which follow by themselves. What is to be changed now is changed on its page.";
const pictures = (count) => `${count} ${count === 1 ? "picture" : "pictures"}`;

function inWords({ state, content }) {
  if (state === "aside") return content.only ? `${content.sentence} ${pictures(content.only)} of it ${content.only === 1 ? "is" : "are"} on this device only.` : content.sentence;
  return state === "waiting" && content.asked ? SUBMITTING : STANDS[state];
}

/** What may be done: [icon, words, what the outbox does]. Where the server takes no more into the case, a person ends it here. */
function actsOf({ kind, state, content }) {
  if (kind === "receipt") return [];
  const isAside = state === "aside";
  return [
    isAside && !content.whom && ["refresh", "Try again", "again"],
    isAside && content.closed && ["pencil", "As a case of its own", "asItsOwn"],
    isAside && content.closed && ["trash", content.only ? `Let ${pictures(content.only)} go` : "Let it go", "letGo"],
    !content.closed && !content.asked && ["pencil", "Change it", "reopen"],
  ].filter(Boolean);
}

/** `did(work)` does it and draws anew; `left(work)` does it and goes back to the list. */
export function standing(record, { day, child, numbering, outbox, did, left }) {
  const { state, content } = record;
  const meant = (id) => told(() => left(() => outbox.meant(record, id)));
  const act = ([name, words, work]) => el("button", { class: "btn", type: "button", onclick: () => told(() => did(() => outbox[work](record))) }, icon(name), words);
  const isThere = state === "forwarded";
  return [
    chip(isThere ? "ok" : "wait", isThere ? "check" : "clock", state === "aside" ? "Needs you" : "Kept"),
    el("p", {}, inWords(record)), el("ul", {}, (content.stops ?? []).map((stop) => el("li", {}, stop.sentence))),
    ...(state === "aside" && content.whom ? whomOf(content.whom, child, meant) : []),
    ...conflictsOf(day, content.kind, numbering, content.receipt?.conflicts), el("div", { class: "row" }, actsOf(record).map(act))];
}

/** A mark that the server did not take: why, until she has seen it. */
export function notTaken(record, { outbox, did }) {
  const { act: { mark }, sentence } = record.content;
  const act = (name, words, work) => el("button", { class: "btn", type: "button", onclick: () => told(() => did(work)) }, icon(name), words);
  return [
    chip("wait", "alert", "Needs you"), el("p", {}, `${mark ? `Marked as ${mark}` : "The mark taken back"}: not taken. ${sentence}`),
    el("div", { class: "row" }, act("refresh", "Try again", () => outbox.again(record)), act("check", "I have seen it", () => outbox.remove(record)))];
}
