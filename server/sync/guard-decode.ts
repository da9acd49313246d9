import type { UpdateLimits } from "../../shared/board/limits.ts";
import { ByteReader, MalformedBytes } from "./byte-reader.ts";
import type { Parent } from "./guard-places.ts";

export type Id = { client: number; clock: number };

/** What a new struct holds. Only what a board's layout has use for; all else is refused while decoding. */
export type StructKind = "gc" | "deleted" | "text" | "value" | "map";

export type Struct = {
  client: number;
  clock: number;
  length: number;
  kind: StructKind;
  origin: Id | null;
  rightOrigin: Id | null;
  parentRoot: string | null;
  parentId: Id | null;
  parentSub: string | null;
  /** The text of a "text" struct, the primitives of a "value" struct. */
  values: unknown[];
  /** Where it will stand; null until resolved, and for ever when it falls into something removed. */
  parent: Parent | null;
  sub: string | null;
  /** The parent this struct itself is to others, when it is a map. */
  record: Parent | null;
  /** How much of it the delete set of the same update removes. */
  removed: number;
};

/** The structs of one client, without a hole between them. */
export type Section = { client: number; clock: number; end: number; structs: Struct[] };
export type Range = { clock: number; end: number };
export type DecodedUpdate = {
  sections: Map<number, Section>;
  deletes: Map<number, Range[]>;
  /** How much of it the structs are. */
  structBytes: number;
};

/** An update over a limit; told apart from malformed bytes because the cure is another one. */
export class TooLarge extends Error {}

/**
 * Reads a Yjs update (V1 only: V2 decoding can hang, yjs #687) without a doc and without trust.
 * Stricter than Yjs wherever Yjs is careless: a client may appear once (Yjs keeps only its last section),
 * lengths are at least 1, delete ranges are sorted and do not overlap, nothing may follow the end.
 * @throws MalformedBytes, TooLarge
 */
export function decodeUpdate(bytes: Uint8Array, limits: UpdateLimits): DecodedUpdate {
  if (bytes.length > limits.bytes) throw new TooLarge("bytes");
  const reader = new ByteReader(bytes);
  const sections = readSections(reader, limits);
  const structBytes = bytes.length - reader.left;
  const deletes = readDeletes(reader, limits);
  if (reader.left > 0) throw new MalformedBytes("bytes after the end");
  return { sections, deletes, structBytes };
}

function readSections(reader: ByteReader, limits: UpdateLimits): Map<number, Section> {
  const sections = new Map<number, Section>();
  const clients = reader.uint();
  if (clients > limits.clients) throw new TooLarge("clients");
  let total = 0;
  for (let i = 0; i < clients; i++) {
    const count = reader.uint();
    total += count;
    if (total > limits.structs) throw new TooLarge("structs");
    const client = reader.uint();
    const clock = reader.uint(limits.clock);
    if (count === 0) throw new MalformedBytes("empty section");
    if (sections.has(client)) throw new MalformedBytes("client twice");
    const section: Section = { client, clock, end: clock, structs: [] };
    for (let n = 0; n < count; n++) {
      const struct = readStruct(reader, client, section.end, limits);
      section.structs.push(struct);
      section.end += struct.length;
    }
    if (section.end > limits.clock) throw new TooLarge("clock");
    sections.set(client, section);
  }
  return sections;
}

const hasOrigin = 0x80;
const hasRightOrigin = 0x40;
const hasParentSub = 0x20;

function readStruct(reader: ByteReader, client: number, clock: number, limits: UpdateLimits): Struct {
  const info = reader.byte();
  const struct: Struct = {
    client,
    clock,
    length: 1,
    kind: "gc",
    origin: null,
    rightOrigin: null,
    parentRoot: null,
    parentId: null,
    parentSub: null,
    values: [],
    parent: null,
    sub: null,
    record: null,
    removed: 0,
  };
  if (info === 0) {
    struct.length = readRun(reader, limits);
    return struct;
  }
  if (info & hasOrigin) struct.origin = readId(reader);
  if (info & hasRightOrigin) struct.rightOrigin = readId(reader);
  if ((info & (hasOrigin | hasRightOrigin)) === 0) {
    if (reader.uint() === 1) struct.parentRoot = reader.text();
    else struct.parentId = readId(reader);
    if (info & hasParentSub) struct.parentSub = reader.text();
  }
  readContent(reader, info & 31, struct, limits);
  return struct;
}

function readContent(reader: ByteReader, ref: number, struct: Struct, limits: UpdateLimits): void {
  switch (ref) {
    case 1:
      struct.kind = "deleted";
      struct.length = readRun(reader, limits);
      return;
    case 4: {
      const text = reader.text();
      if (text.length === 0) throw new MalformedBytes("empty text");
      struct.kind = "text";
      struct.length = text.length;
      struct.values = [text];
      return;
    }
    case 7:
      if (reader.uint() !== 1) throw new MalformedBytes("type not of a board");
      struct.kind = "map";
      return;
    case 8:
      struct.kind = "value";
      struct.values = readValues(reader, limits);
      struct.length = struct.values.length;
      return;
    default:
      throw new MalformedBytes("content not of a board");
  }
}

/** Mostly one; values that an undo manager keeps after they were overwritten travel together. */
function readValues(reader: ByteReader, limits: UpdateLimits): unknown[] {
  const count = reader.uint();
  if (count === 0) throw new MalformedBytes("no value");
  if (count > limits.values) throw new TooLarge("values");
  const values: unknown[] = [];
  for (let i = 0; i < count; i++) values.push(readPrimitive(reader));
  return values;
}

/** lib0's "any", without objects, arrays, bytes and big integers: no field of a board holds one. */
function readPrimitive(reader: ByteReader): string | number | boolean | null {
  switch (reader.byte()) {
    case 127:
    case 126:
      return null;
    case 125:
      return reader.int();
    case 124:
      return reader.float32();
    case 123:
      return reader.float64();
    case 121:
      return false;
    case 120:
      return true;
    case 119:
      return reader.text();
    default:
      throw new MalformedBytes("value not of a board");
  }
}

function readRun(reader: ByteReader, limits: UpdateLimits): number {
  const length = reader.uint();
  if (length === 0) throw new MalformedBytes("empty run");
  if (length > limits.runLength) throw new TooLarge("run");
  return length;
}

function readId(reader: ByteReader): Id {
  return { client: reader.uint(), clock: reader.uint() };
}

function readDeletes(reader: ByteReader, limits: UpdateLimits): Map<number, Range[]> {
  const deletes = new Map<number, Range[]>();
  const clients = reader.uint();
  let total = 0;
  for (let i = 0; i < clients; i++) {
    const client = reader.uint();
    const count = reader.uint();
    total += count;
    if (total > limits.deleteRanges) throw new TooLarge("delete ranges");
    if (deletes.has(client)) throw new MalformedBytes("client twice");
    const ranges: Range[] = [];
    let last = 0;
    for (let n = 0; n < count; n++) {
      const clock = reader.uint(limits.clock);
      const length = reader.uint(limits.clock);
      if (length === 0) throw new MalformedBytes("empty range");
      if (clock < last) throw new MalformedBytes("ranges overlap");
      last = clock + length;
      ranges.push({ clock, end: last });
    }
    deletes.set(client, ranges);
  }
  return deletes;
}
