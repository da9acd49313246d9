import { useTranslation } from "react-i18next";
import { doorsOf } from "./shares.ts";
import styles from "./Turnout.module.css";

/** More small doors than this are a wall, not a row. */
const mostDoors = 200;

interface TurnoutProps {
  readonly cast: number;
  readonly total: number;
}

/**
 * How many households have voted: a row of small doors that fills from the left.
 * A door in the row is nobody's: it never shows who came and who did not.
 */
export function Turnout({ cast, total }: TurnoutProps) {
  const { t } = useTranslation("ui");
  const doors = doorsOf(cast, total, mostDoors);
  return (
    <figure className={styles.turnout}>
      <figcaption className={styles.cast}>{t("turnout.of", { cast, count: total })}</figcaption>
      <div className={styles.doors} aria-hidden="true">
        {Array.from({ length: doors.all }, (_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a door in the row has no identity but its place
          <span key={index} className={index < doors.full ? styles.full : styles.door} />
        ))}
      </div>
      {doors.each > 1 && <p className={styles.scale}>{t("turnout.each", { count: doors.each })}</p>}
    </figure>
  );
}
