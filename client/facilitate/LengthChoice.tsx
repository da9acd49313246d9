import { useTranslation } from "react-i18next";
import { SegmentedChoice } from "../ui/SegmentedChoice.tsx";
import { type Length, lengthNames } from "./lengths.ts";

interface LengthChoiceProps {
  readonly value: Length;
  readonly onChange: (length: Length) => void;
}

/** How long the vote stays open. */
export function LengthChoice({ value, onChange }: LengthChoiceProps) {
  const { t } = useTranslation("facilitate");
  return (
    <SegmentedChoice
      label={t("howLong")}
      shape="wrap"
      value={value}
      choices={lengthNames.map((length) => ({ value: length, text: t(`length.${length}`) }))}
      onChange={onChange}
    />
  );
}
