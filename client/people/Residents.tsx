import { memo, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useAnswer } from "../home/use-answer.ts";
import { EmptyInvitation } from "../ui/EmptyInvitation.tsx";
import { ErrorNote } from "../ui/ErrorNote.tsx";
import { LoadingLines } from "../ui/LoadingLines.tsx";
import type { Building } from "./doors.ts";
import { NeighbourList } from "./NeighbourList.tsx";
import { Phoneless } from "./Phoneless.tsx";

interface ResidentsProps {
  readonly building: Building;
  readonly asOf: number;
  /** Where this person can give roles, if anywhere. */
  readonly givesRolesIn: string | null;
}

/** The neighbours of one building who have come in, and its households without a phone. */
export const Residents = memo(function Residents({ building, asOf, givesRolesIn }: ResidentsProps) {
  const { t } = useTranslation("people");
  const { t: tError } = useTranslation("errors");
  const { value, error, again } = useAnswer("residents.list", { buildingId: building.id }, asOf);
  const neighbours = useMemo(
    () => value?.residents.map((resident) => ({ resident, building })) ?? [],
    [value, building],
  );
  if (!value) {
    return error ? (
      <ErrorNote title={t("residents.failed")} next={tError(error.code)} onRetry={again} />
    ) : (
      <LoadingLines what={t("residents.loading")} />
    );
  }
  return (
    <>
      {neighbours.length === 0 && (
        <EmptyInvitation title={t("residents.none")} text={t("residents.noneText")} />
      )}
      <NeighbourList neighbours={neighbours} givesRolesIn={givesRolesIn} counted />
      <Phoneless building={building} marked={value.phoneless} />
    </>
  );
});
