import * as decoding from "lib0/decoding";
import { WebSocket } from "ws";
import { WebsocketProvider } from "y-websocket";
import * as Y from "yjs";
import { newId } from "../../server/identity/secrets.ts";
import { savedParameter, syncMessage, yjsMessage } from "../../shared/wire/yjs-messages.ts";
import type { BoardClient } from "../server/board-client.ts";
import type { Seeded, SeededHousehold } from "../server/seeded.ts";
import { openSocket, type SocketClient } from "../server/socket-client.ts";
import { bearer } from "../server/yard.ts";
import { until } from "../services/until.ts";
import type { TestNode } from "./nodes.ts";

export interface Neighbour extends BoardClient {
  householdId: string;
  /** Pieces of writing, and deletions of them, that this connection was sent more than once in update frames. */
  twice: string[];
  /** The clock of its own writing up to which the server has said "saved". */
  savedUpTo(): number;
  /** What others show of themselves under one name. */
  shows(key: string): unknown[];
}

/** The people of a seeded courtyard, each on the node a test puts them on. They leave together. */
export interface Neighbours {
  home(index: number): SeededHousehold;
  board(node: Pick<TestNode, "wsUrl">, household: number, doc?: Y.Doc): Promise<Neighbour>;
  socket(node: Pick<TestNode, "url">, household: number): Promise<SocketClient>;
  facilitator(node: Pick<TestNode, "url">): Promise<SocketClient>;
  /**
   * What anybody was sent twice: writing on a board, its deletion, or an event. Where two delete the same at two nodes at
   * once, each of the two rows says so, and rightly: that is not to be asked then.
   */
  sentTwice(): string[];
  leave(): void;
}

export function neighboursOf(seeded: Seeded): Neighbours {
  const boards: Neighbour[] = [];
  const sockets: SocketClient[] = [];
  const home = (index: number): SeededHousehold => {
    const household = seeded.households[index];
    if (!household) throw new Error(`there is no household ${index}`);
    return household;
  };
  const socketOf = async (url: string, token: string) => {
    const client = await openSocket(url, token);
    sockets.push(client);
    return client;
  };
  return {
    home,
    board: async ({ wsUrl }, household, doc) => {
      const { token, householdId } = home(household);
      const client = comeIn(wsUrl, seeded.boardId, token, doc);
      await until("the board is synced", () => client.provider.synced);
      const neighbour: Neighbour = {
        ...client,
        householdId,
        twice: watchFrames(client),
        shows: (key) =>
          [...client.provider.awareness.getStates()]
            .filter(([clientId]) => clientId !== client.doc.clientID)
            .flatMap(([, state]) => (key in state ? [state[key]] : [])),
      };
      boards.push(neighbour);
      return neighbour;
    },
    socket: ({ url }, household) => socketOf(url, home(household).token),
    facilitator: ({ url }) => socketOf(url, seeded.facilitator.token),
    sentTwice: () => [
      ...boards.flatMap(({ twice }) => twice),
      ...sockets.flatMap(({ events }) => outOfOrder(events.map(({ seq }) => seq))),
    ],
    leave: () => {
      for (const each of [...boards.splice(0), ...sockets.splice(0)]) each.close();
    },
  };
}

/** The stock provider, which also asks to be told "saved". */
function comeIn(wsUrl: string, boardId: string, token: string, doc = new Y.Doc()) {
  /** The clock of one's own writing when each frame of this connection went out. */
  let sent: number[] = [];
  class WithSession extends WebSocket {
    constructor(address: string) {
      super(address, { headers: bearer(token) });
      sent = [];
    }
    override send(data: Parameters<WebSocket["send"]>[0]): void {
      const frame = data instanceof Uint8Array ? data : new Uint8Array();
      if (frame[0] === yjsMessage.sync && frame[1] !== syncMessage.stepOne)
        sent.push(Y.getState(doc.store, doc.clientID));
      super.send(data);
    }
  }
  const provider = new WebsocketProvider(`${wsUrl}/yjs`, boardId, doc, {
    WebSocketPolyfill: WithSession as unknown as typeof globalThis.WebSocket,
    params: { [savedParameter]: "1" },
    maxBackoffTime: 200,
    disableBc: true,
  });
  let saved = 0;
  provider.messageHandlers[yjsMessage.saved] = (_encoder, decoder) => {
    const [, , frames = 0] = [0, 0, 0].map(() => decoding.readVarUint(decoder));
    saved = Math.max(saved, sent[frames - 1] ?? 0);
  };
  const close = () => {
    provider.destroy();
    doc.destroy();
  };
  return { doc, provider, savedUpTo: () => saved, close };
}

/** The token of a screen on the wall of the seeded courtyard. */
export async function screenToken({ app }: Pick<TestNode, "app">, seeded: Seeded): Promise<string> {
  const { token } = await app.storage.write(async (tx) => {
    const { community_id: communityId } = await tx.db
      .selectFrom("courtyards")
      .select("community_id")
      .where("id", "=", seeded.courtyardId)
      .executeTakeFirstOrThrow();
    const kioskId = newId();
    const paired = { paired_by: "test", paired_at: 1, unpaired_at: null, last_seen_at: null };
    const place = { community_id: communityId, courtyard_id: seeded.courtyardId, name: "门口大屏" };
    await tx.db
      .insertInto("kiosks")
      .values({ id: kioskId, ...place, ...paired })
      .execute();
    return app.sessions.start(tx, { communityId, kioskId, device: "screen" });
  });
  return token;
}

/** Watches the connection a provider has now, and every later one from its first frame on. */
function watchFrames({ provider }: BoardClient): string[] {
  const twice: string[] = [];
  const watch = () => {
    const socket = provider.ws as unknown as WebSocket | null;
    const known = new Set<string>();
    socket?.addEventListener("message", ({ data }) => {
      const frame = new Uint8Array(data as ArrayBuffer);
      if (frame[0] !== yjsMessage.sync || frame[1] !== syncMessage.update) return;
      for (const piece of piecesOf(frame)) {
        if (known.has(piece)) twice.push(piece);
        known.add(piece);
      }
    });
  };
  watch();
  provider.on("status", ({ status }) => status === "connected" && watch());
  return twice;
}

/** What an update frame says was written and what it says was deleted, `client:clock` each. */
function piecesOf(frame: Uint8Array): string[] {
  // Two bytes of types, then the length of the update, seven bits a byte.
  let at = 2;
  while (((frame[at] ?? 0) & 0x80) !== 0) at++;
  const { structs, ds } = Y.decodeUpdate(frame.subarray(at + 1));
  const each = (client: number, from: number, length: number) =>
    Array.from({ length }, (_, n) => `${client}:${from + n}`);
  const written = structs
    .filter((struct) => !(struct instanceof Y.Skip))
    .flatMap(({ id: { client, clock }, length }) => each(client, clock, length));
  const deleted = [...ds.clients].flatMap(([client, ranges]) =>
    ranges.flatMap(({ clock, len }) => each(client, clock, len)),
  );
  return [...written, ...deleted.map((piece) => `deletion of ${piece}`)];
}

const outOfOrder = (seqs: number[]): string[] =>
  seqs.flatMap((seq, at) => (at > 0 && seq <= (seqs[at - 1] ?? 0) ? [`event ${seq}`] : []));
