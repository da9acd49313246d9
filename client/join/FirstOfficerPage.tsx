import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Redirect, useParams } from "wouter";
import { longestDisplayName, passwordFlaw } from "../../shared/identity/rules.ts";
import { Button } from "../ui/Button.tsx";
import { LoadingLines } from "../ui/LoadingLines.tsx";
import { TextField } from "../ui/TextField.tsx";
import { EntryPaper } from "./EntryPaper.tsx";
import styles from "./join.module.css";
import { LinkRefused } from "./LinkRefused.tsx";
import { PasswordField } from "./PasswordField.tsx";
import { useEntering } from "./use-entering.ts";
import { useLookUp } from "./use-look-up.ts";

/** `/first/:token`: the link of the first start, which makes the community and its first officer. */
export function FirstOfficerPage() {
  const { t } = useTranslation("join");
  const { token = "" } = useParams<{ token: string }>();
  const [state, again] = useLookUp(token);
  if (state.step === "asking") {
    return (
      <EntryPaper title={t("first.title")}>
        <LoadingLines what={t("link.asking")} />
      </EntryPaper>
    );
  }
  if (state.step === "refused") return <LinkRefused error={state.error} onRetry={again} />;
  // The link was used: from then on it signs that officer in.
  if (state.opens.kind !== "first-officer") return <Redirect to={`/in/${token}`} replace />;
  return <FirstOfficerForm token={token} />;
}

interface FirstOfficerFormProps {
  readonly token: string;
}

type Missing = "community" | "name" | undefined;

function FirstOfficerForm({ token }: FirstOfficerFormProps) {
  const { t } = useTranslation("join");
  const [community, setCommunity] = useState("");
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [missing, setMissing] = useState<Missing>();
  const [flaw, setFlaw] = useState<string>();
  const { busy, error, enter } = useEntering();
  const submit = () => {
    if (busy) return;
    const communityName = community.trim();
    const displayName = name.trim();
    const empty = communityName === "" ? "community" : displayName === "" ? "name" : undefined;
    const found = passwordFlaw(password, [communityName, displayName]);
    setMissing(empty);
    setFlaw(found ? t(`weak.${found}`) : undefined);
    if (empty || found) return;
    void enter("/first-officer", { code: token, communityName, displayName, password }, "/office");
  };
  return (
    <EntryPaper title={t("first.title")} text={t("first.text")} onSubmit={submit}>
      <TextField
        label={t("first.community")}
        hint={t("first.communityHint")}
        value={community}
        onChange={setCommunity}
        maxLength={40}
        error={missing === "community" ? t("first.communityMissing") : undefined}
      />
      <TextField
        label={t("first.name")}
        hint={t("first.nameHint")}
        value={name}
        onChange={setName}
        maxLength={longestDisplayName}
        autoComplete="nickname"
        error={missing === "name" ? t("slip.nameMissing") : undefined}
      />
      <PasswordField
        label={t("password.new")}
        hint={t("password.hint")}
        kind="new"
        value={password}
        onChange={setPassword}
        error={flaw}
      />
      <Button kind="main" wide type="submit" busy={busy}>
        {busy ? t("first.making") : t("first.make")}
      </Button>
      {error && (
        <p className={styles.error} role="alert">
          {error}
        </p>
      )}
    </EntryPaper>
  );
}
