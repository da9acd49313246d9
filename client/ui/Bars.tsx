import { useTranslation } from "react-i18next";
import styles from "./Bars.module.css";
import { classNames } from "./class-names.ts";
import { perMille, shareText } from "./shares.ts";

export type BarTone = "bamboo" | "brick" | "stone" | "plate";

export interface Bar {
  readonly id: string;
  readonly label: string;
  readonly count: number;
  readonly tone: BarTone;
}

interface BarsProps {
  readonly label: string;
  readonly bars: readonly Bar[];
  /** What the shares are taken of; the caller's rule decides (votes cast, households on the register). */
  readonly total: number;
}

/** A result: word, number, share and a bar of that length. Reads the same with the colours gone. */
export function Bars({ label, bars, total }: BarsProps) {
  const { t } = useTranslation("ui");
  return (
    <ul className={styles.bars} aria-label={label}>
      {bars.map((bar) => {
        const share = perMille(bar.count, total);
        return (
          <li key={bar.id} className={styles.bar}>
            <span className={styles.label}>{bar.label}</span>
            <span className={styles.figures}>
              <strong>{t("bars.count", { count: bar.count })}</strong> {shareText(share)}
            </span>
            <span className={styles.track}>
              <span
                className={classNames(styles.fill, styles[bar.tone])}
                style={{ width: `${share / 10}%` }}
              />
            </span>
          </li>
        );
      })}
    </ul>
  );
}
