import { type ReactNode, useId } from "react";
import styles from "./field.module.css";
import { Icon } from "./Icon.tsx";

export interface FieldText {
  readonly label: string;
  /** One line under the label: what to write here. */
  readonly hint?: string | undefined;
  /** What is wrong, and what to do about it. */
  readonly error?: string | undefined;
  /** The label is heard, not seen: only where the page already says it (a search box). */
  readonly labelHidden?: boolean;
}

interface Wiring {
  readonly id: string;
  readonly "aria-describedby": string | undefined;
  readonly "aria-invalid": true | undefined;
}

interface FieldProps extends FieldText {
  /** Draws the control with the ids that tie it to its label, hint and error. */
  readonly children: (wiring: Wiring) => ReactNode;
}

/** Label, hint, control, error: in this order for the eye and for the ear. */
export function Field({ label, hint, error, labelHidden, children }: FieldProps) {
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div className={styles.field}>
      <label htmlFor={id} className={labelHidden ? "only-heard" : styles.label}>
        {label}
      </label>
      {hint && (
        <p id={`${id}-hint`} className={styles.hint}>
          {hint}
        </p>
      )}
      {children({
        id,
        "aria-describedby": described === "" ? undefined : described,
        "aria-invalid": error ? true : undefined,
      })}
      <div aria-live="polite">
        {error && (
          <p id={`${id}-error`} className={styles.error}>
            <Icon name="warning" />
            {error}
          </p>
        )}
      </div>
    </div>
  );
}
