import { nanoid } from "nanoid";
import { openSocket, type SocketClient } from "../../server/socket-client.ts";
import type { Costs } from "../costs.ts";
import type { Bed } from "./bed.ts";

const few = 20;
const idleSeconds = 5;

/** Socket.IO: coming in, messages, ballots. */
export async function measureSockets(bed: Bed): Promise<Partial<Costs>> {
  const { households, facilitator, channelId } = bed.courtyard;
  const clients: SocketClient[] = [];
  const open = async (tokens: readonly string[]) => {
    clients.push(...(await Promise.all(tokens.map((token) => openSocket(bed.url, token)))));
  };
  const tokens = households.map(({ token }) => token);
  const talk = (talkers: readonly SocketClient[]) =>
    bed.during(talkers.length, async () => {
      for (const talker of talkers) {
        await done(talker.send("chat.post", { messageId: nanoid(), channelId, text: "有人有梯子吗" }));
      }
    });
  const alone = await bed.during(idleSeconds, rest);
  await open(tokens.slice(0, few));
  // The first messages pay for the compiler.
  await talk([...clients, ...clients]);
  const quiet = await talk([...clients, ...clients]);
  const later = tokens.slice(few);
  const welcome = await bed.during(later.length, () => open(later));
  const loud = await talk(clients.slice(few));
  const delivery = (loud.node - quiet.node) / later.length;
  const idle = await bed.during(idleSeconds, rest);
  const leader = await openSocket(bed.url, facilitator.token);
  const proposalId = await openVote(leader);
  const cast = (client: SocketClient, optionId: string) =>
    done(client.send("ballot.cast", { ballotId: nanoid(), proposalId, round: 1, optionId }));
  const ballot = await bed.during(clients.length, async () => {
    for (const client of clients) await cast(client, "yes");
  });
  const startedAt = performance.now();
  await Promise.all(clients.map((client) => cast(client, "no")));
  const queue = ((performance.now() - startedAt) * 1_000) / clients.length;
  for (const client of [...clients, leader]) client.close();
  return {
    welcomeNode: welcome.node,
    welcomeDatabase: welcome.database,
    eventDelivery: Math.max(0, delivery),
    messageNode: quiet.node - delivery * few,
    messageDatabase: quiet.database,
    ballotNode: ballot.node,
    ballotDatabase: ballot.database,
    communityQueue: queue,
    idleSocket: Math.max(0, idle.node - alone.node) / clients.length,
  };
}

const rest = () => new Promise<void>((resolve) => setTimeout(resolve, idleSeconds * 1_000));

async function openVote(leader: SocketClient): Promise<string> {
  const proposalId = nanoid();
  const rule = {
    kind: "simple" as const,
    ballotPer: "household" as const,
    changeable: true,
    tally: "hidden-until-revealed" as const,
    abstention: "turnout-only" as const,
  };
  const draft = {
    question: "晾衣区怎么改",
    body: "看大家的意见。",
    kind: "yes-no-abstain" as const,
    options: [],
    rule,
  };
  await done(leader.send("proposal.write", { proposalId, ...draft }));
  await done(leader.send("proposal.open", { proposalId, ending: { afterSeconds: 3_600 } }));
  return proposalId;
}

async function done(answer: Promise<{ ok: boolean }>): Promise<void> {
  const given = await answer;
  if (!given.ok) throw new Error(JSON.stringify(given));
}
