import { useMemo } from "react";
import styles from "./Qr.module.css";
import { type QrGround, qrPath } from "./qr-path.ts";

interface QrProps {
  readonly text: string;
  /** Where it leads, for those who cannot see it. */
  readonly label: string;
  /** "screen" is for a wall that is read from metres away. */
  readonly ground?: QrGround;
}

/** A QR code as wide as its column: always dark on white, since many readers know nothing else. */
export function Qr({ text, label, ground = "paper" }: QrProps) {
  const { size, path } = useMemo(() => qrPath(text, ground), [text, ground]);
  return (
    <svg
      className={styles.qr}
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
    >
      <path d={path} />
    </svg>
  );
}
