/** Fetches the samples of a radiograph; where they are not made yet, asks for them and waits. */
import { csrfToken } from "../../csrf.js";
import { unpack } from "./samples.js";

const AGAIN = 700; // ms between looks
const LOOKS = 60;

const later = (ms) => new Promise((resolve) => window.setTimeout(resolve, ms));

const prepared = async (address) => {
  for (let look = 0; look < LOOKS; look += 1) {
    const answer = await fetch(address, { method: "POST", headers: { "X-CSRFToken": csrfToken(), "X-Background": "1" } });
    const { state } = answer.ok ? await answer.json() : { state: "none" };
    if (state !== "queued") return state === "ready";
    await later(AGAIN);
  }
  return false;
};

/** The unpacked samples, or null where there will be none. */
export const loadSamples = async ({ samples, prepare }) => {
  if (prepare && !(await prepared(prepare))) return null;
  const answer = await fetch(samples);
  return answer.ok ? unpack(await answer.arrayBuffer()) : null;
};
