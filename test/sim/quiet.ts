import { everybody } from "./sim-gateway.ts";
import type { SimNode } from "./sim-node.ts";
import type { World } from "./world.ts";

/**
 * Milliseconds in which all that comes round has come round: a provider repeats what it shows after 15 s and looks every
 * 3; a room looks every 15 s whom it has told nothing for 7.5. What a client has not heard again by then it will give up
 * after 30 s: its line, and whoever is shown.
 */
export const roundMs = 23_500;

/** What is not as it is in peace, by the rule it breaks when it stays so. */
type Unrest = { rule: "stuck" | "event-late" | "presence"; message: string };

/**
 * Nothing is under way that comes to an end by itself: no line that only one end believes in, no reader who is held up,
 * no answer that is overdue, no bus that is not trusted yet. What happens from now on comes round.
 */
export function isQuiet(world: World): boolean {
  const { clock, nodes, devices, listeners } = world;
  const sockets = nodes.reduce((sum, { running }) => sum + running.gateway.lines.size, 0);
  return (
    sockets === listeners.length &&
    nodes.every((node) => isSound(node, clock.now)) &&
    devices.every(({ provider }) => provider.line?.isOdd === false) &&
    unrest(world) === null
  );
}

function isSound({ life, draining, lines, running }: SimNode, now: number): boolean {
  const { store, bus } = running;
  if (draining || life.frozenUntil > now || store.soundSince >= now || bus?.healthy() === false) return false;
  for (const { isOdd } of lines.keys()) if (isOdd) return false;
  return true;
}

/** The first thing that is not as it should be among people and nodes, or null. */
export function unrest(world: World): Unrest | null {
  return missing(world) ?? unheard(world) ?? wronglyShown(world);
}

function missing({ devices, nodes }: World): Unrest | null {
  const stuck = (message: string): Unrest => ({ rule: "stuck", message });
  for (const { name, isOnline, stopped, unsaved } of devices) {
    if (!isOnline) return stuck(`${name} is away${stopped ? `: ${stopped}` : ""}`);
    if (unsaved.size > 0) return stuck(`${name} has ${[...unsaved]} unsaved`);
  }
  for (const { index, life } of nodes) if (!life.alive) return stuck(`node ${index} is down`);
  return null;
}

/** Everybody who listens has heard all there is, whatever they missed meanwhile. */
function unheard({ listeners, disk }: World): Unrest | null {
  const last = disk.community.rows.findLast(({ rooms }) => rooms.includes(everybody))?.seq ?? 0;
  for (const { name, isWelcome, cursor } of listeners) {
    if (!isWelcome || cursor === undefined) return { rule: "stuck", message: `${name} has no welcome` };
    if (cursor < last)
      return { rule: "event-late", message: `${name} knows of ${cursor}, and ${last} has happened` };
  }
  return null;
}

/** Everybody sees everybody else of a board, with the name of the session, and nobody who is not there. */
function wronglyShown({ devices, squatted, clocksAgree }: World): Unrest | null {
  // Who cannot write under its client id is not shown under it either, until it takes another.
  if (squatted.size > 0 || !clocksAgree) return null;
  const wrong = (message: string): Unrest => ({ rule: "presence", message });
  for (const device of devices) {
    if (device.residentId === "r-kiosk") continue;
    const others = device.provider.presence.others();
    for (const other of devices) {
      if (other === device || other.boardId !== device.boardId || other.residentId === "r-kiosk") continue;
      const { clientId, own } = other.provider.presence;
      const seen = others.get(clientId);
      others.delete(clientId);
      if (own === null ? seen !== undefined : seen?.writing !== own.writing)
        return wrong(`${device.name} sees ${JSON.stringify(seen)} of ${other.name}`);
      if (seen !== undefined && !JSON.stringify(seen.user).includes(`name of ${other.residentId}`))
        return wrong(`${other.name} goes by another name`);
    }
    if (others.size > 0) return wrong(`${device.name} sees a ghost`);
  }
  return null;
}

/** What will not stay as it is because it has not come round, or null; asked when it has been quiet for long enough. */
export function fading({ devices, squatted, clocksAgree }: World): Unrest | null {
  for (const { name, residentId, provider } of devices) {
    if (provider.silence > roundMs) return { rule: "stuck", message: `${name} hears nothing` };
    if (squatted.size > 0 || !clocksAgree || residentId === "r-kiosk") continue;
    if (!provider.presence.isFresh(roundMs))
      return { rule: "presence", message: `${name} sees somebody who is not repeated` };
  }
  return null;
}

/** What a node still has although nobody is there, or null. */
export function leftOver({ index, running }: SimNode): string | null {
  const { life, rooms, bus, listening, gateway, store, folder } = running;
  const { counters } = rooms;
  if (counters.rooms + counters.peers > 0)
    return `node ${index} keeps ${counters.rooms} rooms and ${counters.peers} peers`;
  // The bus listens to itself, and it and who follow the logs of boards and of events wake up from time to time.
  const channels = bus === null ? 0 : bus.counters.channels - 1;
  if (channels > 0) return `node ${index} keeps ${channels} subscriptions`;
  if (listening + gateway.lines.size > 0)
    return `node ${index} follows ${listening} communities for ${gateway.lines.size} sockets`;
  const periodic = bus === null ? 0 : 3;
  if (life.waiting > periodic) return `node ${index} keeps ${life.waiting} timers`;
  if (!folder.isIdle) return `node ${index} waits for its folding thread`;
  return store.isIdle ? null : `node ${index} waits for the database`;
}
