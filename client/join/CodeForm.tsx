import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { showCode } from "../../shared/identity/rules.ts";
import type { WireError } from "../../shared/wire/result.ts";
import { Button } from "../ui/Button.tsx";
import { TextField } from "../ui/TextField.tsx";
import { EntryPaper } from "./EntryPaper.tsx";
import styles from "./join.module.css";
import { useErrorSentence } from "./use-entering.ts";

interface CodeFormProps {
  /** Why the code tried before opens nothing. */
  readonly refused?: WireError;
  readonly tried?: string;
}

/** For those who cannot scan: the code on the slip, typed. */
export function CodeForm({ refused, tried = "" }: CodeFormProps) {
  const { t } = useTranslation("join");
  const [, navigate] = useLocation();
  const sentence = useErrorSentence();
  // A link of a person is too long to be typed, so it is not offered for correction.
  const typeable = tried.length > 20 ? "" : showCode(tried);
  const [code, setCode] = useState(typeable);
  const [again, setAgain] = useState(false);
  const changed = code.trim() !== "" && code.trim() !== typeable;
  const submit = () => {
    setAgain(!changed);
    if (changed) navigate(`/j/${encodeURIComponent(code.trim())}`, { replace: true });
  };
  const error = refused && !changed ? sentence(refused) : undefined;
  return (
    <EntryPaper
      title={refused ? t("code.refusedTitle") : t("code.title")}
      text={t("code.text")}
      back={{ href: "/", text: t("code.back") }}
      onSubmit={submit}
    >
      <div className={styles.code}>
        <TextField
          label={t("code.label")}
          hint={t("code.hint")}
          value={code}
          onChange={setCode}
          maxLength={30}
          autoCapitalize="characters"
          autoCorrect="off"
          spellCheck={false}
          enterKeyHint="go"
          error={error ?? (again && !changed ? t("code.missing") : undefined)}
        />
      </div>
      <Button kind="main" wide type="submit">
        {t("code.open")}
      </Button>
    </EntryPaper>
  );
}
