import { useTranslation } from "react-i18next";
import { changeLanguage, type Language } from "../i18n.ts";
import { SegmentedChoice } from "./SegmentedChoice.tsx";

interface LanguageChoiceProps {
  /** Where the two names say enough by themselves. */
  readonly labelHidden?: boolean;
}

/** Each language by its own name, so that it is found by those who cannot read the other. */
export function LanguageChoice({ labelHidden = false }: LanguageChoiceProps) {
  const { t, i18n } = useTranslation("ui");
  const language: Language = i18n.language === "en" ? "en" : "zh-CN";
  return (
    <SegmentedChoice<Language>
      label={t("language")}
      labelHidden={labelHidden}
      value={language}
      choices={[
        { value: "zh-CN", text: "中文" },
        { value: "en", text: "English" },
      ]}
      onChange={(chosen) => void changeLanguage(chosen)}
    />
  );
}
