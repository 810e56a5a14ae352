/** From samples to greys by one table over all bit patterns: window and level over the full depth (PS3.3 C.11.2). */

const clamp = (value) => Math.min(1, Math.max(0, value));

/** One modality value through a window, 0 to 1. */
export const windowed = (value, { center, width, function: kind }) => {
  if (kind === "SIGMOID") return 1 / (1 + Math.exp(Math.min(500, Math.max(-500, (-4 * (value - center)) / width))));
  if (kind === "LINEAR_EXACT" || width === 1) return clamp((value - center) / width + 0.5);
  return clamp((value - (center - 0.5)) / (width - 1) + 0.5);
};

/** What a bit pattern stands for: two's complement where samples are signed. */
export const storedValue = ({ bytes, signed }, pattern) => {
  const half = 1 << (8 * bytes - 1);
  return signed && pattern >= half ? pattern - 2 * half : pattern;
};

/** The grey of each bit pattern; without a window what the file itself asks for. Padding stays black. */
export const greyTable = ({ header, greys, modality }, chosen, inverted = false) => {
  const table = new Uint8ClampedArray(greys.length);
  const turned = header.photometric === "MONOCHROME1";
  for (let pattern = 0; pattern < table.length; pattern += 1) {
    const stored = storedValue(header, pattern);
    const padding = header.padding && stored >= header.padding[0] && stored <= header.padding[1];
    let grey = greys[pattern];
    if (chosen && !padding) {
      const value = modality ? modality[pattern] : stored * header.slope + header.intercept;
      const share = windowed(value, chosen);
      grey = Math.round(255 * (turned ? 1 - share : share));
    }
    table[pattern] = inverted && !padding ? 255 - grey : grey;
  }
  return table;
};

/** Write the picture: `pixels` are the 32-bit words of an ImageData. */
export const paint = (values, table, pixels) => {
  const words = new Uint32Array(table.length);
  for (let i = 0; i < table.length; i += 1) words[i] = 0xff000000 | (table[i] * 0x010101);
  for (let i = 0; i < values.length; i += 1) pixels[i] = words[values[i]];
};

/** Parts of the range that occurs, as they look to the eye: 0 is the darkest tone shown, 1 the brightest. */
const TONES = { "Soft tissue and bone": [0, 0.55], Dentine: [0.25, 0.85], Enamel: [0.55, 1.05] };

/** Named windows: the file's own, then the whole range, then tones of the teeth. */
export const presetsOf = (header) => {
  const own = header.windows.map((one, n) => [one.explanation || (n ? `Window ${n + 1} of the file` : "Window of the file"), one]);
  const [low, high] = header.middle;
  const span = Math.max(high - low, 1e-9);
  const exact = (from, to) => ({ center: (from + to) / 2, width: Math.max(to - from, 1e-9), function: "LINEAR_EXACT" });
  const turned = header.photometric === "MONOCHROME1";
  const tones = Object.entries(TONES).map(([name, [from, to]]) =>
    [name, turned ? exact(low + (1 - to) * span, low + (1 - from) * span) : exact(low + from * span, low + to * span)]);
  return [...own, ["Automatic", exact(low, high)], ["Full range", exact(header.low, header.high)], ...tones];
};

/** Brightness and contrast of a photograph, each -100 to 100, as one table for all three colours. */
export const toneTable = ({ brightness = 0, contrast = 0, inverted = false }) => {
  const steepness = contrast >= 0 ? 1 + contrast / 33 : 1 + contrast / 125;
  return Uint8ClampedArray.from({ length: 256 }, (_, level) => {
    const tone = (level - 127.5) * steepness + 127.5 + brightness * 1.275;
    return inverted ? 255 - tone : tone;
  });
};
