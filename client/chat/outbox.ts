import type { ErrorCode } from "../../shared/wire/errors.ts";

/** A message of one's own that is not in the channel yet. */
export interface Unsent {
  /** Stays the same for every attempt, so that none makes a second message. */
  readonly id: string;
  readonly channelId: string;
  readonly text: string;
  readonly at: number;
  /** `waiting` for the line, `sending`, `sent` and soon to be seen, `failed` with a reason. */
  readonly state: "waiting" | "sending" | "sent" | "failed";
  readonly reason?: { readonly code: ErrorCode; readonly params?: Record<string, string | number> };
}

export type Outbox = readonly Unsent[];

export const put = (outbox: Outbox, unsent: Omit<Unsent, "state">): Outbox => [
  ...outbox,
  { ...unsent, state: "waiting" },
];

export const drop = (outbox: Outbox, id: string): Outbox => outbox.filter((unsent) => unsent.id !== id);

export const mark = (
  outbox: Outbox,
  id: string,
  state: Unsent["state"],
  reason?: NonNullable<Unsent["reason"]>,
): Outbox =>
  outbox.map((unsent) => {
    if (unsent.id !== id) return unsent;
    const { reason: _before, ...rest } = unsent;
    return reason ? { ...rest, state, reason } : { ...rest, state };
  });

/** The next one to send: in each channel one after the other, so that they stand there as they were written. */
export function nextToSend(outbox: Outbox): Unsent | undefined {
  const busy = new Set(outbox.filter(({ state }) => state === "sending").map(({ channelId }) => channelId));
  return outbox.find(({ state, channelId }) => state === "waiting" && !busy.has(channelId));
}

/** Takes out what has arrived in the channel. */
export function settle(outbox: Outbox, arrived: ReadonlySet<string>): Outbox {
  const left = outbox.filter(({ id }) => !arrived.has(id));
  return left.length === outbox.length ? outbox : left;
}

const keyOf = (residentId: string): string => `yuanba.outbox.${residentId}`;

/** What this device still has to send; whatever was under way is sent again, its id makes that harmless. */
export function readOutbox(residentId: string): Outbox {
  try {
    const kept = JSON.parse(localStorage.getItem(keyOf(residentId)) ?? "[]") as Unsent[];
    return kept.map((unsent) => (unsent.state === "failed" ? unsent : { ...unsent, state: "waiting" }));
  } catch {
    return [];
  }
}

export function keepOutbox(residentId: string, outbox: Outbox): void {
  try {
    if (outbox.length === 0) localStorage.removeItem(keyOf(residentId));
    else localStorage.setItem(keyOf(residentId), JSON.stringify(outbox));
  } catch {
    // Storage is forbidden: what is unsent lasts as long as the page.
  }
}
