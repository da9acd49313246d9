import type { LoggedEvent } from "../../server/events/log.ts";
import { nodeEventOf } from "../../server/events/node-events.ts";
import { everybody } from "./sim-gateway.ts";
import type { SimNode } from "./sim-node.ts";
import type { VirtualClock } from "./virtual-clock.ts";
import type { Witness } from "./witness.ts";

/** Milliseconds after which every node that can read the log has heard of a commit, whatever Redis does. */
const heardWithin = 2_000;

/** Looks, some time after each event was committed, whether every node has done by then what it asks for. */
export class Punctuality {
  readonly #clock: VirtualClock;
  readonly #witness: Witness;
  readonly #nodes: () => readonly SimNode[];

  constructor(clock: VirtualClock, witness: Witness, nodes: () => readonly SimNode[]) {
    this.#clock = clock;
    this.#witness = witness;
    this.#nodes = nodes;
  }

  committed(events: readonly LoggedEvent[]): void {
    const { now } = this.#clock;
    for (const node of this.#nodes()) if (node.life.alive) this.#look(node, events, now, now);
  }

  /** Time in which the node is held up, or cannot read the log, does not count. */
  #look(node: SimNode, events: readonly LoggedEvent[], at: number, from: number): void {
    const { life } = node;
    this.#clock.after(from + heardWithin - this.#clock.now, () => {
      if (!life.alive || node.life !== life || node.draining) return;
      const sound = Math.max(from, node.running.store.soundSince, life.frozenUntil);
      if (sound > from) this.#look(node, events, at, sound);
      else for (const event of events) this.#judge(node, event, at);
    });
  }

  #judge(node: SimNode, event: LoggedEvent, at: number): void {
    if (event.rooms.includes(everybody))
      for (const [line, { welcomedAt, sentTo }] of node.running.gateway.lines)
        if (welcomedAt < at && sentTo < event.seq)
          this.#witness.fail(
            "event-late",
            `node ${node.index} has not told ${line.sessionId} of ${event.seq}`,
          );
    const forNodes = nodeEventOf(event);
    if (forNodes?.name !== "node.access-has-changed") return;
    const { residentId, sessionIds } = forNodes.data;
    for (const [line, { judgedAt }] of node.running.gateway.lines)
      if (sessionIds.includes(line.sessionId) && judgedAt < at)
        this.#witness.fail("access-late", `node ${node.index} goes on with ${line.sessionId}`);
    for (const [line, peer] of node.lines)
      if (peer.residentId === residentId && peer.judgedAt < at && line.server.isOpen)
        this.#witness.fail("access-late", `node ${node.index} goes on with the board of ${residentId}`);
  }
}
