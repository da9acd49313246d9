import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { passwordFlaw } from "../../shared/identity/rules.ts";
import type { WireError } from "../../shared/wire/result.ts";
import { PasswordField } from "../join/PasswordField.tsx";
import { useErrorSentence } from "../join/use-entering.ts";
import type { Areas } from "../state/app-state.ts";
import { Button } from "../ui/Button.tsx";
import { Sheet } from "../ui/Sheet.tsx";
import { useToast } from "../ui/toast-context.ts";
import { post } from "../wire/post.ts";
import styles from "./home.module.css";

interface PasswordSectionProps {
  readonly me: Areas["identity"];
}

type Mode = "choose" | "give" | "change";

/** The password of those whose role needs one: choosing it, giving it on this device, changing it. */
export function PasswordSection({ me }: PasswordSectionProps) {
  const { t } = useTranslation("home");
  const [open, setOpen] = useState(false);
  const concerned = me.needsPassword || (me.hasPassword && me.roles.length > 0);
  if (!concerned) return null;
  const mode: Mode = !me.hasPassword ? "choose" : me.needsPassword ? "give" : "change";
  return (
    <section className={me.needsPassword ? styles.waiting : styles.section}>
      {me.needsPassword && <p>{t(`password.why.${mode === "choose" ? "choose" : "give"}`)}</p>}
      <div className={styles.row}>
        <Button kind={me.needsPassword ? "main" : "quiet"} onClick={() => setOpen(true)}>
          {t(`password.open.${mode}`)}
        </Button>
      </div>
      <Sheet open={open} title={t(`password.open.${mode}`)} onClose={() => setOpen(false)}>
        <PasswordForm mode={mode} name={me.displayName} onDone={() => setOpen(false)} />
      </Sheet>
    </section>
  );
}

interface PasswordFormProps {
  readonly mode: Mode;
  readonly name: string;
  readonly onDone: () => void;
}

function PasswordForm({ mode, name, onDone }: PasswordFormProps) {
  const { t } = useTranslation("home");
  const { t: tJoin } = useTranslation("join");
  const sentence = useErrorSentence();
  const toast = useToast();
  // The mode changes as soon as the password is set; the form stays what it was when it was opened.
  const [doing] = useState(mode);
  const [current, setCurrent] = useState("");
  const [chosen, setChosen] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<WireError>();
  const [flaw, setFlaw] = useState<string>();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    const found = doing === "give" ? null : passwordFlaw(chosen, [name]);
    setFlaw(found ? tJoin(`weak.${found}`) : undefined);
    setProblem(undefined);
    if (found) return;
    setBusy(true);
    const answer = await post("/password", {
      password: doing === "choose" ? chosen : current,
      ...(doing === "change" && { newPassword: chosen }),
    });
    setBusy(false);
    if (!answer.ok) return setProblem(answer.error);
    toast({ text: t(`password.done.${doing}`) });
    onDone();
  };
  const error = problem && sentence(problem);
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      {doing !== "choose" && (
        <PasswordField
          label={doing === "change" ? t("password.current") : tJoin("password.label")}
          kind="current"
          value={current}
          onChange={setCurrent}
          error={error}
        />
      )}
      {doing !== "give" && (
        <PasswordField
          label={tJoin("password.new")}
          hint={tJoin("password.hint")}
          kind="new"
          value={chosen}
          onChange={setChosen}
          error={flaw ?? (doing === "choose" ? error : undefined)}
        />
      )}
      <Button kind="main" wide type="submit" busy={busy}>
        {t(`password.send.${doing}`)}
      </Button>
    </form>
  );
}
