import * as Y from "yjs";
import { readBoard } from "../../shared/board/model.ts";
import type { Plan } from "./plan.ts";
import { type Profile, profiles, type StepName } from "./profiles.ts";
import { Provider } from "./provider.ts";
import { fading, isQuiet, leftOver, roundMs, unrest } from "./quiet.ts";
import type { DiskBoard } from "./sim-disk.ts";
import { simDoc } from "./sim-doc.ts";
import type { LineClient } from "./sim-line.ts";
import type { SimNode } from "./sim-node.ts";
import type { World } from "./world.ts";

/**
 * Milliseconds until the slowest notices are through. A dead line is dropped within 52.5 s, and who was on it is shown
 * within 15 more; without dead lines the slowest is who reads nothing for 20 s, and has to forget for 30 what was shown
 * before.
 */
const healing = { deadLines: 75_000, otherwise: 60_000 };
const makesDeadLines: ReadonlySet<StepName> = new Set(["cut", "crash", "drain", "freeze"]);
/** How often it is seen whether it is quiet. */
const lookMs = 500;
/** Milliseconds in which every node has answered somebody new. */
const answerMs = 8_000;
/** Milliseconds in which an empty house comes to rest: rooms unload, boards are folded and renewed. */
const restMs = 14_000;

/** Ends all trouble, waits for peace, and compares everything there is with the disk. */
export async function conclude(world: World, { steps, profile }: Plan): Promise<void> {
  const { clock, witness } = world;
  const stop = () => witness.violation !== null;
  const { fair }: Profile = profiles[profile];
  if (fair) checkFairness(world);
  heal(world);
  const deadLines = steps.some((step) => makesDeadLines.has(step.do));
  const thaw = Math.max(0, ...world.nodes.map(({ life }) => life.frozenUntil - clock.now));
  await comeToPeace(world, thaw + (deadLines ? healing.deadLines : healing.otherwise), stop);
  if (stop()) return;
  const amiss = unrest(world) ?? fading(world);
  if (amiss !== null) witness.fail(amiss.rule, amiss.message);
  const truths = truthsOf(world);
  for (const device of world.devices)
    if (!device.isSquatted) checkReplica(world, truths, device.boardId, device.name, device.doc);
  if (stop()) return;
  await checkNodes(world, stop);
  if (stop()) return;
  for (const device of world.devices) device.leave();
  for (const listener of world.listeners) listener.goAway("both");
  const { nodes } = world;
  await clock.advance(restMs, () => stop() || nodes.every((node) => leftOver(node) === null));
  if (stop()) return;
  for (const node of nodes) {
    const left = leftOver(node);
    if (left !== null) witness.fail("leak", left);
  }
  for (const board of world.disk.boards.values()) checkDisk(world, board);
}

/** Lets all be quiet for long enough, or so many milliseconds pass. */
async function comeToPeace(world: World, most: number, stop: () => boolean): Promise<void> {
  const { clock } = world;
  const end = clock.now + most;
  let quietSince = Number.POSITIVE_INFINITY;
  while (clock.now < end && clock.now - quietSince < roundMs && !stop()) {
    await clock.advance(Math.min(lookMs, end - clock.now), stop);
    quietSince = isQuiet(world) ? Math.min(quietSince, clock.now) : Number.POSITIVE_INFINITY;
  }
}

function heal({ nodes, redis, devices, listeners }: World): void {
  redis.flaky = { loss: 0, twice: 0, lag: 0 };
  for (const node of nodes) {
    node.running.store.faults.clear();
    node.running.folder.faults.length = 0;
    node.running.store.mend();
    node.running.redis.mend();
    node.life.dieAfter(Number.POSITIVE_INFINITY);
    node.restart();
  }
  for (const device of devices) {
    device.goOnline();
    device.retry();
  }
  for (const listener of listeners) listener.goOnline();
}

function checkFairness({ nodes, witness }: World): void {
  for (const { index, counters } of nodes)
    for (const { closed } of counters)
      if (closed["not-saved"]) witness.fail("starved", `node ${index} gave up a commit`);
}

/** A document's state vector and delete set, and how it reads. */
type Reading = { snapshot: Y.Snapshot; text: string };

const readingOf = (doc: Y.Doc, { households, lists }: DiskBoard): Reading => ({
  snapshot: Y.snapshot(doc),
  text: JSON.stringify(readBoard(doc, households, lists)),
});

const truthsOf = ({ disk }: World): ReadonlyMap<string, Reading> =>
  new Map([...disk.boards].map(([id, board]) => [id, readingOf(board.records[0]?.doc ?? simDoc(), board)]));

/** State vector, delete set and contents are those of the disk, and nothing is pending. */
function checkReplica(
  { disk, witness }: World,
  truths: ReadonlyMap<string, Reading>,
  boardId: string,
  name: string,
  doc: Y.Doc,
): void {
  const truth = truths.get(boardId);
  if (truth === undefined) return;
  const { snapshot, text } = readingOf(doc, disk.board(boardId));
  if (doc.store.pendingStructs !== null || doc.store.pendingDs !== null)
    witness.fail("diverged", `${name} has something pending`);
  if (!Y.equalSnapshots(snapshot, truth.snapshot))
    witness.fail("diverged", `${name} has another state of ${boardId}`);
  if (text !== truth.text) witness.fail("diverged", `${name} reads ${boardId} differently`);
}

/** What each node sends to somebody who has nothing. */
async function checkNodes(world: World, stop: () => boolean): Promise<void> {
  const visits = world.nodes.flatMap((node) =>
    world.boardIds.map((boardId) => ({ node, boardId, provider: visit(world, node, boardId) })),
  );
  await world.clock.advance(answerMs, () => stop() || visits.every(({ provider }) => provider().synced));
  const truths = truthsOf(world);
  for (const { provider, boardId, node } of visits) {
    const name = `node ${node.index}`;
    const { synced, doc } = provider();
    if (!synced) world.witness.fail("stuck", `${name} does not answer for ${boardId}`);
    else checkReplica(world, truths, boardId, name, doc);
    provider().destroy();
  }
}

/** Somebody who only looks, at one node, and begins again when the board is made anew meanwhile. */
function visit(world: World, node: SimNode, boardId: string): () => Provider {
  const ask = () => ({ boardId, writer: null, access: world.residents.access("r-kiosk"), wantsSaved: false });
  const ports = {
    clock: world.clock,
    dial: (client: LineClient) => world.dial("r-kiosk", ask, client, node),
    newClientId: () => 1,
  };
  const look = (): Provider => {
    const provider = new Provider(ports, simDoc(), {
      online: () => {},
      saved: () => {},
      closed: () => {
        provider.destroy();
        present = look();
      },
    });
    provider.connect();
    return provider;
  };
  let present = look();
  return () => present;
}

/** From the disk alone: everything is there that ever was, and every row has its number. */
function checkDisk({ disk, diary, witness }: World, board: DiskBoard): void {
  const { boardId, households, lists, rows, items, seq } = board;
  const cold = disk.coldDoc(boardId);
  const truth = board.records[0]?.doc;
  if (cold.store.pendingStructs !== null || cold.store.pendingDs !== null)
    witness.fail("log", `${boardId} has something pending after a cold start`);
  if (truth !== undefined && !Y.equalSnapshots(Y.snapshot(cold), Y.snapshot(truth)))
    witness.fail("log", `${boardId} is not the merge of its log`);
  const first = seq - rows.length + 1;
  if (rows.some((row, at) => row.seq !== first + at)) witness.fail("log", `${boardId} has a hole in its log`);
  const view = readBoard(cold, households, lists);
  const missing = diary.missing(boardId, view);
  if (missing.length > 0) witness.fail("acked-lost", `${boardId}: ${missing}`);
  const shown = Object.entries(view.cells).flatMap(([cell, of]) =>
    of.map(({ id, ...fields }) => [`${cell}/${id}`, fields] as const),
  );
  for (const [key, fields] of shown) {
    const { title, category, note, quantity, order } = fields;
    const row = items.get(key);
    if (row !== JSON.stringify({ title, category, note, quantity, order }))
      witness.fail("rows", `${boardId} ${key}: ${row ?? "no row"} for ${title}`);
  }
  if (items.size > shown.length)
    witness.fail("rows", `${boardId} has ${items.size - shown.length} rows too many`);
  cold.destroy();
}
