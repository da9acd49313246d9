import { useState } from "react";
import { useTranslation } from "react-i18next";
import { passwordRoles } from "../../shared/identity/model.ts";
import { useAct } from "../home/use-act.ts";
import { Button } from "../ui/Button.tsx";
import { Select } from "../ui/Select.tsx";
import { Sheet } from "../ui/Sheet.tsx";
import { useToast } from "../ui/toast-context.ts";
import type { Building } from "./doors.ts";
import { type StaffRole, staffRoles } from "./InviteStaff.tsx";
import styles from "./people.module.css";
import type { Resident } from "./use-neighbours.ts";

interface GiveRoleProps {
  readonly resident: Resident;
  readonly building: Building;
  readonly courtyardId: string;
  readonly onClose: () => void;
}

/** Gives a neighbour who has come in something to look after: the steward's own building, or the courtyard. */
export function GiveRole({ resident, building, courtyardId, onClose }: GiveRoleProps) {
  const { t } = useTranslation("people");
  const [role, setRole] = useState<StaffRole>("steward");
  const { busy, act } = useAct();
  const toast = useToast();
  const { residentId, displayName: name } = resident;
  const give = async () => {
    const buildingId = role === "steward" ? building.id : null;
    const given = await act("role.grant", { residentId, role, courtyardId, buildingId });
    if (!given) return;
    const undo = { label: t("undo"), act: () => void act("role.end", { grantId: given.grantId }) };
    toast({ text: t("help.given", { name, role: t(`role.${role}`) }), undo });
    onClose();
  };
  return (
    <Sheet
      open
      title={t("help.title", { name })}
      onClose={onClose}
      foot={
        <Button kind="main" wide busy={busy} onClick={give}>
          {t("help.give")}
        </Button>
      }
    >
      <div className={styles.form}>
        <Select
          label={t("invite.role")}
          hint={t(`invite.does.${role}`)}
          value={role}
          choices={staffRoles.map((value) => ({
            value,
            text: value === "steward" ? t("invite.stewardOf", { name: building.name }) : t(`role.${value}`),
          }))}
          onChange={setRole}
        />
        {passwordRoles.includes(role) && <p>{t("help.password")}</p>}
      </div>
    </Sheet>
  );
}
