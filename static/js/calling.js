import { CodeCamera, canRead } from "./code_camera.js";
import { NOT_OURS, codeIn, looksLikeTag } from "./codes.js";

/** On the list of a school day: what the camera reads is looked for as if it had been typed. */

const button = document.querySelector("#read-code");
const field = document.querySelector("#call");

const camera = new CodeCamera(document.querySelector("#code-camera"), (text) => {
  if (!codeIn(text) && !looksLikeTag(text)) return NOT_OURS;
  field.value = text;
  field.form.requestSubmit();
  return "";
});
button.addEventListener("click", () => camera.open());
button.hidden = !(await canRead());
