import { useTranslation } from "react-i18next";
import type { QueryResult } from "../../shared/wire/contract.ts";
import type { Areas } from "../state/app-state.ts";
import { EmptyInvitation } from "../ui/EmptyInvitation.tsx";
import { ErrorNote } from "../ui/ErrorNote.tsx";
import { LoadingLines } from "../ui/LoadingLines.tsx";
import { DeviceRow } from "./DeviceRow.tsx";
import styles from "./home.module.css";
import { MoreDevices } from "./MoreDevices.tsx";
import { useAnswer } from "./use-answer.ts";

type Me = Areas["identity"];
type Member = QueryResult<"household.mine">["members"][number];

interface HouseholdProps {
  readonly me: Me;
}

/** The people of the household and their devices. */
export function Household({ me }: HouseholdProps) {
  const { t } = useTranslation("home");
  const { t: tError } = useTranslation("errors");
  const { value, error, again } = useAnswer("household.mine", {}, me.asOf.household);
  const members = value?.members;
  const alone = me.household !== null && members?.length === 1;
  return (
    <section className={styles.section}>
      <h2>{me.household ? t("household.title") : t("household.titleAlone")}</h2>
      {!members && !error && <LoadingLines what={t("household.loading")} />}
      {!members && error && (
        <ErrorNote title={t("household.failed")} next={tError(error.code)} onRetry={again} />
      )}
      {members && (
        <ul className={styles.people}>
          {inOrder(members, me.residentId).map((member) => (
            <li key={member.residentId} className={styles.person}>
              <h3 className={styles.personName}>
                {member.displayName}
                {member.residentId === me.residentId && ` · ${t("household.me")}`}
              </h3>
              {member.devices.length === 0 && <p className={styles.soft}>{t("household.noDevice")}</p>}
              {member.devices.map((device) => (
                <DeviceRow key={device.sessionId} device={device} mine={device.sessionId === me.sessionId} />
              ))}
            </li>
          ))}
        </ul>
      )}
      {alone && <EmptyInvitation title={t("household.aloneTitle")} text={t("household.aloneText")} />}
      <MoreDevices
        mine={members?.find(({ residentId }) => residentId === me.residentId)?.devices.length ?? 0}
      />
    </section>
  );
}

/** Me first; the others in the order they came. */
const inOrder = (members: readonly Member[], residentId: string): Member[] => [
  ...members.filter((member) => member.residentId === residentId),
  ...members.filter((member) => member.residentId !== residentId),
];
