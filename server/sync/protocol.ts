import * as encoding from "lib0/encoding";
import { syncMessage, yjsMessage } from "../../shared/wire/yjs-messages.ts";
import { ByteReader, MalformedBytes } from "./byte-reader.ts";

/** One frame of the y-websocket protocol, as it came in. */
export type Incoming =
  | { kind: "step-one"; stateVector: Uint8Array }
  | { kind: "step-two"; update: Uint8Array }
  | { kind: "update"; update: Uint8Array }
  | { kind: "awareness"; entries: AwarenessEntry[] }
  | { kind: "query-awareness" };

export type AwarenessEntry = { clientId: number; clock: number; json: string };

/**
 * Turns the bytes of one frame into a message. The inner update is not looked into here.
 * @throws MalformedBytes
 */
export function decodeFrame(frame: Uint8Array, maxEntries: number): Incoming {
  const reader = new ByteReader(frame);
  switch (reader.uint()) {
    case yjsMessage.sync:
      return decodeSync(reader);
    case yjsMessage.awareness:
      return { kind: "awareness", entries: decodeAwareness(reader.sizedBytes(), maxEntries) };
    case yjsMessage.queryAwareness:
      return { kind: "query-awareness" };
    default:
      throw new MalformedBytes("message type");
  }
}

function decodeSync(reader: ByteReader): Incoming {
  const kind = reader.uint();
  const payload = reader.sizedBytes();
  switch (kind) {
    case syncMessage.stepOne:
      checkStateVector(payload);
      return { kind: "step-one", stateVector: payload };
    case syncMessage.stepTwo:
      return { kind: "step-two", update: payload };
    case syncMessage.update:
      return { kind: "update", update: payload };
    default:
      throw new MalformedBytes("sync message type");
  }
}

function checkStateVector(bytes: Uint8Array): void {
  const reader = new ByteReader(bytes);
  const clients = reader.uint(bytes.length);
  for (let i = 0; i < clients; i++) {
    reader.uint();
    reader.uint();
  }
  if (reader.left > 0) throw new MalformedBytes("bytes after the state vector");
}

function decodeAwareness(bytes: Uint8Array, maxEntries: number): AwarenessEntry[] {
  const reader = new ByteReader(bytes);
  const count = reader.uint();
  if (count > maxEntries) throw new MalformedBytes("awareness entries");
  const entries: AwarenessEntry[] = [];
  for (let i = 0; i < count; i++) {
    entries.push({ clientId: reader.uint(), clock: reader.uint(), json: reader.text() });
  }
  return entries;
}

export function stepOneFrame(stateVector: Uint8Array): Uint8Array {
  return syncFrame(syncMessage.stepOne, stateVector);
}

export function stepTwoFrame(update: Uint8Array): Uint8Array {
  return syncFrame(syncMessage.stepTwo, update);
}

export function updateFrame(update: Uint8Array): Uint8Array {
  return syncFrame(syncMessage.update, update);
}

function syncFrame(kind: number, payload: Uint8Array): Uint8Array {
  const out = encoding.createEncoder();
  encoding.writeVarUint(out, yjsMessage.sync);
  encoding.writeVarUint(out, kind);
  encoding.writeVarUint8Array(out, payload);
  return encoding.toUint8Array(out);
}

/** See yjsMessage.saved for the meaning of the three numbers. */
export function savedFrame(clientId: number, clock: number, messages: number): Uint8Array {
  const out = encoding.createEncoder();
  for (const value of [yjsMessage.saved, clientId, clock, messages]) encoding.writeVarUint(out, value);
  return encoding.toUint8Array(out);
}

/** One awareness entry by itself; frames are put together from these. */
export function encodeEntry({ clientId, clock, json }: AwarenessEntry): Uint8Array {
  const out = encoding.createEncoder();
  encoding.writeVarUint(out, clientId);
  encoding.writeVarUint(out, clock);
  encoding.writeVarString(out, json);
  return encoding.toUint8Array(out);
}

export function awarenessFrame(entries: Uint8Array[]): Uint8Array {
  const inner = encoding.createEncoder();
  encoding.writeVarUint(inner, entries.length);
  for (const entry of entries) encoding.writeUint8Array(inner, entry);
  const out = encoding.createEncoder();
  encoding.writeVarUint(out, yjsMessage.awareness);
  encoding.writeVarUint8Array(out, encoding.toUint8Array(inner));
  return encoding.toUint8Array(out);
}
