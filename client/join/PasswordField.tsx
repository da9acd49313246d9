import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../ui/Button.tsx";
import { TextField } from "../ui/TextField.tsx";
import styles from "./join.module.css";

interface PasswordFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly hint?: string;
  readonly error?: string | undefined;
  /** Tells the phone's password keeper whether to offer one or make one. */
  readonly kind: "current" | "new";
}

/** A password that can be looked at while it is typed: fat fingers need it more than anyone's shoulder does. */
export function PasswordField({ label, value, onChange, hint, error, kind }: PasswordFieldProps) {
  const { t } = useTranslation("join");
  const [shown, setShown] = useState(false);
  return (
    <>
      <TextField
        label={label}
        hint={hint}
        error={error}
        value={value}
        onChange={onChange}
        type={shown ? "text" : "password"}
        autoComplete={kind === "new" ? "new-password" : "current-password"}
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        enterKeyHint="go"
      />
      <span className={styles.show}>
        <Button aria-pressed={shown} onClick={() => setShown(!shown)}>
          {shown ? t("password.hide") : t("password.show")}
        </Button>
      </span>
    </>
  );
}
