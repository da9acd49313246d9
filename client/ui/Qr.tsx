import { useMemo } from "react";
import styles from "./Qr.module.css";
import { qrPath } from "./qr-path.ts";

interface QrProps {
  readonly text: string;
  /** Where it leads, for those who cannot see it. */
  readonly label: string;
}

/** A QR code as wide as its column: always dark on white, since many readers know nothing else. */
export function Qr({ text, label }: QrProps) {
  const { size, path } = useMemo(() => qrPath(text), [text]);
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
