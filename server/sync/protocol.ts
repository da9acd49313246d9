import * as encoding from "lib0/encoding";
import type { RoomLimits } from "../../shared/board/limits.ts";
import { syncMessage, yjsMessage } from "../../shared/wire/yjs-messages.ts";
import { ByteReader, MalformedBytes } from "./byte-reader.ts";
import { SharedFrame } from "./frame.ts";

const utf8 = new TextDecoder();

/** One frame of the y-websocket protocol, as it came in. */
export type Incoming =
  | { kind: "step-one"; stateVector: Uint8Array }
  | { kind: "step-two"; update: Uint8Array }
  | { kind: "update"; update: Uint8Array }
  | { kind: "awareness"; entries: AwarenessEntries }
  | { kind: "query-awareness" };

export type AwarenessEntry = { clientId: number; clock: number; json: string };

/**
 * The entries of an awareness message, checked and not yet read: a stock provider repeats what everyone shows, and
 * only the sender's own entry counts. With a client id only that one's state is turned into text.
 */
export type AwarenessEntries = (clientId: number | null) => AwarenessEntry[];

/**
 * Turns the bytes of one frame into a message. The inner update is not looked into here.
 * @throws MalformedBytes
 */
export function decodeFrame(
  frame: Uint8Array,
  limits: Pick<RoomLimits, "awarenessEntries" | "stateVectorBytes">,
): Incoming {
  const reader = new ByteReader(frame);
  switch (reader.uint()) {
    case yjsMessage.sync:
      return decodeSync(reader, limits.stateVectorBytes);
    case yjsMessage.awareness:
      return { kind: "awareness", entries: decodeAwareness(reader.sizedBytes(), limits.awarenessEntries) };
    case yjsMessage.queryAwareness:
      return { kind: "query-awareness" };
    default:
      throw new MalformedBytes("message type");
  }
}

function decodeSync(reader: ByteReader, stateVectorBytes: number): Incoming {
  const kind = reader.uint();
  const payload = reader.sizedBytes();
  switch (kind) {
    case syncMessage.stepOne:
      if (payload.length > stateVectorBytes) throw new MalformedBytes("state vector");
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

/** Whether a state vector knows anything of a client id. */
export function hasClient(stateVector: Uint8Array, client: number): boolean {
  const reader = new ByteReader(stateVector);
  for (let left = reader.uint(); left > 0; left--) {
    const id = reader.uint();
    if (reader.uint() > 0 && id === client) return true;
  }
  return false;
}

/** Only the first entries are read: a stock provider on a crowded board repeats very many, and none of them count. */
function decodeAwareness(bytes: Uint8Array, maxEntries: number): AwarenessEntries {
  const reader = new ByteReader(bytes);
  const count = Math.min(reader.uint(), maxEntries);
  const spans: { clientId: number; clock: number; json: Uint8Array }[] = [];
  for (let i = 0; i < count; i++) {
    spans.push({ clientId: reader.uint(), clock: reader.uint(), json: reader.sizedBytes() });
  }
  return (clientId) =>
    spans
      .filter((span) => clientId === null || span.clientId === clientId)
      .map(({ json, ...entry }) => ({ ...entry, json: utf8.decode(json) }));
}

/** One entry of `encodeEntry` as it was. */
export function decodeEntry(entry: Uint8Array): AwarenessEntry {
  const reader = new ByteReader(entry);
  return { clientId: reader.uint(), clock: reader.uint(), json: reader.text() };
}

export function stepOneFrame(stateVector: Uint8Array): Uint8Array {
  return syncFrame(syncMessage.stepOne, stateVector);
}

/** An update for all peers of a room. */
export function sharedUpdate(update: Uint8Array): SharedFrame {
  return SharedFrame.of(syncHead(syncMessage.update, update.length), update);
}

export function sharedStepTwo(update: Uint8Array): SharedFrame {
  return SharedFrame.of(syncHead(syncMessage.stepTwo, update.length), update);
}

/** A sync step 2 as an update, for what is sent before the last part of an answer. */
export function asUpdate(stepTwo: SharedFrame): SharedFrame {
  return stepTwo.withKind(syncMessage.update);
}

/** All of a sync message but its content. */
function syncHead(kind: number, length: number): Uint8Array {
  const out = encoding.createEncoder();
  encoding.writeVarUint(out, yjsMessage.sync);
  encoding.writeVarUint(out, kind);
  encoding.writeVarUint(out, length);
  return encoding.toUint8Array(out);
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

/** @param count how many entries there are, when some of `entries` are several in one piece */
export function awarenessFrame(entries: readonly Uint8Array[], count = entries.length): Uint8Array {
  const head = encoding.createEncoder();
  encoding.writeVarUint(head, count);
  const size = encoding.length(head) + entries.reduce((sum, entry) => sum + entry.length, 0);
  const out = encoding.createEncoder();
  encoding.writeVarUint(out, yjsMessage.awareness);
  encoding.writeVarUint(out, size);
  return Buffer.concat([encoding.toUint8Array(out), encoding.toUint8Array(head), ...entries]);
}
