/** On the record of what she signed: N starts the next case. */
import { isTyping } from "./typing.js";

document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "n" || isTyping(event) || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  document.getElementById("next").click();
});
