import type { ComponentProps } from "react";
import { classNames } from "./class-names.ts";
import { Field, type FieldText } from "./Field.tsx";
import styles from "./field.module.css";

/** From this share of the allowed length on, the count is shown. */
const countFrom = 0.8;

interface TextAreaProps extends FieldText, Omit<ComponentProps<"textarea">, "className" | "id" | "onChange"> {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Several lines of text; near its limit it says how much room is left. */
export function TextArea({
  label,
  hint,
  error,
  labelHidden,
  onChange,
  value,
  maxLength,
  ...rest
}: TextAreaProps) {
  return (
    <Field label={label} hint={hint} error={error} labelHidden={labelHidden}>
      {(wiring) => (
        <>
          <textarea
            rows={3}
            {...rest}
            {...wiring}
            value={value}
            maxLength={maxLength}
            className={classNames(styles.input, styles.area)}
            onChange={(event) => onChange(event.target.value)}
          />
          {maxLength !== undefined && value.length >= maxLength * countFrom && (
            <span className={styles.count}>
              {value.length}/{maxLength}
            </span>
          )}
        </>
      )}
    </Field>
  );
}
