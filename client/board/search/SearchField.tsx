import { useTranslation } from "react-i18next";
import { boardLimits } from "../../../shared/board/limits.ts";
import { IconButton } from "../../ui/Button.tsx";
import { Icon } from "../../ui/Icon.tsx";
import styles from "./search.module.css";

interface SearchFieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** One line that finds a thing on all boards one may see. */
export function SearchField({ value, onChange }: SearchFieldProps) {
  const { t } = useTranslation("board");
  return (
    <search className={styles.field}>
      <Icon name="search" />
      <input
        type="search"
        className={styles.input}
        value={value}
        maxLength={boardLimits.searchLength}
        placeholder={t("search.placeholder")}
        aria-label={t("search.label")}
        autoComplete="off"
        enterKeyHint="search"
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") onChange("");
          // On a phone this puts the keyboard away, so that the results can be seen.
          if (event.key === "Enter") event.currentTarget.blur();
        }}
      />
      {value !== "" && <IconButton icon="close" label={t("search.clear")} onClick={() => onChange("")} />}
    </search>
  );
}
