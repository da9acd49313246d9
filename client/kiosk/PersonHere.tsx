import { useState } from "react";
import { useTranslation } from "react-i18next";
import { forgetSnapshot } from "../offline/kept-snapshot.ts";
import { Button, ButtonLink } from "../ui/Button.tsx";
import { post } from "../wire/post.ts";
import styles from "./kiosk.module.css";

/** A browser in which somebody is signed in is not made a public screen behind their back. */
export function PersonHere({ onLeft }: { readonly onLeft: () => void }) {
  const { t } = useTranslation("kiosk");
  const { t: tError } = useTranslation("errors");
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState(false);
  const leave = async () => {
    setBusy(true);
    const answer = await post("/sign-out", {});
    setBusy(false);
    setFailed(!answer.ok);
    if (!answer.ok) return;
    forgetSnapshot();
    onLeft();
  };
  return (
    <main className={styles.pairing}>
      <h1 className={styles.pairingTitle}>{t("person.title")}</h1>
      <p>{t("person.text")}</p>
      <Button kind="main" busy={busy} onClick={leave}>
        {t("person.leave")}
      </Button>
      <ButtonLink href="/">{t("person.back")}</ButtonLink>
      {failed && <p role="alert">{tError("unreachable")}</p>}
    </main>
  );
}
