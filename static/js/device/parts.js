/** Small parts of a screen, built without any HTML as text: what people typed can only ever be text here. */

/** An element: properties that start with "on" are listeners, `data` fills the dataset, the rest are attributes. */
export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "data") Object.assign(made.dataset, value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

/** An icon that the shell brought along. */
export const icon = (name) => document.querySelector(`#icons [data-icon="${name}"] svg`).cloneNode(true);

export const chip = (kind, iconName, words) => el("span", { class: `chip ${kind}` }, icon(iconName), words);

export const show = (selector, isShown) => {
  document.querySelector(selector).hidden = !isShown;
};

/** Say something above the page; `kind` is info, ok or wait. The next thing said takes its place. */
export function notice(words, kind = "info") {
  document.querySelector("#notices").replaceChildren(...(words ? [el("div", { class: `strip ${kind}` }, el("p", { class: "grow" }, words))] : []));
}

/** Do `work` and say what went wrong, if it did. */
export async function told(work) {
  try {
    return await work();
  } catch (error) {
    notice(error.message, "wait");
    return undefined;
  }
}
