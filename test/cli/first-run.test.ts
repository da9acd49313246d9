import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { databaseFile } from "../../server/storage/sqlite.ts";
import { openSocket } from "../server/socket-client.ts";
import { makeScratch } from "../services/scratch.ts";
import { until } from "../services/until.ts";
import { post, type Running, startServer, tokenIn } from "./yuanba.ts";

const firstLink = /(http:\/\/localhost:\d+)\/first\/(\S+)/;
const codeOf = async ({ service }: Running) => {
  await until("the link is printed", () => firstLink.test(service.output()));
  return firstLink.exec(service.output())?.[2] ?? "";
};
const officer = { communityName: "晋院社区", displayName: "办事员", password: "银杏树下喝茶 2026" };

test("[CL-2] the first start prints a link for the first officer, a new one each time, until it was used", async () => {
  const env = { DATA_DIR: await makeScratch("first-run") };
  const first = await startServer(env);
  const old = await codeOf(first);
  await first.service.stop();

  const second = await startServer(env);
  const code = await codeOf(second);
  expect(code).not.toBe(old);
  const tooLate = await post(second.url, "/first-officer", { ...officer, code: old });
  expect(await tooLate.json()).toMatchObject({ error: { code: "code-revoked" } });
  const response = await post(second.url, "/first-officer", { ...officer, code });
  const client = await openSocket(second.url, tokenIn(response));
  if (client.welcome.snapshot?.audience !== "person") throw new Error("no snapshot");
  expect(client.welcome.snapshot.identity.abilities).toContain("courtyard.create");
  client.close();
  await second.service.stop();

  const third = await startServer(env);
  await third.service.stop();
  expect(third.service.output()).not.toContain("/first/");
});

test("[CL-2] a server that cannot write when it has started goes on, and prints the link once it can", async () => {
  const env = { DATA_DIR: await makeScratch("first-run") };
  await (await startServer(env)).service.stop();
  const holder = new DatabaseSync(databaseFile(env.DATA_DIR));
  holder.exec("begin immediate");
  const { service, url } = await startServer(env);
  await until("it has tried", () => service.output().includes("could not be made yet"));
  expect((await fetch(`${url}/healthz`)).ok).toBe(true);
  expect(service.output()).not.toMatch(firstLink);
  holder.exec("rollback");
  holder.close();
  await until("the link is printed", () => firstLink.test(service.output()));
  await service.stop();
});
