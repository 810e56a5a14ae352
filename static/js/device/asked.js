import { el } from "./parts.js";

/** The questions of a case, drawn from the questionnaire that was taken along. Each tells its answer by `said(key, value)`. */

const wordsUnder = (question, answers, said) =>
  question.other && el("input", {
    class: "inp words", type: "text", "aria-label": `${question.legend}: in words`, value: answers[question.text_key] ?? "", placeholder: "In words",
    oninput: ({ target }) => said(question.text_key, target.value),
  });

/** "None" and a real answer exclude each other. */
const together = (chosen, { nothing }, last) => {
  if (!nothing || chosen.length < 2) return chosen;
  return last === nothing ? [nothing] : chosen.filter((one) => one !== nothing);
};

function taps(question, answers, said, type) {
  const box = el("div", { class: "taps" });
  const inputs = question.choices.map(([value]) => el("input", {
    type, name: question.key, value, checked: [].concat(answers[question.key] ?? []).includes(value),
    onchange: () => {
      const chosen = inputs.filter((one) => one.checked).map((one) => one.value);
      const kept = type === "radio" ? chosen[0] : together(chosen, question, value);
      for (const one of inputs) one.checked = [].concat(kept).includes(one.value);
      said(question.key, kept);
    },
  }));
  box.append(...inputs.map((input, at) => el("label", { class: "tap" }, input, el("span", {}, question.choices[at][1]))));
  return box;
}

const TYPES = { text: "text", date: "date", phone: "tel" };

function field(question, answers, said) {
  const common = { class: "inp", "aria-label": question.legend, oninput: ({ target }) => said(question.key, target.value) };
  if (question.kind === "long") return el("textarea", { ...common, rows: 2 }, answers[question.key] ?? "");
  return el("input", { ...common, type: TYPES[question.kind], value: answers[question.key] ?? "" });
}

export const legendOf = (words, isNeeded) => el("legend", {}, words, isNeeded && el("span", { class: "muted small" }, " (needed)"));

/** A question with what is answered already. */
export function asked(question, answers, said) {
  const isTaps = question.kind === "many" || question.kind === "one";
  return el("fieldset", { class: "q" }, legendOf(question.legend, question.required),
    isTaps ? taps(question, answers, said, question.kind === "many" ? "checkbox" : "radio") : field(question, answers, said),
    wordsUnder(question, answers, said));
}
