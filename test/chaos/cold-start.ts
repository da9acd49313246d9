import * as Y from "yjs";
import { startProcess } from "../services/process.ts";
import { until } from "../services/until.ts";
import { BoardLink } from "./board-link.ts";
import type { ColdReader } from "./cold-read.ts";
import type { Findings } from "./findings.ts";
import type { Fleet } from "./fleet.ts";
import { disagreement, replicaOf } from "./replica.ts";

const program = new URL("../../server/cli/index.ts", import.meta.url).pathname;

/** With every node stopped: `yuanba check` finds nothing, and a node that starts cold serves what the database holds. */
export async function checkCold(
  fleet: Pick<Fleet, "sites" | "seeded">,
  where: Record<string, string>,
  reader: ColdReader,
  findings: Findings,
): Promise<void> {
  const env = { PATH: process.env.PATH, LOG_LEVEL: "error", ...where };
  const check = await startProcess(process.execPath, [program, "check"], { env });
  await check.ended;
  if (!check.output().includes("Everything is in order")) findings.add("check", check.output().trim());

  const { sites, seeded } = fleet;
  const [site] = sites;
  const token = seeded.households.at(-1)?.token ?? "";
  if (!site) return;
  site.keeper.start();
  await until("the cold node is ready", () => site.keeper.ready(), 60_000);
  const refused = () => findings.add("refused", "a client of the cold node was refused");
  const link = new BoardLink({
    sites: [site],
    at: 0,
    boardId: seeded.boardId,
    token,
    doc: new Y.Doc(),
    refused,
  });
  try {
    await until("the cold node's client is synced", () => link.synced);
    const ids = seeded.households.map(({ householdId }) => householdId);
    const { doc } = await reader.board(seeded.boardId);
    const difference = disagreement([
      replicaOf("the database", doc, ids),
      replicaOf("a client of the cold node", link.doc, ids),
    ]);
    if (difference) findings.add("cold-differs", difference);
  } finally {
    link.drop();
    await site.keeper.stop();
  }
}
