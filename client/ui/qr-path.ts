import { encode } from "uqr";

export interface QrPath {
  /** Modules along one side, with the quiet zone of four that ISO/IEC 18004 asks for. */
  readonly size: number;
  /** The dark modules as one SVG path, a run of neighbours at a time. */
  readonly path: string;
}

/**
 * Where a code is read. Paper is soiled and creased, so a slip is still read without a tenth of it (level M); a screen
 * is clean and far away, so it takes the fewest modules that hold the text, and these the larger.
 */
export type QrGround = "paper" | "screen";

/** Draws a text as a QR code. */
export function qrPath(text: string, ground: QrGround): QrPath {
  const level = ground === "paper" ? ({ ecc: "M" } as const) : ({ ecc: "L", boostEcc: true } as const);
  const { data, size } = encode(text, { ...level, border: 4 });
  const runs: string[] = [];
  data.forEach((row, y) => {
    let start = -1;
    for (let x = 0; x <= size; x += 1) {
      const dark = row[x] === true;
      if (dark && start < 0) start = x;
      if (!dark && start >= 0) {
        runs.push(`M${start} ${y}h${x - start}v1h-${x - start}z`);
        start = -1;
      }
    }
  });
  return { size, path: runs.join("") };
}
