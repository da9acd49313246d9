import { crc32, inflateRawSync } from "node:zlib";
import { FileRefused } from "./refused.ts";

/** Bounds on what an archive may unpack to. */
export interface ZipBounds {
  parts: number;
  /** Of all wanted parts together. */
  unpackedBytes: number;
}

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const localSignature = 0x04034b50;
const endLength = 22;
const entryLength = 46;
const localLength = 30;
const longestComment = 0xffff;
const encrypted = 1;
const utf8Names = 0x0800;

const damaged = () => new FileRefused({ code: "file-damaged" });

interface Entry {
  name: string;
  method: number;
  packedLength: number;
  offset: number;
}

/**
 * Unpacks the wanted parts of an archive (APPNOTE.TXT 6.3.10, without ZIP64). The sizes an archive states are not
 * believed: unpacking stops at the bound, so a zip bomb costs no more than an honest file.
 * @throws FileRefused
 */
export function unpackZip(
  bytes: Buffer,
  wanted: (name: string) => boolean,
  bounds: ZipBounds,
): Map<string, Buffer> {
  const parts = new Map<string, Buffer>();
  let left = bounds.unpackedBytes;
  for (const entry of entriesOf(bytes, bounds.parts)) {
    if (!wanted(entry.name) || parts.has(entry.name)) continue;
    const part = unpackEntry(bytes, entry, left, bounds.unpackedBytes);
    left -= part.length;
    parts.set(entry.name, part);
  }
  return parts;
}

/** The names of the parts of an archive. */
export const namesInZip = (bytes: Buffer, bounds: ZipBounds): string[] =>
  entriesOf(bytes, bounds.parts).map(({ name }) => name);

function entriesOf(bytes: Buffer, most: number): Entry[] {
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  if (end < 0 || end + endLength > bytes.length || bytes.length - end > endLength + longestComment)
    throw damaged();
  const count = bytes.readUInt16LE(end + 10);
  if (count > most || bytes.readUInt32LE(end) !== endSignature) throw damaged();
  const entries: Entry[] = [];
  let at = bytes.readUInt32LE(end + 16);
  for (let index = 0; index < count; index += 1) {
    if (at + entryLength > end || bytes.readUInt32LE(at) !== entrySignature) throw damaged();
    if (bytes.readUInt16LE(at + 8) & encrypted) throw new FileRefused({ code: "file-password" });
    const nameLength = bytes.readUInt16LE(at + 28);
    entries.push({
      name: bytes.toString("utf8", at + entryLength, at + entryLength + nameLength),
      method: bytes.readUInt16LE(at + 10),
      packedLength: bytes.readUInt32LE(at + 20),
      offset: bytes.readUInt32LE(at + 42),
    });
    at += entryLength + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return entries;
}

function unpackEntry(bytes: Buffer, entry: Entry, left: number, most: number): Buffer {
  const { offset, method, packedLength } = entry;
  if (offset + localLength > bytes.length || bytes.readUInt32LE(offset) !== localSignature) throw damaged();
  const start = offset + localLength + bytes.readUInt16LE(offset + 26) + bytes.readUInt16LE(offset + 28);
  if (start + packedLength > bytes.length) throw damaged();
  const packed = bytes.subarray(start, start + packedLength);
  const tooLarge = new FileRefused({ code: "file-too-large", params: { most } });
  if (method === 0) {
    if (packed.length > left) throw tooLarge;
    return packed;
  }
  if (method !== 8 || left <= 0) throw method === 8 ? tooLarge : damaged();
  try {
    return inflateRawSync(packed, { maxOutputLength: left });
  } catch (error) {
    throw error instanceof RangeError ? tooLarge : damaged();
  }
}

/**
 * An archive with its parts unpacked, in one plain form. The spreadsheet reader is handed this instead of the file
 * that came, so that it can unpack nothing that was not measured here.
 */
export function packZip(parts: Iterable<readonly [name: string, part: Uint8Array]>): Buffer {
  const locals: Uint8Array[] = [];
  const entries: Uint8Array[] = [];
  let offset = 0;
  for (const [name, part] of parts) {
    const label = Buffer.from(name);
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt16LE(utf8Names, 2);
    shared.writeUInt32LE(crc32(part), 10);
    shared.writeUInt32LE(part.length, 14);
    shared.writeUInt32LE(part.length, 18);
    shared.writeUInt16LE(label.length, 22);
    const local = Buffer.concat([signature(localSignature), shared, label, part]);
    const entry = Buffer.alloc(entryLength);
    entry.writeUInt32LE(entrySignature, 0);
    entry.writeUInt16LE(20, 4);
    shared.copy(entry, 6);
    entry.writeUInt32LE(offset, 42);
    entries.push(entry, label);
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(entries);
  const end = Buffer.alloc(endLength);
  end.writeUInt32LE(endSignature, 0);
  end.writeUInt16LE(entries.length / 2, 8);
  end.writeUInt16LE(entries.length / 2, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
