import { useTranslation } from "react-i18next";
import { StaffSection } from "../people/StaffSection.tsx";
import { useArea } from "../state/app.tsx";
import { ButtonLink } from "../ui/Button.tsx";
import { classNames } from "../ui/class-names.ts";
import styles from "./office.module.css";

/** The people with a role, and the way to those who live here. */
export function HelpersPage() {
  const { t } = useTranslation("office");
  const me = useArea("identity", (part) => part);
  const places = useArea("community", (part) => part.places);
  return (
    <div className={classNames(styles.page, styles.narrow)}>
      <StaffSection me={me} places={places} />
      <section className={styles.section}>
        <h2>{t("helpers.neighbours")}</h2>
        <p className={styles.soft}>{t("helpers.neighboursText")}</p>
        <div>
          <ButtonLink href="/people">{t("helpers.toNeighbours")}</ButtonLink>
        </div>
      </section>
    </div>
  );
}
