/** How many residents have each channel on their screens; memory of this node, told and forgotten. */
export interface Presence {
  /**
   * A resident's phone says that a channel is on its screen, or no longer is.
   * @returns the count now, and whether the others should hear of it
   */
  look(
    look: { channelId: string; residentId: string; here: boolean },
    now: number,
  ): { count: number; tellAll: boolean };
}

interface Room {
  /** Until when each resident counts as present. */
  until: Map<string, number>;
  told: number;
  toldAt: number;
}

/** @param hereFor milliseconds one look lasts  @param toldEvery milliseconds between two counts told to all */
export function createPresence({ hereFor, toldEvery }: { hereFor: number; toldEvery: number }): Presence {
  const rooms = new Map<string, Room>();
  return {
    look: ({ channelId, residentId, here }, now) => {
      const room = rooms.get(channelId) ?? { until: new Map(), told: 0, toldAt: Number.NEGATIVE_INFINITY };
      if (here) room.until.set(residentId, now + hereFor);
      else room.until.delete(residentId);
      // Whoever left without a word is found when the next one looks: only those who look need the count.
      for (const [resident, until] of room.until) if (until <= now) room.until.delete(resident);
      const count = room.until.size;
      if (count === 0) rooms.delete(channelId);
      else rooms.set(channelId, room);
      const tellAll = count !== room.told && now - room.toldAt >= toldEvery;
      if (tellAll) {
        room.told = count;
        room.toldAt = now;
      }
      return { count, tellAll };
    },
  };
}
