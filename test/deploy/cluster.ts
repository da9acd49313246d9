import { rm } from "node:fs/promises";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { ringOf } from "../scaling/ketama.ts";
import { type Seeded, type ServerProcess, seedCourtyard, serverProcess } from "../server/seeded.ts";
import { type Nginx, startNginx } from "../services/nginx.ts";
import { freePort } from "../services/ports.ts";
import { type Database, freshDatabase } from "../services/postgres.ts";
import type { Service } from "../services/process.ts";
import { type Redis, startRedis } from "../services/redis.ts";
import { makeScratch } from "../services/scratch.ts";
import { startTcpProxy, type TcpProxy } from "../services/tcp-proxy.ts";

export interface Node extends ServerProcess {
  /** As nodes.conf names it. */
  address: string;
  service: Service;
  /** A number of its `/metrics`, asked past the proxy. */
  metric(name: string): Promise<number>;
}

/** What deploy/ describes, on one machine: nginx before two nodes that share a PostgreSQL and a Redis. */
export interface Cluster {
  nodes: [Node, Node];
  proxy: Nginx;
  /** The addresses people use. */
  url: string;
  wsUrl: string;
  plainUrl: string;
  courtyards: Seeded[];
  /** The first node's line to the database. */
  toDatabase: TcpProxy;
  /** The node that the proxy has to choose for a key, while all live. */
  nodeFor(key: string): Node;
  close(): Promise<void>;
}

/** Enough boards that each node has some, however the ids and ports fall. */
const fewestBoardsOfNode = 2;
const fewestCourtyards = 6;
const mostCourtyards = 40;

/** Starts everything and trusts the proxy's certificate in this process. */
export async function openCluster(env: Record<string, string> = {}): Promise<Cluster> {
  const [database, redis, dataDir] = await Promise.all([
    freshDatabase(),
    startRedis(),
    makeScratch("cluster"),
  ]);
  const [httpsPort, httpPort] = [await freePort(), await freePort()];
  const url = `https://127.0.0.1:${httpsPort}`;
  const settings = { PUBLIC_URL: url, TRUST_PROXY: "1", REDIS_URL: redis.url, ...env };
  const where = { dataDir, databaseUrl: database.url };
  const through = new URL(database.url);
  const toDatabase = await startTcpProxy(Number(through.port));
  through.port = `${toDatabase.port}`;
  const processes = [
    await serverProcess({ dataDir, databaseUrl: through.href }, settings),
    await serverProcess(where, settings),
  ] as const;
  const addresses = processes.map((each) => new URL(each.url).host);
  const ring = ringOf(addresses);
  const courtyards = await seedBoards(where, (key) => ring.nodeOf(key), addresses);
  const proxy = await startNginx({ httpsPort, httpPort, nodes: addresses });
  setDefaultCACertificates([...getCACertificates("default"), proxy.certificate]);
  const nodes: Cluster["nodes"] = [await startNode(processes[0]), await startNode(processes[1])];
  return {
    nodes,
    proxy,
    url,
    wsUrl: url.replace("https:", "wss:"),
    plainUrl: `http://127.0.0.1:${httpPort}`,
    courtyards,
    toDatabase,
    nodeFor(key) {
      const address = ring.nodeOf(key);
      return nodes[0].address === address ? nodes[0] : nodes[1];
    },
    close: () => closeAll(nodes, { proxy, redis, toDatabase, database, dataDir }),
  };
}

async function startNode(server: ServerProcess): Promise<Node> {
  const node: Node = {
    ...server,
    address: new URL(server.url).host,
    service: await server.start(),
    async start() {
      node.service = await server.start();
      return node.service;
    },
    async metric(name) {
      const text = await (await fetch(`${server.url}/metrics`)).text();
      const value = new RegExp(`^yuanba_${name} (\\S+)$`, "m").exec(text)?.[1];
      if (value === undefined) throw new Error(`/metrics has no yuanba_${name}`);
      return Number(value);
    },
  };
  return node;
}

async function seedBoards(
  where: { dataDir: string; databaseUrl: string },
  nodeOf: (key: string) => string,
  addresses: readonly string[],
): Promise<Seeded[]> {
  const courtyards: Seeded[] = [];
  const enough = () =>
    courtyards.length >= fewestCourtyards &&
    addresses.every(
      (address) =>
        courtyards.filter(({ boardId }) => nodeOf(boardId) === address).length >= fewestBoardsOfNode,
    );
  while (!enough()) {
    if (courtyards.length === mostCourtyards) throw new Error("the ring puts every board on one node");
    courtyards.push(await seedCourtyard(where, 4));
  }
  return courtyards;
}

async function closeAll(
  nodes: readonly Node[],
  services: { proxy: Nginx; redis: Redis; toDatabase: TcpProxy; database: Database; dataDir: string },
): Promise<void> {
  const { proxy, redis, toDatabase, database, dataDir } = services;
  await Promise.all(nodes.map(({ service }) => service.stop("SIGKILL")));
  await toDatabase.close();
  await Promise.all([proxy.stop(), redis.stop(), database.drop()]);
  await rm(dataDir, { recursive: true, force: true });
}
