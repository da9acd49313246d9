import { createHmac, type KeyObject, timingSafeEqual } from "node:crypto";
import * as encoding from "lib0/encoding";
import { ByteReader } from "../sync/byte-reader.ts";
import type { WordOrigin } from "./fresh-words.ts";

/**
 * What every word on the bus begins with: the version of what follows, the seal of the installation, and under the seal
 * the node that says it, which of its words it is and when it was said (decision 14). A node leaves out what it does not
 * understand, so that an older and a newer one can work side by side: the log has it anyway. What was sealed with another
 * key, for another channel, or not at all, is nobody's word.
 */
const version = 3;
const sealBytes = 16;

export function writeEnvelope(
  key: KeyObject,
  channel: string,
  { nodeId, count, at }: WordOrigin,
  message: Uint8Array,
): Buffer {
  const out = encoding.createEncoder();
  encoding.writeVarString(out, nodeId);
  encoding.writeVarUint(out, count);
  encoding.writeVarUint(out, at);
  const sealed = Buffer.concat([encoding.toUint8Array(out), message]);
  return Buffer.concat([Buffer.of(version), sealOf(key, channel, sealed), sealed]);
}

/**
 * The word and who said it, or null when it is of another version or not of this installation.
 * @throws MalformedBytes when it is cut off
 */
export function readEnvelope(
  key: KeyObject,
  channel: string,
  bytes: Uint8Array,
): (WordOrigin & { message: Uint8Array }) | null {
  const reader = new ByteReader(bytes);
  if (reader.uint() !== version) return null;
  const seal = reader.bytes(sealBytes);
  const sealed = reader.bytes(reader.left);
  if (!timingSafeEqual(seal, sealOf(key, channel, sealed))) return null;
  const inside = new ByteReader(sealed);
  const origin = { nodeId: inside.text(), count: inside.uint(), at: inside.uint() };
  return { ...origin, message: inside.bytes(inside.left) };
}

const sealOf = (key: KeyObject, channel: string, sealed: Uint8Array): Buffer =>
  createHmac("sha256", key).update(`${channel}\0`).update(sealed).digest().subarray(0, sealBytes);
