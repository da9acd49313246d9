import { IconButton } from "./Button.tsx";
import { Icon } from "./Icon.tsx";
import styles from "./SearchField.module.css";

interface SearchFieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** What is searched, for those who cannot see where it stands. */
  readonly label: string;
  readonly placeholder: string;
  readonly clearLabel: string;
  readonly maxLength: number;
}

/** One line that finds something while it is typed. */
export function SearchField({
  value,
  onChange,
  label,
  placeholder,
  clearLabel,
  maxLength,
}: SearchFieldProps) {
  return (
    <search className={styles.field}>
      <Icon name="search" />
      <input
        type="search"
        className={styles.input}
        value={value}
        maxLength={maxLength}
        placeholder={placeholder}
        aria-label={label}
        autoComplete="off"
        enterKeyHint="search"
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") onChange("");
          // On a phone this puts the keyboard away, so that the results can be seen.
          if (event.key === "Enter") event.currentTarget.blur();
        }}
      />
      {value !== "" && <IconButton icon="close" label={clearLabel} onClick={() => onChange("")} />}
    </search>
  );
}
