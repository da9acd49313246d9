import { useTranslation } from "react-i18next";
import { Button } from "../ui/Button.tsx";
import { Qr } from "../ui/Qr.tsx";
import { Sheet } from "../ui/Sheet.tsx";
import { useToast } from "../ui/toast-context.ts";
import styles from "./people.module.css";

interface LinkSheetProps {
  readonly link: { readonly name: string; readonly token: string } | null;
  readonly onClose: () => void;
}

/** A person's link, shown this once: to be copied, or scanned off this screen. */
export function LinkSheet({ link, onClose }: LinkSheetProps) {
  const { t } = useTranslation("people");
  const toast = useToast();
  const address = link ? `${location.origin}/in/${link.token}` : "";
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(address);
      toast({ text: t("link.copied") });
    } catch {
      toast({ text: t("link.copyFailed"), tone: "wrong" });
    }
  };
  return (
    <Sheet open={link !== null} title={t("link.title", { name: link?.name ?? "" })} onClose={onClose}>
      {link && (
        <div className={styles.form}>
          <p>{t("link.text")}</p>
          <p className={styles.link}>{address}</p>
          <Button kind="main" wide onClick={copy}>
            {t("link.copy")}
          </Button>
          <div className={styles.qr}>
            <Qr text={address} label={t("link.qr", { name: link.name })} />
          </div>
        </div>
      )}
    </Sheet>
  );
}
