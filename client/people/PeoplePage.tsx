import { useDeferredValue, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { boardLimits } from "../../shared/board/limits.ts";
import { ResidentPage } from "../resident/ResidentPage.tsx";
import { useArea } from "../state/app.tsx";
import { EmptyInvitation } from "../ui/EmptyInvitation.tsx";
import { SearchField } from "../ui/SearchField.tsx";
import { SegmentedChoice } from "../ui/SegmentedChoice.tsx";
import { Select } from "../ui/Select.tsx";
import { FoundNeighbours } from "./FoundNeighbours.tsx";
import styles from "./people.module.css";
import { Residents } from "./Residents.tsx";
import { SlipSheet } from "./SlipSheet.tsx";
import { type IssuedSlips, Slips } from "./Slips.tsx";
import { StaffSection } from "./StaffSection.tsx";
import { useNeighbours } from "./use-neighbours.ts";

type Part = "residents" | "slips" | "staff";

/** `/people`: stewards and officers look after the neighbours of their buildings. */
export function PeoplePage() {
  const { t } = useTranslation("people");
  const me = useArea("identity", (part) => part);
  const places = useArea("community", (part) => part.places);
  const [part, setPart] = useState<Part>("residents");
  const [issued, setIssued] = useState<IssuedSlips | null>(null);
  const [query, setQuery] = useState("");
  const mine = useMemo(
    () => (places?.buildings ?? []).filter(({ id }) => me.looksAfter.includes(id)),
    [places, me.looksAfter],
  );
  const [chosen, choose] = useState("");
  const building = mine.find(({ id }) => id === chosen) ?? mine[0];
  const givesRolesIn = me.abilities.includes("staff.manage") ? (places?.courtyardId ?? null) : null;
  // What is typed is drawn at once, and what it finds among a thousand when there is time.
  const asked = useDeferredValue(query.trim());
  const searching = part === "residents" && asked !== "";
  const ids = useMemo(() => mine.map(({ id }) => id), [mine]);
  const neighbours = useNeighbours(ids, me.asOf.residents, searching);
  const parts: Part[] = [
    "residents",
    "slips",
    ...(me.abilities.includes("staff.manage") ? (["staff"] as const) : []),
  ];
  if (issued) {
    return (
      <ResidentPage title={t("slips.title")}>
        <SlipSheet issued={issued} courtyard={places?.name ?? ""} onDone={() => setIssued(null)} />
      </ResidentPage>
    );
  }
  return (
    <ResidentPage title={t("title")} back={{ href: "/home", label: t("back") }}>
      <div className={styles.page}>
        {parts.length > 1 && (
          <SegmentedChoice
            label={t("parts.label")}
            labelHidden
            value={part}
            choices={parts.map((value) => ({ value, text: t(`parts.${value}`) }))}
            onChange={setPart}
          />
        )}
        {part === "staff" && <StaffSection me={me} places={places} />}
        {part !== "staff" && !building && (
          <EmptyInvitation
            title={t("noBuilding.title")}
            text={t(me.abilities.includes("import.run") ? "noBuilding.officer" : "noBuilding.other")}
          />
        )}
        {part === "residents" && building && (
          <SearchField
            value={query}
            onChange={setQuery}
            label={t("find.label")}
            placeholder={t("find.placeholder")}
            clearLabel={t("find.clear")}
            maxLength={boardLimits.searchLength}
          />
        )}
        {searching && (
          <FoundNeighbours
            query={asked}
            buildings={mine}
            neighbours={neighbours}
            givesRolesIn={givesRolesIn}
          />
        )}
        {part !== "staff" && !searching && building && mine.length > 1 && (
          <Select
            label={t("building.label")}
            value={building.id}
            choices={mine.map(({ id, name }) => ({ value: id, text: t("building.name", { name }) }))}
            onChange={choose}
          />
        )}
        {part === "residents" && !searching && building && (
          <Residents
            key={building.id}
            building={building}
            asOf={me.asOf.residents}
            givesRolesIn={givesRolesIn}
          />
        )}
        {part === "slips" && building && places && (
          <Slips
            key={building.id}
            building={building}
            courtyard={places}
            wholeCourtyard={mine.length > 1 && mine.length === places.buildings.length}
            onIssued={setIssued}
          />
        )}
      </div>
    </ResidentPage>
  );
}
