import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createProposalRoutes } from "../../server/proposals/routes.ts";
import type { PersonActor } from "../../shared/identity/model.ts";
import { type Courtyard, clientId, openCourtyard, threeOptions } from "./courtyard.ts";

describe("the result as a spreadsheet", () => {
  let yard: Courtyard;
  beforeAll(async () => {
    yard = await openCourtyard("sqlite", 4, 2);
  });
  afterAll(() => yard.close());

  /** Asks the route as the API does; answers what would be sent. */
  const download = async (id: string, actor: PersonActor) => {
    const sent: { type?: string; headers: Record<string, string>; body?: string } = { headers: {} };
    const response = {
      type: (type: string) => {
        sent.type = type;
        return response;
      },
      set: (name: string, value: string) => {
        sent.headers[name] = value;
        return response;
      },
      send: (body: string) => {
        sent.body = body;
      },
    };
    const [route] = createProposalRoutes(yard);
    await route?.handle({ params: { id }, session: yard.as(actor).session, response } as never);
    return sent;
  };

  test("[PR-26] says the revealed integers, the areas in m², the outcome and every receipt that counts", async () => {
    const vote = await yard.openVote({
      ...threeOptions,
      question: "=哪天大扫除",
      body: "自带扫把，\n下雨改期",
    });
    const replaced = await yard.cast(yard.resident(0), vote, "option-1");
    const receipts = [
      await yard.cast(yard.resident(0, 1), vote, "option-2"),
      await yard.cast(yard.resident(1), vote, "option-2"),
      await yard.cast(yard.resident(2), vote, "option-3"),
    ].map(({ receipt }) => receipt);
    const lead = yard.as(yard.facilitator);
    await yard.handlers.commands["proposal.close"]({ proposalId: vote, round: 1, reason: "到齐了" }, lead);
    await yard.handlers.commands["proposal.reveal"]({ proposalId: vote, round: 1 }, lead);
    const { body = "", headers, type } = await download(vote, yard.resident(3));
    expect(type).toBe("text/csv; charset=utf-8");
    expect(headers["Content-Disposition"]).toContain(encodeURIComponent("=哪天大扫除.csv"));
    const rows = body.split("\r\n");
    expect(rows[0]).toBe("\ufeff提案,'=哪天大扫除");
    expect(body).toContain('说明,"自带扫把，\n下雨改期"');
    expect(rows).toEqual(
      expect.arrayContaining([
        "开始,2027-01-15 16:00:00",
        "提前收票的原因,到齐了",
        "名册,4,100.00",
        "已投,3,60.00",
        "周六上午,0,0.00",
        "周六下午,2,30.00",
        "周日上午,1,30.00",
        "结果,选定：周六下午",
      ]),
    );
    expect(rows.slice(-receipts.length - 1, -1).map((row) => row.split(",")[1])).toEqual(receipts.sort());
    expect(body).not.toContain(replaced.receipt);
    expect(body).not.toContain("name of");
  });

  test("[PR-26] a draft and a vote of another courtyard are not there", async () => {
    const draft = clientId();
    await yard.handlers.commands["proposal.write"](
      { proposalId: draft, ...threeOptions },
      yard.as(yard.facilitator),
    );
    await expect(download(draft, yard.facilitator)).rejects.toMatchObject({ code: "not-found" });
    const vote = await yard.openVote();
    const stranger = { ...yard.resident(0), courtyardId: "courtyard-2" };
    await expect(download(vote, stranger)).rejects.toMatchObject({ code: "not-found" });
  });
});
