import { setTimeout as pause } from "node:timers/promises";
import { nanoid } from "nanoid";
import type { Chance } from "./chance.ts";
import type { EventLink } from "./event-link.ts";
import type { Findings } from "./findings.ts";

/** A message as its author knows it. */
export interface SaidMessage {
  id: string;
  text: string;
  /** The number the server answered; null when no answer ever came. */
  seq: number | null;
}

/** Who writes faster is told to wait: chatLimits.messages. */
const betweenMessages = 1_150;
const betweenTries = 300;

/** Says things in a channel. Without an answer it says the same again, at whatever node it is then. */
export class Talker {
  readonly link: EventLink;
  readonly said: SaidMessage[] = [];
  repeats = 0;
  /** No message of its own waits for an answer. */
  idle = true;
  readonly #channelId: string;
  readonly #findings: Findings;
  readonly #chance: Chance;

  constructor(link: EventLink, channelId: string, findings: Findings, chance: Chance) {
    this.link = link;
    this.#channelId = channelId;
    this.#findings = findings;
    this.#chance = chance;
  }

  /** Talks until told to stop, and then until the last message was answered or given up. */
  async talk(mayGoOn: () => boolean, stopped: () => boolean): Promise<void> {
    while (!stopped()) {
      if (mayGoOn() && this.link.connected) {
        this.idle = false;
        await this.#say(stopped);
        this.idle = true;
      }
      await pause(betweenMessages);
    }
  }

  async #say(stopped: () => boolean): Promise<void> {
    const message: SaidMessage = {
      id: nanoid(),
      text: `${this.link.name} ${this.said.length + 1}`,
      seq: null,
    };
    this.said.push(message);
    const mayGiveUp = this.#chance.percent(15);
    while (message.seq === null && !stopped()) {
      message.seq = await this.#post(message);
      if (message.seq === null && mayGiveUp) return;
      if (message.seq === null) await pause(betweenTries);
    }
    if (message.seq === null || !this.#chance.percent(20)) return;
    this.repeats++;
    const again = await this.#post(message);
    if (again !== null && again !== message.seq)
      this.#findings.add("answered-twice", `message ${message.id} got ${message.seq}, then ${again}`);
  }

  async #post({ id, text }: SaidMessage): Promise<number | null> {
    const answer = await this.link.send("chat.post", { messageId: id, channelId: this.#channelId, text });
    if (answer.ok) return answer.value.seq;
    const { code, message } = answer.error;
    if (!excusable.has(code)) this.#findings.add("call-failed", `chat.post: ${code} ${message}`);
    return null;
  }
}

/** What a server that is in trouble may answer. */
export const excusable: ReadonlySet<string> = new Set([
  "unreachable",
  "storage-unavailable",
  "shutting-down",
  "rate-limited",
]);
