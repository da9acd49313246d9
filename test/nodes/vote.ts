import { nanoid } from "nanoid";
import { expect } from "vitest";
import { defaultRule } from "../../shared/proposals/rules.ts";
import type { SocketClient } from "../server/socket-client.ts";

/** Writes a question and opens it to the vote. @returns its id */
export async function openVote(facilitator: SocketClient, afterSeconds: number): Promise<string> {
  const proposalId = nanoid();
  await facilitator.send("proposal.write", {
    proposalId,
    question: "晾衣区怎么改",
    body: "看大家的意见。",
    kind: "yes-no-abstain",
    options: [],
    rule: defaultRule,
  });
  const opened = await facilitator.send("proposal.open", { proposalId, ending: { afterSeconds } });
  expect(opened).toMatchObject({ ok: true });
  return proposalId;
}

/** A ballot of the first round, under an id of its own. */
export const yes = (proposalId: string) => ({ ballotId: nanoid(), proposalId, round: 1, optionId: "yes" });
