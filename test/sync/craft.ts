import * as encoding from "lib0/encoding";

/** Hand-made Yjs updates (V1), for bytes that no Yjs client would send. */
export type CraftedStruct = {
  /** Content reference with flag bits; when absent it is worked out from the rest. */
  info?: number;
  origin?: [client: number, clock: number];
  rightOrigin?: [client: number, clock: number];
  root?: string;
  parent?: [client: number, clock: number];
  sub?: string;
  content:
    | { gc: number }
    | { skip: number }
    | { deleted: number }
    | { text: string }
    | { any: unknown[]; claim?: number }
    | { type: number }
    | { raw: number; bytes: number[] };
};

export type CraftedSection = { client: number; clock: number; claim?: number; structs: CraftedStruct[] };
export type CraftedDelete = { client: number; ranges: [clock: number, length: number][]; claim?: number };

/** The bytes of an update with these sections and deletions; `claim` lies about a count. */
export function craft(sections: CraftedSection[], deletes: CraftedDelete[] = []): Uint8Array {
  const out = encoding.createEncoder();
  encoding.writeVarUint(out, sections.length);
  for (const section of sections) {
    encoding.writeVarUint(out, section.claim ?? section.structs.length);
    encoding.writeVarUint(out, section.client);
    encoding.writeVarUint(out, section.clock);
    for (const struct of section.structs) writeStruct(out, struct);
  }
  encoding.writeVarUint(out, deletes.length);
  for (const { client, ranges, claim } of deletes) {
    encoding.writeVarUint(out, client);
    encoding.writeVarUint(out, claim ?? ranges.length);
    for (const [clock, length] of ranges) {
      encoding.writeVarUint(out, clock);
      encoding.writeVarUint(out, length);
    }
  }
  return encoding.toUint8Array(out);
}

function writeStruct(out: encoding.Encoder, struct: CraftedStruct): void {
  const { content } = struct;
  if ("gc" in content) {
    encoding.writeUint8(out, 0);
    encoding.writeVarUint(out, content.gc);
    return;
  }
  if ("skip" in content) {
    encoding.writeUint8(out, 10);
    encoding.writeVarUint(out, content.skip);
    return;
  }
  const flags =
    (struct.origin ? 0x80 : 0) | (struct.rightOrigin ? 0x40 : 0) | (struct.sub === undefined ? 0 : 0x20);
  encoding.writeUint8(out, struct.info ?? refOf(content) | flags);
  if (struct.origin) writeId(out, struct.origin);
  if (struct.rightOrigin) writeId(out, struct.rightOrigin);
  if (!struct.origin && !struct.rightOrigin) {
    if (struct.parent) {
      encoding.writeVarUint(out, 0);
      writeId(out, struct.parent);
    } else {
      encoding.writeVarUint(out, 1);
      encoding.writeVarString(out, struct.root ?? "");
    }
    if (struct.sub !== undefined) encoding.writeVarString(out, struct.sub);
  }
  writeContent(out, content);
}

function writeContent(out: encoding.Encoder, content: CraftedStruct["content"]): void {
  if ("deleted" in content) encoding.writeVarUint(out, content.deleted);
  else if ("text" in content) encoding.writeVarString(out, content.text);
  else if ("type" in content) encoding.writeVarUint(out, content.type);
  else if ("any" in content) {
    encoding.writeVarUint(out, content.claim ?? content.any.length);
    for (const value of content.any) encoding.writeAny(out, value as Parameters<typeof encoding.writeAny>[1]);
  } else if ("raw" in content) for (const byte of content.bytes) encoding.writeUint8(out, byte);
}

function refOf(content: CraftedStruct["content"]): number {
  if ("deleted" in content) return 1;
  if ("text" in content) return 4;
  if ("type" in content) return 7;
  if ("any" in content) return 8;
  return "raw" in content ? content.raw : 0;
}

function writeId(out: encoding.Encoder, [client, clock]: [number, number]): void {
  encoding.writeVarUint(out, client);
  encoding.writeVarUint(out, clock);
}
