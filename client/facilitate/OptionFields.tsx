import { useTranslation } from "react-i18next";
import { proposalLimits } from "../../shared/proposals/model.ts";
import { Button, IconButton } from "../ui/Button.tsx";
import { TextField } from "../ui/TextField.tsx";
import styles from "./facilitate.module.css";

interface OptionFieldsProps {
  readonly options: readonly string[];
  readonly error: string | undefined;
  readonly onChange: (options: string[]) => void;
}

/** Two to twelve things to choose from, in the order of the ballot paper. */
export function OptionFields({ options, error, onChange }: OptionFieldsProps) {
  const { t } = useTranslation("facilitate");
  const set = (index: number, label: string) =>
    onChange(options.map((other, at) => (at === index ? label : other)));
  return (
    <fieldset className={styles.optionFields}>
      <legend className={styles.legend}>{t("options")}</legend>
      {options.map((label, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line of the paper is its place
        <div key={index} className={styles.optionField}>
          <TextField
            label={t("option", { number: index + 1 })}
            value={label}
            maxLength={proposalLimits.optionLabel}
            error={index === 0 ? error : undefined}
            onChange={(typed) => set(index, typed)}
          />
          {options.length > proposalLimits.fewestOptions && (
            <IconButton
              icon="close"
              label={t("dropOption", { number: index + 1 })}
              onClick={() => onChange(options.filter((_, at) => at !== index))}
            />
          )}
        </div>
      ))}
      {options.length < proposalLimits.mostOptions && (
        <Button icon="plus" onClick={() => onChange([...options, ""])}>
          {t("addOption")}
        </Button>
      )}
    </fieldset>
  );
}
