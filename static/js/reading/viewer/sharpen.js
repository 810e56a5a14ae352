/** Unsharp mask for looking: the picture plus what a small blur takes away. Never kept, always said on the screen. */

/** In place, on RGBA bytes; alpha stays. `amount` 0 does nothing. */
export const sharpen = (data, width, height, amount) => {
  if (!amount) return;
  const before = data.slice();
  const row = width * 4;
  for (let y = 0; y < height; y += 1) {
    const up = y > 0 ? -row : 0;
    const down = y < height - 1 ? row : 0;
    for (let x = 0; x < width; x += 1) {
      const left = x > 0 ? -4 : 0;
      const right = x < width - 1 ? 4 : 0;
      const at = y * row + x * 4;
      for (let i = at; i < at + 3; i += 1) {
        const blurred = (4 * before[i] + before[i + left] + before[i + right] + before[i + up] + before[i + down]) / 8;
        data[i] = before[i] + amount * (before[i] - blurred);
      }
    }
  }
};
