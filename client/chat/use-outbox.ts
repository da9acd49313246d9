import { nanoid } from "nanoid";
import { useEffect, useRef, useState } from "react";
import { useAppState, useWire } from "../state/app.tsx";
import {
  drop,
  keepOutbox,
  mark,
  nextToSend,
  type Outbox,
  put,
  readOutbox,
  settle,
  type Unsent,
} from "./outbox.ts";

export interface OpenOutbox {
  unsent: Outbox;
  say(channelId: string, text: string): void;
  again(id: string): void;
  drop(id: string): void;
}

/** What this device still has to say: sent in order when the line stands, kept when the tab is closed. */
export function useOutbox(residentId: string, arrived: ReadonlySet<string>): OpenOutbox {
  const wire = useWire();
  const online = useAppState((state) => state.status === "online");
  const [outbox, setOutbox] = useState<Outbox>(() => readOutbox(residentId));
  const left = settle(outbox, arrived);
  const alive = useRef(true);

  useEffect(() => {
    alive.current = true;
    return () => {
      alive.current = false;
    };
  }, []);
  useEffect(() => keepOutbox(residentId, left), [residentId, left]);

  const next = online ? nextToSend(left) : undefined;
  useEffect(() => {
    if (!next) return;
    setOutbox((current) => mark(current, next.id, "sending"));
    void send(next);
    async function send({ id, channelId, text }: Unsent): Promise<void> {
      const answer = await wire.send("chat.post", { messageId: id, channelId, text });
      if (!alive.current) return;
      setOutbox((current) => {
        if (answer.ok) return mark(current, id, "sent");
        // No answer is not a no: the same id goes again when the line stands.
        if (answer.error.code === "unreachable") return mark(current, id, "waiting");
        const { code, params } = answer.error;
        return mark(current, id, "failed", params ? { code, params } : { code });
      });
    }
  }, [next, wire]);

  return {
    unsent: left,
    say: (channelId, text) =>
      setOutbox((current) =>
        put(settle(current, arrived), { id: nanoid(16), channelId, text, at: Date.now() }),
      ),
    again: (id) => setOutbox((current) => mark(current, id, "waiting")),
    drop: (id) => setOutbox((current) => drop(current, id)),
  };
}
