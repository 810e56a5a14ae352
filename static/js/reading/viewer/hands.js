/** Mouse, pen and fingers on the panes. Everything here has a button or a key as well. */
import * as adjust from "./adjust.js";
import * as points from "./points.js";
import * as stage from "./stage.js";
import * as trays from "./trays.js";

const down = new Map(); // pointer id to its last event
let pinch = null;

const placeIn = (pane, { clientX, clientY }) => {
  const box = pane.box.getBoundingClientRect();
  return { x: clientX - box.x, y: clientY - box.y };
};

const spread = () => {
  const [one, two] = [...down.values()];
  return {
    apart: Math.hypot(one.clientX - two.clientX, one.clientY - two.clientY),
    clientX: (one.clientX + two.clientX) / 2,
    clientY: (one.clientY + two.clientY) / 2,
  };
};

const press = (event) => {
  const pane = stage.paneOf(event.target.closest(".pane"));
  if (!pane) return;
  stage.activate(pane);
  event.target.setPointerCapture(event.pointerId);
  down.set(event.pointerId, event);
  pinch = down.size === 2 ? spread() : null;
  if (down.size === 1 && points.modeNow() && event.button === 0) {
    event.preventDefault(); // a field that opens now keeps its focus
    points.set(pane, placeIn(pane, event));
  }
};

const move = (event) => {
  const pane = stage.current();
  if (!pane) return;
  const last = down.get(event.pointerId);
  if (points.modeNow() && down.size < 2 && stage.paneOf(event.target) === pane) points.move(pane, placeIn(pane, event));
  if (!last) return;
  down.set(event.pointerId, event);
  const [dx, dy] = [event.clientX - last.clientX, event.clientY - last.clientY];
  if (down.size === 2) {
    const now = spread();
    if (pinch?.apart) stage.zoom(now.apart / pinch.apart, placeIn(pane, now));
    if (pinch) stage.pan(now.clientX - pinch.clientX, now.clientY - pinch.clientY);
    pinch = now;
  } else if (event.buttons & 2 || trays.isOpen("adjust")) adjust.drag(pane, dx, dy);
  else if (!points.modeNow()) stage.pan(dx, dy);
};

const lift = (event) => {
  const pane = stage.paneOf(event.target);
  if (down.delete(event.pointerId) && pane && points.modeNow() && !pinch) points.release(pane, placeIn(pane, event));
  if (down.size < 2) pinch = null;
};

export const listen = () => {
  const views = document.querySelector(".views");
  views.addEventListener("pointerdown", press);
  views.addEventListener("pointermove", move);
  views.addEventListener("pointerup", lift);
  views.addEventListener("pointercancel", lift);
  views.addEventListener("contextmenu", (event) => {
    if (event.target.closest(".pane")) event.preventDefault();
  });
  views.addEventListener("wheel", (event) => {
    const pane = stage.paneOf(event.target.closest(".pane"));
    if (!pane) return;
    event.preventDefault();
    stage.activate(pane);
    stage.zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2, placeIn(pane, event));
  }, { passive: false });
  views.addEventListener("dblclick", (event) => {
    const pane = stage.paneOf(event.target.closest(".pane"));
    if (!pane || points.modeNow()) return;
    if (pane.view.zoom === null) stage.zoom(3, placeIn(pane, event));
    else stage.fit();
  });
};
