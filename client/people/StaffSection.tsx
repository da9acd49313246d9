import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { QueryResult } from "../../shared/wire/contract.ts";
import { useAct } from "../home/use-act.ts";
import { useAnswer } from "../home/use-answer.ts";
import type { Areas } from "../state/app-state.ts";
import { Button } from "../ui/Button.tsx";
import { ErrorNote } from "../ui/ErrorNote.tsx";
import { LoadingLines } from "../ui/LoadingLines.tsx";
import { Plate } from "../ui/Plate.tsx";
import { useToast } from "../ui/toast-context.ts";
import type { Courtyard } from "./doors.ts";
import { InviteStaff } from "./InviteStaff.tsx";
import { LinkSheet } from "./LinkSheet.tsx";
import styles from "./people.module.css";

type Member = QueryResult<"staff.list">["staff"][number];
type Grant = Member["grants"][number];

interface StaffSectionProps {
  readonly me: Areas["identity"];
  readonly places: Courtyard | null;
}

/** The people who help: who they are, what they may do, and their links. */
export function StaffSection({ me, places }: StaffSectionProps) {
  const { t } = useTranslation("people");
  const { t: tError } = useTranslation("errors");
  const { value, error, again } = useAnswer("staff.list", {}, me.asOf.roles);
  const [link, setLink] = useState<{ name: string; token: string } | null>(null);
  return (
    <>
      <section className={styles.section}>
        <h2>{t("staff.title")}</h2>
        {!value && !error && <LoadingLines what={t("staff.loading")} />}
        {!value && error && <ErrorNote title={t("staff.failed")} next={tError(error.code)} onRetry={again} />}
        <ul className={styles.list}>
          {value?.staff.map((member) => (
            <li key={member.residentId} className={styles.person}>
              <StaffMember
                member={member}
                isMe={member.residentId === me.residentId}
                places={places}
                onLink={(token) => setLink({ name: member.displayName, token })}
              />
            </li>
          ))}
        </ul>
      </section>
      <InviteStaff
        places={places}
        everywhere={me.abilities.includes("courtyard.create")}
        onInvited={(name, token) => setLink({ name, token })}
      />
      <LinkSheet link={link} onClose={() => setLink(null)} />
    </>
  );
}

interface StaffMemberProps {
  readonly member: Member;
  readonly isMe: boolean;
  readonly places: Courtyard | null;
  readonly onLink: (token: string) => void;
}

function StaffMember({ member, isMe, places, onLink }: StaffMemberProps) {
  const { t } = useTranslation("people");
  const { busy, act } = useAct();
  const toast = useToast();
  const { residentId, displayName: name } = member;
  const relink = async (forgetPassword: boolean) => {
    const made = await act("staff.relink", { residentId, forgetPassword });
    if (made) onLink(made.token);
  };
  const reach = ({ courtyardId, buildingId }: Grant): string => {
    const building = places?.buildings.find(({ id }) => id === buildingId);
    if (building) return t("building.name", { name: building.name });
    if (courtyardId === null) return t("staff.everywhere");
    return courtyardId === places?.courtyardId ? places.name : t("staff.elsewhere");
  };
  const end = async ({ grantId, role, courtyardId, buildingId }: Grant) => {
    if (!(await act("role.end", { grantId }))) return;
    const undo = {
      label: t("undo"),
      act: () => void act("role.grant", { residentId, role, courtyardId, buildingId }),
    };
    toast({ text: t("staff.ended", { name, role: t(`role.${role}`) }), undo });
  };
  return (
    <>
      <div className={styles.line}>
        {member.door !== null && <Plate text={member.door} />}
        <h3 className={styles.name}>
          {name}
          {isMe && t("staff.me")}
        </h3>
      </div>
      {member.grants.map((grant) => (
        <div key={grant.grantId} className={styles.line}>
          <span className={styles.name}>
            {t(`role.${grant.role}`)} · {reach(grant)}
          </span>
          <Button
            busy={busy}
            onClick={() => end(grant)}
            aria-label={t("staff.endNamed", { name, role: t(`role.${grant.role}`) })}
          >
            {t("staff.end")}
          </Button>
        </div>
      ))}
      <div className={styles.line}>
        <Button
          busy={busy}
          onClick={() => relink(false)}
          aria-label={t(member.hasPassword ? "staff.relinkOnlyNamed" : "staff.relinkNamed", { name })}
        >
          {t(member.hasPassword ? "staff.relinkOnly" : "staff.relink")}
        </Button>
        {member.hasPassword && (
          <Button busy={busy} onClick={() => relink(true)} aria-label={t("staff.forgetNamed", { name })}>
            {t("staff.forget")}
          </Button>
        )}
      </div>
    </>
  );
}
