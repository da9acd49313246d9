import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import { syncMessage, yjsMessage } from "../../../shared/wire/yjs-messages.ts";

/** What kind of message this is: "asks" and "answers" are sync steps 1 and 2. */
export type MessageKind = "asks" | "answers" | "update" | "awareness" | "acked" | "other";

/** A sync protocol for Yjs, as far as a load generator needs it. */
export interface Wire {
  /** Sent first of all on a new connection. */
  readonly hello: Uint8Array | null;
  /** "This is what I have; what do I lack?" */
  ask(stateVector?: Uint8Array): Uint8Array;
  /** "I have nothing you lack." */
  readonly haveNothing: Uint8Array;
  update(update: Uint8Array): Uint8Array;
  /** One client's presence; `clock` must grow. */
  presence(clientId: number, clock: number, state: unknown): Uint8Array;
  kindOf(message: Buffer): MessageKind;
  /** The Yjs update in an answer or an update. */
  updateIn(message: Buffer): Uint8Array;
  /**
   * How many sync messages of this socket the server says it has taken, given how many it had said before.
   * Whether that means "on disk" or "in memory" is the server's promise.
   */
  ackedBy(message: Buffer, before: number): number;
}

const NO_UPDATE = Uint8Array.of(0, 0);
const EMPTY_STATE = Uint8Array.of(0);
/** `MessageType.SyncStatus` of @hocuspocus/provider 4.7. */
const SYNC_STATUS = 8;
/** `AuthMessageType.Token` of @hocuspocus/common 4.7. */
const AUTH_TOKEN = 0;

/** y-websocket's protocol, with this server's own `saved` message. */
export const yWire: Wire = wireOf(Uint8Array.of(), null, yjsMessage.saved, (decoder) => {
  decoding.readVarUint(decoder);
  decoding.readVarUint(decoder);
  return decoding.readVarUint(decoder);
});

/** The protocol of @hocuspocus/provider: the same, each message behind the document's name, and a token first. */
export function hocuspocusWire(document: string): Wire {
  const prefix = encoding.encode((encoder) => encoding.writeVarString(encoder, document));
  const hello = encoding.encode((encoder) => {
    encoding.writeUint8Array(encoder, prefix);
    encoding.writeVarUint(encoder, yjsMessage.auth);
    encoding.writeVarUint(encoder, AUTH_TOKEN);
    encoding.writeVarString(encoder, "token");
    encoding.writeVarString(encoder, "4.7.0");
  });
  return wireOf(
    prefix,
    hello,
    SYNC_STATUS,
    (decoder, before) => before + (decoding.readVarUint(decoder) === 1 ? 1 : 0),
  );
}

function wireOf(
  prefix: Uint8Array,
  hello: Uint8Array | null,
  ackType: number,
  readAck: (decoder: decoding.Decoder, before: number) => number,
): Wire {
  const at = prefix.length;
  const message = (type: number, write: (encoder: encoding.Encoder) => void) =>
    encoding.encode((encoder) => {
      encoding.writeUint8Array(encoder, prefix);
      encoding.writeVarUint(encoder, type);
      write(encoder);
    });
  const sync = (step: number, content: Uint8Array) =>
    message(yjsMessage.sync, (encoder) => {
      encoding.writeVarUint(encoder, step);
      encoding.writeVarUint8Array(encoder, content);
    });
  return {
    hello,
    ask: (stateVector = EMPTY_STATE) => sync(syncMessage.stepOne, stateVector),
    haveNothing: sync(syncMessage.stepTwo, NO_UPDATE),
    update: (update) => sync(syncMessage.update, update),
    presence: (clientId, clock, state) =>
      message(yjsMessage.awareness, (encoder) => {
        const entry = encoding.createEncoder();
        encoding.writeVarUint(entry, 1);
        encoding.writeVarUint(entry, clientId);
        encoding.writeVarUint(entry, clock);
        encoding.writeVarString(entry, JSON.stringify(state));
        encoding.writeVarUint8Array(encoder, encoding.toUint8Array(entry));
      }),
    kindOf(bytes) {
      const type = bytes[at];
      if (type === yjsMessage.awareness) return "awareness";
      if (type === ackType) return "acked";
      if (type !== yjsMessage.sync) return "other";
      const step = bytes[at + 1];
      if (step === syncMessage.stepOne) return "asks";
      if (step === syncMessage.stepTwo) return "answers";
      return step === syncMessage.update ? "update" : "other";
    },
    updateIn(bytes) {
      const decoder = decoding.createDecoder(bytes.subarray(at + 2));
      return decoding.readVarUint8Array(decoder);
    },
    ackedBy(bytes, before) {
      const decoder = decoding.createDecoder(bytes.subarray(at));
      decoding.readVarUint(decoder);
      return readAck(decoder, before);
    },
  };
}
