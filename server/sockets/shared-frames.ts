import type { Socket } from "node:net";
import type { WebSocket } from "ws";
import type { SharedFrame } from "../sync/frame.ts";
import type { BoardSocket } from "../sync/peer.ts";

/** What of `ws` is not public and stays as it is in the version that package.json pins; a test holds it to that. */
interface Inside {
  _socket?: Socket | null;
  _sender?: { _state: number; _queue: readonly unknown[] } | null;
}

/** `ws` is not in the middle of compressing or reading a blob: what is written now comes after what it has sent. */
const idle = 0;
/** `WebSocket.OPEN`. */
const open = 1;

/** Frames that go out together are copied into one piece up to this many bytes; larger ones go as they are. */
const copiedBytes = 16 * 1024;

/** A `ws` socket for a room: frames made once for many are written as they are, in one call and without a copy. */
export function withSharedFrames(ws: WebSocket): BoardSocket {
  const inside = ws as unknown as Inside;
  const plain = ws.extensions === "";
  /** What goes out together, while it is gathered. */
  let gathered: Buffer[] | null = null;
  const flush = (pieces: readonly Buffer[]) => {
    const { _socket: socket } = inside;
    const [first, ...more] = pieces;
    if (!socket || first === undefined) return;
    if (more.length === 0) socket.write(first);
    else if (pieces.reduce((sum, { length }) => sum + length, 0) <= copiedBytes)
      socket.write(Buffer.concat(pieces));
    else {
      socket.cork();
      for (const piece of pieces) socket.write(piece);
      socket.uncork();
    }
  };
  return Object.assign(ws, {
    sendShared: (frame: SharedFrame): boolean => {
      const { _socket: socket, _sender: sender } = inside;
      if (
        plain &&
        ws.readyState === open &&
        socket &&
        sender?._state === idle &&
        sender._queue.length === 0
      ) {
        if (gathered === null) return !socket.write(frame.bytes);
        gathered.push(frame.bytes);
        return false;
      }
      if (gathered !== null) flush(gathered.splice(0));
      ws.send(frame.message);
      return true;
    },
    together: (send: () => void): void => {
      const pieces: Buffer[] = [];
      gathered = pieces;
      try {
        send();
      } finally {
        gathered = null;
        flush(pieces);
      }
    },
  });
}
