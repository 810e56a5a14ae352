/** On a record: N starts the next case after one that she signed, S starts (or goes on with) the one that waits here. */
import { isTyping } from "./typing.js";

const BUTTONS = { n: "next", s: "start-this" };

document.addEventListener("keydown", (event) => {
  const button = document.getElementById(BUTTONS[event.key.toLowerCase()]);
  if (!button || isTyping(event) || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  button.click();
});
