import type { AudienceKind } from "../../shared/wire/define.ts";

/** The Socket.IO room of an audience. */
export const roomOf = (kind: AudienceKind, id: string): string => `${kind}:${id}`;

/** The rooms of an audience map; a kind that is null is left out. */
export function roomsOf(audience: Record<string, string | null>): string[] {
  return Object.entries(audience).flatMap(([kind, id]) =>
    id === null ? [] : [roomOf(kind as AudienceKind, id)],
  );
}
