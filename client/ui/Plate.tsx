import { classNames } from "./class-names.ts";
import styles from "./Plate.module.css";

interface PlateProps {
  /** What is painted on it: "501", "3 栋", "2 单元". */
  readonly text: string;
  readonly size?: "small" | "normal" | "large";
}

/** A blue enamel door plate with a white number. */
export function Plate({ text, size = "normal" }: PlateProps) {
  return <span className={classNames(styles.plate, styles[size])}>{text}</span>;
}
