import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import * as Y from "yjs";
import type { BoardSocket } from "../../server/sync/peer.ts";
import type { BoardStore } from "../../server/sync/ports.ts";
import type { Mutation } from "./mutations.ts";
import type { ProfileName } from "./profiles.ts";
import { simDoc } from "./sim-doc.ts";
import { type Rule, rules } from "./witness.ts";

/** A store that differs from a sound one in some of what it does. */
export const changed = (inner: BoardStore, part: Partial<BoardStore>): BoardStore => ({
  shared: inner.shared,
  load: (boardId) => inner.load(boardId),
  commit: (boardId, commit) => inner.commit(boardId, commit),
  commitInTurn: (boardId, seq, prepare) => inner.commitInTurn(boardId, seq, prepare),
  since: (boards, limit) => inner.since(boards, limit),
  heads: (boardIds) => inner.heads(boardIds),
  places: (boardId) => inner.places(boardId),
  saveSnapshot: (boardId, seq, state) => inner.saveSnapshot(boardId, seq, state),
  renew: (boardId, renewal) => inner.renew(boardId, renewal),
  ...part,
});

/** A socket that differs from a sound one in how it sends. */
const sending = (inner: BoardSocket, send: (frame: Uint8Array) => void): BoardSocket => ({
  get bufferedAmount() {
    return inner.bufferedAmount;
  },
  send,
  close: (code, reason) => inner.close(code, reason),
  terminate: () => inner.terminate(),
  ping: () => inner.ping(),
  on: inner.on.bind(inner) as BoardSocket["on"],
});

/** Damages one word in so many on the bus. */
function everyNth(
  n: number,
  damage: (message: Uint8Array) => Uint8Array,
): (message: Uint8Array) => Uint8Array {
  let words = 0;
  return (message) => (++words % n === 0 ? damage(message) : Uint8Array.from(message));
}

export type Mutant = {
  profile: ProfileName;
  caughtBy: Rule[];
  /** Rules that would find it first, to see that the other one does as well. */
  without?: Rule[];
  make: () => Mutation;
};

/** Defects put into the engine through its ports, the profile that brings them out, and the rule that must find each. */
export const mutants: Record<string, Mutant> = {
  "a store that says it has stored before it has": {
    profile: "steady",
    caughtBy: ["seen-before-durable", "acked-before-durable"],
    make: () => ({
      store: (inner) =>
        changed(inner, {
          commit: async (boardId, commit) => {
            void inner.commit(boardId, commit);
            return true;
          },
        }),
    }),
  },
  "a store that forgets every fifth commit": {
    profile: "steady",
    caughtBy: ["seen-before-durable", "acked-before-durable"],
    make: () => {
      let commits = 0;
      return {
        store: (inner) =>
          changed(inner, {
            commit: async (boardId, commit) => ++commits % 5 === 0 || inner.commit(boardId, commit),
          }),
      };
    },
  },
  "a room that takes every place in the log for its own": {
    profile: "bus",
    caughtBy: ["fault", "sent-twice", "snapshot", "log", "row-late"],
    make: () => ({
      store: (inner) =>
        changed(inner, {
          commit: async (boardId, commit) => {
            const head = (await inner.heads([boardId])).get(boardId) ?? 0;
            return inner.commit(boardId, { ...commit, after: head });
          },
        }),
    }),
  },
  "a bus that changes a byte": {
    profile: "bus",
    caughtBy: ["fault", "seen-before-durable"],
    make: () => ({
      carry: everyNth(7, (message) => {
        const damaged = Uint8Array.from(message);
        damaged[damaged.length - 3] = (damaged[damaged.length - 3] ?? 0) ^ 1;
        return damaged;
      }),
    }),
  },
  "a bus that gives a row the number of the one after it": {
    profile: "bus",
    caughtBy: ["sent-twice", "honest-refused", "fault"],
    make: () => ({
      carry: everyNth(3, (message) => {
        const from = decoding.createDecoder(message);
        if (decoding.readVarUint(from) !== 0) return Uint8Array.from(message);
        const seq = decoding.readVarUint(from);
        const out = encoding.createEncoder();
        encoding.writeVarUint(out, 0);
        encoding.writeVarUint(out, seq + 1);
        encoding.writeUint8Array(out, message.subarray(from.pos));
        return encoding.toUint8Array(out);
      }),
    }),
  },
  "a fold that loses the last row": {
    profile: "renewal",
    caughtBy: ["snapshot"],
    make: () => ({
      store: (inner) =>
        changed(inner, {
          saveSnapshot: (boardId, seq) => inner.saveSnapshot(boardId, seq, Uint8Array.of(0, 0)),
        }),
    }),
  },
  "a renewal that forgets the contents": {
    profile: "renewal",
    caughtBy: ["snapshot"],
    make: () => ({
      store: (inner) =>
        changed(inner, {
          renew: (boardId, renewal) => inner.renew(boardId, { ...renewal, state: Uint8Array.of(0, 0) }),
        }),
    }),
  },
  "a renewal that forgets what was called saved": {
    profile: "renewal",
    caughtBy: ["acked-lost"],
    without: ["snapshot", "rows", "history"],
    make: () => ({
      store: (inner) =>
        changed(inner, {
          renew: (boardId, renewal) => inner.renew(boardId, { ...renewal, state: Uint8Array.of(0, 0) }),
        }),
    }),
  },
  "a log that takes a row whose beginning is missing": {
    profile: "steady",
    caughtBy: ["log"],
    without: ["binding", "history", "seen-before-durable", "acked-before-durable"],
    make: () => ({
      store: (inner) =>
        changed(inner, {
          commit: (boardId, commit) => inner.commit(boardId, { ...commit, update: stranger(true) }),
        }),
    }),
  },
  "a socket on which nobody is ever shown": {
    profile: "steady",
    caughtBy: ["presence"],
    make: () => ({ socket: (inner) => sending(inner, (frame) => frame[0] !== 1 && inner.send(frame)) }),
  },
  "a socket on which nobody is shown a second time": {
    profile: "steady",
    caughtBy: ["presence"],
    make: () => ({
      socket: (inner) => {
        const shown = new Set<string>();
        return sending(inner, (frame) => {
          const entries = frame[0] === 1 ? entriesOf(frame) : [];
          if (entries.length === 0 || entries.some((entry) => !shown.has(entry))) inner.send(frame);
          for (const entry of entries) shown.add(entry);
        });
      },
    }),
  },
  "a socket that does not say that it is still there": {
    profile: "hostile",
    caughtBy: ["stuck"],
    make: () => ({
      socket: (inner) =>
        sending(inner, (frame) => (frame[0] !== 1 || entriesOf(frame).length > 0) && inner.send(frame)),
    }),
  },
  "a shutdown whose deadline passes at half speed": {
    profile: "crashes",
    caughtBy: ["drain"],
    without: rules.filter((rule) => rule !== "drain"),
    make: () => ({
      store: (inner) => changed(inner, { commit: () => new Promise(() => {}) }),
      timers: (inner) => ({ now: () => inner.now(), after: (ms, run) => inner.after(2 * ms, run) }),
    }),
  },
  "a load that leaves the last row out": {
    profile: "crashes",
    caughtBy: ["honest-refused", "snapshot", "fault", "diverged"],
    make: () => ({
      store: (inner) =>
        changed(inner, {
          load: async (boardId) => {
            const stored = await inner.load(boardId);
            return stored === null ? null : { ...stored, updates: stored.updates.slice(0, -1) };
          },
        }),
    }),
  },
  "a commit without its bindings": {
    profile: "steady",
    caughtBy: ["binding"],
    make: () => ({
      store: (inner) =>
        changed(inner, { commit: (boardId, commit) => inner.commit(boardId, { ...commit, bindings: [] }) }),
    }),
  },
  "a commit without its history": {
    profile: "steady",
    caughtBy: ["history"],
    make: () => ({
      store: (inner) =>
        changed(inner, { commit: (boardId, commit) => inner.commit(boardId, { ...commit, changes: [] }) }),
    }),
  },
  "a history that says what was, not what is": {
    profile: "steady",
    caughtBy: ["rows"],
    make: () => ({
      store: (inner) =>
        changed(inner, {
          commit: (boardId, commit) => {
            const changes = commit.changes.map((change) => ({ ...change, after: change.before }));
            return inner.commit(boardId, { ...commit, changes });
          },
        }),
    }),
  },
  "a door that lets everybody into every cell": {
    profile: "hostile",
    caughtBy: ["forbidden"],
    make: () => ({
      access: (options) => ({ ...options, access: { ...options.access, otherCells: true, notice: true } }),
    }),
  },
  "a socket that sends everything twice": {
    profile: "steady",
    caughtBy: ["sent-twice"],
    make: () => ({
      socket: (inner) =>
        sending(inner, (frame) => {
          inner.send(frame);
          inner.send(frame);
        }),
    }),
  },
  "a socket that leaves out every ninth frame": {
    profile: "steady",
    caughtBy: ["diverged", "stuck", "presence"],
    without: ["row-late"],
    make: () => {
      let frames = 0;
      return { socket: (inner) => sending(inner, (frame) => ++frames % 9 > 0 && inner.send(frame)) };
    },
  },
  "a store that answers no commit after the sixth": {
    profile: "database",
    caughtBy: ["stuck"],
    make: () => {
      let commits = 0;
      return {
        store: (inner) =>
          changed(inner, {
            commit: (boardId, commit) =>
              ++commits > 6 ? new Promise(() => {}) : inner.commit(boardId, commit),
          }),
      };
    },
  },
  "a store in which nobody's turn ever comes": {
    profile: "rivals",
    caughtBy: ["starved"],
    make: () => ({ store: (inner) => changed(inner, { commitInTurn: async () => false }) }),
  },
  "a fold that never ends": {
    profile: "renewal",
    caughtBy: ["leak"],
    without: ["history"],
    make: () => ({
      store: (inner) => changed(inner, { saveSnapshot: () => new Promise(() => {}) }),
    }),
  },
  "a socket that says saved too early": {
    profile: "database",
    caughtBy: ["acked-before-durable"],
    make: () => ({
      socket: (inner) =>
        sending(inner, (frame) => {
          if (frame[0] === 100) inner.send(oneMore(frame));
          else inner.send(frame);
        }),
    }),
  },
  "a node that never looks where its boards stand": {
    profile: "rivals",
    caughtBy: ["row-late"],
    make: () => ({ store: (inner) => changed(inner, { heads: async () => new Map() }) }),
  },
  "a log that answers an update nobody has made": {
    profile: "bus",
    caughtBy: ["seen-before-durable", "fault"],
    make: () => ({
      store: (inner) =>
        changed(inner, {
          since: async (boards, limit) => {
            const rows = await inner.since(boards, limit);
            return rows.map((row) => ({ ...row, update: stranger() }));
          },
        }),
    }),
  },
};

/** Who is shown in an awareness frame, and as what. */
function entriesOf(frame: Uint8Array): string[] {
  const from = decoding.createDecoder(frame.subarray(1));
  decoding.readVarUint(from);
  return Array.from({ length: decoding.readVarUint(from) }, () => {
    const id = decoding.readVarUint(from);
    decoding.readVarUint(from);
    return `${id} ${decoding.readVarString(from)}`;
  });
}

/** A `saved` frame that counts one message more than it should. */
function oneMore(frame: Uint8Array): Uint8Array {
  const from = decoding.createDecoder(frame);
  const numbers = [0, 0, 0, 0].map(() => decoding.readVarUint(from));
  const out = encoding.createEncoder();
  for (const [at, number] of numbers.entries()) encoding.writeVarUint(out, at === 3 ? number + 1 : number);
  return encoding.toUint8Array(out);
}

/** An update under a client id that no run has, whole or without its beginning. */
function stranger(cut = false): Uint8Array {
  const doc = simDoc();
  doc.clientID = 12;
  doc.getText("notice").insert(0, "nobody");
  const middle = Y.encodeStateVector(doc);
  doc.getText("notice").insert(0, "more");
  return cut ? Y.encodeStateAsUpdate(doc, middle) : Y.encodeStateAsUpdate(doc);
}
