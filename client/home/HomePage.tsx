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

/** The pages of those who look after something, each for who may do the thing it is for. */
const workPlaces = [
  { key: "people", ability: "resident.confirm", href: "/people" },
  { key: "facilitate", ability: "proposal.write", href: "/facilitate" },
  { key: "screens", ability: "kiosk.manage", href: "/screens" },
  { key: "office", ability: "staff.manage", href: "/office" },
] as const;

/** 我家: who I am here, who else is at home, how this device reads, and the way out. */
export function HomePage() {
  const { t } = useTranslation("home");
  const me = useArea("identity", (part) => part);
  const work = workPlaces.filter(({ ability }) => me.abilities.includes(ability));
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
          {me.household && (
            <ButtonLink href={`/board/cell/${me.household.householdId}`} icon="home" wide>
              {t("cell")}
            </ButtonLink>
          )}
        </section>
        <PasswordSection me={me} />
        {work.length > 0 && (
          <nav className={styles.work} aria-label={t("work.section")}>
            {work.map(({ key, href }) => (
              <ButtonLink key={key} href={href} wide>
                {t(`work.${key}`)}
              </ButtonLink>
            ))}
          </nav>
        )}
        <Household me={me} />
        <ReadingSection />
        <LeaveSection />
      </div>
    </ResidentPage>
  );
}
