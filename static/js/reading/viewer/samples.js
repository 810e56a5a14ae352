/** Unpacks the stored samples of a radiograph (the format stands in cases/imaging/samples.py). Lossless. */

const MAGIC = "TDS1";

/** The samples as they were stored: differences added up, in 8 or 16 bits, wrapping. */
const undelta = (bytes, at, count, width) => {
  const values = width === 2 ? new Uint16Array(count) : new Uint8Array(count);
  const mask = width === 2 ? 0xffff : 0xff;
  let before = 0;
  for (let i = 0; i < count; i += 1) {
    const coded = width === 2 ? bytes[at + i] | (bytes[at + count + i] << 8) : bytes[at + i];
    before = (before + ((coded >>> 1) ^ -(coded & 1))) & mask;
    values[i] = before;
  }
  return values;
};

/** From an ArrayBuffer: header, the grey and (where it is no straight line) the modality value of each bit pattern, values. */
export const unpack = (buffer) => {
  const bytes = new Uint8Array(buffer);
  if (String.fromCharCode(...bytes.subarray(0, 4)) !== MAGIC) throw new Error("These are no samples.");
  const length = new DataView(buffer).getUint32(4, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  const patterns = 1 << (8 * header.bytes);
  let at = 8 + length;
  const greys = bytes.slice(at, at + patterns);
  at += patterns;
  let modality = null;
  if (header.modality_table) {
    modality = new Float32Array(buffer.slice(at, at + 4 * patterns));
    at += 4 * patterns;
  }
  return { header, greys, modality, values: undelta(bytes, at, header.rows * header.columns, header.bytes) };
};
