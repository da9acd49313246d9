import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";

/**
 * What every word on the bus begins with: the version of what follows, and the node that says it. A node leaves out
 * what it does not understand, so that an older and a newer one can work side by side: the log has it anyway.
 */
const version = 1;

export function writeEnvelope(nodeId: string, message: Uint8Array): Buffer {
  const out = encoding.createEncoder();
  encoding.writeVarUint(out, version);
  encoding.writeVarString(out, nodeId);
  const head = encoding.toUint8Array(out);
  return Buffer.concat([head, message]);
}

/** The word and who said it, or null when it is of another version. */
export function readEnvelope(bytes: Uint8Array): { nodeId: string; message: Uint8Array } | null {
  const from = decoding.createDecoder(bytes);
  if (decoding.readVarUint(from) !== version) return null;
  const nodeId = decoding.readVarString(from);
  return { nodeId, message: bytes.subarray(from.pos) };
}
