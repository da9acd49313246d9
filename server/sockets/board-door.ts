import type { CloseName } from "../../shared/wire/close-codes.ts";
import type { EventFeed } from "../events/feed.ts";
import type { BoardSocket, PeerOptions } from "../sync/peer.ts";
import type { Rooms } from "../sync/rooms.ts";

/** The door to the boards of this node. */
export interface BoardDoor {
  /**
   * Call before it is asked who somebody is and what they may do: lets their socket in when that is known, and asks
   * once more when it may have changed since and this node has not heard of it, or had nobody to close yet.
   * @returns what takes a socket in, and answers what closes it again: nothing it sends counts from then on
   */
  open(): (socket: BoardSocket, judged: Judged) => (name: CloseName) => void;
}

export interface Judged {
  communityId: string;
  options: PeerOptions;
  /** What has changed of all that was found out, or null while it is still so. */
  changed(): Promise<"session-ended" | "access-changed" | null>;
}

export function createBoardDoor(deps: {
  rooms: Pick<Rooms, "accept" | "accessVersion">;
  feed: Pick<EventFeed, "follow" | "beginnings">;
}): BoardDoor {
  const { rooms, feed } = deps;
  return {
    open: () => {
      const { accessVersion } = rooms;
      const { beginnings } = feed;
      return (socket, { communityId, options, changed }) => {
        // What other nodes say about sessions and boards of this community must be heard while the socket is open.
        const following = feed.follow(communityId);
        socket.on("close", following.release);
        const close = rooms.accept(socket, options);
        following.ready
          .then(async () => {
            // The room closes whose access changes from now on, and the community is heard from now on.
            if (rooms.accessVersion === accessVersion && feed.beginnings === beginnings) return;
            const what = await changed();
            if (what !== null) close(what);
          })
          .catch(() => close("unavailable"));
        return close;
      };
    },
  };
}
