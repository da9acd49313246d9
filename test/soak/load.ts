import { setTimeout as pause } from "node:timers/promises";
import { nanoid } from "nanoid";
import { packets } from "../../shared/wire/protocol.ts";
import { Counting } from "../nodes/counting.ts";
import { type Neighbours, neighboursOf } from "../nodes/neighbours.ts";
import { openVote, yes } from "../nodes/vote.ts";
import type { Seeded, ServerProcess } from "../server/seeded.ts";
import { until } from "../services/until.ts";

/** How many households do what; the rest come and go. */
const share = { counting: 6, talking: 4 };

export interface Load {
  /** What went wrong while it ran; empty when nothing did. */
  readonly faults: string[];
  /** How much was done. */
  done(): string;
  /** Ends the work, waits until all is whole everywhere, and says what is not. */
  stop(): Promise<string[]>;
}

/** Counting on a board, chat, ballots, presence, and people who come and go, over several nodes. */
export async function startLoad(seeded: Seeded, servers: readonly ServerProcess[]): Promise<Load> {
  const staying = neighboursOf(seeded);
  const faults: string[] = [];
  const done = { edits: 0, said: 0, ballots: 0, visits: 0 };
  const working: Promise<void>[] = [];
  let stopped = false;
  const serverOf = (index: number): ServerProcess => servers[index % servers.length] as ServerProcess;

  /** Does something again and again; what it throws is a fault and not the end. */
  const again = (everyMs: number, what: string, act: () => unknown) => {
    const run = async () => {
      while (!stopped) {
        try {
          await act();
        } catch (error) {
          faults.push(`${what}: ${error instanceof Error ? error.message : error}`);
        }
        await pause(everyMs);
      }
    };
    working.push(run());
  };

  const counting: Counting[] = [];
  for (let at = 0; at < share.counting; at++) {
    const each = new Counting(await staying.board(serverOf(at), at));
    counting.push(each);
    again(60, "counting", () => {
      each.next();
      each.who.provider.awareness.setLocalStateField("at", each.count);
      done.edits++;
    });
  }
  const proposalId = await openVote(await staying.facilitator(serverOf(0)), 36_000);
  for (let at = 0; at < share.talking; at++) {
    const household = share.counting + at;
    const socket = await staying.socket(serverOf(at), household);
    again(1_500, "talking", async () => {
      socket.socket.emit(packets.whisper, { name: "chat.typing", input: { channelId: seeded.channelId } });
      const post = { messageId: nanoid(), channelId: seeded.channelId, text: `第 ${done.said} 句` };
      const answer = await socket.send("chat.post", post);
      if (answer.ok) done.said++;
      else if (answer.error.code !== "rate-limited") throw new Error(answer.error.code);
      // What was heard is not kept: this process is not the one that is measured.
      socket.events.length = socket.signals.length = 0;
    });
    again(800, "voting", async () => {
      const answer = await socket.send("ballot.cast", yes(proposalId));
      if (answer.ok) done.ballots++;
      else if (answer.error.code !== "rate-limited") throw new Error(answer.error.code);
    });
  }
  const first = share.counting + share.talking;
  const guests = seeded.households.length - first;
  again(250, "visiting", async () => {
    const visit = done.visits++;
    await visitOnce(neighboursOf(seeded), serverOf(visit), first + (visit % guests));
  });

  return {
    faults,
    done: () =>
      Object.entries(done)
        .map(([name, count]) => `${count} ${name}`)
        .join(", "),
    stop: async () => {
      stopped = true;
      await Promise.all(working);
      const looker = await staying.board(serverOf(1), first);
      const whole = () =>
        counting.every((each) => each.saved === each.count && each.in(looker.doc) === each.count);
      const missing = await until("everything is everywhere", whole, 20_000).then(
        () => [],
        () => counting.map((each) => `wrote ${each.count}, saved ${each.saved}, seen ${each.in(looker.doc)}`),
      );
      const twice = staying.sentTwice().map((what) => `sent twice: ${what}`);
      staying.leave();
      return [...missing, ...twice];
    },
  };
}

async function visitOnce(guest: Neighbours, server: ServerProcess, household: number): Promise<void> {
  try {
    await guest.board(server, household);
    await guest.socket(server, household);
  } finally {
    guest.leave();
  }
}
