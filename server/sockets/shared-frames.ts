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

/** A `ws` socket for a room: frames made once for many are written as they are, in one call and without a copy. */
export function withSharedFrames(ws: WebSocket): BoardSocket {
  const inside = ws as unknown as Inside;
  const plain = ws.extensions === "";
  return Object.assign(ws, {
    sendShared: (frame: SharedFrame): boolean => {
      const { _socket: socket, _sender: sender } = inside;
      if (plain && ws.readyState === open && socket && sender?._state === idle && sender._queue.length === 0)
        return !socket.write(frame.bytes);
      ws.send(frame.message);
      return true;
    },
    together: (send: () => void): void => {
      const { _socket: socket } = inside;
      socket?.cork();
      try {
        send();
      } finally {
        socket?.uncork();
      }
    },
  });
}
