import { useTranslation } from "react-i18next";
import { ResidentPage } from "../resident/ResidentPage.tsx";
import { useArea } from "../state/app.tsx";
import { ButtonLink } from "../ui/Button.tsx";
import { Plate } from "../ui/Plate.tsx";
import { Household } from "./Household.tsx";
import styles from "./home.module.css";
import { LeaveSection } from "./LeaveSection.tsx";
import { MyName } from "./MyName.tsx";
import { PasswordSection } from "./PasswordSection.tsx";
import { ReadingSection } from "./ReadingSection.tsx";

/** 我家: who I am here, who else is at home, how this device reads, and the way out. */
export function HomePage() {
  const { t } = useTranslation("home");
  const me = useArea("identity", (part) => part);
  const can = (ability: (typeof me.abilities)[number]) => me.abilities.includes(ability);
  return (
    <ResidentPage title={t("title")}>
      <div className={styles.page}>
        <section className={styles.who} aria-label={t("me.section")}>
          {me.household && <Plate text={me.household.door} size="large" />}
          <MyName name={me.displayName} />
          <p className={styles.soft}>
            {me.household ? t(`status.${me.status}`) : t("status.outside")}
            {me.roles.map((role) => ` · ${t(`role.${role}`)}`)}
          </p>
        </section>
        <PasswordSection me={me} />
        {(can("resident.confirm") || can("staff.manage") || can("proposal.write")) && (
          <nav className={styles.work} aria-label={t("work.section")}>
            {can("resident.confirm") && (
              <ButtonLink href="/people" wide>
                {t("work.people")}
              </ButtonLink>
            )}
            {can("proposal.write") && (
              <ButtonLink href="/facilitate" wide>
                {t("work.facilitate")}
              </ButtonLink>
            )}
            {can("staff.manage") && (
              <ButtonLink href="/office" wide>
                {t("work.office")}
              </ButtonLink>
            )}
          </nav>
        )}
        <Household me={me} />
        <ReadingSection />
        <LeaveSection />
      </div>
    </ResidentPage>
  );
}
