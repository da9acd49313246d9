import { rm } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import * as decoding from "lib0/decoding";
import { nanoid } from "nanoid";
import { io, type Socket } from "socket.io-client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { WebsocketProvider } from "y-websocket";
import * as Y from "yjs";
import type { Welcome, WireEvent } from "../../shared/wire/contract.ts";
import { packets, protocolVersion } from "../../shared/wire/protocol.ts";
import { yjsMessage } from "../../shared/wire/yjs-messages.ts";
import { ColdReader, sqliteRows } from "../chaos/cold-read.ts";
import { makeScratch } from "../services/scratch.ts";
import { until } from "../services/until.ts";
import {
  type Seeded,
  type SeededHousehold,
  type ServerProcess,
  seedCourtyard,
  serverProcess,
} from "./seeded.ts";
import { bearer } from "./yard.ts";

const kills = 30;
const writers = 3;

let dataDir: string;
let seeded: Seeded;
let server: ServerProcess;
const opened: { close(): void }[] = [];

beforeAll(async () => {
  dataDir = await makeScratch("kill");
  seeded = await seedCourtyard({ dataDir }, 12);
  server = await serverProcess({ dataDir });
});
afterAll(async () => {
  for (const each of opened) each.close();
  await rm(dataDir, { recursive: true, force: true });
});

/** A stock provider that also asks for our `saved` messages. */
function openBoard({ token }: SeededHousehold, onSaved?: (clientId: number, clock: number) => void) {
  const doc = new Y.Doc();
  class WithSession extends WebSocket {
    constructor(address: string) {
      super(address, { headers: bearer(token) });
    }
  }
  const provider = new WebsocketProvider(`${server.wsUrl}/yjs`, seeded.boardId, doc, {
    WebSocketPolyfill: WithSession as unknown as typeof globalThis.WebSocket,
    params: onSaved ? { saved: "1" } : {},
    maxBackoffTime: 100,
    disableBc: true,
  });
  if (onSaved) {
    provider.messageHandlers[yjsMessage.saved] = (_encoder, decoder) => {
      onSaved(decoding.readVarUint(decoder), decoding.readVarUint(decoder));
    };
  }
  opened.push({ close: () => provider.destroy() });
  return { doc, provider };
}

function openSocket(token: string): Socket {
  const socket = io(server.url, {
    auth: { protocol: protocolVersion },
    transports: ["websocket"],
    extraHeaders: bearer(token),
    reconnectionDelay: 20,
    reconnectionDelayMax: 100,
    forceNew: true,
  });
  opened.push({ close: () => socket.close() });
  return socket;
}

/** Highest counter of each item: titles are "<counter>" and only ever rise. */
const countersOf = (doc: Y.Doc): Map<string, number> => {
  const counters = new Map<string, number>();
  for (const { householdId } of seeded.households) {
    for (const [itemId, item] of doc.getMap<Y.Map<unknown>>(`cell:${householdId}`)) {
      counters.set(`${householdId}/${itemId}`, Number(item.get("title")));
    }
  }
  return counters;
};

const notLess = (have: Map<string, number>, atLeast: Map<string, number>): string[] =>
  [...atLeast]
    .filter(([key, count]) => (have.get(key) ?? -1) < count)
    .map(([key, count]) => `${key}: ${have.get(key)} < ${count}`);

describe("the server, killed under load", () => {
  it(`[EV-2, INV-1, T2] after each of ${kills} kill -9, all that was seen or told saved is there`, {
    timeout: 300_000,
  }, async () => {
    let service = await server.start();
    let run = 0;
    const file = join(dataDir, "yuanba.sqlite");
    const cold = new ColdReader(sqliteRows(file));
    const saved = new Map<string, number>();
    const acked = { messages: new Set<string>(), receipts: new Map<string, string>() };
    const heard = new Map<number, string>();

    const authors = seeded.households.slice(0, writers).map((household) => {
      const pending: { clock: number; key: string; counter: number }[] = [];
      const board = openBoard(household, (clientId, clock) => {
        if (clientId !== board.doc.clientID) return;
        for (let next = pending[0]; next && next.clock <= clock; next = pending[0]) {
          saved.set(next.key, Math.max(saved.get(next.key) ?? 0, next.counter));
          pending.shift();
        }
      });
      let counter = 0;
      const edit = () => {
        const cell = board.doc.getMap<Y.Map<unknown>>(`cell:${household.householdId}`);
        const itemId = `item${counter % 10}`;
        counter += 1;
        board.doc.transact(() => {
          const known = cell.get(itemId);
          if (known) return known.set("title", String(counter));
          const item = new Y.Map<unknown>();
          for (const [field, value] of Object.entries({
            category: "tools",
            note: "",
            quantity: 1,
            order: "a0",
          }))
            item.set(field, value);
          item.set("title", String(counter));
          cell.set(itemId, item);
        });
        const clock = Y.getState(board.doc.store, board.doc.clientID);
        pending.push({ clock, key: `${household.householdId}/${itemId}`, counter });
      };
      return { ...board, edit };
    });
    const observer = openBoard(seeded.households[4] as SeededHousehold);
    const talker = openSocket((seeded.households[5] as SeededHousehold).token);
    const listener = openSocket((seeded.households[6] as SeededHousehold).token);
    listener.on(packets.event, (event: WireEvent) => heard.set(event.seq, event.name));
    listener.on(packets.welcome, (welcome: Welcome) => {
      for (const event of welcome.events) heard.set(event.seq, event.name);
    });
    const facilitator = openSocket(seeded.facilitator.token);
    const call = (socket: Socket, name: string, input: unknown) =>
      socket
        .timeout(2_000)
        .emitWithAck(packets.command, { name, input })
        .catch(() => ({ ok: false }));
    const proposalId = nanoid();
    const rule = {
      kind: "simple",
      ballotPer: "household",
      changeable: true,
      tally: "hidden-until-revealed",
      abstention: "turnout-only",
    };
    const draft = {
      question: "晾衣区怎么改",
      body: "看大家的意见。",
      kind: "yes-no-abstain",
      options: [],
      rule,
    };
    await until("a vote is open", async () => {
      await call(facilitator, "proposal.write", { proposalId, ...draft });
      return (await call(facilitator, "proposal.open", { proposalId, ending: { afterSeconds: 36_000 } })).ok;
    });
    const voters = seeded.households.map(({ token }) => openSocket(token));

    const load = async (stopped: () => boolean) => {
      const typing = authors.map(async ({ edit, provider }) => {
        while (!stopped()) {
          if (provider.wsconnected) edit();
          await new Promise((resolve) => setTimeout(resolve, 4));
        }
      });
      const talking = (async () => {
        while (!stopped()) {
          const messageId = nanoid();
          const answer = await call(talker, "chat.post", {
            messageId,
            channelId: seeded.channelId,
            text: `第 ${run} 轮`,
          });
          if (answer.ok) acked.messages.add(messageId);
          await new Promise((resolve) => setTimeout(resolve, 150));
        }
      })();
      const voting = (async () => {
        for (let at = run; !stopped(); at++) {
          const voter = voters[at % voters.length] as Socket;
          const ballotId = nanoid();
          const optionId = at % 2 === 0 ? "yes" : "no";
          const answer = await call(voter, "ballot.cast", { ballotId, proposalId, round: 1, optionId });
          if (answer.ok) acked.receipts.set(ballotId, answer.value.receipt);
        }
      })();
      await Promise.all([...typing, talking, voting]);
    };

    for (run = 1; run <= kills; run++) {
      let killed = false;
      const working = load(() => killed);
      const before = saved.size + acked.messages.size + acked.receipts.size;
      await until(
        "something happens",
        () => saved.size + acked.messages.size + acked.receipts.size > before || run > 12,
      );
      // A different moment each time, spread over several commits.
      await new Promise((resolve) => setTimeout(resolve, (run * 37) % 180));
      service.signal("SIGKILL");
      killed = true;
      await service.ended;
      const promised = [
        [`seen before kill ${run}`, countersOf(observer.doc)],
        [`told saved before kill ${run}`, new Map(saved)],
      ] as const;
      // Now, while nobody serves: the authors are still there, and bring what was lost as soon as they can.
      const stored = await cold.board(seeded.boardId);
      expect(stored.faults).toEqual([]);
      for (const [what, counters] of promised)
        expect(notLess(countersOf(stored.doc), counters), what).toEqual([]);
      const logged = new Map((await cold.events()).map(({ seq, name }) => [seq, name]));
      expect([...heard].filter(([seq, name]) => logged.get(seq) !== name)).toEqual([]);
      service = await server.start();
      await working;
      const fresh = openBoard(seeded.households[7] as SeededHousehold);
      await until("a fresh client is synced", () => fresh.provider.synced);
      const served = countersOf(fresh.doc);
      for (const [what, counters] of promised)
        expect(notLess(served, counters), `${what}, served`).toEqual([]);
      fresh.provider.destroy();
    }

    await service.stop();
    const database = new DatabaseSync(file, { readOnly: true });
    const column = (sql: string) =>
      new Set(
        database
          .prepare(sql)
          .all()
          .map((row) => String(Object.values(row)[0])),
      );
    const messages = column("select id from messages");
    expect([...acked.messages].filter((id) => !messages.has(id))).toEqual([]);
    const receipts = column("select id || ' ' || receipt from ballots");
    expect([...acked.receipts].filter(([id, receipt]) => !receipts.has(`${id} ${receipt}`))).toEqual([]);
    const counting = database
      .prepare(
        "select household_id, count(*) as n from ballots where superseded_at is null group by household_id having n > 1",
      )
      .all();
    expect(counting).toEqual([]);
    const events = new Map(
      database
        .prepare("select seq, name from events")
        .all()
        .map((row) => [Number(row.seq), String(row.name)]),
    );
    expect([...heard].filter(([seq, name]) => events.get(seq) !== name)).toEqual([]);
    expect([...events.keys()].sort((a, b) => a - b)).toEqual(
      Array.from({ length: events.size }, (_, index) => index + 1),
    );
    database.close();
    // The load was real: each way in was told "saved" many times.
    expect(saved.size).toBe(writers * 10);
    expect(acked.messages.size).toBeGreaterThan(kills / 2);
    expect(acked.receipts.size).toBeGreaterThan(kills);
    expect(heard.size).toBeGreaterThan(kills / 2);
  });
});
