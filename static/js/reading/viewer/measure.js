/** Lengths on a picture: in mm where the file states how far its pixels lie apart, in pixels where it does not. */

const BASES = {
  PixelSpacing: "mm as calibrated (PixelSpacing)",
  ImagerPixelSpacing: "mm at the detector (ImagerPixelSpacing)",
  NominalScannedPixelSpacing: "mm on the scanned film",
};
const PANORAMIC = "a panoramic magnifies by 20 to 30 %, unevenly: no length in the mouth";

/** In pixels of the picture at its full size, and in mm or null. */
export const lengthOf = (from, to, spacing) => {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  return { px: Math.hypot(dx, dy), mm: spacing ? Math.hypot(dx * spacing.column_mm, dy * spacing.row_mm) : null };
};

export const inWords = (from, to, spacing) => {
  const { px, mm } = lengthOf(from, to, spacing);
  return mm === null ? `${Math.round(px)} px` : `${mm.toFixed(1)} mm`;
};

/** What the figure rests on. */
export const basisOf = ({ spacing, modality }) => {
  if (!spacing) return "pixels: the file does not say how large they are";
  const basis = BASES[spacing.source] ?? "mm as the file states";
  return modality === "PX" ? `${basis}; ${PANORAMIC}` : basis;
};
