import { DatabaseSync } from "node:sqlite";
import { Database } from "@hocuspocus/extension-database";
import { Redis } from "@hocuspocus/extension-redis";
import { type Extension, Server } from "@hocuspocus/server";
import * as Y from "yjs";
import { readSeeds } from "./seed-files.ts";

/**
 * Hocuspocus on a port of the system's choice. SEEDS names a folder of documents it keeps in memory, DATABASE an
 * SQLite file, REDIS_PORT the Redis it shares with other nodes.
 */
const { SEEDS, DATABASE, REDIS_PORT } = process.env;

/** Readers of a bench send nothing, and after a minute (the default) they would be closed for it. */
const TIMEOUT = 30 * 60_000;

const seeds = new Map((SEEDS ? readSeeds(SEEDS) : []).map(({ name, update }) => [name, update]));
const extensions: Extension[] = [];
if (REDIS_PORT) extensions.push(new Redis({ host: "127.0.0.1", port: Number(REDIS_PORT) }));
if (DATABASE) extensions.push(sqlite(DATABASE));

const server = new Server({
  address: "127.0.0.1",
  port: 0,
  quiet: true,
  timeout: TIMEOUT,
  extensions,
  async onLoadDocument({ documentName, document }) {
    const update = seeds.get(documentName);
    if (update) Y.applyUpdate(document, update);
  },
});
await server.listen();
// Without a client a document is unloaded; one that is only in memory must not be.
for (const name of seeds.keys()) await server.hocuspocus.openDirectConnection(name);
console.log(`ready ${server.address.port}`);

/**
 * What @hocuspocus/extension-sqlite 4.7 does, with its statements, on Node's own SQLite: the extension's
 * `better-sqlite3` is compiled when it is installed.
 */
function sqlite(file: string): Database {
  const database = new DatabaseSync(file);
  database.exec(
    `CREATE TABLE IF NOT EXISTS "documents" ("name" varchar(255) NOT NULL, "data" blob NOT NULL, UNIQUE(name))`,
  );
  const select = database.prepare('SELECT data FROM "documents" WHERE name = $name ORDER BY rowid DESC');
  const upsert = database.prepare(
    'INSERT INTO "documents" ("name", "data") VALUES ($name, $data) ON CONFLICT(name) DO UPDATE SET data = $data',
  );
  return new Database({
    async fetch({ documentName }) {
      const data = select.get({ name: documentName })?.data;
      return data instanceof Uint8Array ? data : null;
    },
    async store({ documentName, state }) {
      upsert.run({ name: documentName, data: state });
    },
  });
}
