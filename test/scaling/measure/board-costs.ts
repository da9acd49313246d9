import { setTimeout as pause } from "node:timers/promises";
import { openWriter } from "../../deploy/board-writer.ts";
import type { Costs } from "../costs.ts";
import { type Bed, openWatchers, settled } from "./bed.ts";

const few = 20;
const many = 220;
const writers = 5;
const edits = 24;
/** Between two edits of one writer, milliseconds: slow enough that each is a commit of its own. */
const gap = 150;

/** Boards: opening, joining, editing. The first is right only while the node has no board in memory. */
export async function measureBoards(bed: Bed): Promise<Partial<Costs>> {
  const { courtyard, others, wsUrl } = bed;
  const cold = others.flatMap(({ boardId, households: [first] }) =>
    first ? [{ boardId, token: first.token }] : [],
  );
  const opened = await bed.during(cold.length, async () => (await openWatchers(wsUrl, cold)).close());
  const seats = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      boardId: courtyard.boardId,
      token: courtyard.households[index % courtyard.households.length]?.token ?? "",
    }));
  const warm = await openWatchers(wsUrl, seats(1));
  const joined = await bed.during(many, async () => (await openWatchers(wsUrl, seats(many))).close());
  // The first edits pay for the compiler.
  await editsWith(bed, seats(1));
  const small = await editsWith(bed, seats(few));
  const large = await editsWith(bed, seats(many));
  warm.close();
  const delivery = (large.node - small.node) / (many - few);
  return {
    openNodePerItem: (opened.node - joined.node) / bed.itemsOfBoard,
    openDatabase: opened.database - joined.database,
    joinNode: joined.node,
    joinDatabase: joined.database,
    boardDelivery: delivery,
    editNode: small.node - delivery * (few + writers - 1),
    editDatabase: small.database,
  };
}

async function editsWith(bed: Bed, seats: Parameters<typeof openWatchers>[1]) {
  const watchers = await openWatchers(bed.wsUrl, seats);
  const authors = await Promise.all(
    Array.from({ length: writers }, (_, index) => openWriter(bed.wsUrl, bed.courtyard, index)),
  );
  await settled();
  const cost = await bed.during(edits * writers, async () => {
    for (let round = 0; round < edits; round++) {
      for (const author of authors) {
        author.write();
        await pause(gap / writers);
      }
    }
  });
  for (const each of [watchers, ...authors]) each.close();
  await settled();
  return cost;
}
