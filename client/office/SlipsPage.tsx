import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type IssuedSlips, Slips } from "../people/Slips.tsx";
import { useArea } from "../state/app.tsx";
import { ButtonLink } from "../ui/Button.tsx";
import { classNames } from "../ui/class-names.ts";
import { EmptyInvitation } from "../ui/EmptyInvitation.tsx";
import { Select } from "../ui/Select.tsx";
import styles from "./office.module.css";

interface SlipsPageProps {
  /** New slips; their codes are told this once. */
  readonly onIssued: (issued: IssuedSlips) => void;
}

/** The slips for the doors: for which place. */
export function SlipsPage({ onIssued }: SlipsPageProps) {
  const { t } = useTranslation("office");
  const { t: tPeople } = useTranslation("people");
  const places = useArea("community", (part) => part.places);
  const [chosen, choose] = useState("");
  const building = places?.buildings.find(({ id }) => id === chosen) ?? places?.buildings[0];
  if (!places || !building) {
    return (
      <EmptyInvitation title={t("slips.noneTitle")} text={t("slips.noneText")}>
        <ButtonLink kind="main" href="/office/tables">
          {t("steps.households.act")}
        </ButtonLink>
      </EmptyInvitation>
    );
  }
  return (
    <div className={classNames(styles.page, styles.narrow)}>
      {places.buildings.length > 1 && (
        <Select
          label={tPeople("building.label")}
          value={building.id}
          choices={places.buildings.map(({ id, name }) => ({
            value: id,
            text: tPeople("building.name", { name }),
          }))}
          onChange={choose}
        />
      )}
      <Slips
        key={building.id}
        building={building}
        courtyard={places}
        wholeCourtyard={places.buildings.length > 1}
        onIssued={onIssued}
      />
    </div>
  );
}
