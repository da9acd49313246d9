import type { z } from "zod";
import { boardContract } from "../board/contract.ts";
import { chatContract } from "../chat/contract.ts";
import { communityContract } from "../community/contract.ts";
import { identityContract } from "../identity/contract.ts";
import { kioskContract } from "../kiosk/contract.ts";
import { proposalsContract } from "../proposals/contract.ts";
import type { Result } from "./result.ts";

/** The whole Socket.IO contract, by area. `docs/protocol.md` is generated from it. */
export const contract = {
  identity: identityContract,
  community: communityContract,
  board: boardContract,
  chat: chatContract,
  proposals: proposalsContract,
  kiosk: kioskContract,
};

export type Contract = typeof contract;
export type AreaName = keyof Contract;

type Union<K extends "commands" | "queries" | "events" | "signals" | "whispers"> = {
  [A in AreaName]: Contract[A][K];
}[AreaName];
type Merged<U> = (U extends unknown ? (of: U) => void : never) extends (of: infer M) => void ? M : never;

export type Commands = Merged<Union<"commands">>;
export type Queries = Merged<Union<"queries">>;
export type Events = Merged<Union<"events">>;
export type Signals = Merged<Union<"signals">>;
export type Whispers = Merged<Union<"whispers">>;

export type CommandName = keyof Commands & string;
export type QueryName = keyof Queries & string;
export type EventName = keyof Events & string;
export type SignalName = keyof Signals & string;
export type WhisperName = keyof Whispers & string;

export type CommandInput<N extends CommandName> = Commands[N] extends { input: infer I extends z.ZodType }
  ? z.input<I>
  : never;
export type CommandResult<N extends CommandName> = Commands[N] extends { result: infer R extends z.ZodType }
  ? z.output<R>
  : never;
export type QueryInput<N extends QueryName> = Queries[N] extends { input: infer I extends z.ZodType }
  ? z.input<I>
  : never;
export type QueryResult<N extends QueryName> = Queries[N] extends { result: infer R extends z.ZodType }
  ? z.output<R>
  : never;
export type WhisperInput<N extends WhisperName> = Whispers[N] extends { input: infer I extends z.ZodType }
  ? z.input<I>
  : never;
export type EventData<N extends EventName> = Events[N] extends { data: infer D extends z.ZodType }
  ? z.output<D>
  : never;
export type SignalData<N extends SignalName> = Signals[N] extends { data: infer D extends z.ZodType }
  ? z.output<D>
  : never;

/** The rooms an event goes to: one id for each audience kind its definition names; null leaves that kind out. */
export type EventAudience<N extends EventName> = Events[N] extends {
  audiences: infer A extends readonly string[];
}
  ? { [K in A[number]]: string | null }
  : never;
export type SignalAudience<N extends SignalName> = Signals[N] extends {
  audiences: infer A extends readonly string[];
}
  ? { [K in A[number]]: string | null }
  : never;

/** One event as it travels. `seq` is dense within the community; a client hears those of its audiences. */
export type WireEvent = {
  [N in EventName]: { seq: number; at: number; name: N; data: EventData<N> };
}[EventName];
export type WireSignal = { [N in SignalName]: { name: N; data: SignalData<N> } }[SignalName];

export type PersonArea = Exclude<AreaName, "kiosk">;

/** Everything a client of this audience needs to draw its first picture. */
export type PersonSnapshot = { audience: "person" } & {
  [A in PersonArea]: z.output<Contract[A]["snapshot"]>;
};
export type WallSnapshot = { audience: "wall"; kiosk: z.output<Contract["kiosk"]["snapshot"]> };
export type Snapshot = PersonSnapshot | WallSnapshot;

/**
 * The first packet of a connection. With a cursor the server still holds, `events` are those missed and
 * `snapshot` is null; otherwise `snapshot` is whole and `events` is empty (INV-6).
 * What arrives before it with `seq` up to this `seq` is already contained.
 */
export interface Welcome {
  protocol: number;
  /** Build of the served client; when it changes, an unattended screen reloads. */
  build: string;
  now: number;
  seq: number;
  snapshot: Snapshot | null;
  events: WireEvent[];
  /** Passing states as they are now (open votes' turnout), to replace what was missed. */
  signals: WireSignal[];
}

/** What a socket says when it connects (Socket.IO `auth`). */
export interface Hello {
  protocol: number;
  /** The oldest server version the client can talk to; left out, it talks to any that takes its own. */
  oldest?: number;
  /** The courtyard an officer of several looks at. */
  courtyardId?: string;
  /** Last `seq` the client has, with the session it had it in. */
  cursor?: number;
}

export type Send = <N extends CommandName>(
  name: N,
  input: CommandInput<N>,
) => Promise<Result<CommandResult<N>>>;
export type Ask = <N extends QueryName>(name: N, input: QueryInput<N>) => Promise<Result<QueryResult<N>>>;
