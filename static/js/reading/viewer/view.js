/** Where a picture lies in its pane, as pure geometry. A view is zoom (screen pixels of one picture pixel, null for fitted),
    the picture point in the middle of the pane, quarter turns, and whether left and right are swapped on the screen. */

export const FITTED = Object.freeze({ zoom: null, x: 0.5, y: 0.5, turn: 0, flipped: false });
const QUARTERS = { 0: [1, 0], 90: [0, 1], 180: [-1, 0], 270: [0, -1] };
const CLOSEST = 16;

/** The zoom at which the whole picture shows. */
export const fitZoom = (frame, pane, turn) =>
  turn % 180 === 0
    ? Math.min(pane.width / frame.width, pane.height / frame.height)
    : Math.min(pane.width / frame.height, pane.height / frame.width);

export const zoomOf = (view, frame, pane) => view.zoom ?? fitZoom(frame, pane, view.turn);

/** The matrix [a, b, c, d, e, f] of a canvas, from picture to pane. */
export const matrixOf = (view, frame, pane) => {
  const zoom = zoomOf(view, frame, pane);
  const [cos, sin] = QUARTERS[view.turn];
  const mirror = view.flipped ? -1 : 1;
  const [a, b, c, d] = [mirror * cos * zoom, sin * zoom, -mirror * sin * zoom, cos * zoom];
  const [x, y] = [view.x * frame.width, view.y * frame.height];
  return [a, b, c, d, pane.width / 2 - a * x - c * y, pane.height / 2 - b * x - d * y];
};

export const toPane = ([a, b, c, d, e, f], { x, y }) => ({ x: a * x + c * y + e, y: b * x + d * y + f });

export const toFrame = ([a, b, c, d, e, f], { x, y }) => {
  const det = a * d - b * c;
  return { x: (d * (x - e) - c * (y - f)) / det, y: (a * (y - f) - b * (x - e)) / det };
};

/** The middle so that no more surround shows than it must. */
const held = (view, frame, pane) => {
  const zoom = zoomOf(view, frame, pane);
  const [across, down] = view.turn % 180 === 0 ? [pane.width, pane.height] : [pane.height, pane.width];
  const within = (share, visible) => (visible >= 1 ? 0.5 : Math.min(1 - visible / 2, Math.max(visible / 2, share)));
  return {
    ...view,
    x: within(view.x, across / (zoom * frame.width)),
    y: within(view.y, down / (zoom * frame.height)),
  };
};

/** Zoom to `zoom`, leaving the picture point under `point` (of the pane) where it is. */
export const zoomTo = (view, zoom, point, frame, pane) => {
  const fit = fitZoom(frame, pane, view.turn);
  const wanted = Math.min(Math.max(CLOSEST, fit), Math.max(Math.min(fit, 1), zoom));
  const under = toFrame(matrixOf(view, frame, pane), point);
  const placed = toPane(matrixOf({ ...view, zoom: wanted }, frame, pane), under);
  const moved = moveBy({ ...view, zoom: wanted }, point.x - placed.x, point.y - placed.y, frame, pane, false);
  return held({ ...moved, zoom: Math.abs(wanted - fit) < 1e-9 ? null : wanted }, frame, pane);
};

/** Move the picture by so many pixels of the pane. */
export const moveBy = (view, dx, dy, frame, pane, hold = true) => {
  const matrix = matrixOf(view, frame, pane);
  const middle = toFrame(matrix, { x: pane.width / 2 - dx, y: pane.height / 2 - dy });
  const moved = { ...view, x: middle.x / frame.width, y: middle.y / frame.height };
  return hold ? held(moved, frame, pane) : moved;
};

export const turned = (view) => ({ ...FITTED, turn: (view.turn + 90) % 360, flipped: view.flipped });

/** The same zoom, as a multiple of fitted, about the same share of the picture, for another picture beside it. */
export const like = (view, other, from, to) => {
  if (view.zoom === null) return { ...other, zoom: null, x: 0.5, y: 0.5 };
  const grown = view.zoom / fitZoom(from.frame, from.pane, view.turn);
  return held({ ...other, zoom: grown * fitZoom(to.frame, to.pane, other.turn), x: view.x, y: view.y }, to.frame, to.pane);
};
