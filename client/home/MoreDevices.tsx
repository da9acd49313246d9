import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../ui/Button.tsx";
import { Qr } from "../ui/Qr.tsx";
import { Sheet } from "../ui/Sheet.tsx";
import { useToast } from "../ui/toast-context.ts";
import styles from "./home.module.css";
import { useAct } from "./use-act.ts";

interface MoreDevicesProps {
  /** How many devices of mine are signed in. */
  readonly mine: number;
}

/** One more phone of the same person, and the way to keep only this one. */
export function MoreDevices({ mine }: MoreDevicesProps) {
  const { t } = useTranslation("home");
  const [link, setLink] = useState<string | null>(null);
  const { busy, act } = useAct();
  const toast = useToast();
  const add = async () => {
    const made = await act("device.invite", {});
    if (made) setLink(`${location.origin}/in/${made.token}`);
  };
  const keepThis = async () => {
    const done = await act("session.end-others", {});
    if (done) toast({ text: t("device.endedOthers", { count: done.ended }) });
  };
  const copy = async () => {
    if (link === null) return;
    try {
      await navigator.clipboard.writeText(link);
      toast({ text: t("device.copied") });
    } catch {
      toast({ text: t("device.copyFailed"), tone: "wrong" });
    }
  };
  return (
    <div className={styles.row}>
      <Button icon="plus" busy={busy} onClick={add}>
        {t("device.add")}
      </Button>
      {mine > 1 && (
        <Button busy={busy} onClick={keepThis}>
          {t("device.endOthers")}
        </Button>
      )}
      <Sheet open={link !== null} title={t("device.addTitle")} onClose={() => setLink(null)}>
        {link !== null && (
          <div className={styles.form}>
            <p>{t("device.addText")}</p>
            <div className={styles.qr}>
              <Qr text={link} label={t("device.qr")} />
            </div>
            <Button wide onClick={copy}>
              {t("device.copy")}
            </Button>
          </div>
        )}
      </Sheet>
    </div>
  );
}
