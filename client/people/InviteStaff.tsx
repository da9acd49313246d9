import { nanoid } from "nanoid";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { longestDisplayName } from "../../shared/identity/rules.ts";
import type { CommandInput } from "../../shared/wire/contract.ts";
import { useAct } from "../home/use-act.ts";
import { Button } from "../ui/Button.tsx";
import { Select } from "../ui/Select.tsx";
import { TextField } from "../ui/TextField.tsx";
import { type Courtyard, doorsOf } from "./doors.ts";
import styles from "./people.module.css";

export type StaffRole = CommandInput<"staff.invite">["role"];
export const staffRoles: readonly StaffRole[] = [
  "steward",
  "facilitator",
  "social-worker",
  "organisation",
  "officer",
];

interface InviteStaffProps {
  readonly places: Courtyard | null;
  /** Whether this officer can make others officers of the whole community. */
  readonly everywhere: boolean;
  readonly onInvited: (name: string, token: string) => void;
}

/** Brings in a helper: a name, what they do, where, and their own door if they live here. */
export function InviteStaff({ places, everywhere, onInvited }: InviteStaffProps) {
  const { t } = useTranslation("people");
  const [name, setName] = useState("");
  const [role, setRole] = useState<StaffRole>("steward");
  const [buildingId, chooseBuilding] = useState("");
  const [doorId, chooseDoor] = useState("");
  const [missing, setMissing] = useState(false);
  // Kept until the invitation stands, so that a repeat after a lost answer makes no second person.
  const [residentId, setResidentId] = useState(() => nanoid(12));
  const { busy, act } = useAct();
  const buildings = places?.buildings ?? [];
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const displayName = name.trim();
    setMissing(displayName === "");
    if (displayName === "" || busy) return;
    // Before there is a courtyard, a helper can only be one of the whole community.
    const courtyardId = role === "officer" && everywhere ? null : (places?.courtyardId ?? null);
    const made = await act("staff.invite", {
      residentId,
      displayName,
      role,
      courtyardId,
      buildingId: role === "steward" && buildingId !== "" ? buildingId : null,
      householdId: doorId === "" ? null : doorId,
    });
    if (!made) return;
    setResidentId(nanoid(12));
    setName("");
    chooseDoor("");
    onInvited(displayName, made.token);
  };
  return (
    <section className={styles.section}>
      <h2>{t("invite.title")}</h2>
      <form className={styles.form} onSubmit={submit} noValidate>
        <TextField
          label={t("invite.name")}
          value={name}
          onChange={setName}
          maxLength={longestDisplayName}
          error={missing ? t("invite.nameMissing") : undefined}
        />
        <Select
          label={t("invite.role")}
          hint={t(`invite.does.${role}`)}
          value={role}
          choices={staffRoles.map((value) => ({ value, text: t(`role.${value}`) }))}
          onChange={setRole}
        />
        {role === "steward" && buildings.length > 1 && (
          <Select
            label={t("invite.building")}
            value={buildingId}
            choices={[
              { value: "", text: t("invite.wholeCourtyard") },
              ...buildings.map(({ id, name: of }) => ({ value: id, text: t("building.name", { name: of }) })),
            ]}
            onChange={chooseBuilding}
          />
        )}
        {places && (
          <Select
            label={t("invite.door")}
            value={doorId}
            choices={[
              { value: "", text: t("invite.noDoor") },
              ...buildings.flatMap(doorsOf).map(({ id, label }) => ({ value: id, text: label })),
            ]}
            onChange={chooseDoor}
          />
        )}
        <Button kind="main" wide type="submit" busy={busy}>
          {t("invite.make")}
        </Button>
      </form>
    </section>
  );
}
