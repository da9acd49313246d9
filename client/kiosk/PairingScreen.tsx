import { useTranslation } from "react-i18next";
import { Qr } from "../ui/Qr.tsx";
import styles from "./kiosk.module.css";
import { usePairing } from "./use-pairing.ts";

/** A screen that belongs nowhere yet: a code for people, a QR for the phone of someone who may confirm it. */
export function PairingScreen({ onPaired }: { readonly onPaired: () => void }) {
  const { t } = useTranslation("kiosk");
  const { code, offline } = usePairing(onPaired);
  return (
    <main className={styles.pairing}>
      <h1 className={styles.pairingTitle}>{t("pairing.title")}</h1>
      {code === null ? (
        <p role="status">{t(offline ? "pairing.offline" : "pairing.waiting")}</p>
      ) : (
        <>
          <p className={styles.code}>
            <span className="only-heard">{t("pairing.code")} </span>
            <span>{code.slice(0, 4)}</span> <span>{code.slice(4)}</span>
          </p>
          <div className={styles.pairingWay}>
            <div className={styles.pairingQr}>
              <Qr ground="screen" text={`${location.origin}/screens#${code}`} label={t("pairing.scan")} />
            </div>
            <ol className={styles.steps}>
              <li>{t("pairing.scan")}</li>
              <li>{t("pairing.type")}</li>
              <li className={styles.soft}>{offline ? t("pairing.offline") : t("pairing.expires")}</li>
            </ol>
          </div>
        </>
      )}
    </main>
  );
}
