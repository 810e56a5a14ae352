/** What a pane draws: a radiograph by its samples, anything else by its review copy. Each keeps one canvas of its look. */
import { sharpen } from "./sharpen.js";
import { greyTable, paint, toneTable } from "./window.js";

const canvasOf = (width, height) => {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  return canvas;
};

/** A radiograph over its full depth. */
export class Film {
  constructor(unpacked) {
    this.film = unpacked;
    const { columns, rows } = unpacked.header;
    this.canvas = canvasOf(columns, rows);
    this.context = this.canvas.getContext("2d");
    this.image = this.context.createImageData(columns, rows);
    this.bytes = columns * rows * (unpacked.header.bytes + 8);
  }

  render(look) {
    const table = greyTable(this.film, look.window, look.inverted);
    paint(this.film.values, table, new Uint32Array(this.image.data.buffer));
    sharpen(this.image.data, this.canvas.width, this.canvas.height, look.sharpen);
    this.context.putImageData(this.image, 0, 0);
    return this.canvas;
  }
}

/** A picture of 8 bits, as the browser decoded it. */
export class Copy {
  constructor(image) {
    this.image = image;
    this.canvas = null;
  }

  render(look) {
    if (!look.inverted && !look.sharpen && !look.brightness && !look.contrast) return this.image;
    this.canvas ??= canvasOf(this.image.naturalWidth, this.image.naturalHeight);
    const { width, height } = this.canvas;
    const context = this.canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(this.image, 0, 0);
    const pixels = context.getImageData(0, 0, width, height);
    const table = toneTable(look);
    const { data } = pixels;
    for (let i = 0; i < data.length; i += 4) {
      data[i] = table[data[i]];
      data[i + 1] = table[data[i + 1]];
      data[i + 2] = table[data[i + 2]];
    }
    sharpen(data, width, height, look.sharpen);
    context.putImageData(pixels, 0, 0);
    return this.canvas;
  }
}
