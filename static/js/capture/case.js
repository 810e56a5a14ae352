import { answers } from "./answers.js";
import { files } from "./files.js";

/** The case page: answers that save themselves, and files that send themselves. */

document.documentElement.classList.add("js");
const capture = document.querySelector("#capture");
answers(document);
if (capture) files(capture);
