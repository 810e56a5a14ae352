/** The next case while this one is read: its pictures go into the memory of a worker of the reading room, never into a cache. */

const WAIT = 1500; // ms after the page stands: first what is looked at
const BEAT = 20_000; // a worker that hears nothing for 30 s ends, and its memory with it
const AGAIN = 60_000;
let beats = [];

const say = async (message) => (await navigator.serviceWorker.ready).active?.postMessage(message);

/** Signed out, here or on another page: nothing is held, and nothing keeps the worker alive. */
const end = () => {
  for (const beat of beats) window.clearInterval(beat);
  return say({ drop: true });
};

const fetchAhead = async (list) => {
  const answer = await fetch(list, { headers: { "X-Background": "1" } });
  if (answer.redirected) await end();
  else if (answer.ok) await say({ hold: (await answer.json()).pictures });
};

export const listen = () => {
  const { ahead, worker } = document.querySelector(".stage").dataset;
  if (!("serviceWorker" in navigator)) return;
  navigator.serviceWorker.register(worker, { scope: "/reading/" }).then(() => {
    window.setTimeout(() => fetchAhead(ahead), WAIT);
    beats = [window.setInterval(() => say({ beat: true }), BEAT), window.setInterval(() => fetchAhead(ahead), AGAIN)];
  }, () => {}); // a browser that keeps no workers reads without
};
