import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { startTcpProxy, type TcpProxy } from "./tcp-proxy.ts";
import { until } from "./until.ts";

const opened: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

/** A service that answers each chunk with the same bytes, and counts what it heard. */
async function echoBehindProxy(): Promise<{ proxy: TcpProxy; heard: () => string }> {
  let heard = "";
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("data", (data) => {
      heard += data.toString();
      socket.write(data);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const proxy = await startTcpProxy(address.port);
  opened.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  opened.push(() => proxy.close());
  return { proxy, heard: () => heard };
}

async function dial(port: number) {
  const socket = connect(port, "127.0.0.1");
  const state = { answer: "", error: "" };
  socket.on("error", (error: NodeJS.ErrnoException) => {
    state.error = error.code ?? error.message;
  });
  socket.on("data", (data) => {
    state.answer += data.toString();
  });
  opened.push(() => socket.destroy());
  await until("the connection is open or refused", () => !socket.connecting);
  return { socket, state };
}

/** By the time another line has been there and back, what was under way has arrived. */
async function roundTripElsewhere(): Promise<void> {
  const { proxy } = await echoBehindProxy();
  const { socket, state } = await dial(proxy.port);
  socket.write("m");
  await until("another line has answered", () => state.answer === "m");
}

test("a held line accepts, passes nothing, and flows on when it is mended", async () => {
  const { proxy, heard } = await echoBehindProxy();
  const early = await dial(proxy.port);
  early.socket.write("a");
  await until("the echo came", () => early.state.answer === "a");
  proxy.hold();
  const late = await dial(proxy.port);
  early.socket.write("b");
  late.socket.write("c");
  await roundTripElsewhere();
  expect(heard()).toBe("a");
  expect(proxy.accepted()).toBe(2);
  await proxy.mend();
  await until("both flow on", () => early.state.answer === "ab" && late.state.answer === "c");
});

test("answers come late, get lost, connections are reset and refused, and a mended line serves again", async () => {
  const { proxy, heard } = await echoBehindProxy();
  const slow = await dial(proxy.port);
  proxy.delayAnswers(120);
  const asked = performance.now();
  slow.socket.write("a");
  await until("the slow echo came", () => slow.state.answer === "a");
  expect(performance.now() - asked).toBeGreaterThan(115);
  proxy.delayAnswers(0);
  proxy.loseAnswers();
  slow.socket.write("b");
  await until("the service heard it", () => heard() === "ab");
  await roundTripElsewhere();
  await proxy.mend();
  await until("the line with a hole is reset", () => slow.state.error === "ECONNRESET");
  expect(slow.state.answer).toBe("a");

  const next = await dial(proxy.port);
  proxy.reset();
  await until("the reset arrives", () => next.state.error === "ECONNRESET");
  await proxy.refuse();
  const refused = await dial(proxy.port);
  expect(refused.state.error).toBe("ECONNREFUSED");
  await proxy.mend();
  const last = await dial(proxy.port);
  last.socket.write("z");
  await until("it serves again", () => last.state.answer === "z");
});
