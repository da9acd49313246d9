import { useMemo, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import type { Places } from "./access.ts";
import type { OpenBoard } from "./board-pool.ts";
import type { GridBuilding } from "./grid/grid-model.ts";
import { createWallModel, type PlaceNames } from "./wall-model.ts";

const silent = () => () => {};

/** These buildings as the wall draws them, following the board as it changes. */
export function useWall(
  board: OpenBoard | null,
  buildings: Places["buildings"],
  mine: string | null,
): readonly GridBuilding[] {
  const names = usePlaceNames();
  const [layOut] = useState(createWallModel);
  const read = () => layOut(buildings, board?.view ?? null, mine, names);
  return useSyncExternalStore(board?.view.subscribe ?? silent, read);
}

/** "3" → "3 栋"; a name that is a word already ("南门平房") stays as it is. */
export function usePlaceNames(): PlaceNames {
  const { t } = useTranslation("board");
  return useMemo(() => {
    const isNumber = (name: string) => /^[0-9A-Za-z]{1,4}$/.test(name);
    return {
      building: (name) => (isNumber(name) ? t("place.building", { name }) : name),
      unit: (name) => (name === "" ? t("place.noUnit") : isNumber(name) ? t("place.unit", { name }) : name),
    };
  }, [t]);
}
