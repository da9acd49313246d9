import { classNames } from "./class-names.ts";
import { Field, type FieldText } from "./Field.tsx";
import styles from "./field.module.css";
import { Icon } from "./Icon.tsx";

export interface Choice<Value extends string> {
  readonly value: Value;
  readonly text: string;
}

interface SelectProps<Value extends string> extends FieldText {
  readonly value: Value;
  readonly choices: readonly Choice<Value>[];
  readonly onChange: (value: Value) => void;
  readonly disabled?: boolean;
}

/** The phone's own picker: it knows large text, wheels and screen readers better than any list of ours. */
export function Select<Value extends string>({
  label,
  hint,
  error,
  labelHidden,
  value,
  choices,
  onChange,
  disabled,
}: SelectProps<Value>) {
  const pick = (picked: string) => {
    const choice = choices.find((candidate) => candidate.value === picked);
    if (choice) onChange(choice.value);
  };
  return (
    <Field label={label} hint={hint} error={error} labelHidden={labelHidden}>
      {(wiring) => (
        <div className={styles.selectFrame}>
          <select
            {...wiring}
            value={value}
            disabled={disabled}
            className={classNames(styles.input, styles.select)}
            onChange={(event) => pick(event.target.value)}
          >
            {choices.map((choice) => (
              <option key={choice.value} value={choice.value}>
                {choice.text}
              </option>
            ))}
          </select>
          <Icon name="down" />
        </div>
      )}
    </Field>
  );
}
