/** Whether a key goes into a field; single letters are shortcuts only elsewhere. */
export const isTyping = (event) =>
  event.target.isContentEditable ||
  ["TEXTAREA", "SELECT"].includes(event.target.tagName) ||
  (event.target.tagName === "INPUT" && !["button", "submit"].includes(event.target.type));
