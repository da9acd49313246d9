import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { countedAddress } from "../../server/http/address.ts";
import { entryLimits } from "../../server/identity/limits.ts";
import { pairingLimits } from "../../server/kiosk/routes.ts";
import { bearer, openYard, type Yard } from "./yard.ts";

const most = 3;
let yard: Yard;
beforeAll(async () => {
  yard = await openYard({ env: { TRUST_PROXY: "1", MAX_CONNECTIONS_PER_ADDRESS: `${most}` } });
});
afterAll(() => yard.close());

/** The address of one line's so-and-so-many-th device. */
const within = (network: string) => (device: number) => `${network}::${(device + 1).toString(16)}`;
const post = async (path: string, address: string, body: unknown = {}) => {
  const headers = { "content-type": "application/json", "x-forwarded-for": address };
  return (await fetch(`${yard.url}/api/v1${path}`, { method: "POST", headers, body: JSON.stringify(body) }))
    .status;
};
const guess = (address: string, at: number) =>
  post("/invitations/look-up", address, { code: `ABCDE${10_000 + at}` });

describe("who has many addresses", () => {
  it("[HT-21 ID-13 INV-11] guesses no more codes from one IPv6 network than from one address", async () => {
    const { points } = entryLimits.failuresOfAddress;
    const line = within("2001:db8:1:2");
    const answers: number[] = [];
    for (let at = 0; at <= points; at++) answers.push(await guess(line(at), at));
    expect(answers).toEqual([...Array(points).fill(404), 429]);
    expect(await guess(within("2001:db8:1:3")(0), points + 1)).toBe(404);
  });

  it("[HT-21 INV-11] is shown no more codes for screens, nor asks for more than its share of them", async () => {
    const line = within("2001:db8:2:2");
    const { points } = pairingLimits.codesOfAddress;
    const codes = await Promise.all(
      Array.from({ length: points + 1 }, (_, at) => post("/kiosk/pairings", line(at))),
    );
    expect(codes.filter((status) => status === 429)).toHaveLength(1);
    expect(await post("/kiosk/pairings", within("2001:db8:2:3")(0))).toBe(200);
    const claim = (at: number) =>
      post("/kiosk/pairings/claim", line(at), { secret: `${"s".repeat(40)}${at}` });
    const claims = [];
    for (let at = 0; at <= pairingLimits.failuresOfAddress.points; at++) claims.push(await claim(at));
    expect([claims.at(-2), claims.at(-1)]).toEqual([404, 429]);
  });

  it("[HT-21 HT-11 INV-11] holds no more sockets", async () => {
    const { token } = await yard.resident("1-1-101");
    const line = within("2001:db8:3:2");
    const knock = async (address: string) => {
      const headers = { ...bearer(token), "x-forwarded-for": address };
      const socket = new WebSocket(`${yard.wsUrl}/yjs/${yard.boardId}`, { headers });
      const refused = once(
        socket.on("error", () => {}),
        "unexpected-response",
      );
      const status = await Promise.race([
        once(socket, "open").then(() => 101),
        refused.then(([, { statusCode }]) => statusCode),
      ]);
      return { socket, status };
    };
    const inside = [];
    for (let at = 0; at < most; at++) inside.push(await knock(line(at)));
    expect(inside.map(({ status }) => status)).toEqual(Array(most).fill(101));
    expect((await knock(line(most))).status).toBe(429);
    const elsewhere = await knock(within("2001:db8:3:3")(0));
    expect(elsewhere.status).toBe(101);
    for (const { socket } of [...inside, elsewhere]) socket.terminate();
  });

  it("[HT-21] is one address however it is written", () => {
    expect(countedAddress("203.0.113.9")).toBe("203.0.113.9");
    expect(countedAddress("::ffff:203.0.113.9")).toBe("203.0.113.9");
    expect(countedAddress("::ffff:cb00:7109")).toBe("203.0.113.9");
    for (const same of ["2001:db8::1", "2001:DB8:0:0:1::", "2001:db8:0:0:ffff:2:3:4"])
      expect(countedAddress(same)).toBe("2001:db8:0:0::/64");
    expect(countedAddress("fe80::1%eth0")).toBe(countedAddress("fe80::2"));
    expect(countedAddress("::1")).not.toBe(countedAddress("::ffff:0:0"));
    expect(countedAddress("unknown")).toBe("unknown");
  });
});
