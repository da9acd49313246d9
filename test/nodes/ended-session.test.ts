import { nanoid } from "nanoid";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gatewayLimits } from "../../server/sockets/gateway-limits.ts";
import { packets } from "../../shared/wire/protocol.ts";
import { bearer } from "../server/yard.ts";
import { until } from "../services/until.ts";
import { type Neighbours, neighboursOf } from "./neighbours.ts";
import { type Nodes, openNodes } from "./nodes.ts";
import { openStored, type Stored } from "./stored.ts";

describe("calls that wait while their session ends", () => {
  let all: Nodes;
  let people: Neighbours;
  let stored: Stored;
  beforeAll(async () => {
    all = await openNodes(1, { redis: false });
    people = neighboursOf(all.seeded);
    stored = openStored(all.database.url);
  });
  afterAll(async () => {
    people.leave();
    await stored.close();
    await all.close();
  });

  it("[HT-15 INV-4] a slow call is finished, and none of those that waited behind it is begun", async () => {
    const node = all.node(0);
    const { channelId } = all.seeded;
    const { token } = people.home(0);
    const [client, neighbour] = [await people.socket(node, 0), await people.socket(node, 1)];
    const post = (text: string) => ({ messageId: nanoid(), channelId, text });
    const lock = await stored.hold("select 1 from residents for update");
    client.socket.emit(packets.command, { name: "resident.rename", input: { displayName: "慢" } }, () => {});
    for (let at = 2; at < gatewayLimits.waiting; at++)
      client.socket.emit(packets.command, { name: "chat.post", input: post("已经退出") }, () => {});
    await until("the slow call waits for the row", async () => {
      const waits = await stored.rows("select 1 from pg_stat_activity where wait_event_type = 'Lock'");
      return waits.length > 0;
    });
    const gone = new Promise((resolve) => client.socket.once("disconnect", resolve));
    const answer = await fetch(`${node.url}/api/v1/sign-out`, {
      method: "POST",
      headers: { ...bearer(token), "content-type": "application/json" },
      body: "{}",
    });
    expect(answer.status).toBeLessThan(300);
    await gone;
    await lock.release();
    await until("the slow call is done", async () => {
      return (await stored.rows("select 1 from residents where display_name = '慢'")).length === 1;
    });
    for (const text of ["一", "二", "三"])
      expect(await neighbour.send("chat.post", post(text))).toMatchObject({ ok: true });
    const messages = await stored.rows<{ data: string }>("select data from events order by seq");
    expect(messages.some(({ data }) => data.includes("三"))).toBe(true);
    expect(messages.filter(({ data }) => data.includes("已经退出"))).toEqual([]);
  });
});
