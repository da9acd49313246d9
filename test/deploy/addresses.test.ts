import { afterAll, beforeAll, expect, it } from "vitest";
import { type Nginx, startNginx } from "../services/nginx.ts";
import { freePort } from "../services/ports.ts";
import { shipped } from "./shipped.ts";

let proxy: Nginx;
let url: string;
beforeAll(async () => {
  const [httpsPort, httpPort, echoPort] = [await freePort(), await freePort(), await freePort()];
  // It says whom it counts. The address is a header's, for this machine has but one of IPv6.
  const more = `
    set_real_ip_from 127.0.0.1;
    real_ip_header X-From;
    server { listen 127.0.0.1:${echoPort}; location / { return 200 $counted_address; } }
  `;
  proxy = await startNginx({ httpsPort, httpPort, nodes: ["127.0.0.1:9", "127.0.0.1:10"], more });
  url = `http://127.0.0.1:${echoPort}`;
});
afterAll(() => proxy?.stop());

const counted = async (address: string) => {
  const answer = await fetch(url, { headers: { "x-from": address } });
  return Buffer.from(await answer.arrayBuffer()).toString("latin1");
};

it("[HT-21 INV-11] the shipped proxy counts an IPv6 address by its network of 64 bits, however it is written", async () => {
  const networks = [
    ["2001:db8::1", "2001:db8::1:2:3:4", "2001:db8:0:0:1::", "2001:db8::a:0:0:d"],
    ["2001:db8:1:2::1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2:ffff::"],
    ["2400::5:1:2:3:4", "2400:0:0:5::"],
    ["::1", "::a:b:c:d"],
    ["2001:db8:0:a0a::1", "2001:db8:0:a0a:a0a:a0a:a0a:a0a"],
  ];
  const keys: string[] = [];
  for (const network of networks) {
    const [key = "", ...others] = await Promise.all(network.map(counted));
    expect(others).toEqual(others.map(() => key));
    keys.push(key);
  }
  expect(new Set(keys).size).toBe(networks.length);
});

it("[HT-21] the shipped proxy counts addresses of IPv4 one by one, also those that come mapped into IPv6", async () => {
  expect(await counted("203.0.113.9")).toBe("203.0.113.9");
  expect(await counted("10.10.10.10")).toBe("10.10.10.10");
  expect(await counted("::ffff:203.0.113.9")).toBe("203.0.113.9");
});

it("[HT-21] every limit of the shipped proxy counts so, and so does its choice of the node that counts", () => {
  const keys = [...shipped("deploy/nginx/nginx.conf").matchAll(/^ *limit_(?:conn|req)_zone (\S+)/gm)];
  expect(keys.map(([, key]) => key)).toEqual(["$counted_address", "$counted_address"]);
  expect(shipped("deploy/nginx/nginx.conf")).toMatch(
    /upstream address_nodes \{\s+hash \$counted_address consistent;/,
  );
});
