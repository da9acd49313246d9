import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { addEntry, editEntry, removeEntry } from "../../shared/board/list-rules.ts";
import { readBoard, readCell } from "../../shared/board/model.ts";
import { addItem, editItem, moveItem, removeItem } from "../../shared/board/rules.ts";
import { closeCodes } from "../../shared/wire/close-codes.ts";
import { until } from "../services/until.ts";
import type { BoardServer } from "./board-server.ts";
import { RawClient } from "./clients.ts";
import { draft } from "./guarded-board.ts";
import { seeded } from "./hostile.ts";
import { MemoryStore } from "./memory-store.ts";
import { endWithTest, start } from "./room-bed.ts";

endWithTest();

/** A person's device: it keeps its document, loses its line at random, and comes back as the close code says. */
class Device {
  readonly doc = new Y.Doc();
  readonly as: string;
  readonly home: string;
  line: RawClient | null = null;
  readonly refusals: string[] = [];

  constructor(as: string, home: string) {
    this.as = as;
    this.home = home;
  }

  connect(server: BoardServer): void {
    if (this.line !== null && this.line.closed === null) return;
    const code = this.line?.closed?.code ?? 0;
    if (code >= 4400 && code < 4500) this.refusals.push(this.line?.closed?.reason ?? "");
    this.line = new RawClient(server, `as=${this.as}&saved=1`, { doc: this.doc });
  }

  drop(): void {
    this.line?.socket.terminate();
  }
}

const household = ["h1", "h2", "h3"];

describe("a storm", () => {
  it.each([1, 2, 3, 4, 5, 6])(
    "[SY-8 INV-1] seed %i: failing commits, lost answers, dropped lines and new rooms lose nothing that was seen or called saved",
    async (seed) => {
      const random = seeded(seed);
      const store = new MemoryStore();
      let faults = true;
      const wait = () => new Promise<void>((resolve) => setTimeout(resolve, random() * 3));
      store.beforeCommit = async () => {
        await wait();
        if (faults && random() < 0.04) throw new Error("commit failed");
      };
      store.afterCommit = async () => {
        await wait();
        if (faults && random() < 0.03) throw new Error("answer lost");
      };
      store.beforeLoad = async () => {
        await wait();
        if (faults && random() < 0.2) throw new Error("load failed");
      };
      const server = await start({ store, settings: { idleMs: 2, compactRows: 20, tickMs: 1 } });
      const people = [
        ["r1", "h1"],
        ["r1", "h1"],
        ["r1b", "h1"],
        ["r2", "h2"],
        ["r3", "h3"],
        ["steward", "any"],
      ];
      const devices = people.map(([as = "", home = ""]) => new Device(as, home));

      for (let n = 0; n < 250; n++) {
        const device = devices[Math.floor(random() * devices.length)];
        if (device === undefined) continue;
        device.connect(server);
        change(device, random);
        if (random() < 0.05) device.drop();
        if (random() < 0.3) await wait();
        if (n % 20 === 0) seenIsDurable(store, devices);
      }
      faults = false;
      await until("all devices and the store agree", () => {
        for (const device of devices) device.connect(server);
        seenIsDurable(store, devices);
        const truth = JSON.stringify(contents(store.coldDoc("b1")));
        return devices.every((device) => JSON.stringify(contents(device.doc)) === truth);
      });
      expect(devices.flatMap((device) => device.refusals)).toEqual([]);
      const damaged = server.reports.filter(
        ({ what, error }) =>
          what === "tick" || (what === "compaction" && (error as Error).message !== "load failed"),
      );
      expect(damaged).toEqual([]);
      const { changes } = store.boards.get("b1") ?? { changes: [] };
      for (const change of changes) {
        const own = change.residentId === "steward" || change.place === "list";
        expect(
          own ||
            change.cell === (change.residentId.startsWith("r1") ? "h1" : change.residentId.replace("r", "h")),
        ).toBe(true);
      }
    },
  );

  it("[SY-7] the close codes that a client may come back from are outside 4400–4499", () => {
    const final = Object.entries(closeCodes).filter(([, code]) => code >= 4400 && code < 4500);
    expect(final.map(([name]) => name).sort()).toEqual([
      "bad-value",
      "board-gone",
      "board-renewed",
      "forbidden",
      "foreign-client",
      "full",
      "malformed",
      "out-of-step",
      "session-ended",
      "too-large",
    ]);
  });
});

function contents(doc: Y.Doc): unknown {
  return readBoard(doc, household, ["garden"]);
}

/**
 * What anybody has of somebody else's must be in the log, at this moment and always: every struct a device
 * has under another device's client id, and every frame that was called saved.
 */
function seenIsDurable(store: MemoryStore, devices: Device[]): void {
  const durable = Y.decodeStateVector(Y.encodeStateVector(store.coldDoc("b1")));
  for (const device of devices) {
    for (const [client, clock] of Y.decodeStateVector(Y.encodeStateVector(device.doc))) {
      if (client !== device.doc.clientID) expect(durable.get(client) ?? 0).toBeGreaterThanOrEqual(clock);
    }
    for (const { clientId, clock } of device.line?.saved ?? []) {
      expect(durable.get(clientId) ?? 0).toBeGreaterThanOrEqual(clock);
    }
  }
}

function change({ doc, home }: Device, random: () => number): void {
  const cell = home === "any" ? (household[Math.floor(random() * 3)] ?? "h1") : home;
  const items = readCell(doc, cell);
  const some = items[Math.floor(random() * items.length)]?.id ?? "none";
  const act = random();
  if (act < 0.3) addItem(doc, cell, `i${Math.floor(random() * 1e6)}`, draft("东西"));
  else if (act < 0.55) editItem(doc, cell, some, { note: `${Math.floor(random() * 1e6)}` });
  else if (act < 0.65) moveItem(doc, cell, some, null);
  else if (act < 0.8) removeItem(doc, cell, some);
  else if (act < 0.9) addEntry(doc, "garden", `e${Math.floor(random() * 30)}`, "花盆");
  else if (act < 0.95) editEntry(doc, "garden", `e${Math.floor(random() * 30)}`, { done: random() < 0.5 });
  else removeEntry(doc, "garden", `e${Math.floor(random() * 30)}`);
}
