import { type ReactNode, useId } from "react";
import { classNames } from "./class-names.ts";
import styles from "./SegmentedChoice.module.css";

interface Segment<Value extends string> {
  readonly value: Value;
  readonly text: string;
  readonly picture?: ReactNode;
}

interface SegmentedChoiceProps<Value extends string> {
  readonly label: string;
  readonly labelHidden?: boolean;
  /** Nothing is chosen yet when it is none of the segments' values. */
  readonly value: Value | undefined;
  readonly choices: readonly Segment<Value>[];
  readonly onChange: (value: Value) => void;
  /** "row" shares one line, "stack" gives each choice its own (a ballot), "wrap" flows (categories). */
  readonly shape?: "row" | "stack" | "wrap";
  readonly disabled?: boolean;
}

/** A few choices that are all seen at once: radio buttons with large faces. */
export function SegmentedChoice<Value extends string>({
  label,
  labelHidden,
  value,
  choices,
  onChange,
  shape = "row",
  disabled,
}: SegmentedChoiceProps<Value>) {
  const name = useId();
  return (
    <fieldset className={styles.group} disabled={disabled}>
      <legend className={labelHidden ? "only-heard" : styles.legend}>{label}</legend>
      <div className={styles[shape]}>
        {choices.map((choice) => (
          <label key={choice.value} className={classNames(styles.choice, styles[`in-${shape}`])}>
            <input
              type="radio"
              name={name}
              className={styles.radio}
              checked={choice.value === value}
              onChange={() => onChange(choice.value)}
            />
            {choice.picture}
            <span>{choice.text}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
