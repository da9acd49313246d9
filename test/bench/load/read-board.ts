import { setTimeout as pause } from "node:timers/promises";
import * as Y from "yjs";
import { until } from "../../services/until.ts";
import { itemsIn } from "../board.ts";
import type { Seat } from "../peers/peer.ts";
import { connectClient } from "./connect.ts";

/** A document may come in a second message, with no sign that it was the last, within this time in ms. */
const AFTERTHOUGHT = 500;

export interface ReadBoard {
  items: number;
  /** What a client that leaves now can say it has when it returns. */
  stateVector: Uint8Array;
  /** All messages with which it came. */
  messages: Buffer[];
}

/** Joins as somebody who has nothing, and leaves with the board. */
export async function readBoard(seat: Seat): Promise<ReadBoard> {
  const messages: Buffer[] = [];
  let answered = false;
  const client = await connectClient(
    seat,
    {
      lost() {},
      message(kind, { payload }) {
        if (kind === "answers") answered = true;
        if (kind === "answers" || kind === "update") messages.push(Buffer.from(payload));
      },
    },
    { keep: Number.POSITIVE_INFINITY },
  );
  await until("the server has answered", () => answered, 60_000);
  await pause(AFTERTHOUGHT);
  client.end();
  const doc = new Y.Doc();
  for (const message of messages) Y.applyUpdate(doc, seat.wire.updateIn(message));
  const read = { items: itemsIn(doc), stateVector: Y.encodeStateVector(doc), messages };
  doc.destroy();
  return read;
}
