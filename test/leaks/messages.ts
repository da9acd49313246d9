import * as encoding from "lib0/encoding";
import { yjsMessage } from "../../shared/wire/yjs-messages.ts";

/** One sync message of the y-websocket protocol. */
export function syncMessageOf(kind: number, payload: Uint8Array): Uint8Array {
  const out = encoding.createEncoder();
  encoding.writeVarUint(out, yjsMessage.sync);
  encoding.writeVarUint(out, kind);
  encoding.writeVarUint8Array(out, payload);
  return encoding.toUint8Array(out);
}

/** An awareness message with one entry. */
export function awarenessMessage(clientId: number, clock: number, json: string): Uint8Array {
  const entry = encoding.createEncoder();
  encoding.writeVarUint(entry, 1);
  encoding.writeVarUint(entry, clientId);
  encoding.writeVarUint(entry, clock);
  encoding.writeVarString(entry, json);
  const out = encoding.createEncoder();
  encoding.writeVarUint(out, yjsMessage.awareness);
  encoding.writeVarUint8Array(out, encoding.toUint8Array(entry));
  return encoding.toUint8Array(out);
}
