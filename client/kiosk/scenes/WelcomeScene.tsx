import { useTranslation } from "react-i18next";
import { Qr } from "../../ui/Qr.tsx";
import styles from "./scenes.module.css";
import voteStyles from "./vote.module.css";

interface WelcomeSceneProps {
  readonly courtyard: string;
  readonly joinUrl: string;
}

/** A courtyard with nothing on its board yet is an invitation. */
export function WelcomeScene({ courtyard, joinUrl }: WelcomeSceneProps) {
  const { t } = useTranslation("kiosk");
  return (
    <section className={styles.scene}>
      <h1 className={voteStyles.question}>{t("welcome.title", { courtyard })}</h1>
      <p className={styles.notice}>{t("welcome.text")}</p>
      <div className={voteStyles.invitation}>
        <div className={voteStyles.qr}>
          <Qr ground="screen" text={joinUrl} label={t("welcome.scan")} />
        </div>
        <p>{t("welcome.scan")}</p>
      </div>
    </section>
  );
}
