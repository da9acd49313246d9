import * as Y from "yjs";
import { until } from "../services/until.ts";
import { BoardLink } from "./board-link.ts";
import type { ColdReader } from "./cold-read.ts";
import type { Crowd } from "./crowd.ts";
import type { Findings } from "./findings.ts";
import type { Fleet } from "./fleet.ts";
import { disagreement, replicaOf, titlesOf } from "./replica.ts";

/** After healing, everyone must be connected again within this, milliseconds: the provider's back-off and a restart. */
const reconnectWithin = 40_000;
/** Then all copies must be the same without a new edit within this, milliseconds. */
export const agreeWithin = 5_000;
/** What is not the same after this long never will be, milliseconds. */
const giveUpAfter = 30_000;

type Yard = Pick<Fleet, "sites" | "seeded">;

export interface Agreement {
  /** Milliseconds from healing until everyone was connected, and from then until all copies were the same. */
  connected: number;
  agreed: number;
  replicas: number;
}

/** Nobody edits any more: waits until all copies of the board, and what everyone heard, are the same. */
export async function awaitAgreement(deps: {
  fleet: Yard;
  crowd: Crowd;
  reader: ColdReader;
  findings: Findings;
}): Promise<Agreement> {
  const { fleet, crowd, reader, findings } = deps;
  const began = performance.now();
  const since = (from: number) => performance.now() - from;
  const lost = () => [
    ...crowd.boardLinks.filter(({ synced }) => !synced).map(({ node }) => `a board at node ${node}`),
    ...crowd.eventLinks.filter(({ connected }) => !connected).map(({ name }) => name),
  ];
  await until("everyone is connected again", () => lost().length === 0, reconnectWithin).catch(() =>
    findings.add("not-connected", `still without a connection: ${lost().join(", ")}`),
  );
  await until("every message and ballot is answered", () => crowd.idle, reconnectWithin).catch(() =>
    findings.add(
      "no-answer",
      `a message or a ballot still has no answer ${reconnectWithin} ms after healing`,
    ),
  );
  const connected = since(began);
  const from = performance.now();
  const differs = () => differenceNow(fleet, crowd);
  await until("all agree", async () => differs() === null, agreeWithin).catch(async () => {
    findings.add("slow-agreement", `after ${agreeWithin} ms: ${differs()}`);
    await until("all agree at last", () => differs() === null, giveUpAfter).catch(() =>
      findings.add("never-agree", `after ${giveUpAfter} ms more: ${differs()}`),
    );
  });
  const agreed = since(from);
  await heardAll({ fleet, crowd, reader, findings });
  await compareRows({ fleet, crowd, reader, findings });
  const replicas = await compareFreshCopies(fleet, crowd, findings);
  return { connected, agreed, replicas };
}

function differenceNow(fleet: Yard, crowd: Crowd): string | null {
  const unsaved = crowd.writers.find((writer) => !writer.refused && !writer.allSaved);
  if (unsaved) return `${unsaved.name} was not told that all is saved`;
  const ids = fleet.seeded.households.map(({ householdId }) => householdId);
  const copies = crowd.boardLinks.map(({ doc, node }, at) =>
    replicaOf(`client ${at} at node ${node}`, doc, ids),
  );
  return disagreement(copies);
}

/** A client that comes anew to each node gets the same board as those who were there. */
async function compareFreshCopies(fleet: Yard, crowd: Crowd, findings: Findings): Promise<number> {
  const { sites, seeded } = fleet;
  const ids = seeded.households.map(({ householdId }) => householdId);
  const token = seeded.households.at(-1)?.token ?? "";
  const fresh = sites.map((_, at) => {
    const refused = () => findings.add("refused", `a fresh client was refused at node ${at}`);
    return new BoardLink({ sites, at, boardId: seeded.boardId, token, doc: new Y.Doc(), refused });
  });
  try {
    await until("fresh clients are synced", () => fresh.every(({ synced }) => synced));
    const links = () => [...crowd.boardLinks, ...fresh];
    const differs = () =>
      disagreement(links().map(({ doc, node }, at) => replicaOf(`client ${at} at node ${node}`, doc, ids)));
    // A node that nobody was at follows the others a little later.
    await until("fresh copies agree", () => differs() === null, agreeWithin).catch(() =>
      findings.add("fresh-differs", `after ${agreeWithin} ms: ${differs()}`),
    );
    return links().length;
  } catch (error) {
    findings.add("not-connected", `a fresh client is not synced: ${error}`);
    return 0;
  } finally {
    for (const link of fresh) link.drop();
  }
}

/** The rows beside the document, which search and the wall read, say what the document says. */
async function compareRows(deps: {
  fleet: Yard;
  crowd: Crowd;
  reader: ColdReader;
  findings: Findings;
}): Promise<void> {
  const { fleet, crowd, reader, findings } = deps;
  const ids = fleet.seeded.households.map(({ householdId }) => householdId);
  const [link] = crowd.boardLinks;
  if (!link) return;
  const titles = titlesOf(link.doc, ids);
  const rows = new Map(
    (await reader.items(fleet.seeded.boardId)).map(({ household_id, item_id, title }) => [
      `${household_id}/${item_id}`,
      title,
    ]),
  );
  for (const key of new Set([...titles.keys(), ...rows.keys()]))
    if (titles.get(key) !== rows.get(key))
      findings.add(
        "row-differs",
        `${key} is "${titles.get(key)}" on the board and "${rows.get(key)}" in its row`,
      );
}

/** Everyone has heard the last event of the courtyard. */
async function heardAll(deps: {
  fleet: Yard;
  crowd: Crowd;
  reader: ColdReader;
  findings: Findings;
}): Promise<void> {
  const { fleet, crowd, reader, findings } = deps;
  const room = `courtyard:${fleet.seeded.courtyardId}`;
  const events = await reader.events();
  const last = events.findLast(({ rooms }) => rooms.includes(room))?.seq ?? 0;
  const behind = () => crowd.eventLinks.filter(({ cursor }) => cursor < last);
  await until("everyone has heard the last event", () => behind().length === 0, agreeWithin).catch(() => {
    const names = behind().map(({ name, cursor }) => `${name} is at ${cursor}`);
    findings.add("event-missing", `the log is at ${last}; ${names.join(", ")}`);
  });
}
