import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";

/** The y-websocket protocol, as far as a load generator needs it. */
const SYNC = 0;
const STEP_1 = 0;
const STEP_2 = 1;
const UPDATE = 2;

const NOTHING = Uint8Array.of(0, 0);
const EMPTY_STATE = Uint8Array.of(0);

const syncMessage = (step: number, content: Uint8Array) =>
  encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, SYNC);
    encoding.writeVarUint(encoder, step);
    encoding.writeVarUint8Array(encoder, content);
  });

/** "I have nothing; what is there?" */
export const askForAll = syncMessage(STEP_1, EMPTY_STATE);
/** "I have nothing you lack." */
export const haveNothing = syncMessage(STEP_2, NOTHING);
export const updateMessage = (update: Uint8Array) => syncMessage(UPDATE, update);

export type SyncKind = "asks" | "answers" | "update" | "other";

/** What kind of message this is, from its first two bytes. */
export function kindOf(message: Uint8Array): SyncKind {
  if (message[0] !== SYNC) return "other";
  if (message[1] === STEP_1) return "asks";
  if (message[1] === STEP_2) return "answers";
  return message[1] === UPDATE ? "update" : "other";
}

/** The Yjs update in an answer or an update message. */
export function updateIn(message: Uint8Array): Uint8Array {
  const decoder = decoding.createDecoder(message);
  decoding.readVarUint(decoder);
  decoding.readVarUint(decoder);
  return decoding.readVarUint8Array(decoder);
}
