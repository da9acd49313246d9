import type { ComponentProps } from "react";
import { Field, type FieldText } from "./Field.tsx";
import styles from "./field.module.css";

interface TextFieldProps extends FieldText, Omit<ComponentProps<"input">, "className" | "id" | "onChange"> {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** One line of text. The value is the caller's; nothing that arrives from the net may write to it (INV-7). */
export function TextField({ label, hint, error, labelHidden, onChange, ...rest }: TextFieldProps) {
  return (
    <Field label={label} hint={hint} error={error} labelHidden={labelHidden}>
      {(wiring) => (
        <input
          type="text"
          autoComplete="off"
          {...rest}
          {...wiring}
          className={styles.input}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
