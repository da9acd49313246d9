import * as Y from "yjs";
import { readBoard } from "../../shared/board/model.ts";
import type { Plan } from "./plan.ts";
import { type Profile, profiles, type StepName } from "./profiles.ts";
import { Provider } from "./provider.ts";
import type { DiskBoard } from "./sim-disk.ts";
import { simDoc } from "./sim-doc.ts";
import { everybody } from "./sim-gateway.ts";
import type { LineClient } from "./sim-line.ts";
import type { SimNode } from "./sim-node.ts";
import type { World } from "./world.ts";

/**
 * Milliseconds until the slowest notices are through. A dead line is dropped within 52.5 s, and who was on it is shown
 * within 15 more; without dead lines the slowest is who reads
 * nothing for 20 s, and has to forget for 30 what was shown before.
 */
const healing = { deadLines: 75_000, otherwise: 60_000 };
const makesDeadLines: ReadonlySet<StepName> = new Set(["cut", "crash", "drain", "freeze"]);
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
  await clock.advance(thaw + (deadLines ? healing.deadLines : healing.otherwise), stop);
  if (stop()) return;
  checkPeace(world);
  checkHeard(world);
  checkPresence(world);
  for (const device of world.devices)
    if (!device.isSquatted) checkReplica(world, device.boardId, device.name, device.doc);
  if (stop()) return;
  await checkNodes(world, stop);
  if (stop()) return;
  for (const device of world.devices) device.leave();
  for (const listener of world.listeners) listener.goAway("both");
  await clock.advance(restMs, stop);
  if (stop()) return;
  checkRest(world);
  for (const board of world.disk.boards.values()) checkDisk(world, board);
}

function heal({ nodes, redis, devices, listeners }: World): void {
  redis.flaky = { loss: 0, twice: 0, lag: 0 };
  for (const node of nodes) {
    node.running.store.faults.clear();
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

function checkPeace({ devices, nodes, witness }: World): void {
  for (const device of devices) {
    if (!device.isOnline)
      witness.fail("stuck", `${device.name} is away${device.stopped ? `: ${device.stopped}` : ""}`);
    else if (device.unsaved.size > 0)
      witness.fail("stuck", `${device.name} has ${[...device.unsaved]} unsaved`);
  }
  for (const { index, life } of nodes) if (!life.alive) witness.fail("stuck", `node ${index} is down`);
}

/** Everybody who listens has heard all there is, whatever they missed meanwhile. */
function checkHeard({ listeners, disk, witness }: World): void {
  const last = disk.community.rows.findLast(({ rooms }) => rooms.includes(everybody))?.seq ?? 0;
  for (const { name, isWelcome, cursor } of listeners) {
    if (!isWelcome || cursor === undefined) witness.fail("stuck", `${name} has no welcome`);
    else if (cursor < last)
      witness.fail("event-late", `${name} knows of ${cursor}, and ${last} has happened`);
  }
}

/** Everybody sees everybody else of a board, with the name of the session, and nobody who is not there. */
function checkPresence({ devices, witness, squatted, clocksAgree }: World): void {
  // Who cannot write under its client id is not shown under it either, until it takes another.
  if (squatted.size > 0 || !clocksAgree) return;
  for (const device of devices) {
    if (device.residentId === "r-kiosk") continue;
    const others = device.provider.presence.others();
    for (const other of devices) {
      if (other === device || other.boardId !== device.boardId || other.residentId === "r-kiosk") continue;
      const { clientId, own } = other.provider.presence;
      const seen = others.get(clientId);
      others.delete(clientId);
      if (own === null ? seen !== undefined : seen?.writing !== own.writing)
        witness.fail("presence", `${device.name} sees ${JSON.stringify(seen)} of ${other.name}`);
      else if (seen !== undefined && !JSON.stringify(seen.user).includes(`name of ${other.residentId}`))
        witness.fail("presence", `${other.name} goes by another name`);
    }
    if (others.size > 0) witness.fail("presence", `${device.name} sees a ghost`);
  }
}

/** State vector, delete set and contents are those of the disk, and nothing is pending. */
function checkReplica({ disk, witness }: World, boardId: string, name: string, doc: Y.Doc): void {
  const { records, households, lists } = disk.board(boardId);
  const truth = records[0]?.doc;
  if (truth === undefined) return;
  if (doc.store.pendingStructs !== null || doc.store.pendingDs !== null)
    witness.fail("diverged", `${name} has something pending`);
  if (!Y.equalSnapshots(Y.snapshot(doc), Y.snapshot(truth)))
    witness.fail("diverged", `${name} has another state of ${boardId}`);
  const view = (of: Y.Doc) => JSON.stringify(readBoard(of, households, lists));
  if (view(doc) !== view(truth)) witness.fail("diverged", `${name} reads ${boardId} differently`);
}

/** What each node sends to somebody who has nothing. */
async function checkNodes(world: World, stop: () => boolean): Promise<void> {
  const visits = world.nodes.flatMap((node) =>
    world.boardIds.map((boardId) => ({ node, boardId, provider: visit(world, node, boardId) })),
  );
  await world.clock.advance(8_000, stop);
  for (const { provider, boardId, node } of visits) {
    const name = `node ${node.index}`;
    const { synced, doc } = provider();
    if (!synced) world.witness.fail("stuck", `${name} does not answer for ${boardId}`);
    else checkReplica(world, boardId, name, doc);
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

function checkRest({ nodes, witness }: World): void {
  for (const { index, running } of nodes) {
    const { life, rooms, bus, listening, gateway } = running;
    const { counters } = rooms;
    if (counters.rooms + counters.peers > 0)
      witness.fail("leak", `node ${index} keeps ${counters.rooms} rooms and ${counters.peers} peers`);
    // The bus listens to itself, and it and who follow the logs of boards and of events wake up from time to time.
    const channels = bus === null ? 0 : bus.counters.channels - 1;
    if (channels > 0) witness.fail("leak", `node ${index} keeps ${channels} subscriptions`);
    if (listening + gateway.lines.size > 0)
      witness.fail(
        "leak",
        `node ${index} follows ${listening} communities for ${gateway.lines.size} sockets`,
      );
    const periodic = bus === null ? 0 : 3;
    if (life.waiting > periodic) witness.fail("leak", `node ${index} keeps ${life.waiting} timers`);
  }
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
