import { useState } from "react";
import { useTranslation } from "react-i18next";
import { forgetSnapshot } from "../offline/kept-snapshot.ts";
import { Button } from "../ui/Button.tsx";
import { Sheet } from "../ui/Sheet.tsx";
import { useToast } from "../ui/toast-context.ts";
import { post } from "../wire/post.ts";
import styles from "./home.module.css";

/** Signing out of this device. Asked about once: the way back needs a slip or a link. */
export function LeaveSection() {
  const { t } = useTranslation("home");
  const { t: tError } = useTranslation("errors");
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const toast = useToast();
  const leave = async () => {
    setBusy(true);
    const answer = await post("/sign-out", {});
    setBusy(false);
    if (!answer.ok) return toast({ text: tError(answer.error.code), tone: "wrong" });
    forgetSnapshot();
    location.assign("/j");
  };
  return (
    <section className={styles.section}>
      <div className={styles.row}>
        <Button onClick={() => setAsking(true)}>{t("leave.open")}</Button>
      </div>
      <Sheet
        open={asking}
        title={t("leave.title")}
        onClose={() => setAsking(false)}
        foot={
          <Button kind="danger" wide busy={busy} onClick={leave}>
            {t("leave.now")}
          </Button>
        }
      >
        <p>{t("leave.text")}</p>
      </Sheet>
    </section>
  );
}
