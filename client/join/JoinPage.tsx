import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Redirect, useParams } from "wouter";
import { longestDisplayName } from "../../shared/identity/rules.ts";
import { Button } from "../ui/Button.tsx";
import { LoadingLines } from "../ui/LoadingLines.tsx";
import { Plate } from "../ui/Plate.tsx";
import { TextField } from "../ui/TextField.tsx";
import { unbrokenDoor } from "../ui/unbroken-door.ts";
import { attemptFor } from "./attempt.ts";
import { CodeForm } from "./CodeForm.tsx";
import { EntryPaper } from "./EntryPaper.tsx";
import styles from "./join.module.css";
import { useEntering } from "./use-entering.ts";
import { useLookUp } from "./use-look-up.ts";

/** `/j/:code`: what a slip opens; `/j` alone asks for the code on it. */
export function JoinPage() {
  const { code } = useParams<{ code?: string }>();
  return code ? <Slip key={code} code={code} /> : <CodeForm />;
}

interface SlipProps {
  readonly code: string;
}

function Slip({ code }: SlipProps) {
  const { t } = useTranslation("join");
  const [state] = useLookUp(code);
  if (state.step === "asking") {
    return (
      <EntryPaper title={t("slip.heading")}>
        <LoadingLines what={t("slip.asking")} />
      </EntryPaper>
    );
  }
  if (state.step === "refused") return <CodeForm refused={state.error} tried={code} />;
  const { opens } = state;
  if (opens.kind === "sign-in") return <Redirect to={`/in/${code}`} replace />;
  if (opens.kind === "first-officer") return <Redirect to={`/first/${code}`} replace />;
  return <NameForm code={code} courtyard={opens.courtyard} door={opens.door} />;
}

interface NameFormProps {
  readonly code: string;
  readonly courtyard: string;
  readonly door: string;
}

/** The only question: what the neighbours shall call this person. */
function NameForm({ code, courtyard, door }: NameFormProps) {
  const { t } = useTranslation("join");
  const [name, setName] = useState("");
  const [missing, setMissing] = useState(false);
  const { busy, error, enter } = useEntering();
  const displayName = name.trim();
  const submit = () => {
    setMissing(displayName === "");
    if (displayName === "" || busy) return;
    void enter("/join", { code, displayName, attempt: attemptFor(code) }, "/");
  };
  return (
    <EntryPaper
      head={
        <span className={styles.plate}>
          <Plate text={door} size="large" />
        </span>
      }
      title={t("slip.title", { courtyard, door: unbrokenDoor(door) })}
      text={t("slip.text")}
      back={{ href: "/j", text: t("slip.back") }}
      onSubmit={submit}
    >
      <TextField
        label={t("slip.name")}
        hint={t("slip.nameHint")}
        value={name}
        onChange={setName}
        maxLength={longestDisplayName}
        autoComplete="nickname"
        enterKeyHint="go"
        error={missing ? t("slip.nameMissing") : error}
      />
      <Button kind="main" wide type="submit" busy={busy}>
        {busy ? t("slip.entering") : t("slip.enter")}
      </Button>
      <p className={styles.text}>{t("slip.promise")}</p>
      <p className={styles.text}>{t("slip.notYours")}</p>
    </EntryPaper>
  );
}
