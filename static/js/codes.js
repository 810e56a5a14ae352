/** What somebody typed or a code says, in step with cases/events/tags.py, cases/events/slates.py and cases/family_forms/codes.py.
    Pure. */

const SIGNS = "23456789BCDFGHJKMNPQRSTVWXYZ";
const WEIGHTS = [2, 3, 4, 1]; // the last is the check's own
const PRIME = 29;
const FORM = /^TDF1:([0-9A-F]{32})$/;
const SLATE = /^TDS1:([0-9A-F]{32})(.{4})$/;

/** A tag as it was typed, said or scanned, without what stands between its characters. */
export const bare = (typed) => typed.normalize("NFKC").toUpperCase().replace(/[\s.-]/gu, "");

/** Whether this is a tag as it is printed: one wrong character, or two that changed places, make none. */
export function isTag(text) {
  const signs = [...text].map((sign) => SIGNS.indexOf(sign));
  return signs.length === WEIGHTS.length && !signs.includes(-1) && signs.reduce((sum, sign, at) => sum + WEIGHTS[at] * sign, 0) % PRIME === 0;
}

const idOf = (hex) => hex.toLowerCase().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");

/** {form} of a family's form, {event, tag} of a slate; null for whatever else was read. */
export function codeIn(text) {
  const [, form] = FORM.exec(text.trim()) ?? [];
  if (form) return { form: idOf(form) };
  const [, event, tag] = SLATE.exec(text.trim()) ?? [];
  return event && isTag(tag) ? { event: idOf(event), tag } : null;
}

export const NOT_OURS = "This is neither a child’s tag, nor her slate, nor a family’s form.";
export const wrongTag = (tag) => `${tag} is no tag: one of its characters is wrong. Look at it once more.`;
export const looksLikeTag = (text) => bare(text).length === WEIGHTS.length;
