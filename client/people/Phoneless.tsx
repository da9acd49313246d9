import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useAct } from "../home/use-act.ts";
import { Button } from "../ui/Button.tsx";
import { Plate } from "../ui/Plate.tsx";
import { Select } from "../ui/Select.tsx";
import { useToast } from "../ui/toast-context.ts";
import { type Building, doorsOf } from "./doors.ts";
import styles from "./people.module.css";

interface PhonelessProps {
  readonly building: Building;
  /** Households marked now. */
  readonly marked: readonly string[];
}

/** Households without a phone: the steward writes in their cell for them. */
export function Phoneless({ building, marked }: PhonelessProps) {
  const { t } = useTranslation("people");
  const [chosen, choose] = useState("");
  const { busy, act } = useAct();
  const toast = useToast();
  const doors = doorsOf(building);
  const labelOf = (householdId: string) => doors.find(({ id }) => id === householdId)?.label ?? "";
  const set = async (householdId: string, phoneless: boolean) => {
    if (!(await act("household.set-phoneless", { householdId, phoneless }))) return;
    const door = labelOf(householdId);
    if (phoneless) return toast({ text: t("phoneless.marked", { door }) });
    const undo = { label: t("undo"), act: () => void set(householdId, true) };
    toast({ text: t("phoneless.unmarked", { door }), undo });
  };
  const mark = async () => {
    if (chosen === "" || busy) return;
    await set(chosen, true);
    choose("");
  };
  return (
    <section className={styles.section}>
      <h2>{t("phoneless.title")}</h2>
      <p className={styles.soft}>{t("phoneless.text")}</p>
      {marked.map((householdId) => (
        <div key={householdId} className={styles.line}>
          <Plate text={labelOf(householdId)} />
          <Button
            busy={busy}
            onClick={() => set(householdId, false)}
            aria-label={t("phoneless.unmarkNamed", { door: labelOf(householdId) })}
          >
            {t("phoneless.unmark")}
          </Button>
        </div>
      ))}
      <Select
        label={t("phoneless.door")}
        value={chosen}
        choices={[
          { value: "", text: t("phoneless.choose") },
          ...doors
            .filter(({ id }) => !marked.includes(id))
            .map(({ id, label }) => ({ value: id, text: label })),
        ]}
        onChange={choose}
      />
      <div className={styles.line}>
        <Button busy={busy} disabled={chosen === ""} onClick={mark}>
          {t("phoneless.mark")}
        </Button>
      </div>
    </section>
  );
}
