import type { z } from "zod";

/**
 * Who may hear an event or a signal. Each name stands for a kind of Socket.IO room, so that what an
 * audience sees is decided where the event is defined and never where it is sent.
 * - `courtyard`: residents and staff of one courtyard
 * - `building`, `household`, `resident`: the people of that place, or that person's devices
 * - `staff`: stewards, facilitators and officers of one courtyard
 * - `wall`: the kiosks of one courtyard; public, so no names, phones or hidden numbers
 */
export type AudienceKind = "courtyard" | "building" | "household" | "resident" | "staff" | "wall";

export interface CommandDef<I extends z.ZodType = z.ZodType, R extends z.ZodType = z.ZodType> {
  kind: "command";
  summary: string;
  input: I;
  result: R;
}
export interface QueryDef<I extends z.ZodType = z.ZodType, R extends z.ZodType = z.ZodType> {
  kind: "query";
  summary: string;
  input: I;
  result: R;
}
export interface EventDef<
  A extends readonly AudienceKind[] = readonly AudienceKind[],
  D extends z.ZodType = z.ZodType,
> {
  kind: "event";
  summary: string;
  audiences: A;
  data: D;
}
export interface SignalDef<
  A extends readonly AudienceKind[] = readonly AudienceKind[],
  D extends z.ZodType = z.ZodType,
> {
  kind: "signal";
  summary: string;
  audiences: A;
  data: D;
}
export interface WhisperDef<I extends z.ZodType = z.ZodType> {
  kind: "whisper";
  summary: string;
  input: I;
}

/** Something a person wants to happen; the ack says yes or no. `summary` states its idempotence. */
export const command = <I extends z.ZodType, R extends z.ZodType>(
  summary: string,
  input: I,
  result: R,
): CommandDef<I, R> => ({ kind: "command", summary, input, result });

/** A question that changes nothing. */
export const query = <I extends z.ZodType, R extends z.ZodType>(
  summary: string,
  input: I,
  result: R,
): QueryDef<I, R> => ({ kind: "query", summary, input, result });

/** A fact of the community's log, delivered in order and kept. */
export const event = <const A extends readonly AudienceKind[], D extends z.ZodType>(
  summary: string,
  audiences: A,
  data: D,
): EventDef<A, D> => ({ kind: "event", summary, audiences, data });

/** A passing state (typing, turnout now); the latest wins, it is never logged. */
export const signal = <const A extends readonly AudienceKind[], D extends z.ZodType>(
  summary: string,
  audiences: A,
  data: D,
): SignalDef<A, D> => ({ kind: "signal", summary, audiences, data });

/** A passing state a client tells; it may be dropped and is never answered. */
export const whisper = <I extends z.ZodType>(summary: string, input: I): WhisperDef<I> => ({
  kind: "whisper",
  summary,
  input,
});

export interface AreaContract {
  commands: Record<string, CommandDef>;
  queries: Record<string, QueryDef>;
  events: Record<string, EventDef>;
  signals: Record<string, SignalDef>;
  whispers: Record<string, WhisperDef>;
  /** This area's part of a fresh snapshot. */
  snapshot: z.ZodType;
}

/** Keeps the literal types of an area's contract. */
export const area = <const C extends AreaContract>(contract: C): C => contract;
