import { memo, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { asksPinyin } from "../../shared/board/search.ts";
import { usePinyin } from "../board/search/use-pinyin.ts";
import { EmptyInvitation } from "../ui/EmptyInvitation.tsx";
import { ErrorNote } from "../ui/ErrorNote.tsx";
import { type Building, doorsOf } from "./doors.ts";
import { createFinder } from "./find-neighbours.ts";
import { NeighbourList } from "./NeighbourList.tsx";
import styles from "./people.module.css";
import type { Neighbours } from "./use-neighbours.ts";

/** People drawn at once; who looks for one of a thousand writes another letter. */
const mostShown = 30;
/** Doors named before the others are only counted. */
const mostDoors = 3;

interface FoundNeighboursProps {
  readonly query: string;
  /** All that this person looks after. */
  readonly buildings: readonly Building[];
  readonly neighbours: Neighbours;
  readonly givesRolesIn: string | null;
}

/** Whom a name or a door finds in all of somebody's buildings; a door nobody has come in from is told too. */
export const FoundNeighbours = memo(function FoundNeighbours({
  query,
  buildings,
  neighbours,
  givesRolesIn,
}: FoundNeighboursProps) {
  const { t } = useTranslation("people");
  const { t: tError } = useTranslation("errors");
  const { residents, error, again } = neighbours;
  const { of: pinyinOf, letters } = usePinyin(asksPinyin(query));
  const finder = useMemo(() => createFinder(query, pinyinOf), [query, pinyinOf]);
  const doors = useMemo(() => buildings.flatMap(doorsOf), [buildings]);
  const found = useMemo(
    () =>
      buildings.flatMap((building) =>
        (residents.get(building.id) ?? [])
          .filter(({ displayName, door }) => finder.name(displayName) || finder.door(door))
          .map((resident) => ({ resident, building })),
      ),
    [buildings, residents, finder],
  );
  const read = buildings.filter(({ id }) => residents.has(id)).length;
  const done = read === buildings.length && letters !== "waiting";
  const empty = useMemo(() => {
    const lived = new Set([...residents.values()].flat().map(({ householdId }) => householdId));
    return done ? doors.filter(({ id, label }) => finder.door(label) && !lived.has(id)) : [];
  }, [done, doors, finder, residents]);
  const named = empty.slice(0, mostDoors).map(({ label }) => label);
  const emptyText =
    empty.length > mostDoors
      ? t("find.emptyMore", { doors: named.join(t("find.and")), count: empty.length })
      : t("find.empty", { doors: named.join(t("find.and")) });
  return (
    <>
      <output className={styles.soft}>
        {done
          ? found.length > 0 && t("find.found", { count: found.length })
          : !error && t("find.waiting", { read, all: buildings.length })}
      </output>
      {error && <ErrorNote title={t("find.failed")} next={tError(error)} onRetry={again} />}
      {letters === "failed" && <p className={styles.soft}>{t("find.withoutPinyin")}</p>}
      <NeighbourList neighbours={found.slice(0, mostShown)} givesRolesIn={givesRolesIn} counted={false} />
      {found.length > mostShown && <p>{t("find.more", { count: found.length - mostShown })}</p>}
      {found.length > 0 && empty.length > 0 && <p className={styles.soft}>{emptyText}</p>}
      {done && found.length === 0 && (
        <EmptyInvitation
          title={empty.length > 0 ? emptyText : t("find.none", { query })}
          text={t(empty.length > 0 ? "residents.noneText" : "find.noneHint")}
        />
      )}
    </>
  );
});
