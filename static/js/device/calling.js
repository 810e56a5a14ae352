import { NOT_OURS, bare, codeIn, isTag, looksLikeTag, wrongTag } from "../codes.js";

/** Who is called up by a tag, however it was typed, or by the code of her slate or her family's form. Pure. */

/** {child} of the list, or {why} none; `days` are all that this device has, to say of which of them she is. */
export function calledUp(text, day, days) {
  const code = codeIn(text);
  if (code?.form) return byForm(code.form, day, days);
  if (!code) return byTag(bare(text), day);
  return code.event === day.event.id ? byTag(code.tag, day) : { why: ofAnother("This slate", days.find(({ event }) => event.id === code.event)) };
}

function byTag(tag, { children }) {
  const child = children.find((one) => one.tag === tag);
  if (child) return { child };
  if (isTag(tag)) return { why: `Nobody on this list has the tag ${tag}.` };
  return { why: looksLikeTag(tag) ? wrongTag(tag) : NOT_OURS };
}

function byForm(form, day, days) {
  const has = ({ forms }) => forms?.includes(form); // a list that was taken along before this was built has none
  const child = day.children.find(has);
  return child ? { child } : { why: ofAnother("This form", days.find(({ children }) => children.some(has))) };
}

const ofAnother = (what, day) =>
  day ? `${what} is of ${day.event.site.name}, ${day.event.days}: choose that school day first.` : `${what} is of no child on this list.`;
