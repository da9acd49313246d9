import { useEffect, useState } from "react";
import type { Item } from "../../shared/board/model.ts";
import { useAppState, useWire } from "../state/app.tsx";
import type { GridItem } from "./grid/grid-model.ts";

const unknown: ReadonlyMap<string, number> = new Map();

/** When each thing of a cell was put there, milliseconds; empty until the server has said so. */
export function useItemTimes(
  boardId: string,
  householdId: string,
  items: readonly (Item | GridItem)[],
): ReadonlyMap<string, number> {
  const wire = useWire();
  const online = useAppState(({ status }) => status === "online");
  const [times, setTimes] = useState(unknown);
  const missing = items.some(({ id }) => !times.has(id));
  useEffect(() => {
    if (!online || !missing) return;
    let gone = false;
    void wire.ask("board.item-times", { boardId, householdId }).then((answer) => {
      if (!gone && answer.ok)
        setTimes(new Map(answer.value.items.map(({ itemId, addedAt }) => [itemId, addedAt])));
    });
    return () => {
      gone = true;
    };
  }, [wire, online, missing, boardId, householdId]);
  return times;
}
