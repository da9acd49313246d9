import { chmodSync, chownSync, mkdirSync, statSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openPostgres } from "../../server/storage/postgres.ts";
import { type Certificate, makeCertificate } from "../services/certificate.ts";
import { type Postgres, startPostgres } from "../services/postgres.ts";
import { makeScratch } from "../services/scratch.ts";
import { until } from "../services/until.ts";

/** As docs/operating.md tells to set DATABASE_URL for a PostgreSQL on another machine. */
const verified = (url: string, authority: string) => `${url}?sslmode=verify-full&sslrootcert=${authority}`;

let directory: string;
let postgres: Postgres;
let certificate: Certificate;

beforeAll(async () => {
  directory = await makeScratch("postgres-tls");
  chmodSync(directory, 0o755);
  postgres = await startPostgres({ directory: join(directory, "cluster") });
  certificate = makeCertificate(directory);
  const { uid, gid } = statSync(join(directory, "cluster", "data"));
  chownSync(certificate.keyFile, uid, gid);
  chmodSync(certificate.keyFile, 0o600);
  const storage = await openPostgres(postgres.url, 2);
  const { keyFile, certificateFile } = certificate;
  for (const [name, value] of Object.entries({
    ssl_key_file: keyFile,
    ssl_cert_file: certificateFile,
    ssl: "on",
  }))
    await sql.raw(`alter system set ${name} = '${value}'`).execute(storage.db);
  await sql`select pg_reload_conf()`.execute(storage.db);
  await storage.close();
  await until("it has read its settings anew", () => encrypted(certificate));
});
afterAll(async () => {
  await postgres?.stop();
  await rm(directory, { recursive: true, force: true });
});

const encrypted = async ({ certificateFile }: Certificate): Promise<boolean | undefined> => {
  const storage = await openPostgres(verified(postgres.url, certificateFile), 2);
  try {
    const asked = sql<{ ssl: boolean }>`select ssl from pg_stat_ssl where pid = pg_backend_pid()`;
    return (await asked.execute(storage.db)).rows[0]?.ssl;
  } finally {
    await storage.close();
  }
};

it("reaches a PostgreSQL over TLS whose certificate is of the authority named and for the host asked", async () => {
  expect(await encrypted(certificate)).toBe(true);
});

it("refuses one whose certificate is of somebody else, or for another host", async () => {
  const another = join(directory, "other");
  mkdirSync(another);
  const other = makeCertificate(another);
  await expect(openPostgres(verified(postgres.url, other.certificateFile), 2)).rejects.toThrow(/certificate/);
  const elsewhere = verified(postgres.url.replace("127.0.0.1", "localhost"), certificate.certificateFile);
  await expect(openPostgres(elsewhere, 2)).rejects.toThrow(/certificate/);
});
