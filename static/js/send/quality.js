/** What a picture looks like at a glance, for a hint at once: never a verdict, the dentist judges. Pure but for the canvas. */

const SIDE = 256; // px of the longer side that is looked at
const DARK = 45; // mean grey, 0 to 255
const BRIGHT = 225;
const SHARP = 18; // variance of the Laplacian below which edges are soft
const SMALL = 640; // px of the longer side of the picture itself

/** Greys of a small copy. */
function greysOf(bitmap) {
  const share = SIDE / Math.max(bitmap.width, bitmap.height);
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(3, Math.round(bitmap.width * share));
  canvas.height = Math.max(3, Math.round(bitmap.height * share));
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  const greys = new Float32Array(canvas.width * canvas.height);
  for (let i = 0; i < greys.length; i += 1) greys[i] = 0.299 * data[4 * i] + 0.587 * data[4 * i + 1] + 0.114 * data[4 * i + 2];
  return { greys, width: canvas.width, height: canvas.height };
}

export const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** How much edges differ from their surroundings: small in a blurred picture. */
export function sharpness({ greys, width, height }) {
  const edges = [];
  for (let y = 1; y < height - 1; y += 1) {
    for (let x = 1; x < width - 1; x += 1) {
      const i = y * width + x;
      edges.push(4 * greys[i] - greys[i - 1] - greys[i + 1] - greys[i - width] - greys[i + width]);
    }
  }
  const middle = mean(edges);
  return mean(edges.map((edge) => (edge - middle) ** 2));
}

/** Names of the hints for a picture: dark, bright, blurred, small; none where nothing strikes. */
export function hintsFor(bitmap) {
  const small = greysOf(bitmap);
  const light = mean(small.greys);
  return [
    Math.max(bitmap.width, bitmap.height) < SMALL && "small",
    light < DARK && "dark",
    light > BRIGHT && "bright",
    light >= DARK && light <= BRIGHT && sharpness(small) < SHARP && "blurred",
  ].filter(Boolean);
}
