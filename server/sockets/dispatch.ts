import type { z } from "zod";
import { type AreaName, contract } from "../../shared/wire/contract.ts";
import type { Result } from "../../shared/wire/result.ts";
import type { Clock } from "../clock.ts";
import type { Session } from "../identity/sessions.ts";
import type { Logger } from "../observe/log.ts";
import type { Metrics } from "../observe/metrics.ts";
import { Refusal, refused } from "../refusal.ts";
import { storageFault } from "../storage/errors.ts";
import type { AreaHandlers, Context } from "./area.ts";

export type AllHandlers = { [A in AreaName]: AreaHandlers<(typeof contract)[A]> };

type Handler = (input: unknown, context: Context) => Promise<unknown>;
interface Entry {
  area: AreaName;
  input: z.ZodType;
  result: z.ZodType | null;
  handle: Handler;
}

/** Runs commands, queries and whispers by name: schema → actor → handler → result. Knows no transport. */
export interface Dispatch {
  call(kind: "command" | "query", packet: unknown, session: Session): Promise<Result<unknown>>;
  whisper(packet: unknown, session: Session): void;
}

export function createDispatch(deps: {
  handlers: AllHandlers;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
}): Dispatch {
  const { handlers, clock, logger, metrics } = deps;
  const tables = {
    command: table("commands", handlers),
    query: table("queries", handlers),
    whisper: table("whispers", handlers),
  };

  const context = (session: Session): Context => ({
    session,
    actor: session.actor,
    person: () => {
      if (session.actor.kind === "kiosk") throw new Refusal("not-allowed", "A screen only shows.");
      return session.actor;
    },
    now: clock.now(),
  });

  const find = (kind: keyof typeof tables, packet: unknown, session: Session) => {
    const { name, input } = (typeof packet === "object" && packet !== null ? packet : {}) as {
      name?: unknown;
      input?: unknown;
    };
    const entry = typeof name === "string" ? tables[kind].get(name) : undefined;
    if (!entry || typeof name !== "string")
      throw new Refusal("not-found", `There is no ${kind} of this name.`);
    // A screen in public reaches nothing but its own area, whatever a handler forgets to ask (INV-8).
    if (session.actor.kind === "kiosk" && entry.area !== "kiosk") {
      throw new Refusal("not-allowed", "A screen only shows.");
    }
    const parsed = entry.input.safeParse(input);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw new Refusal("invalid-input", `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "invalid"}`, {
        field: issue?.path.join(".") ?? "",
      });
    }
    return { name, entry, input: parsed.data };
  };

  return {
    call: async (kind, packet, session) => {
      const stop = metrics.commands.startTimer();
      let name = "unknown";
      try {
        const found = find(kind, packet, session);
        name = found.name;
        const value = await found.entry.handle(found.input, context(session));
        stop({ name, outcome: "ok" });
        return { ok: true, value };
      } catch (error) {
        const refusal = asRefusal(error);
        if (refusal.code === "internal") logger.error({ err: error, name }, "a handler failed");
        stop({ name, outcome: refusal.code });
        return refused(refusal);
      }
    },
    whisper: (packet, session) => {
      try {
        const { entry, input } = find("whisper", packet, session);
        entry.handle(input, context(session));
      } catch (error) {
        if (!(error instanceof Refusal)) logger.error({ err: error }, "a whisper failed");
      }
    },
  };
}

/** What may be told to the outside about an error; everything unexpected becomes `internal`. */
export function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (storageFault(error) !== null)
    return new Refusal("storage-unavailable", "The storage cannot be reached now.");
  return new Refusal("internal", "Something went wrong on the server.");
}

function table(kind: "commands" | "queries" | "whispers", handlers: AllHandlers): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  for (const area of Object.keys(contract) as AreaName[]) {
    const definitions: Record<string, { input: z.ZodType; result?: z.ZodType }> = contract[area][kind];
    const implementations = handlers[area][kind] as Record<string, Handler>;
    for (const [name, definition] of Object.entries(definitions)) {
      const handle = implementations[name];
      if (!handle) throw new Error(`No handler for ${name}.`);
      if (entries.has(name)) throw new Error(`Two ${kind} are named ${name}.`);
      entries.set(name, { area, input: definition.input, result: definition.result ?? null, handle });
    }
  }
  return entries;
}
