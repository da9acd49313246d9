import { setTimeout as pause } from "node:timers/promises";
import { nanoid } from "nanoid";
import type { EventLink } from "./event-link.ts";
import type { Findings } from "./findings.ts";
import { excusable } from "./talker.ts";

const betweenBallots = 700;
const betweenTries = 300;

/** Opens a vote that lasts longer than any run. @returns null while the server does not answer */
export async function openVote(link: EventLink, proposalId: string): Promise<boolean> {
  await link.send("proposal.write", {
    proposalId,
    question: "晾衣区怎么改",
    body: "看大家的意见。",
    kind: "yes-no-abstain",
    options: [],
    rule: {
      kind: "simple",
      ballotPer: "household",
      changeable: true,
      tally: "hidden-until-revealed",
      abstention: "turnout-only",
    },
  });
  return (await link.send("proposal.open", { proposalId, ending: { afterSeconds: 36_000 } })).ok;
}

/** Changes its household's mind again and again; a ballot without an answer is cast again under the same id. */
export class Voter {
  readonly link: EventLink;
  /** Ballot id → the receipt the server gave. */
  readonly receipts = new Map<string, string>();
  /** No ballot of its own waits for an answer. */
  idle = true;
  readonly #proposalId: string;
  readonly #findings: Findings;

  constructor(link: EventLink, proposalId: string, findings: Findings) {
    this.link = link;
    this.#proposalId = proposalId;
    this.#findings = findings;
  }

  async vote(mayGoOn: () => boolean, stopped: () => boolean): Promise<void> {
    for (let turn = 0; !stopped(); turn++) {
      if (mayGoOn() && this.link.connected) {
        this.idle = false;
        await this.#cast(turn % 2 === 0 ? "yes" : "no", stopped);
        this.idle = true;
      }
      await pause(betweenBallots);
    }
  }

  async #cast(optionId: string, stopped: () => boolean): Promise<void> {
    const ballot = { ballotId: nanoid(), proposalId: this.#proposalId, round: 1, optionId };
    while (!stopped()) {
      const answer = await this.link.send("ballot.cast", ballot);
      if (answer.ok) {
        this.receipts.set(ballot.ballotId, answer.value.receipt);
        return;
      }
      const { code, message } = answer.error;
      if (!excusable.has(code)) this.#findings.add("call-failed", `ballot.cast: ${code} ${message}`);
      await pause(betweenTries);
    }
  }
}
