import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Redirect, useParams } from "wouter";
import type { LookUp } from "../../shared/identity/http.ts";
import { passwordFlaw } from "../../shared/identity/rules.ts";
import { Button } from "../ui/Button.tsx";
import { LoadingLines } from "../ui/LoadingLines.tsx";
import { EntryPaper } from "./EntryPaper.tsx";
import styles from "./join.module.css";
import { LinkRefused } from "./LinkRefused.tsx";
import { PasswordField } from "./PasswordField.tsx";
import { useEntering } from "./use-entering.ts";
import { useLookUp } from "./use-look-up.ts";

/** `/in/:token`: a person's own link. Some roles give their password too, the first time they choose it. */
export function SignInPage() {
  const { t } = useTranslation("join");
  const { token = "" } = useParams<{ token: string }>();
  const [state, again] = useLookUp(token);
  if (state.step === "asking") {
    return (
      <EntryPaper title={t("link.heading")}>
        <LoadingLines what={t("link.asking")} />
      </EntryPaper>
    );
  }
  if (state.step === "refused") return <LinkRefused error={state.error} onRetry={again} />;
  const { opens } = state;
  if (opens.kind === "household") return <Redirect to={`/j/${token}`} replace />;
  if (opens.kind === "first-officer") return <Redirect to={`/first/${token}`} replace />;
  return <SignInForm token={token} opens={opens} />;
}

interface SignInFormProps {
  readonly token: string;
  readonly opens: Extract<LookUp, { kind: "sign-in" }>;
}

function SignInForm({ token, opens }: SignInFormProps) {
  const { t } = useTranslation("join");
  const [password, setPassword] = useState("");
  const [flaw, setFlaw] = useState<string>();
  const { busy, error, enter } = useEntering();
  const { displayName, needsPassword, hasPassword } = opens;
  const chooses = needsPassword && !hasPassword;
  const submit = () => {
    if (busy) return;
    const found = chooses ? passwordFlaw(password, [displayName]) : null;
    const missing = needsPassword && password === "";
    setFlaw(missing ? t("password.missing") : found ? t(`weak.${found}`) : undefined);
    if (missing || found) return;
    void enter("/sign-in", { code: token, ...(needsPassword && { password }) }, "/");
  };
  return (
    <EntryPaper
      title={t("link.title", { name: displayName })}
      text={chooses ? t("link.choose") : needsPassword ? t("link.give") : t("link.ready")}
      onSubmit={submit}
    >
      {needsPassword && (
        <PasswordField
          label={chooses ? t("password.new") : t("password.label")}
          {...(chooses && { hint: t("password.hint") })}
          kind={chooses ? "new" : "current"}
          value={password}
          onChange={setPassword}
          error={flaw ?? error}
        />
      )}
      <Button kind="main" wide type="submit" busy={busy}>
        {busy ? t("slip.entering") : t("link.enter")}
      </Button>
      {!needsPassword && error && (
        <p className={styles.error} role="alert">
          {error}
        </p>
      )}
      {needsPassword && hasPassword && <p className={styles.text}>{t("link.forgotten")}</p>}
    </EntryPaper>
  );
}
