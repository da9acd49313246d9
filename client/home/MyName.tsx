import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { longestDisplayName } from "../../shared/identity/rules.ts";
import { Button, IconButton } from "../ui/Button.tsx";
import { Sheet } from "../ui/Sheet.tsx";
import { TextField } from "../ui/TextField.tsx";
import { useToast } from "../ui/toast-context.ts";
import styles from "./home.module.css";
import { useAct } from "./use-act.ts";

interface MyNameProps {
  readonly name: string;
}

/** What neighbours call me. The form keeps what I type, whatever arrives meanwhile (INV-7). */
export function MyName({ name }: MyNameProps) {
  const { t } = useTranslation("home");
  const [draft, setDraft] = useState<string | null>(null);
  const [missing, setMissing] = useState(false);
  const { busy, act } = useAct();
  const toast = useToast();
  const close = () => setDraft(null);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    const displayName = draft?.trim() ?? "";
    setMissing(displayName === "");
    if (displayName === "" || busy) return;
    if (await act("resident.rename", { displayName })) {
      toast({ text: t("me.renamed", { name: displayName }) });
      close();
    }
  };
  return (
    <div className={styles.nameRow}>
      <h2 className={styles.name}>{name}</h2>
      <IconButton icon="pencil" label={t("me.rename")} onClick={() => setDraft(name)} />
      <Sheet open={draft !== null} title={t("me.rename")} onClose={close}>
        <form className={styles.form} onSubmit={save} noValidate>
          <TextField
            label={t("me.name")}
            hint={t("me.nameHint")}
            value={draft ?? ""}
            onChange={setDraft}
            maxLength={longestDisplayName}
            error={missing ? t("me.nameMissing") : undefined}
            data-first-focus
          />
          <Button kind="main" wide type="submit" busy={busy}>
            {t("me.saveName")}
          </Button>
        </form>
      </Sheet>
    </div>
  );
}
