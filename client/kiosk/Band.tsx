import { useTranslation } from "react-i18next";
import { classNames } from "../ui/class-names.ts";
import { Qr } from "../ui/Qr.tsx";
import styles from "./kiosk.module.css";
import { type BandPlace, clockText, dateText, type PictureAge } from "./screen-care.ts";

interface BandProps {
  readonly courtyard: string;
  /** Null when the scene has a QR of its own: two of them would be a riddle. */
  readonly joinUrl: string | null;
  readonly now: number;
  readonly place: BandPlace;
  readonly age: PictureAge | null;
}

/**
 * Clock, courtyard and the way in, in a band along the shorter side, where it leaves the QR the most room; or, when the
 * line is broken, how old the picture is.
 */
export function Band({ courtyard, joinUrl, now, place, age }: BandProps) {
  const { t, i18n } = useTranslation("kiosk");
  return (
    <footer className={classNames(styles.band, place.qr === "start" && styles.turned)}>
      <p className={styles.clock}>
        <strong>{clockText(now, i18n.language)}</strong>
        <span className={styles.date}>{dateText(now, i18n.language)}</span>
      </p>
      {age ? (
        <p className={styles.age} role="status">
          {age.minutes < 1
            ? t("band.ageNow", { at: clockText(age.from, i18n.language) })
            : t("band.age", { count: age.minutes, at: clockText(age.from, i18n.language) })}
        </p>
      ) : (
        <p className={styles.courtyard}>{courtyard}</p>
      )}
      {joinUrl !== null && (
        <div className={styles.way}>
          <span className={styles.join}>{t("band.join")}</span>
          <span className={styles.qr}>
            <Qr ground="screen" text={joinUrl} label={t("band.join")} />
          </span>
        </div>
      )}
    </footer>
  );
}
