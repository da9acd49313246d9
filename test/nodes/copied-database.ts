import { randomBytes } from "node:crypto";
import pg from "pg";
import type { Database } from "../services/postgres.ts";

/** A second database with all that the first one holds, as a staging copy has it. Nobody may use the first meanwhile. */
export async function copyDatabase(original: Pick<Database, "url">): Promise<Database> {
  const from = new URL(original.url).pathname.slice(1);
  const name = `copy_${randomBytes(6).toString("hex")}`;
  const ask = async (statement: string) => {
    const client = new pg.Client({ connectionString: new URL("/postgres", original.url).href });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  };
  await ask(`create database ${name} template ${from}`);
  return {
    url: new URL(`/${name}`, original.url).href,
    drop: () => ask(`drop database if exists ${name} with (force)`),
  };
}
