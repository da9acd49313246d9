import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { CommandInput, CommandResult } from "../../shared/wire/contract.ts";
import { useAct } from "../home/use-act.ts";
import { Button } from "../ui/Button.tsx";
import { SegmentedChoice } from "../ui/SegmentedChoice.tsx";
import { Select } from "../ui/Select.tsx";
import { type Building, type Courtyard, doorsOf } from "./doors.ts";
import styles from "./people.module.css";

type Kind = CommandInput<"invitation.issue">["place"]["kind"];
export type IssuedSlips = CommandResult<"invitation.issue">;

interface SlipsProps {
  readonly building: Building;
  readonly courtyard: Courtyard;
  /** Whether this person looks after all of its several buildings. */
  readonly wholeCourtyard: boolean;
  /** New slips; their codes are told this once. */
  readonly onIssued: (issued: IssuedSlips) => void;
}

/** Chooses the doors that get slips. */
export function Slips({ building, courtyard, wholeCourtyard, onIssued }: SlipsProps) {
  const { t } = useTranslation("people");
  const [kind, setKind] = useState<Kind>("building");
  const [unitId, chooseUnit] = useState(building.units[0]?.id ?? "");
  const doors = doorsOf(building);
  const [doorId, chooseDoor] = useState(doors[0]?.id ?? "");
  const [replace, setReplace] = useState<"missing" | "all">("missing");
  const [skipped, setSkipped] = useState(0);
  const { busy, act } = useAct();
  const placeId = {
    courtyard: courtyard.courtyardId,
    building: building.id,
    unit: unitId,
    household: doorId,
  };
  const kinds: Kind[] = [
    ...(wholeCourtyard ? (["courtyard"] as const) : []),
    "building",
    "unit",
    "household",
  ];

  const issue = async () => {
    const place = { kind, id: placeId[kind] };
    const issued = await act("invitation.issue", { place, replace: replace === "all" });
    if (!issued) return;
    if (issued.slips.length > 0) onIssued(issued);
    else setSkipped(issued.skipped);
  };
  return (
    <section className={styles.section}>
      <h2>{t("slips.title")}</h2>
      <p className={styles.soft}>{t("slips.text")}</p>
      <SegmentedChoice
        label={t("slips.for")}
        shape="wrap"
        value={kind}
        choices={kinds.map((value) => ({ value, text: t(`slips.kind.${value}`, { name: building.name }) }))}
        onChange={setKind}
      />
      {kind === "unit" && (
        <Select
          label={t("slips.unit")}
          value={unitId}
          choices={building.units.map(({ id, name }) => ({ value: id, text: t("slips.unitName", { name }) }))}
          onChange={chooseUnit}
        />
      )}
      {kind === "household" && (
        <Select
          label={t("slips.door")}
          value={doorId}
          choices={doors.map(({ id, label }) => ({ value: id, text: label }))}
          onChange={chooseDoor}
        />
      )}
      <SegmentedChoice
        label={t("slips.which")}
        shape="stack"
        value={replace}
        choices={[
          { value: "missing", text: t("slips.missing") },
          { value: "all", text: t("slips.all") },
        ]}
        onChange={setReplace}
      />
      {replace === "all" && <p className={styles.warning}>{t("slips.allWarning")}</p>}
      <output>{skipped > 0 && t("slips.noneNeeded", { count: skipped })}</output>
      <Button kind="main" wide busy={busy} onClick={issue}>
        {busy ? t("slips.making") : t("slips.make")}
      </Button>
    </section>
  );
}
