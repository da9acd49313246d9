import { useTranslation } from "react-i18next";
import { Screens } from "../kiosk/Screens.tsx";
import { classNames } from "../ui/class-names.ts";
import styles from "./office.module.css";

/** The screens of the courtyard: paired by the code they show, taken away from here. */
export function ScreensPage() {
  const { t } = useTranslation("kiosk");
  return (
    <div className={classNames(styles.page, styles.narrow)}>
      <h2>{t("screens.title")}</h2>
      <Screens />
    </div>
  );
}
