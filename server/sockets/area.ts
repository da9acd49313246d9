import type { z } from "zod";
import type { Actor, PersonActor } from "../../shared/identity/model.ts";
import type { WireSignal } from "../../shared/wire/contract.ts";
import type { AreaContract } from "../../shared/wire/define.ts";
import type { Session } from "../identity/sessions.ts";

/** What a handler knows of the caller; everything about who acts comes from the session (INV-4). */
export interface Context {
  session: Session;
  actor: Actor;
  /** The caller as a person; refuses a kiosk. */
  person(): PersonActor;
  now: number;
}

type Asked<D> = D extends { input: infer I extends z.ZodType } ? z.output<I> : never;
type Answer<D> = D extends { result: infer R extends z.ZodType } ? z.input<R> : never;

/** The server's side of one area's contract. */
export interface AreaHandlers<C extends AreaContract> {
  commands: {
    [N in keyof C["commands"]]: (
      input: Asked<C["commands"][N]>,
      context: Context,
    ) => Promise<Answer<C["commands"][N]>>;
  };
  queries: {
    [N in keyof C["queries"]]: (
      input: Asked<C["queries"][N]>,
      context: Context,
    ) => Promise<Answer<C["queries"][N]>>;
  };
  whispers: { [N in keyof C["whispers"]]: (input: Asked<C["whispers"][N]>, context: Context) => void };
  /** This area's part of a fresh snapshot. */
  snapshot(session: Session): Promise<z.input<C["snapshot"]>>;
  /** Passing states a client must be told again when it connects. */
  signals?(session: Session): Promise<WireSignal[]>;
}
