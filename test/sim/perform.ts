import { closeAfterCommit } from "../../server/identity/session-ends.ts";
import { EditRefused } from "../../server/sync/tick-work.ts";
import { addItem } from "../../shared/board/rules.ts";
import { assertNever } from "../../shared/wire/result.ts";
import { AttackVisit, attackFrames } from "./attacks.ts";
import { Chance } from "./chance.ts";
import type { Device } from "./device.ts";
import type { DiskFault, Question } from "./disk-line.ts";
import type { Plan, Step } from "./plan.ts";
import type { SimNode } from "./sim-node.ts";
import { changeWith } from "./unit-line.ts";
import { attacker, attackerCell, type World } from "./world.ts";

/** A shutdown has so many milliseconds. */
const drainDeadline = 2_000;

/** Sets everything of a plan to its time. */
export function schedule(world: World, { steps }: Plan): void {
  for (const step of steps) world.clock.after(step.at, () => perform(world, step));
}

function perform(world: World, step: Step): void {
  const { clock, redis } = world;
  switch (step.do) {
    case "edit":
      world.device(step.device).edit(new Chance(step.salt));
      return;
    case "show":
      world.device(step.device).show(step.salt % 5 === 0 ? null : `place ${step.salt % 100}`);
      return;
    case "away": {
      const device = world.device(step.device);
      device.goOffline();
      clock.after(step.ms, () => device.goOnline());
      return;
    }
    case "everyone-away":
      for (const device of world.devices) {
        device.goOffline();
        clock.after(step.ms + world.chance.between(0, 500), () => device.goOnline());
      }
      return;
    case "reload":
      world.device(step.device).reload();
      return;
    case "cut":
      world.device(step.device).provider.line?.cut(step.how);
      return;
    case "stall":
      world.device(step.device).provider.line?.stall(step.ms);
      return;
    case "crash": {
      const node = world.node(step.node);
      node.life.dieAfter(step.acts);
      clock.after(step.ms, () => {
        node.life.die();
        node.restart();
      });
      return;
    }
    case "freeze":
      world.node(step.node).life.freeze(step.ms);
      return;
    case "skew":
      world.node(step.node).life.skew += step.ms;
      return;
    case "drain":
      drain(world, world.node(step.node), step.ms);
      return;
    case "bus-cut": {
      const { redis: line } = world.node(step.node).running;
      line.cut(step.how);
      clock.after(step.ms, () => line.mend());
      return;
    }
    case "bus-flaky":
      redis.flaky = { loss: step.loss, twice: step.twice, lag: step.lag };
      clock.after(step.ms, () => {
        redis.flaky = { loss: 0, twice: 0, lag: 0 };
      });
      return;
    case "bus-flush":
      redis.lostBefore = clock.now + 1;
      return;
    case "disk":
      spoil(world.node(step.node), step.question, step.fault, step.times);
      return;
    case "disk-cut": {
      const { store } = world.node(step.node).running;
      store.isCut = true;
      clock.after(step.ms, () => store.mend());
      return;
    }
    case "folding":
      world
        .node(step.node)
        .running.folder.faults.push(...Array.from({ length: step.times }, () => step.fault));
      return;
    case "tell":
      tell(world, world.node(step.node), step.events);
      return;
    case "listener-away": {
      const listener = world.listener(step.listener);
      listener.goAway(step.how);
      clock.after(step.ms, () => listener.goOnline());
      return;
    }
    case "rights":
      changeRights(world, world.device(step.device).residentId, new Chance(step.salt));
      return;
    case "rights-in-trouble":
      changeRights(world, world.device(step.device).residentId, new Chance(step.salt), step.fault);
      return;
    case "rights-at-the-door":
      rightsAtTheDoor(world, world.device(step.device), step.ms, new Chance(step.salt));
      return;
    case "add-household":
      addHousehold(world, world.boardId(step.board), world.node(step.node));
      return;
    case "server-edit":
      serverEdit(world, world.boardId(step.board), world.node(step.node), new Chance(step.salt));
      return;
    case "attack":
      attack(world, step);
      return;
    default:
      assertNever(step);
  }
}

/** Lets the next questions of a kind go wrong. */
function spoil({ running }: SimNode, question: Question, fault: DiskFault, times = 1): void {
  const { faults, shared } = running.store;
  // An embedded database, which the process has to itself, is not without an answer when it has stored a unit.
  if (!shared && question === "unit" && fault.kind === "answer-lost") return;
  faults.set(question, [...(faults.get(question) ?? []), ...Array.from({ length: times }, () => fault)]);
}

function drain(world: World, node: SimNode, downMs: number): void {
  const { life } = node;
  if (!life.alive || node.draining) return;
  node.draining = true;
  const began = world.clock.now;
  const frozen = Math.max(0, life.frozenUntil - began);
  void node.running.stop(drainDeadline).then(() => {
    if (!life.alive) return;
    // While the process is held up nothing can pass; what counts is the time it had.
    const held = Math.max(frozen, life.frozenUntil - began, 0);
    const took = world.clock.now - began - held;
    if (took > drainDeadline * 1.5) world.witness.fail("drain", `node ${node.index} took ${took} ms`);
    life.die();
    world.clock.after(downMs, () => node.restart());
  });
}

/** @param fault what becomes of the commit */
function changeRights(world: World, residentId: string, chance: Chance, fault?: DiskFault): void {
  if (residentId === "r-kiosk") return;
  const rights = chance.pick(["moves", "moves", "leaves", "steward"] as const);
  const cell = `h${chance.between(1, 3)}`;
  const node = chance.pick(world.nodes);
  if (fault !== undefined) spoil(node, "unit", fault);
  world.command(node, (unit) => {
    changeWith(unit, () => world.residents.change(residentId, rights, cell));
    closeAfterCommit(unit, residentId, world.sessionsOf(residentId), node.running.doors);
  });
}

/**
 * Everybody goes for so long that no node follows the community any more. Then they come back all at once, and
 * somebody's rights change while they are let in.
 */
function rightsAtTheDoor(world: World, device: Device, ms: number, chance: Chance): void {
  const { clock, devices, listeners } = world;
  for (const each of devices) each.goOffline();
  for (const each of listeners) each.goAway("both");
  for (const each of devices) clock.after(ms + chance.between(0, 8), () => each.goOnline());
  for (const { residentId } of new Set([device, chance.pick(devices)]))
    clock.after(ms + chance.between(0, 18), () => changeRights(world, residentId, chance));
  for (const each of listeners) clock.after(ms + chance.between(0, 300), () => each.goOnline());
}

/** Something happens in the community that everybody hears of, each time something else. */
function tell(world: World, node: SimNode, events: number): void {
  world.command(node, (unit) => {
    for (let at = 0; at < events; at++)
      unit.tell(
        "board.lists-changed",
        { boardId: world.boardId(at), lists: [{ id: "garden", title: `list ${++world.tellings}` }] },
        { courtyard: "y", building: null, staff: null },
      );
  });
}

function addHousehold(world: World, boardId: string, node: SimNode): void {
  const { rooms } = node.running;
  world.command(node, (unit) => {
    changeWith(unit, () => {
      const { household, residentId } = world.newHousehold(boardId);
      const device = world.addDevice(`${residentId} new`, residentId, boardId);
      world.clock.after(world.chance.between(40, 900), () => device.goOnline());
      world.clock.after(world.chance.between(100, 1_500), () => device.edit(new Chance(household.length, 7)));
    });
    unit.tellNodes("node.places-have-changed", { boardIds: [boardId] });
    unit.afterCommit(() => void rooms.readPlaces(boardId).catch(() => {}));
  });
}

/** An import on behalf of a household: the places are read first, for they may be new. */
function serverEdit(world: World, boardId: string, { running, draining }: SimNode, chance: Chance): void {
  const { rooms, life } = running;
  if (!life.alive || draining) return;
  const title = world.diary.newWord();
  const cell = chance.pick(world.disk.board(boardId).households);
  const draft = { title, category: "books", note: "", quantity: 1 };
  rooms
    .readPlaces(boardId)
    .then(() =>
      rooms.edit(boardId, world.residents.writer("r-steward"), (doc) => {
        if (addItem(doc, cell, `i${title}`, draft) !== null) throw new Error("the cell is full");
      }),
    )
    .then(
      ({ changes }) => {
        if (!life.alive) return;
        if (changes.length > 0) world.diary.imported(boardId, cell, `i${title}`, title);
        const [record] = world.disk.board(boardId).records;
        if (changes.length > 0 && record?.words.has(title) !== true)
          world.witness.fail("acked-before-durable", `the server's own ${title} was called saved`);
      },
      (error: unknown) => {
        if (error instanceof EditRefused)
          world.witness.fail("honest-refused", `server edit: ${error.message}`);
      },
    );
}

function attack(world: World, { kind, node, board, salt }: Step & { do: "attack" }): void {
  const chance = new Chance(salt);
  const boardId = world.boardId(board);
  const wantsSaved = chance.hit(0.5);
  const ask = () => ({
    boardId,
    writer: world.residents.writer(attacker),
    access: world.residents.access(attacker),
    wantsSaved,
  });
  const clientId = chance.clientId();
  const scene = {
    kind,
    chance,
    ownCell: attackerCell,
    households: world.disk.board(boardId).households,
    victims: world.devices.filter((device) => device.boardId === boardId).map(({ doc }) => doc.clientID),
    evilWord: () => `evil${++world.evilWords}`,
    ownWord: () => world.diary.newWord(),
  };
  const strike = (visit: AttackVisit) => {
    for (const frame of attackFrames(scene, visit.doc)) visit.line?.send(frame);
    if (kind === "squat") world.squatted.add(visit.doc.clientID);
  };
  const waiting: AttackVisit[] = [];
  const both = (visit: AttackVisit) => {
    waiting.push(visit);
    if (waiting.length === 2) for (const one of waiting) strike(one);
  };
  for (let at = 0; at < (kind === "equivocate" ? 2 : 1); at++) {
    const visit = new AttackVisit(clientId, kind === "equivocate" ? both : strike);
    visit.line = world.dial(attacker, ask, visit, world.node(node + at));
    world.clock.after(1_500, () => visit.line?.close());
  }
}
