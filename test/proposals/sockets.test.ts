import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ProposalDraft } from "../../shared/proposals/model.ts";
import { openSocket, type SocketClient } from "../server/socket-client.ts";
import { bearer, openYard, type Yard } from "../server/yard.ts";
import { until } from "../services/until.ts";
import { clientId, threeOptions } from "./courtyard.ts";

describe("a vote over real sockets", () => {
  let yard: Yard;
  let facilitator: SocketClient;
  let leadToken: string;
  let phones: SocketClient[];
  let neighbour: SocketClient;
  let wall: SocketClient;

  beforeAll(async () => {
    yard = await openYard();
    leadToken = (await yard.resident(null, ["facilitator"])).token;
    facilitator = await openSocket(yard.url, leadToken);
    const [first, second] = [await yard.resident("1-1-101"), await yard.resident("1-1-101")];
    phones = [await openSocket(yard.url, first.token), await openSocket(yard.url, second.token)];
    neighbour = await openSocket(yard.url, (await yard.resident("2-1-301")).token);
    wall = await openSocket(yard.url, (await yard.kiosk()).token);
  });
  afterAll(async () => {
    for (const client of [facilitator, neighbour, wall, ...phones]) client.close();
    await yard.close();
  });

  const open = async (draft: ProposalDraft): Promise<string> => {
    const proposalId = clientId();
    expect(await facilitator.send("proposal.write", { proposalId, ...draft })).toMatchObject({ ok: true });
    const ending = { afterSeconds: 120 };
    expect(await facilitator.send("proposal.open", { proposalId, ending })).toMatchObject({ ok: true });
    return proposalId;
  };
  const heard = (client: SocketClient, name: string, proposalId: string) =>
    client.events.filter(
      (event) => event.name === name && JSON.stringify(event.data).includes(`"${proposalId}"`),
    );

  test("[PR-16] every phone has the open vote without asking, and can vote from the event alone", async () => {
    const proposalId = await open(threeOptions);
    for (const client of [...phones, neighbour, wall]) {
      await until("the vote is heard", () => heard(client, "proposal.was-opened", proposalId)[0]);
    }
    const [said] = heard(neighbour, "proposal.was-opened", proposalId);
    if (said?.name !== "proposal.was-opened") throw new Error("not heard");
    const { round, options } = said.data.proposal;
    const ballot = { ballotId: clientId(), proposalId, round, optionId: options[1]?.id ?? "" };
    const answer = await neighbour.send("ballot.cast", ballot);
    expect(answer).toMatchObject({ ok: true, value: { counts: true } });
    expect(await neighbour.send("ballot.cast", ballot)).toEqual(answer);
  });

  test("[PR-25] both phones of a home hear who voted, the neighbour and the facilitator do not", async () => {
    const proposalId = await open(threeOptions);
    const ballot = { ballotId: clientId(), proposalId, round: 1, optionId: "option-1" };
    expect(await phones[0]?.send("ballot.cast", ballot)).toMatchObject({ ok: true });
    for (const phone of phones) {
      await until("the home hears", () => heard(phone, "household.voted", proposalId)[0]);
    }
    // What follows on the same ordered channel proves that nothing else was on its way.
    const close = { proposalId, round: 1, reason: "试一试" };
    expect(await facilitator.send("proposal.close", close)).toMatchObject({ ok: true });
    for (const client of [neighbour, facilitator, wall]) {
      await until("the closing is heard", () => heard(client, "proposal.was-closed", proposalId)[0]);
      expect(heard(client, "household.voted", proposalId)).toEqual([]);
    }
  });

  test("[PR-24] until the reveal no socket, no snapshot, no metric and no download tells a count", async () => {
    const proposalId = await open(threeOptions);
    for (const client of [phones[0], neighbour]) {
      await client?.send("ballot.cast", { ballotId: clientId(), proposalId, round: 1, optionId: "option-3" });
    }
    const close = { proposalId, round: 1, reason: "到齐了" };
    expect(await facilitator.send("proposal.close", close)).toMatchObject({ ok: true });
    for (const client of [facilitator, wall]) {
      await until("the closing is heard", () => heard(client, "proposal.was-closed", proposalId)[0]);
    }
    const fresh = await openSocket(yard.url, leadToken);
    const screen = await wall.ask("kiosk.wall", {});
    const metrics = await (await fetch(`${yard.url}/metrics`)).text();
    const said = [facilitator, neighbour, wall, ...phones].flatMap(({ events, signals }) => [
      ...events,
      ...signals,
    ]);
    // "optionId" is the key of a count and of a choice; the papers name their options "id".
    expect(JSON.stringify([said, fresh.welcome, screen, metrics])).not.toContain("optionId");
    fresh.close();
    const file = `${yard.url}/api/v1/proposals/${proposalId}/result.csv`;
    const early = await fetch(file, { headers: bearer(leadToken) });
    expect([early.status, await early.json()]).toMatchObject([
      409,
      { error: { code: "proposal-not-revealed" } },
    ]);
    await facilitator.send("proposal.reveal", { proposalId, round: 1 });
    for (const client of [facilitator, neighbour, wall, ...phones]) {
      const event = await until(
        "the result is heard",
        () => heard(client, "proposal.result-revealed", proposalId)[0],
      );
      expect(event.data).toMatchObject({
        result: {
          options: [{ households: 0 }, { households: 0 }, { households: 2, area: 16_000 }],
          register: { households: 12, area: 96_000 },
        },
      });
    }
    const revealed = await fetch(file, { headers: bearer(leadToken) });
    expect(revealed.headers.get("content-type")).toContain("text/csv");
    expect(await revealed.text()).toContain("周日上午,2,160.00");
    expect((await fetch(file)).status).toBe(401);
  });
});
