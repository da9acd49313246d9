import { useId } from "react";
import { useTranslation } from "react-i18next";
import buttonStyles from "./Button.module.css";
import { classNames } from "./class-names.ts";
import styles from "./HoldButton.module.css";
import { holdMs, useHold } from "./use-hold.ts";

interface HoldButtonProps {
  /** What happens when it was held, in one or two words: "收票". */
  readonly label: string;
  readonly kind?: "main" | "danger";
  readonly disabled?: boolean;
  readonly onHeld: () => void;
}

/** For the three acts that cannot be undone: opening, closing and revealing a vote. */
export function HoldButton({ label, kind = "main", disabled, onHeld }: HoldButtonProps) {
  const { t } = useTranslation("ui");
  const hintId = useId();
  const { state, handlers } = useHold(onHeld);
  const hint = { idle: t("hold.idle"), holding: t("hold.holding"), armed: t("hold.armed") }[state];
  return (
    <div className={styles.frame}>
      <button
        type="button"
        {...handlers}
        disabled={disabled}
        aria-describedby={hintId}
        className={classNames(buttonStyles.button, buttonStyles.wide, styles.hold, styles[kind])}
        data-state={state}
      >
        <span
          className={styles.fill}
          style={{ transitionDuration: `${state === "holding" ? holdMs : 0}ms` }}
        />
        <span className={styles.label}>{label}</span>
      </button>
      <p id={hintId} className={styles.hint} aria-live="polite">
        {hint}
      </p>
    </div>
  );
}
